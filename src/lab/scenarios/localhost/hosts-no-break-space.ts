import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS, NODE_NAME } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'hosts-no-break-space',
  title: { en: 'a no-break space hides localhost in the hosts file', zh: '不换行空格使 hosts 文件里的 localhost 失效' },
  story: {
    en: 'The line was pasted from a web page: what looks like a blank is the bytes C2 A0, and they belong to the address.',
    zh: '这一行是从网页粘贴的：看似空格的是字节 C2 A0，它们成了地址的一部分。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-bom-or-invisible-bytes', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', `127.0.0.1\u00a0localhost\n${NODE_ADDRESS} ${NODE_NAME}\n`);
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [{ command: 'cat /etc/hosts' }, { command: 'getent ahosts localhost', expect: { exitStatus: 2 } }],
});
