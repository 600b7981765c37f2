import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';
import { expectLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';

export const scenario = defineScenario({
  id: 'first-article-in-a-container',
  title: { en: 'the first article in a Docker container of the host network', zh: '第一篇文章的故障：在使用主机网络的 Docker 容器里' },
  story: {
    en: "Docker copies the node's hosts file into a container of the host network when it starts: kube-apiserver meets the same ::1-only localhost.",
    zh: '容器使用主机网络时，Docker 在启动时把节点的 hosts 文件复制进去：kube-apiserver 遇到同样只有 ::1 的 localhost。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: ['docker'],
  target: ['localhost:6443', '--container', 'kube-apiserver'],
  otherTargets: [[]],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await lab.dockerContainer({ name: 'kube-apiserver' });
  },
  show: [
    { in: 'kube-apiserver', command: 'cat /etc/hosts', expect: { exitStatus: 0, says: [/::1 +localhost/] } },
    { in: 'kube-apiserver', command: 'telnet localhost 6443', expect: { exitStatus: 1, says: [/Trying ::1/] } },
  ],
});
