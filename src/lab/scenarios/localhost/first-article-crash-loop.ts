import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';
import { expectLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';
import { apiServerLog } from '../../stages/logs.ts';

export const scenario = defineScenario({
  id: 'first-article-crash-loop',
  title: { en: 'kube-apiserver restarts for ever and says why in its log', zh: 'kube-apiserver 不断重启，日志里写着原因' },
  story: {
    en: 'Nothing is asked for by name: the failing lines of the container log lead to localhost and to the hosts file.',
    zh: '没有人指定要查什么：容器日志里的错误行指向 localhost，进而指向 hosts 文件。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: ['docker'],
  target: [],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    const script = apiServerLog({ address: '[::1]:6443', error: 'cannot assign requested address', dies: true });
    await lab.dockerContainer({ name: 'kube-apiserver', command: ['sh', '-c', script] }, '--restart=always');
  },
  show: [
    {
      command: 'sleep 2; docker logs kube-apiserver 2>&1 | grep -m 2 -e LimitRange -e controller.go',
      expect: { exitStatus: 0, says: [/dial tcp \[::1\]:6443: connect: cannot assign requested address/, /^F\d{4} /m] },
    },
    { command: 'docker ps -a --format "{{.Names}} {{.Status}}"', expect: { exitStatus: 0, says: [/kube-apiserver/] } },
  ],
});
