import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'resolv-conf-empty',
  title: { en: 'resolv.conf names no server', zh: 'resolv.conf 没有写任何服务器' },
  story: {
    en: 'The file is there and empty; libc and Go then ask 127.0.0.1, where nobody answers.',
    zh: '文件存在但是空的；libc 和 Go 便去问 127.0.0.1，那里没有人应答。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-empty-or-missing', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node2'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.write('/etc/resolv.conf', '# made by hand\n');
  },
  show: [
    { command: 'getent ahosts node2', expect: { exitStatus: 2 } },
    { command: 'dig +short +time=1 +tries=1 @10.240.0.1 node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
  ],
});
