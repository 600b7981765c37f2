/** root may not forward to a Unix socket on RHEL, CentOS, Oracle Linux. Source: rke1-docs os.md (bugzilla 1527565). */
import { all, ask, evidenceCause, not, stated, t } from '../_checks/index.ts';
import { askWhyProhibited, onRhel, socketRefused, userIsNotRoot, userIsRoot } from './_ssh-lines.ts';

export const sshRootOnRhel = evidenceCause({
  id: 'ssh-root-on-rhel',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t(
    'root may not forward the docker socket on RHEL, CentOS or Oracle Linux',
    '在 RHEL、CentOS 或 Oracle Linux 上 root 无法转发 docker 套接字',
  ),
  mechanism: t(
    'The sshd of these distributions refuses to forward a Unix socket for root, so RKE cannot speak to docker through it.',
    '这些发行版的 sshd 拒绝为 root 转发 Unix 套接字，因此 RKE 无法通过它与 docker 通信。',
  ),
  summary: t(
    'RKE connects as root to a node of the RHEL family, where root may not forward sockets.',
    'RKE 以 root 连接 RHEL 系节点，而该系统上 root 不能转发套接字。',
  ),
  sources: ['rancher/rke1-docs docs/os/os.md'],
  lookAlikes: ['ssh-user-not-in-docker-group', 'sshd-forwarding-disabled'],
  lines: [
    {
      id: 'ssh-root-on-rhel/user-root',
      grade: 'weak',
      anchors: ['user: root', 'user: "root'],
      pattern: /^[ \t-]*user: "?root"?[ \t]*(?:#.*)?$/,
      matches: ['    user: root'],
      rejects: ['    user: rancher', 'root@node1:~# docker ps'],
    },
  ],
  confirm: [
    {
      when: all(userIsRoot, onRhel, socketRefused),
      grade: 'direct',
      says: t(
        'The user is root, the node is of the RHEL family, and the docker socket could not be opened.',
        '用户为 root，节点属于 RHEL 系，且无法打开 docker 套接字。',
      ),
    },
    {
      when: all(userIsRoot, onRhel),
      grade: 'strong',
      says: t('The user is root and the node is of the RHEL family.', '用户为 root，且节点属于 RHEL 系。'),
    },
    {
      when: all(userIsRoot, socketRefused),
      grade: 'strong',
      says: t('The user is root, and the docker socket could not be opened.', '用户为 root，且无法打开 docker 套接字。'),
    },
    {
      when: all(onRhel, socketRefused, not(userIsNotRoot)),
      grade: 'weak',
      says: t('The node is of the RHEL family, and the docker socket could not be opened.', '节点属于 RHEL 系，且无法打开 docker 套接字。'),
    },
  ],
  refute: [
    { when: userIsNotRoot, says: t('The user is not root.', '用户不是 root。') },
    {
      when: stated({ key: /^(?:os|distribution|operating system)/, value: /ubuntu|debian|suse|alpine|arch/i }),
      says: t('The node is not of the RHEL family.', '节点不属于 RHEL 系。'),
    },
  ],
  asks: [
    askWhyProhibited,
    ask(
      'Which user does RKE connect as, and which distribution is the node (RHEL, CentOS)?',
      'RKE 以哪个用户连接？节点是哪个发行版（RHEL、CentOS）？',
      'grep -n "user:" cluster.yml; ssh USER@HOST cat /etc/os-release',
    ),
  ],
  remedies: [
    {
      id: 'other-user',
      title: t('Use another user that belongs to the docker group', '改用属于 docker 组的其他用户'),
      risk: t('The docker group equals root on that machine.', 'docker 组在该机器上等同于 root。'),
      safety: 'needs-a-person',
      command: 'useradd -m -G docker rancher   # then user: rancher in cluster.yml, and its key in ~rancher/.ssh/authorized_keys',
      undo: 'userdel -r rancher',
      verify: ['ssh rancher@HOST docker ps'],
    },
  ],
});
