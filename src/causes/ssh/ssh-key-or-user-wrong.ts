/** The node refuses the key or the user; its journal names the one item. Source: sshd(8) messages; rke1-docs; rancher/rke hosts/dialer.go. */
import { all, any, ask, evidenceCause, line, off, on, stated, t } from '../_checks/index.ts';
import { authFailed, authRefused } from './_ssh-lines.ts';

export const sshKeyOrUserWrong = evidenceCause({
  id: 'ssh-key-or-user-wrong',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('The node refuses the SSH key or the user', '节点拒绝该 SSH 密钥或用户'),
  mechanism: t(
    'The public key is not in authorized_keys of that user, the modes of its home are too open, the user does not exist or is not allowed to log in. sshd writes the reason to its journal at that second.',
    '公钥不在该用户的 authorized_keys 中、家目录权限过宽、用户不存在或不允许登录。sshd 会在当时的日志中写明原因。',
  ),
  summary: t('SSH authentication is refused: the key or the user is not accepted by the node.', 'SSH 认证被拒绝：节点不接受该密钥或用户。'),
  sources: ['rancher/rke1-docs docs/troubleshooting/ssh-connectivity-errors.md', 'sshd(8)'],
  lookAlikes: ['ssh-rsa-sha1-rejected', 'ssh-key-file-unusable', 'sshd-connection-limits'],
  signatures: [
    {
      id: 'ssh-key-or-user-wrong/sshd-journal',
      grade: 'direct',
      anchors: [
        'bad ownership or modes',
        'Invalid user',
        'not allowed because',
        'account is locked',
        'Authentication refused',
        'not listed in AllowUsers',
        'account has expired',
      ],
      pattern:
        /Authentication refused: bad ownership or modes|sshd?[^\n]{0,40}Invalid user (?<name>[^ ]+) from|User (?<user>[^ ]+) (?:from [^ ]+ )?not allowed because|account (?:is locked|has expired)/,
      matches: [
        'sshd[77]: Authentication refused: bad ownership or modes for directory /home/rancher',
        'sshd[77]: User rancher from 192.0.2.9 not allowed because not listed in AllowUsers',
      ],
      rejects: ['sshd[77]: Accepted publickey for rancher from 192.0.2.9'],
    },
    {
      // Source: openssh auth.c (auth_log), at LogLevel VERBOSE.
      id: 'ssh-key-or-user-wrong/failed-publickey',
      grade: 'strong',
      anchors: ['Failed publickey for'],
      pattern: /Failed publickey for (?<user>[^ ]+) from/,
      matches: ['sshd[77]: Failed publickey for rancher from 192.0.2.9 port 50122 ssh2: ED25519 SHA256:abc'],
      rejects: ['sshd[77]: Failed password for rancher from 192.0.2.9'],
    },
  ],
  lines: [
    authFailed,
    {
      id: 'ssh-key-or-user-wrong/accepted',
      grade: 'weak',
      anchors: ['Accepted publickey for'],
      pattern: /Accepted publickey for/,
      matches: ['sshd[77]: Accepted publickey for rancher from 192.0.2.9 port 50122 ssh2'],
      rejects: ['sshd[77]: Failed publickey for rancher'],
    },
  ],
  confirm: [
    {
      when: all(authRefused, off('ssh.works-by-hand')),
      grade: 'direct',
      says: t('The same key is refused by hand as well.', '同一密钥手动登录同样被拒绝。'),
    },
    { when: authRefused, grade: 'hint', says: t('SSH authentication is refused.', 'SSH 认证被拒绝。') },
    {
      when: any(
        off('ssh.works-by-hand'),
        stated({
          whole:
            /(?:public )?key[^.;]*(?:not (?:authori[sz]ed|in (?:the )?authorized_keys|installed|copied|set|added|deployed|present|on the)|missing|wrong|other|different)|wrong (?:ssh )?(?:user|key)|authorized_keys[^.;]*(?:missing|lacks|not contain|empty|without)/i,
        }),
      ),
      grade: 'strong',
      says: t('It is stated that the key is not authorised.', '陈述中提到该密钥未被授权。'),
    },
  ],
  refute: [
    {
      when: line('ssh-key-or-user-wrong/accepted'),
      says: t('The journal of sshd shows that the key was accepted.', 'sshd 日志显示密钥已被接受。'),
    },
    { when: on('ssh.works-by-hand'), says: t('The same key and user work by hand.', '同一密钥和用户手动登录正常。') },
  ],
  asks: [
    ask(
      "Is the public key of that private key file in the user's authorized_keys on the node, does ssh -i with the same key and user work by hand, and what does the journal of sshd say at that second?",
      '该私钥对应的公钥是否在节点上该用户的 authorized_keys 中？用同一密钥和用户手动 ssh -i 是否正常？当时 sshd 的日志写了什么？',
      'ssh -i KEY USER@HOST true; journalctl -u sshd --since -5min',
    ),
  ],
  remedies: [
    {
      id: 'the-item-sshd-names',
      title: t('Mend the one item that sshd names: the key line, the modes, or the user', '修正 sshd 指出的那一项：公钥行、权限或用户'),
      risk: t('The key gets in where it is added.', '添加后该密钥即可登录。'),
      safety: 'needs-a-person',
      command: 'ssh-copy-id -i KEY.pub USER@HOST; ssh USER@HOST "chmod go-w ~ ~/.ssh ~/.ssh/authorized_keys; restorecon -R ~/.ssh"',
      undo: 'ssh USER@HOST "sed -i /KEY_COMMENT/d .ssh/authorized_keys"',
      verify: ['ssh -i KEY -o BatchMode=yes USER@HOST true'],
    },
  ],
});
