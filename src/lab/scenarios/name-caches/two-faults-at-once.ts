import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';

export const scenario = defineScenario({
  id: 'two-faults-at-once',
  title: { en: 'both articles on one node', zh: '两篇文章的故障出现在同一节点' },
  story: {
    en: "localhost is ::1 only with IPv6 off, and a container asks the host's name cache: two causes that have nothing to do with each other.",
    zh: 'localhost 只指向 ::1 且 IPv6 已关闭，同时容器去问宿主机的名称缓存：两个互不相干的原因。',
  },
  kind: 'failing',
  expects: {
    cause: 'localhost-ipv6-only-lo-without-ipv6',
    alsoAccepted: ['nscd-socket-in-container-hosts-cache', 'localhost-ipv6-only-sysctl-persisted'],
    together: ['nscd-socket-in-container-hosts-cache'],
    certainty: 'proved',
    exitStatus: 1,
  },
  needs: ['unscd'],
  target: [],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    const mounts = [{ source: '/var/run', target: '/var/run' }];
    await lab.container({ name: 'kubelet', mounts, files: { '/etc/resolv.conf': METADATA_RESOLV_CONF } });
  },
  show: [
    { command: 'telnet localhost 6443', expect: { exitStatus: 1, says: [/Trying ::1/] } },
    { in: 'kubelet', command: 'ping -c 1 rancher-metadata', expect: { exitStatus: 2 } },
    { in: 'kubelet', command: 'dig +short rancher-metadata', expect: { exitStatus: 0, says: [/169\.254\.169\.250/] } },
  ],
});
