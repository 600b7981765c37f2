import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-firewall-other-port',
  title: { en: 'a firewall rule for a port that nobody needs', zh: '防火墙规则针对的是无人使用的端口' },
  story: {
    en: 'The rule rejects port 9999; what is asked for is open.',
    zh: '规则拒绝的是 9999 端口；所需端口是通的。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['iptables'],
  target: ['localhost:10248'],
  otherTargets: [[]],
  async build(lab) {
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
    await lab.node.sh('iptables -A INPUT -p tcp --dport 9999 -j REJECT');
  },
  show: [{ command: 'curl -sS http://localhost:10248/healthz', expect: { exitStatus: 0, says: [/ok/] } }],
});
