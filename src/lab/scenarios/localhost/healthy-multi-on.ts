import { defineScenario } from '../../scenario.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'healthy-multi-on',
  title: { en: 'host.conf says multi on', zh: 'host.conf 写着 multi on' },
  story: {
    en: 'localhost is on two lines; with either setting a client finds 127.0.0.1.',
    zh: 'localhost 在两行里；无论哪种设置，客户端都能找到 127.0.0.1。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await lab.node.write('/etc/host.conf', 'multi on\n');
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/127/] } },
    { command: 'telnet localhost 6443 </dev/null', expect: { says: [/Connected to localhost/] } },
  ],
});
