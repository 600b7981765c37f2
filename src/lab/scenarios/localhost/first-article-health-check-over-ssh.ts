import { defineScenario } from '../../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from '../../stages/hosts.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';
import { expectLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'first-article-health-check-over-ssh',
  title: { en: "RKE's health check over SSH meets a localhost that is ::1 only", zh: 'RKE 经 SSH 的健康检查遇到只有 ::1 的 localhost' },
  story: {
    en: "RKE asks for https://localhost:6443 through the node's sshd, so sshd's libc resolves the name on the node and fails with it.",
    zh: 'RKE 经节点的 sshd 访问 https://localhost:6443，因此由 sshd 的 libc 在节点上解析这个名字，也就随之失败。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: ['sshd'],
  target: ['localhost:6443'],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await startSshd(lab, { groups: ['docker'] });
  },
  show: [
    {
      command: 'ssh -F /etc/ssh/lab/config -W localhost:6443 10.240.0.34 </dev/null',
      expect: { exitStatus: 255, says: [/connect failed/] },
    },
    {
      command: 'cat /var/log/auth.log',
      expect: { exitStatus: 0, says: [/connect to localhost port 6443 failed: Cannot assign requested address/] },
    },
    {
      command: 'printf "GET /healthz HTTP/1.0\\r\\n\\r\\n" | ssh -F /etc/ssh/lab/config -W 127.0.0.1:6443 10.240.0.34',
      expect: { exitStatus: 0, says: [/200 OK/] },
    },
  ],
});
