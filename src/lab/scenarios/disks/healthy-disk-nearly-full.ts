import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-disk-nearly-full',
  title: { en: 'a file system at 90 %', zh: '文件系统使用率 90%' },
  story: {
    en: 'Much is used and enough is left.',
    zh: '用量较大，但仍有余量。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh(
      'mkdir -p /var/lib/containerd; mount -t tmpfs -o size=10m tmpfs /var/lib/containerd; dd if=/dev/zero of=/var/lib/containerd/layer bs=1M count=9 2>/dev/null',
    );
  },
  show: [{ command: 'df -P /var/lib/containerd', expect: { exitStatus: 0, says: [/90%/] } }],
});
