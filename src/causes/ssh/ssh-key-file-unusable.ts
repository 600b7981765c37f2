/** The key file on the machine that runs rke. Source: rancher/rke hosts/tunnel.go, cluster/defaults.go; golang.org/x/crypto/ssh keys.go. */
import { all, any, ask, evidenceCause, line, observed, off, on, stated, t } from '../_checks/index.ts';

const keyGone = any(
  off('ssh.key-exists'),
  stated(
    { key: /(?:ssh )?key.*(?:exists|present|there|found)/, value: 'no' },
    {
      whole: /(?:ssh[ _])?key[^.;]*(?:does not exist|missing|not there|not found|points? (?:at|to) nothing|wrong path)/i,
    },
  ),
);
const encrypted = any(
  on('ssh.key-encrypted'),
  stated(
    { key: /passphrase|key.*encrypt/, value: 'yes' },
    { whole: /key[^.;]*(?:has a passphrase|passphrase[- ]protected|is encrypted)/i },
  ),
);

export const sshKeyFileUnusable = evidenceCause({
  id: 'ssh-key-file-unusable',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('The SSH key file of the installing machine cannot be used', '安装机上的 SSH 密钥文件无法使用'),
  mechanism: t(
    'The file is missing, is the public half, is malformed, or is encrypted while no agent is used. RKE reads ~/.ssh/id_rsa unless told otherwise.',
    '文件缺失、给出的是公钥、格式错误，或已加密而没有使用 agent。除非另行指定，RKE 读取 ~/.ssh/id_rsa。',
  ),
  summary: t('The private key that the installer wants to use cannot be read as one.', '安装程序要使用的私钥无法读取。'),
  sources: ['rancher/rke hosts/tunnel.go', 'rancher/rke cluster/defaults.go', 'golang/crypto ssh/keys.go'],
  lookAlikes: ['ssh-key-or-user-wrong', 'rbac-forbidden'],
  signatures: [
    {
      id: 'ssh-key-file-unusable/encrypted',
      grade: 'direct',
      terminal: true,
      anchors: [
        'cannot decode encrypted private key',
        'passphrase protected',
        'passphrase-protected',
        'decryption password incorrect',
        'incorrect passphrase supplied',
        'bcrypt_pbkdf',
      ],
      pattern:
        /cannot decode encrypted private keys?|(?:private )?key is passphrase[- ]protected|x509: decryption password incorrect|incorrect passphrase supplied to decrypt private key/i,
      matches: [
        'Failed to parse the private key: ssh: cannot decode encrypted private keys',
        'Error configuring SSH: ssh: this private key is passphrase protected',
        'Load key "/home/rancher/.ssh/id_rsa": incorrect passphrase supplied to decrypt private key',
      ],
      rejects: ['Enter passphrase for key'],
    },
    {
      id: 'ssh-key-file-unusable/no-key',
      grade: 'direct',
      terminal: true,
      anchors: [
        ': Permission denied',
        'ssh: no key found',
        'Error while reading SSH key file',
        'invalid private key',
        'Failed to parse the private key',
        'error in libcrypto',
        'invalid format',
        'Error while reading SSH certificate',
        'load the ssh key with path',
        'load the ssh key',
        "can't decode without passphrase",
      ],
      pattern:
        /ssh: no key found|unable to load the ssh key|can't decode without passphrase|Error while reading SSH (?:key|certificate) file: open [^\n]*: (?:no such file or directory|permission denied)|Failed to parse the private key|Load key "[^"]*": (?:invalid format|error in libcrypto|Permission denied)/,
      matches: [
        'Error configuring SSH: ssh: no key found',
        'Error while reading SSH key file: open /home/me/.ssh/id_rsa: no such file or directory',
      ],
      rejects: ['ssh: unable to authenticate, attempted methods [none publickey]'],
    },
    {
      id: 'ssh-key-file-unusable/modes',
      grade: 'strong',
      anchors: ['UNPROTECTED PRIVATE KEY FILE', 'are too open', 'bad permissions'],
      pattern: /UNPROTECTED PRIVATE KEY FILE|Permissions \d+ for '[^']+' are too open|Load key "[^"]*": bad permissions/,
      matches: ["Permissions 0644 for '/home/me/.ssh/id_rsa' are too open."],
      rejects: ['bad ownership or modes for directory'],
    },
    {
      id: 'ssh-key-file-unusable/nothing-offered',
      grade: 'strong',
      anchors: ['attempted methods [none]'],
      pattern: /unable to authenticate, attempted methods \[none\]/,
      matches: ['ssh: handshake failed: ssh: unable to authenticate, attempted methods [none], no supported methods remain'],
      rejects: ['attempted methods [none publickey]'],
    },
  ],
  confirm: [
    { when: keyGone, grade: 'direct', says: t('The key file that is configured does not exist.', '所配置的密钥文件不存在。') },
    { when: encrypted, grade: 'strong', says: t('The key has a passphrase.', '密钥设有口令。') },
    {
      when: all(
        line('rbac-forbidden/anonymous'),
        any(
          observed('product.local-mode', (value) => value === true),
          (context) => ({ seen: context.node.products.some((one) => one.name === 'rke') ? 'yes' : 'unknown', kind: 'state' }) as const,
        ),
      ),
      grade: 'hint',
      says: t(
        'RKE calls the API as system:anonymous: keys or certificates may not have been read.',
        'RKE 以 system:anonymous 调用 API：可能没有读到密钥或证书。',
      ),
    },
  ],
  refute: [
    {
      when: all(on('ssh.key-exists'), off('ssh.key-encrypted')),
      says: t('The key file is there and is not encrypted.', '密钥文件存在且未加密。'),
    },
  ],
  asks: [
    ask(
      'Does ssh_key_path name a private key file that exists, can be read and has no passphrase (or is ssh_agent_auth on)? Do the certificates that the log misses exist?',
      'ssh_key_path 指向的私钥文件是否存在、可读且无口令（或已启用 ssh_agent_auth）？日志中缺少的证书是否存在？',
      'grep -n ssh_key_path cluster.yml; ls -l KEY; ssh-keygen -y -f KEY >/dev/null; ls -l /etc/kubernetes/ssl',
    ),
  ],
  remedies: [
    {
      id: 'right-path',
      title: t('Name the private key file that exists', '指定存在的私钥文件'),
      risk: t('None.', '无。'),
      safety: 'safe',
      command: "sed -i 's|ssh_key_path:.*|ssh_key_path: ~/.ssh/id_ed25519|' cluster.yml",
      undo: "sed -i 's|ssh_key_path:.*|ssh_key_path: OLD_PATH|' cluster.yml",
      verify: ['ssh-keygen -y -f ~/.ssh/id_ed25519 >/dev/null && echo ok'],
    },
    {
      id: 'use-agent',
      title: t('Load an encrypted key into the agent and set ssh_agent_auth: true', '把加密的密钥载入 agent，并设置 ssh_agent_auth: true'),
      risk: t('The agent must run wherever rke runs.', '运行 rke 的地方必须有 agent。'),
      safety: 'safe',
      command: 'eval "$(ssh-agent)" && ssh-add KEY && rke up --ssh-agent-auth',
      undo: 'ssh-add -d KEY',
      verify: ['ssh-add -l'],
    },
  ],
});
