import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cgroup-driver-mismatch-containerd',
  title: { en: "containerd's cgroup driver is not kubelet's", zh: 'containerd 与 kubelet 的 cgroup 驱动不一致' },
  story: {
    en: 'kubelet is told systemd, the configuration of containerd says SystemdCgroup = false.',
    zh: 'kubelet 配置为 systemd，而 containerd 配置中 SystemdCgroup = false。',
  },
  kind: 'failing',
  expects: { cause: 'cgroup-driver-mismatch', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { cgroupDriver: 'systemd', runtimeEndpoint: 'unix:///run/containerd/containerd.sock' });
    await lab.node.write(
      '/etc/containerd/config.toml',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = false\n',
    );
  },
  show: [{ command: 'grep SystemdCgroup /etc/containerd/config.toml', expect: { exitStatus: 0, says: [/false/] } }],
});
