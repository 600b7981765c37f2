import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'ip-forward-off',
  title: { en: 'IPv4 forwarding is off on a Kubernetes node', zh: 'Kubernetes 节点关闭了 IPv4 转发' },
  story: {
    en: 'A hardening role reset net.ipv4.ip_forward; pods reach only their own node.',
    zh: '安全加固脚本重置了 net.ipv4.ip_forward；Pod 只能访问本节点。',
  },
  kind: 'failing',
  expects: { cause: 'ip-forward-off', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.bridge('cni0', '10.42.0.1/24');
    await lab.bridgedContainer({ name: 'pod' }, 'cni0', '10.42.0.2/24', '10.42.0.1');
    await lab.network.sh('ip route add 10.42.0.0/24 via 10.240.0.34');
    await lab.node.sh('echo 0 > /proc/sys/net/ipv4/ip_forward');
  },
  show: [
    { command: 'sysctl net.ipv4.ip_forward', expect: { exitStatus: 0, says: [/= 0/] } },
    { in: 'pod', command: 'ping -c 1 -W 1 10.42.0.1', expect: { exitStatus: 0 } },
    { in: 'pod', command: 'ping -c 1 -W 1 10.240.0.1', expect: { exitStatus: 1 } },
  ],
});
