import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'forward-policy-drop',
  title: { en: 'the FORWARD policy is DROP and nothing accepts pod traffic', zh: 'FORWARD 策略为 DROP，且没有放行 Pod 流量的规则' },
  story: {
    en: 'docker sets the policy to DROP when it switches forwarding on; no rule accepts the pod range.',
    zh: 'docker 打开转发时把策略设为 DROP；没有规则放行 Pod 网段。',
  },
  kind: 'failing',
  expects: { cause: 'forward-policy-drop', certainty: 'possible', exitStatus: 1 },
  needs: ['iptables'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.bridge('cni0', '10.42.0.1/24');
    await lab.bridgedContainer({ name: 'pod' }, 'cni0', '10.42.0.2/24', '10.42.0.1');
    await lab.network.sh('ip route add 10.42.0.0/24 via 10.240.0.34');
    await lab.node.sh('iptables -P FORWARD DROP');
  },
  show: [
    { command: 'iptables -S FORWARD', expect: { exitStatus: 0, says: [/-P FORWARD DROP/] } },
    { in: 'pod', command: 'ping -c 1 -W 1 10.240.0.1', expect: { exitStatus: 1 } },
  ],
});
