import { defineScenario } from '../../scenario.ts';
import { hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'localhost-missing',
  title: { en: 'the hosts file has no localhost at all', zh: 'hosts 文件里根本没有 localhost' },
  story: {
    en: 'No line carries localhost, so the name goes to DNS, which does not know it.',
    zh: '没有任何一行带有 localhost，于是这个名字被拿去查询 DNS，而 DNS 不认识它。',
  },
  kind: 'failing',
  expects: { cause: 'localhost-missing', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.write('/etc/hosts', hostsWith('127.0.0.1 loopback', '::1 ip6-loopback'));
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'cat /etc/hosts' },
    { command: 'getent ahosts localhost', expect: { exitStatus: 2 } },
    { command: 'telnet localhost 10248', expect: { exitStatus: 1, says: [/Name or service not known|Unknown host|lookup failure/] } },
    { command: 'curl -sS http://127.0.0.1:10248/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
