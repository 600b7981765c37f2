import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'ssh-unreachable',
  title: { en: 'nothing listens on port 22 of the node', zh: '节点的 22 端口没有监听' },
  story: {
    en: 'The address is right; sshd was moved to port 2222.',
    zh: '地址没错；sshd 改到了 2222 端口。',
  },
  kind: 'failing',
  expects: { cause: 'ssh-unreachable', certainty: 'possible', exitStatus: 1 },
  needs: ['sshd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startSshd(lab);
    await lab.node.sh('kill $(ps -C sshd -o pid=)');
  },
  show: [{ command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 true', expect: { exitStatus: 255, says: [/Connection refused/] } }],
});
