import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'ssh-rsa-sha1-rejected',
  title: { en: 'an old client can sign with SHA-1 only, and this sshd refuses it', zh: '旧客户端只会 SHA-1 签名，而此 sshd 拒绝' },
  story: {
    en: 'The key is right; a client that knows only ssh-rsa signatures (as old rke does) is turned away by OpenSSH 8.8 and newer.',
    zh: '密钥没错；只会 ssh-rsa 签名的客户端（旧版 rke 就是）会被 OpenSSH 8.8 及更新版本拒绝。',
  },
  kind: 'failing',
  expects: { cause: 'ssh-rsa-sha1-rejected', certainty: 'likely', exitStatus: 1 },
  needs: ['sshd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startSshd(lab, { keyType: 'rsa' });
  },
  show: [
    {
      command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 true',
      text: { en: "today's client signs with SHA-2", zh: '如今的客户端用 SHA-2 签名' },
      expect: { exitStatus: 0 },
    },
    {
      command: 'ssh -F /etc/ssh/lab/config -o PubkeyAcceptedAlgorithms=ssh-rsa 10.240.0.34 true',
      expect: { exitStatus: 255, says: [/Permission denied/] },
    },
    { command: 'grep userauth_pubkey /var/log/auth.log', expect: { exitStatus: 0, says: [/not in PubkeyAcceptedAlgorithms/] } },
  ],
});
