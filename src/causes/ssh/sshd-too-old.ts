/** Forwarding of Unix sockets came with OpenSSH 6.7. Source: OpenSSH 6.7 release notes; rke1-docs ssh-connectivity-errors. */
import { all, ask, evidenceCause, t } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { askWhyProhibited, opensshAtLeast, serverVersion, socketRefused } from './_ssh-lines.ts';

/** Releases that came with an OpenSSH below 6.7: Ubuntu 14.04 (6.6), Debian 7 (6.0), RHEL 6 (5.3), SLES 11 (6.2). */
const LAST_WITHOUT: Readonly<Record<string, number>> = { ubuntu: 14.99, debian: 7.99, rhel: 6.99, centos: 6.99, ol: 6.99, sles: 11.99 };
const oldRelease: Test = ({ node }) => {
  const id = node.observations['os.id'];
  const version = node.observations['os.version'];
  if (id?.state !== 'known' || version?.state !== 'known' || typeof id.value !== 'string' || typeof version.value !== 'string')
    return { seen: 'unknown' };
  const last = LAST_WITHOUT[id.value];
  return last !== undefined && Number.parseFloat(version.value) <= last
    ? { seen: 'yes', kind: 'state', source: version.source, values: { version: version.value } }
    : { seen: 'no' };
};

export const sshdTooOld = evidenceCause({
  id: 'sshd-too-old',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('OpenSSH on the node is older than 6.7', '节点上的 OpenSSH 版本低于 6.7'),
  mechanism: t(
    'RKE speaks to docker by forwarding a Unix socket, which OpenSSH can do since 6.7.',
    'RKE 通过转发 Unix 套接字与 docker 通信，OpenSSH 自 6.7 起才支持。',
  ),
  summary: t("The node's sshd cannot forward Unix sockets.", '节点的 sshd 不支持转发 Unix 套接字。'),
  sources: ['OpenSSH 6.7 release notes', 'rancher/rke1-docs docs/troubleshooting/ssh-connectivity-errors.md'],
  lookAlikes: ['ssh-user-not-in-docker-group', 'sshd-forwarding-disabled'],
  lines: [
    {
      id: 'sshd-too-old/banner',
      grade: 'weak',
      anchors: ['SSH-2.0-OpenSSH_', 'remote software version OpenSSH_'],
      pattern: /(?:SSH-2\.0-|remote software version )OpenSSH_(?<version>\d+\.\d+)/,
      matches: ['SSH-2.0-OpenSSH_6.6.1', 'debug1: Remote protocol version 2.0, remote software version OpenSSH_8.0'],
      rejects: ['OpenSSH_7.4p1, OpenSSL 1.0.2k'],
    },
  ],
  confirm: [
    {
      when: all(
        serverVersion((version) => /\d/.test(version) && !opensshAtLeast(6, 7)(version)),
        socketRefused,
      ),
      grade: 'direct',
      says: t('The node runs an OpenSSH below 6.7, and the socket could not be forwarded.', '节点的 OpenSSH 低于 6.7，且无法转发套接字。'),
    },
    {
      when: serverVersion((version) => /\d/.test(version) && !opensshAtLeast(6, 7)(version)),
      grade: 'direct',
      says: t('The node runs an OpenSSH below 6.7.', '节点的 OpenSSH 低于 6.7。'),
    },
    {
      when: all(oldRelease, socketRefused),
      grade: 'hint',
      says: t('The release of the node came with an OpenSSH below 6.7.', '该系统版本自带的 OpenSSH 低于 6.7。'),
    },
  ],
  refute: [
    { when: serverVersion(opensshAtLeast(6, 7)), says: t('The node runs OpenSSH 6.7 or later.', '节点的 OpenSSH 为 6.7 或更高版本。') },
  ],
  asks: [
    askWhyProhibited,
    ask('Which OpenSSH runs on the node?', '节点上运行哪个版本的 OpenSSH？', 'nc -w 2 HOST 22 </dev/null | head -1'),
  ],
  remedies: [
    {
      id: 'upgrade-openssh',
      title: t('Upgrade openssh on the node', '升级节点上的 openssh'),
      risk: t('sshd restarts; keep a session open meanwhile.', 'sshd 会重启；期间请保留一个会话。'),
      safety: 'needs-a-person',
      command: 'yum update openssh-server && systemctl restart sshd',
      undo: 'yum downgrade openssh-server && systemctl restart sshd',
      verify: ['nc -w 2 HOST 22 </dev/null | head -1'],
    },
  ],
});
