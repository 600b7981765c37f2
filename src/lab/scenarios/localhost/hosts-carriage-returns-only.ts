import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS, NODE_NAME } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'hosts-carriage-returns-only',
  title: { en: 'the hosts file ends its lines with carriage returns alone', zh: 'hosts 文件只用回车符换行' },
  story: {
    en: 'Without a single line feed the whole file is one line: every later name becomes an alias of 127.0.0.1.',
    zh: '没有任何换行符，整个文件就是一行：后面的名字全都成了 127.0.0.1 的别名。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-cr-line-endings', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['registry.corp:5000'],
  async build(lab) {
    await lab.addAddress('10.240.0.11');
    await lab.listen({ title: 'registry', port: 5000, address: '10.240.0.11' }, lab.network);
    await lab.node.write('/etc/hosts', `127.0.0.1 localhost\r${NODE_ADDRESS} ${NODE_NAME}\r10.240.0.11 registry.corp\r`);
  },
  show: [
    { command: 'getent ahosts registry.corp', expect: { exitStatus: 0, says: [/^127|\b127\.0\.0\.1/], never: [/10\.240\.0\.11/] } },
    { command: 'curl -sS http://registry.corp:5000/', expect: { exitStatus: 7 } },
    { command: 'curl -sS http://10.240.0.11:5000/', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
