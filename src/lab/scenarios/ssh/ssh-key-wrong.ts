import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'ssh-key-wrong',
  title: { en: 'the node does not accept the key', zh: '节点不接受这个密钥' },
  story: {
    en: "The public key is not among the user's authorized keys.",
    zh: '公钥不在该用户的 authorized_keys 里。',
  },
  kind: 'failing',
  expects: { cause: 'ssh-key-or-user-wrong', certainty: 'possible', exitStatus: 1 },
  needs: ['sshd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startSshd(lab, { authorized: false });
  },
  show: [
    { command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 true', expect: { exitStatus: 255, says: [/Permission denied \(publickey\)/] } },
    { command: 'cat /var/log/auth.log', expect: { exitStatus: 0 } },
  ],
});
