import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'resolv-conf-missing',
  title: { en: '/etc/resolv.conf is a link to a file that is not there', zh: '/etc/resolv.conf 链接的目标不存在' },
  story: {
    en: 'The link leads to the file of systemd-resolved, which does not run.',
    zh: '链接指向 systemd-resolved 的文件，而该服务没有运行。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-empty-or-missing', alsoAccepted: ['resolv-dangling-link-in-container'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node2'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.sh('rm /etc/resolv.conf; ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf');
  },
  show: [
    { command: 'cat /etc/resolv.conf', expect: { exitStatus: 1, says: [/No such file/] } },
    { command: 'getent ahosts node2', expect: { exitStatus: 2 } },
  ],
});
