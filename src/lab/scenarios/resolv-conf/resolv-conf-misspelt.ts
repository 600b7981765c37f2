import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'resolv-conf-misspelt',
  title: { en: 'resolv.conf says "name server"', zh: 'resolv.conf 写成了“name server”' },
  story: {
    en: 'The keyword is misspelt, so the line is ignored and no server is left.',
    zh: '关键字拼错，这一行被忽略，于是没有可用的服务器。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-empty-or-missing', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node2'],
  async build(lab) {
    await lab.node.write('/etc/resolv.conf', 'name server 10.240.0.1\n');
  },
  show: [{ command: 'cat /etc/resolv.conf' }, { command: 'getent ahosts node2', expect: { exitStatus: 2 } }],
});
