import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'first-article',
  title: {
    en: 'localhost is ::1 only and IPv6 is off: kube-apiserver cannot reach itself',
    zh: 'localhost 只指向 ::1 而 IPv6 已关闭：kube-apiserver 连不上自己',
  },
  story: {
    en: 'The hosts file gives localhost to ::1 only, and sysctl took ::1 away from lo. Programs that ask for any address family get ::1 and fail; those that ask for IPv4 alone get 127.0.0.1 from glibc and work.',
    zh: 'hosts 文件只把 localhost 给了 ::1，而 sysctl 又把 ::1 从 lo 上拿走了。查询任意地址族的程序得到 ::1 并失败；只查询 IPv4 的程序从 glibc 得到 127.0.0.1，一切正常。',
  },
  kind: 'failing',
  expects: {
    cause: 'localhost-ipv6-only-lo-without-ipv6',
    alsoAccepted: ['localhost-ipv6-only-sysctl-persisted'],
    certainty: 'proved',
    exitStatus: 1,
  },
  needs: [],
  target: ['localhost:6443'],
  otherTargets: [[]],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await Promise.all([lab.listen({ title: 'kube-apiserver', port: 6443 }), lab.listen({ title: 'sshd', port: 22 })]);
  },
  show: [
    { command: 'cat /etc/hosts' },
    { command: 'ip addr show lo', expect: { exitStatus: 0, says: [/inet 127\.0\.0\.1\/8/], never: [/inet6/] } },
    { command: 'getent hosts localhost', expect: { exitStatus: 0, says: [/^::1 /m] } },
    {
      command: 'getent ahostsv4 localhost',
      text: {
        en: 'IPv4 only, as old ping asks: glibc turns ::1 into 127.0.0.1',
        zh: '只查 IPv4（旧版 ping 就是这样）：glibc 把 ::1 换成 127.0.0.1',
      },
      expect: { exitStatus: 0, says: [/^127\.0\.0\.1 /m], never: [/::1/] },
    },
    {
      command: 'telnet localhost 6443',
      expect: {
        exitStatus: 1,
        says: [/Trying ::1\.\.\./, /Cannot assign requested address|No route to host|Network is unreachable/],
        never: [/127\.0\.0\.1/],
      },
    },
    {
      command: 'telnet localhost 22',
      text: { en: 'a second port proves that it is not the API server', zh: '换个端口也一样：与 API server 无关' },
      expect: { exitStatus: 1, says: [/Trying ::1/] },
    },
    {
      command: 'ping -6 -c 1 localhost',
      expect: { exitStatus: 2, says: [/Cannot assign requested address|No route to host|Network is unreachable/] },
    },
    { command: 'curl -sS http://127.0.0.1:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
