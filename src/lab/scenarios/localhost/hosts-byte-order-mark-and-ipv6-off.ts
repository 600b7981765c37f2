import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS, NODE_NAME } from '../../lab.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'hosts-byte-order-mark-and-ipv6-off',
  title: { en: 'a byte order mark leaves localhost at ::1 alone, and IPv6 is off', zh: 'BOM 使 localhost 只剩 ::1，而 IPv6 已关闭' },
  story: {
    en: 'The good line is there, but three invisible bytes hide it; what is left is the ::1 line of the first article.',
    zh: '正确的一行就在文件里，却被三个看不见的字节隐藏；剩下的就是第一篇文章里的 ::1 行。',
  },
  kind: 'failing',
  expects: {
    cause: 'hosts-bom-or-invisible-bytes',
    alsoAccepted: ['localhost-ipv6-only-lo-without-ipv6'],
    certainty: 'proved',
    exitStatus: 1,
  },
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.node.write('/etc/hosts', `\ufeff127.0.0.1 localhost\n::1 localhost\n${NODE_ADDRESS} ${NODE_NAME}\n`);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [{ command: 'cat /etc/hosts' }, { command: 'telnet localhost 6443', expect: { exitStatus: 1, says: [/Trying ::1/] } }],
});
