import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'healthy-localhost-ipv6-only-with-ipv6',
  title: { en: 'localhost is ::1 only, lo has ::1 and the service listens there', zh: 'localhost 只指向 ::1，lo 有 ::1，服务也在那里监听' },
  story: {
    en: 'Unusual, but everything that is asked for answers.',
    zh: '少见，但所需的一切都有应答。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [{ command: 'telnet localhost 6443 </dev/null', expect: { says: [/Connected to localhost/] } }],
});
