import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-forward-drop-with-rule',
  title: { en: 'FORWARD drops, and the CNI accepts its pods before', zh: 'FORWARD 默认丢弃，但 CNI 已先放行其 Pod' },
  story: {
    en: 'The policy is DROP; a rule before it accepts the pod network.',
    zh: '策略为 DROP；之前有规则放行 Pod 网段。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['iptables'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.bridge('cni0', '10.42.0.1/24');
    await lab.bridgedContainer({ name: 'pod' }, 'cni0', '10.42.0.2/24', '10.42.0.1');
    await lab.network.sh('ip route add 10.42.0.0/24 via 10.240.0.34');
    await lab.node.sh(
      'iptables -P FORWARD DROP; iptables -N CNI-FORWARD; iptables -A FORWARD -j CNI-FORWARD; iptables -A CNI-FORWARD -s 10.42.0.0/16 -j ACCEPT; iptables -A CNI-FORWARD -d 10.42.0.0/16 -j ACCEPT',
    );
  },
  show: [{ in: 'pod', command: 'ping -c 1 -W 1 10.240.0.1', expect: { exitStatus: 0 } }],
});
