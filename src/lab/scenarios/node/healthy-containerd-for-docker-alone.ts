import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-containerd-for-docker-alone',
  title: { en: 'containerd without CRI, for Docker alone', zh: '仅供 Docker 使用、未启用 CRI 的 containerd' },
  story: {
    en: 'No kubelet asks this containerd: its CRI plugin may be off.',
    zh: '没有 kubelet 使用该 containerd：其 CRI 插件可以禁用。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.node.write('/etc/containerd/config.toml', 'disabled_plugins = ["cri"]\n');
  },
  show: [{ command: 'grep disabled_plugins /etc/containerd/config.toml', expect: { exitStatus: 0, says: [/cri/] } }],
});
