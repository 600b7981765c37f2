import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'disk-full-data-root',
  title: { en: 'the file system of the containers is full', zh: '容器所在的文件系统已满' },
  story: {
    en: 'Images and logs have filled /var/lib/containerd to the last block.',
    zh: '镜像和日志占满了 /var/lib/containerd。',
  },
  kind: 'failing',
  expects: { cause: 'disk-full', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh(
      'mkdir -p /var/lib/containerd; mount -t tmpfs -o size=4m tmpfs /var/lib/containerd; dd if=/dev/zero of=/var/lib/containerd/layer bs=64k 2>/dev/null || :',
    );
  },
  show: [{ command: 'df -P /var/lib/containerd', expect: { exitStatus: 0, says: [/100%/] } }],
});
