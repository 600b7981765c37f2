import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS, NODE_NAME } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'healthy-hosts-crlf',
  title: { en: 'the hosts file has CRLF line ends', zh: 'hosts 文件使用 CRLF 换行' },
  story: {
    en: 'glibc and Go take a carriage return for white space: ugly, but no fault.',
    zh: 'glibc 和 Go 把回车符当作空白：不美观，但不是故障。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await lab.node.write('/etc/hosts', `127.0.0.1 localhost\r\n::1 localhost\r\n${NODE_ADDRESS} ${NODE_NAME}\r\n`);
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/127/] } },
    { command: 'telnet localhost 6443 </dev/null', expect: { says: [/Connected to localhost/] } },
  ],
});
