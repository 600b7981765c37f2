import { defineScenario } from '../../scenario.ts';
import { LOCALHOST_BOTH, hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'agent-name-only-in-hosts',
  title: { en: "the Rancher name exists only in the node's hosts file", zh: 'Rancher 的名字只存在于节点的 hosts 文件' },
  story: {
    en: 'The node resolves it, a container with its own network and hosts file does not: DNS has no such record.',
    zh: '节点能解析，而有独立网络和 hosts 文件的容器不能：DNS 没有这条记录。',
  },
  kind: 'failing',
  expects: { cause: 'agent-name-only-in-hosts', alsoAccepted: ['container-hosts-overmounted'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['rancher.corp:443', '--container', '{pid:cattle-cluster-agent}'],
  async build(lab) {
    await lab.addAddress('10.240.0.13');
    await lab.listen({ title: 'rancher', port: 443, address: '10.240.0.13' }, lab.network);
    await lab.node.write('/etc/hosts', hostsWith(...LOCALHOST_BOTH, '10.240.0.13 rancher.corp'));
    await lab.bridge('cni0', '10.42.0.1/24');
    await lab.bridgedContainer({ name: 'cattle-cluster-agent' }, 'cni0', '10.42.0.2/24', '10.42.0.1');
    await lab.network.sh('ip route add 10.42.0.0/24 via 10.240.0.34');
  },
  show: [
    { command: 'curl -sS http://rancher.corp:443/ping', expect: { exitStatus: 0 } },
    {
      in: 'cattle-cluster-agent',
      command: 'curl -sS http://rancher.corp:443/ping',
      expect: { exitStatus: 6, says: [/Could not resolve/] },
    },
    { in: 'cattle-cluster-agent', command: 'dig rancher.corp | grep status', expect: { exitStatus: 0, says: [/NXDOMAIN/] } },
  ],
});
