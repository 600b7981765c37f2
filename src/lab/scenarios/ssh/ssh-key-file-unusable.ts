import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'ssh-key-file-unusable',
  title: { en: 'the private key has a passphrase', zh: '私钥带有口令' },
  story: {
    en: 'rke reads the key file itself and cannot ask for a passphrase.',
    zh: 'rke 自己读取密钥文件，无法询问口令。',
  },
  kind: 'failing',
  expects: { cause: 'ssh-key-file-unusable', alsoAccepted: ['ssh-key-or-user-wrong'], certainty: 'possible', exitStatus: 1 },
  needs: ['sshd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startSshd(lab);
    await lab.node.sh('ssh-keygen -q -p -P "" -N secret1 -f /etc/ssh/lab/key');
  },
  show: [
    { command: 'ssh-keygen -y -P "" -f /etc/ssh/lab/key', expect: { exitStatus: 255, says: [/incorrect passphrase/] } },
    { command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 true', expect: { exitStatus: 255, says: [/Permission denied/] } },
  ],
});
