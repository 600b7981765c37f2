import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'iptables-backend-mixed',
  title: { en: 'chains of Kubernetes in both iptables back ends', zh: '两个 iptables 后端中都有 Kubernetes 的链' },
  story: {
    en: 'The node writes to nftables, an old image of kube-proxy to the legacy tables.',
    zh: '节点写入 nftables，而旧的 kube-proxy 镜像写入 legacy 表。',
  },
  kind: 'failing',
  expects: { cause: 'iptables-backend-mixed', certainty: 'likely', exitStatus: 1 },
  needs: ['iptables'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh(
      'iptables-nft -N KUBE-FORWARD; iptables-nft -A FORWARD -j KUBE-FORWARD; iptables-legacy -N KUBE-FIREWALL; iptables-legacy -A INPUT -j KUBE-FIREWALL',
    );
  },
  show: [
    { command: 'iptables-nft -S', expect: { exitStatus: 0, says: [/KUBE-FORWARD/] } },
    { command: 'iptables-legacy -S', expect: { exitStatus: 0, says: [/KUBE-FIREWALL/] } },
  ],
});
