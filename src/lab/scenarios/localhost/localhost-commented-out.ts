import { defineScenario } from '../../scenario.ts';
import { hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'localhost-commented-out',
  title: { en: 'the localhost line of the hosts file is commented out', zh: 'hosts 文件的 localhost 行被注释掉了' },
  story: {
    en: 'Somebody put a comment sign before the 127.0.0.1 line; there is no other line with localhost.',
    zh: '有人在 127.0.0.1 那一行前面加了注释符；没有别的行带有 localhost。',
  },
  kind: 'failing',
  expects: { cause: 'localhost-missing', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', hostsWith('#127.0.0.1 localhost localhost.localdomain'));
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'cat /etc/hosts' },
    { command: 'getent ahosts localhost', expect: { exitStatus: 2 } },
    { command: 'telnet localhost 10248', expect: { exitStatus: 1 } },
  ],
});
