/** RKE opens a new connection for each dial; sshd or fail2ban turns some away. Source: rancher/rke hosts/dialer.go; sshd_config(5) MaxStartups, MaxSessions. */
import { ask, evidenceCause, stated, t } from '../_checks/index.ts';

export const sshdConnectionLimits = evidenceCause({
  id: 'sshd-connection-limits',
  area: 'ssh',
  severity: 'high',
  layer: 'S',
  title: t('sshd turns connections away: too many at once, or banned', 'sshd 拒绝连接：并发过多或被封禁'),
  mechanism: t(
    'RKE opens a connection for every dial. MaxStartups drops unauthenticated ones at random, MaxSessions limits channels, and fail2ban bans the address after failures.',
    'RKE 每次访问都新建连接。MaxStartups 会随机丢弃未认证的连接，MaxSessions 限制通道数，fail2ban 在失败后封禁地址。',
  ),
  summary: t('The node drops SSH connections at random because of its limits.', '节点因连接限制而随机断开 SSH 连接。'),
  sources: ['sshd_config(5)', 'rancher/rke hosts/dialer.go'],
  lookAlikes: ['ssh-unreachable', 'ssh-key-or-user-wrong'],
  signatures: [
    {
      id: 'sshd-connection-limits/journal',
      grade: 'direct',
      anchors: ['past MaxStartups', 'MaxStartups throttling', 'no more sessions', 'beginning MaxStartups'],
      pattern: /past MaxStartups|beginning MaxStartups throttling|error: no more sessions/,
      matches: ['sshd[5]: drop connection #10 from [192.0.2.9]:50022 on [192.0.2.4]:22 past MaxStartups'],
      rejects: ['sshd[5]: Connection closed by 192.0.2.9'],
    },
    {
      id: 'sshd-connection-limits/banned',
      grade: 'direct',
      anchors: ['[sshd] Ban ', '[ssh] Ban '],
      pattern: /\[sshd?\] Ban (?<address>[^ ]+)/,
      matches: ['fail2ban.actions [900]: NOTICE [sshd] Ban 192.0.2.9'],
      rejects: ['fail2ban.filter [900]: INFO [sshd] Found 192.0.2.9'],
    },
    {
      id: 'sshd-connection-limits/handshake-cut',
      grade: 'strong',
      anchors: [
        'ssh: handshake failed: EOF',
        'ssh: handshake failed: read tcp',
        'kex_exchange_identification',
        'ssh_exchange_identification',
      ],
      pattern:
        /ssh: handshake failed: (?:EOF|read tcp [^\n]*: connection reset by peer)|(?:kex|ssh)_exchange_identification: (?:read: )?Connection (?:reset|closed)/,
      matches: [
        'Failed to dial to 192.0.2.4: ssh: handshake failed: read tcp 192.0.2.9:4->192.0.2.4:22: read: connection reset by peer',
        'ssh: handshake failed: EOF',
      ],
      rejects: ['ssh: handshake failed: ssh: unable to authenticate'],
    },
  ],
  confirm: [
    {
      when: stated({ whole: /maxstartups|maxsessions|fail2ban|sshguard|denyhosts/i }),
      grade: 'strong',
      says: t('It is stated that sshd limits or bans connections.', '陈述中提到 sshd 限制或封禁了连接。'),
    },
  ],
  asks: [
    ask(
      'Does the journal of sshd speak of MaxStartups or sessions, and is the address banned by fail2ban?',
      'sshd 日志是否提到 MaxStartups 或会话数？该地址是否被 fail2ban 封禁？',
      'journalctl -u sshd --since -10min | grep -e MaxStartups -e "no more sessions"; fail2ban-client status sshd',
    ),
  ],
  remedies: [
    {
      id: 'raise-limits',
      title: t('Raise MaxStartups and MaxSessions, and lift the ban', '提高 MaxStartups 与 MaxSessions，并解除封禁'),
      risk: t('More unauthenticated connections may stand open at once.', '允许同时存在更多未认证的连接。'),
      safety: 'needs-a-person',
      command:
        "cp /etc/ssh/sshd_config /etc/ssh/sshd_config.culprit && printf 'MaxStartups 100:30:200\\nMaxSessions 100\\n' >> /etc/ssh/sshd_config && sshd -t && systemctl reload sshd; fail2ban-client set sshd unbanip ADDRESS",
      undo: 'cp /etc/ssh/sshd_config.culprit /etc/ssh/sshd_config && systemctl reload sshd',
      verify: ['sshd -T | grep -i -e maxstartups -e maxsessions'],
    },
  ],
});
