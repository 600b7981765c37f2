import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY, LOCALHOST_BOTH, hostsWith } from '../../stages/hosts.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'container-hosts-older-than-the-fix',
  title: {
    en: "the node's hosts file was repaired, a running container keeps the old one",
    zh: '节点的 hosts 文件已修复，运行中的容器仍用旧的',
  },
  story: {
    en: 'The line was mended on the node after the container had started. The container needs a restart, nothing else.',
    zh: '节点上的那一行在容器启动之后才改好。容器只需重启，别无其他。',
  },
  kind: 'failing',
  expects: {
    cause: 'container-hosts-overmounted',
    alsoAccepted: ['localhost-ipv6-only-lo-without-ipv6', 'localhost-ipv6-only-sysctl-persisted'],
    certainty: 'proved',
    exitStatus: 1,
  },
  needs: ['docker'],
  target: ['localhost:6443', '--container', 'kube-controller-manager'],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await lab.dockerContainer({ name: 'kube-controller-manager' });
    await lab.node.write('/etc/hosts', hostsWith(...LOCALHOST_BOTH));
  },
  show: [
    { command: 'telnet localhost 6443 </dev/null', expect: { says: [/Connected to localhost/] } },
    { in: 'kube-controller-manager', command: 'telnet localhost 6443', expect: { exitStatus: 1, says: [/Trying ::1/] } },
  ],
});
