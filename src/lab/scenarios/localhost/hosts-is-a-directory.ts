import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'hosts-is-a-directory',
  title: { en: '/etc/hosts is a folder', zh: '/etc/hosts 是一个目录' },
  story: {
    en: 'A container engine made a folder because the source of a bind mount was not there. Every line is gone, localhost included.',
    zh: '绑定挂载的源不存在，容器引擎便创建了一个目录。所有内容都没了，包括 localhost。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-unreadable', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.sh('rm /etc/hosts; mkdir /etc/hosts');
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'ls -ld /etc/hosts', expect: { exitStatus: 0, says: [/^d/] } },
    { command: 'getent ahosts localhost', expect: { exitStatus: 2 } },
  ],
});
