import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'localhost-ipv6-only-service-ipv4-only',
  title: {
    en: 'localhost is ::1 only, and kubelet serves its health on 127.0.0.1',
    zh: 'localhost 只指向 ::1，而 kubelet 的健康端口在 127.0.0.1',
  },
  story: {
    en: 'lo has ::1, so kube-apiserver is fine; but kubelet binds its health port to 127.0.0.1 alone, where the name localhost does not lead.',
    zh: 'lo 上有 ::1，kube-apiserver 没问题；但 kubelet 的健康端口只绑定在 127.0.0.1，而 localhost 并不指向那里。',
  },
  kind: 'failing',
  expects: { cause: 'localhost-ipv6-only-service-ipv4-only', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'ss -ltn', expect: { says: [/127\.0\.0\.1:10248/] } },
    { command: 'telnet localhost 10248', expect: { exitStatus: 1, says: [/Trying ::1/, /Connection refused/], never: [/127\.0\.0\.1/] } },
    { command: 'curl -sS http://127.0.0.1:10248/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
