/** OpenSSH 8.8 and later refuse the SHA-1 signature that old client libraries make with RSA keys. Source: OpenSSH 8.8 release notes; rancher/rke issue 2696. */
import { all, any, ask, evidenceCause, line, not, observed, off, on, stated, t, textual } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { authRefused, opensshAtLeast, serverVersion } from './_ssh-lines.ts';

/** Distributions whose OpenSSH is 8.8 or later, or that switch SHA-1 signatures off (RHEL 9: crypto policies). */
const brings88 = (id: string, version: number): boolean =>
  (id === 'ubuntu' && version >= 22) ||
  (id === 'debian' && version >= 12) ||
  (id === 'fedora' && version >= 33) ||
  (/^(?:rhel|centos|rocky|almalinux|ol)$/u.test(id) && version >= 9);
const newServer: Test = any(
  serverVersion(opensshAtLeast(8, 8)),
  stated({
    whole:
      /ubuntu (?:server )?(?:22[ .]04|2[3-9][ .]\d|jammy|noble)|\b(?:jammy|noble|bookworm|trixie)\b|(?:rhel|red ?hat[a-z ]*|centos(?: stream)?|rocky(?: linux)?|alma(?:linux)?|oracle(?: linux)?|ol) ?(?:9|10)\b|debian (?:12|13)|fedora (?:3[3-9]|4\d)|openssh[ _]?(?:8\.[89]|9\.|10\.)/i,
  }),
  ({ node }) =>
    node.osRelease.state === 'known' && brings88(node.osRelease.value['ID'] ?? '', Number(node.osRelease.value['VERSION_ID']))
      ? { seen: 'yes', kind: 'state', source: node.osRelease.source }
      : { seen: 'unknown' },
  observed('sshd.pubkeyacceptedalgorithms', (value) => typeof value === 'string' && !/(?:^|,)ssh-rsa(?:,|$)/.test(value), {
    kind: 'setting',
  }),
);
const rsaKey: Test = any(
  observed('ssh.key-type', textual(/rsa/i)),
  stated({ key: /key.?(?:type|algorithm)?$/, value: /\brsa\b/i }, { whole: /\brsa (?:key|2048|4096)|id_rsa|ed25519[^.;]*works/i }),
);
const worksByHand: Test = any(
  on('ssh.works-by-hand'),
  stated(
    { whole: /ssh [^.;]*by hand[^.;]*works|manual(?:ly)? ssh[^.;]*(?:works|ok)|ssh[^.;]*works (?:by hand|manually|fine)/i },
    { key: /\bssh\b(?=.+(?:shell|hand|manual|terminal|command line|cli|same key|directly))|log ?in (?:by|with) ssh/i, value: 'yes' },
    {
      whole:
        /\bssh\b[^:;]+(?:shell|hand|manual|terminal|command line|same key|directly)[^:;]*: *(?:works|ok|fine|succeeds|connects|logs in)/i,
    },
  ),
);

export const sshRsaSha1Rejected = evidenceCause({
  id: 'ssh-rsa-sha1-rejected',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('The node refuses the SHA-1 signature of an old SSH client', '节点拒绝旧 SSH 客户端的 SHA-1 签名'),
  mechanism: t(
    'The RSA key is fine, but the client library can sign with ssh-rsa (SHA-1) only, which OpenSSH 8.8 and later no longer accept. The ssh program signs with rsa-sha2 and so gets in with the same key.',
    'RSA 密钥没有问题，但客户端库只会用 ssh-rsa（SHA-1）签名，而 OpenSSH 8.8 及更高版本不再接受。ssh 命令使用 rsa-sha2 签名，因此用同一密钥可以登录。',
  ),
  summary: t(
    "A new OpenSSH rejects the ssh-rsa signature of the installer's SSH library.",
    '新版 OpenSSH 拒绝安装程序 SSH 库的 ssh-rsa 签名。',
  ),
  sources: ['OpenSSH 8.8 release notes', 'rancher/rke issue 2696'],
  lookAlikes: ['ssh-key-or-user-wrong'],
  signatures: [
    {
      id: 'ssh-rsa-sha1-rejected/sshd-journal',
      grade: 'direct',
      anchors: ['not in PubkeyAccepted'],
      pattern: /(?:key type|signature algorithm) ssh-rsa not in PubkeyAccepted(?:Algorithms|KeyTypes)/,
      matches: ['sshd[901]: userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms [preauth]'],
      rejects: ['sshd[901]: userauth_pubkey: key type ssh-dss not in PubkeyAcceptedKeyTypes [preauth]'],
    },
  ],
  confirm: [
    {
      when: all(authRefused, newServer, rsaKey),
      grade: 'direct',
      says: t(
        'The node runs OpenSSH 8.8 or later, the key is RSA, and only publickey was tried.',
        '节点运行 OpenSSH 8.8 或更高版本，密钥为 RSA，且只尝试了 publickey。',
      ),
    },
    {
      when: all(authRefused, newServer),
      grade: 'strong',
      says: t('Authentication failed, and the node runs OpenSSH 8.8 or later.', '认证失败，且节点运行 OpenSSH 8.8 或更高版本。'),
    },
    {
      when: all(authRefused, newServer, worksByHand),
      grade: 'direct',
      says: t(
        'Authentication failed, the node runs OpenSSH 8.8 or later, and the same key works by hand.',
        '认证失败，节点运行 OpenSSH 8.8 或更高版本，而同一密钥手动登录正常。',
      ),
    },
    {
      when: all(
        authRefused,
        any(newServer, worksByHand),
        observed('ssh.other-key-works', () => true),
      ),
      grade: 'direct',
      says: t('A key of another type is accepted by the same node.', '同一节点接受其他类型的密钥。'),
    },
    {
      when: all(
        authRefused,
        stated({
          clause: [
            /upgrade|update|reinstall|moved|went|from/iu,
            /18\.04|20\.04|centos ?[78]|debian ?1[01]|rhel ?[78]/iu,
            /(?:to|->|→) [^.;]{0,30}(?:2[2-9]\.04|centos ?9|debian ?1[2-9]|rhel ?9|rocky ?9|alma ?9)/iu,
          ],
        }),
      ),
      grade: 'direct',
      says: t(
        'Authentication fails since the node runs a release with OpenSSH 8.8 or later.',
        '节点升级到带有 OpenSSH 8.8 或更高版本的系统后认证失败。',
      ),
    },
    {
      when: all(authRefused, worksByHand),
      grade: 'strong',
      says: t('The same key works by hand, and the installer is refused.', '同一密钥手动登录正常，而安装程序被拒绝。'),
    },
    {
      when: stated({
        whole: /(?:ed25519|ecdsa)[^.;]*(?:works|cured|fixed|solved)|ssh-rsa[^.;]*(?:rejected|not accepted|disabled|deprecated)/i,
      }),
      grade: 'strong',
      says: t('It is stated that an ed25519 key works or that ssh-rsa is rejected.', '陈述中提到 ed25519 密钥正常，或 ssh-rsa 被拒绝。'),
    },
    { when: authRefused, grade: 'hint', says: t('Authentication failed.', '认证失败。') },
  ],
  refute: [
    {
      when: all(not(serverVersion(opensshAtLeast(8, 8))), authRefused),
      says: t("The node's OpenSSH is older than 8.8.", '节点的 OpenSSH 低于 8.8。'),
    },
    { when: observed('ssh.key-type', textual(/ed25519|ecdsa|dsa/i)), says: t('The key is not RSA.', '密钥不是 RSA。') },
    {
      when: all(off('ssh.works-by-hand'), not(line('ssh-rsa-sha1-rejected/sshd-journal'))),
      says: t('The same key fails by hand too.', '同一密钥手动登录也失败。'),
    },
  ],
  asks: [
    ask(
      'Which OpenSSH runs on the node, of which type is the key (RSA or ed25519), and does ssh -i with the same key work by hand?',
      '节点运行哪个版本的 OpenSSH？密钥是什么类型（RSA 或 ed25519）？用同一密钥手动 ssh -i 是否正常？',
      'nc -w 2 HOST 22 </dev/null | head -1; ssh-keygen -lf KEY.pub; ssh -i KEY USER@HOST true; journalctl -u sshd | tail',
    ),
  ],
  remedies: [
    {
      id: 'ed25519-key',
      title: t('Use an ed25519 key', '改用 ed25519 密钥'),
      risk: t('None.', '无。'),
      safety: 'safe',
      command:
        'ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519 -N "" && ssh-copy-id -i ~/.ssh/id_ed25519.pub USER@HOST   # then ssh_key_path in cluster.yml',
      undo: "ssh USER@HOST sed -i '/ssh-ed25519/d' .ssh/authorized_keys",
      verify: ['rke up'],
    },
    {
      id: 'newer-rke',
      title: t('Use a newer RKE, whose SSH library signs with rsa-sha2', '使用较新的 RKE，其 SSH 库支持 rsa-sha2'),
      risk: t('A newer RKE supports other Kubernetes versions.', '新版 RKE 支持的 Kubernetes 版本不同。'),
      safety: 'needs-a-person',
      verify: ['rke --version'],
    },
    {
      id: 'accept-ssh-rsa',
      title: t('Accept ssh-rsa again for this one user', '仅对该用户重新接受 ssh-rsa'),
      risk: t('SHA-1 signatures are accepted for that user.', '对该用户接受 SHA-1 签名。'),
      safety: 'needs-a-person',
      command:
        "cp /etc/ssh/sshd_config /etc/ssh/sshd_config.culprit && printf 'Match User USER\\n  PubkeyAcceptedAlgorithms +ssh-rsa\\n' >> /etc/ssh/sshd_config && sshd -t && systemctl reload sshd",
      undo: 'cp /etc/ssh/sshd_config.culprit /etc/ssh/sshd_config && systemctl reload sshd',
      verify: ['rke up'],
    },
  ],
});
