/** Source: rke1-docs os.md (AllowTcpForwarding yes); rancher/rke hosts/dialer.go; sshd_config(5). */
import { all, any, ask, evidenceCause, line, t, without } from '../_checks/index.ts';
import { askWhyProhibited, forwardingOff, forwardingOn, inGroup, notInGroup, onRhel, socketRefused, userIsRoot } from './_ssh-lines.ts';

export const sshdForwardingDisabled = evidenceCause({
  id: 'sshd-forwarding-disabled',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('sshd forbids forwarding', 'sshd 禁止转发'),
  mechanism: t(
    'RKE reaches docker and health ports through forwards of sshd. AllowTcpForwarding, AllowStreamLocalForwarding, DisableForwarding, PermitOpen, a Match block or an option in authorized_keys may forbid them.',
    'RKE 通过 sshd 的转发访问 docker 与健康检查端口。AllowTcpForwarding、AllowStreamLocalForwarding、DisableForwarding、PermitOpen、Match 块或 authorized_keys 中的选项都可能禁止转发。',
  ),
  summary: t('The sshd of the node does not allow the forwards that the installer needs.', '节点的 sshd 不允许安装程序所需的转发。'),
  sources: ['rancher/rke1-docs docs/os/os.md', 'sshd_config(5)'],
  lookAlikes: ['ssh-user-not-in-docker-group', 'ssh-root-on-rhel', 'sshd-too-old'],
  signatures: [
    {
      id: 'sshd-forwarding-disabled/journal',
      grade: 'direct',
      anchors: [
        'refused local port forward',
        'Received request to connect to path',
        'but the request was denied',
        'Received request to connect to host',
        'refused streamlocal port forward',
      ],
      pattern:
        /refused local port forward: originator|Received request to connect to (?:host|path) [^\n]{1,120} but the request was denied|refused streamlocal port forward/,
      matches: [
        'sshd[812]: Received request to connect to host localhost port 6443, but the request was denied.',
        'sshd[812]: refused local port forward: originator 127.0.0.1 port 0, target localhost port 6443',
      ],
      rejects: ['sshd[812]: Accepted publickey for rancher'],
    },
  ],
  lines: [
    {
      id: 'sshd-forwarding-disabled/setting',
      grade: 'weak',
      anchors: [
        'TcpForwarding',
        'tcpforwarding',
        'StreamLocalForwarding',
        'streamlocalforwarding',
        'DisableForwarding',
        'disableforwarding',
        'no-port-forwarding',
      ],
      pattern:
        /^[ \t]*Allow(?:Tcp|StreamLocal)Forwarding[ \t=]+"?(?:no|remote)\b|^[ \t]*DisableForwarding[ \t=]+"?yes\b|^[^#\n]*\bno-port-forwarding\b/i,
      matches: ['AllowTcpForwarding no', 'allowstreamlocalforwarding no', 'DisableForwarding yes'],
      rejects: ['#AllowTcpForwarding yes', 'AllowTcpForwarding yes', '# AllowTcpForwarding no'],
    },
  ],
  confirm: [
    {
      when: all(forwardingOff, socketRefused),
      grade: 'direct',
      says: t('sshd forbids forwarding, and a forward was refused.', 'sshd 禁止转发，且转发被拒绝。'),
    },
    { when: forwardingOff, grade: 'direct', says: t('The setting of sshd forbids forwarding.', 'sshd 的设置禁止转发。') },
    {
      when: all(socketRefused, inGroup),
      grade: 'strong',
      says: t('The forward is refused although the user may use docker.', '用户可以使用 docker，但转发仍被拒绝。'),
    },
    {
      when: all(socketRefused, without(any(notInGroup, all(userIsRoot, onRhel)))),
      grade: 'hint',
      says: t('The forward is refused.', '转发被拒绝。'),
    },
  ],
  refute: [
    { when: all(forwardingOn, without(line('sshd-forwarding-disabled/setting'))), says: t('sshd allows forwarding.', 'sshd 允许转发。') },
    {
      when: all(notInGroup, without(forwardingOff)),
      says: t('The user is not in the docker group; that is enough.', '用户不在 docker 组；这已足以解释。'),
    },
  ],
  asks: [
    askWhyProhibited,
    ask(
      'What are the effective settings of sshd for this user: AllowTcpForwarding, AllowStreamLocalForwarding, DisableForwarding?',
      'sshd 对该用户的生效设置是什么：AllowTcpForwarding、AllowStreamLocalForwarding、DisableForwarding？',
      'sshd -T -C user=USER,host=HOST,addr=ADDR | grep -i -e forwarding -e permitopen; cat ~USER/.ssh/authorized_keys',
    ),
  ],
  remedies: [
    {
      id: 'match-user-block',
      title: t('Allow forwarding for this user in a Match block', '在 Match 块中为该用户允许转发'),
      risk: t('That user may open connections from the node.', '该用户可从节点发起连接。'),
      safety: 'needs-a-person',
      command:
        "cp /etc/ssh/sshd_config /etc/ssh/sshd_config.culprit && printf 'Match User USER\\n  AllowTcpForwarding yes\\n  AllowStreamLocalForwarding yes\\n' >> /etc/ssh/sshd_config && sshd -t && systemctl reload sshd",
      undo: 'cp /etc/ssh/sshd_config.culprit /etc/ssh/sshd_config && systemctl reload sshd',
      verify: ['sshd -T -C user=USER,host=HOST,addr=ADDR | grep -i forwarding', 'rke up'],
    },
  ],
});
