import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'local-traffic-dropped',
  title: { en: "the node's firewall drops its own health check", zh: '节点防火墙丢弃了自己的健康检查' },
  story: {
    en: 'A DROP rule covers the health port: the connection hangs until it times out.',
    zh: '一条 DROP 规则覆盖了健康端口：连接一直挂起直到超时。',
  },
  kind: 'failing',
  expects: { cause: 'local-traffic-blocked', certainty: 'likely', exitStatus: 1 },
  needs: ['iptables'],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
    await lab.node.sh('iptables -A INPUT -p tcp --dport 10248 -j DROP');
  },
  show: [
    { command: 'ss -ltn', expect: { exitStatus: 0, says: [/127\.0\.0\.1:10248/] } },
    { command: 'curl -sS -m 2 http://127.0.0.1:10248/healthz', expect: { exitStatus: 28 } },
  ],
});
