import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'local-traffic-rejected',
  title: { en: "the node's firewall rejects its own health check", zh: '节点防火墙拒绝了自己的健康检查' },
  story: {
    en: 'A rule in INPUT rejects port 10248 with host-prohibited, also on lo. The service listens; clients hear "No route to host".',
    zh: 'INPUT 链中的一条规则以 host-prohibited 拒绝 10248 端口，lo 也不例外。服务在监听，客户端却得到“No route to host”。',
  },
  kind: 'failing',
  expects: { cause: 'local-traffic-blocked', certainty: 'likely', exitStatus: 1 },
  needs: ['iptables'],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
    await lab.node.sh('iptables -A INPUT -p tcp --dport 10248 -j REJECT --reject-with icmp-host-prohibited');
  },
  show: [
    { command: 'ss -ltn', expect: { exitStatus: 0, says: [/127\.0\.0\.1:10248/] } },
    { command: 'telnet 127.0.0.1 10248', expect: { exitStatus: 1, says: [/No route to host/] } },
    { command: 'iptables -S INPUT', expect: { exitStatus: 0, says: [/REJECT/] } },
  ],
});
