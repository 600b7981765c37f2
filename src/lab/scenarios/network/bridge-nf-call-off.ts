import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'bridge-nf-call-off',
  title: { en: 'bridged pod traffic bypasses iptables', zh: '网桥上的 Pod 流量绕过了 iptables' },
  story: {
    en: 'net.bridge.bridge-nf-call-iptables is 0 on a Kubernetes node: service addresses fail between pods of one node.',
    zh: 'Kubernetes 节点上 net.bridge.bridge-nf-call-iptables 为 0：同一节点 Pod 之间无法使用 Service 地址。',
  },
  kind: 'failing',
  expects: { cause: 'bridge-nf-call-off', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.bridge('cni0', '10.42.0.1/24');
    await lab.node.sh('echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables');
  },
  show: [{ command: 'sysctl net.bridge.bridge-nf-call-iptables', expect: { exitStatus: 0, says: [/= 0/] } }],
});
