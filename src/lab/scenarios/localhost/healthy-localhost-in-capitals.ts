import { defineScenario } from '../../scenario.ts';
import { hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'healthy-localhost-in-capitals',
  title: { en: 'the hosts file writes LocalHost', zh: 'hosts 文件写的是 LocalHost' },
  story: {
    en: 'Names are compared without regard to case.',
    zh: '名字比较时不区分大小写。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', hostsWith('127.0.0.1 LocalHost'));
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [{ command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/127/] } }],
});
