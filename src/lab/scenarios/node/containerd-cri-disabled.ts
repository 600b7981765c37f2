import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'containerd-cri-disabled',
  title: { en: "the CRI plugin of kubelet's containerd is off", zh: 'kubelet 所用 containerd 的 CRI 插件被禁用' },
  story: {
    en: 'The configuration came with the Docker package, which switches the plugin off.',
    zh: '配置来自 Docker 软件包，该包禁用了此插件。',
  },
  kind: 'failing',
  expects: { cause: 'containerd-cri-disabled', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { runtimeEndpoint: 'unix:///run/containerd/containerd.sock' });
    await lab.node.write('/etc/containerd/config.toml', 'version = 2\ndisabled_plugins = ["cri"]\n');
  },
  show: [{ command: 'grep disabled_plugins /etc/containerd/config.toml', expect: { exitStatus: 0, says: [/cri/] } }],
});
