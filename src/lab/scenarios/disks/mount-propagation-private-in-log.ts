import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'mount-propagation-private-in-log',
  title: { en: 'kubelet says that its folder is no shared mount', zh: 'kubelet 报告其目录不是共享挂载' },
  story: {
    en: '/var/lib/kubelet is a private mount; a storage driver that mounts volumes for pods is refused.',
    zh: '/var/lib/kubelet 为私有挂载；为 Pod 挂载卷的存储驱动被拒绝。',
  },
  kind: 'failing',
  expects: { cause: 'mount-propagation-private', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh('mount --bind /var/lib/kubelet /var/lib/kubelet; mount --make-private /var/lib/kubelet');
    await lab.node.write(
      '/var/log/kubelet.log',
      'E1122 10:00:00.000000     812 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to start container \\"csi\\": Error response from daemon: path /var/lib/kubelet is mounted on /var/lib/kubelet but it is not a shared mount"\n',
    );
  },
  show: [{ command: 'findmnt -n -o PROPAGATION /var/lib/kubelet', expect: { exitStatus: 0, says: [/private/] } }],
});
