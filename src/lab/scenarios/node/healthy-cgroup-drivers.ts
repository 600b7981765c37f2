import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-cgroup-drivers',
  title: { en: 'kubelet and containerd use the same cgroup driver', zh: 'kubelet 与 containerd 使用相同的 cgroup 驱动' },
  story: {
    en: 'Both say systemd.',
    zh: '两者都是 systemd。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { cgroupDriver: 'systemd', runtimeEndpoint: 'unix:///run/containerd/containerd.sock' });
    await lab.node.write(
      '/etc/containerd/config.toml',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = true\n',
    );
  },
  show: [{ command: 'grep SystemdCgroup /etc/containerd/config.toml', expect: { exitStatus: 0, says: [/true/] } }],
});
