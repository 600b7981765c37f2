import { defineScenario } from '../../scenario.ts';
import { hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'localhost-only-with-domain',
  title: { en: '127.0.0.1 has only localhost.localdomain, not localhost', zh: '127.0.0.1 只有 localhost.localdomain，没有 localhost' },
  story: {
    en: 'The exact word counts: localhost.localdomain does not answer for localhost.',
    zh: '必须是完全一致的名字：localhost.localdomain 不能代替 localhost。',
  },
  kind: 'failing',
  expects: { cause: 'localhost-missing', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', hostsWith('127.0.0.1 localhost.localdomain localhost4', '::1 localhost6'));
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'getent ahosts localhost.localdomain', expect: { exitStatus: 0, says: [/127/] } },
    { command: 'getent ahosts localhost', expect: { exitStatus: 2 } },
  ],
});
