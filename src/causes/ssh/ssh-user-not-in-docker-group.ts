/** sshd opens the docker socket as the user; EACCES comes back as "open failed". Source: rke1-docs ssh-connectivity-errors, os.md; rancher/rke hosts/dialer.go. */
import { all, any, ask, evidenceCause, t, without } from '../_checks/index.ts';
import {
  askWhyProhibited,
  forwardingOff,
  inGroup,
  notInGroup,
  onRhel,
  prohibited,
  serverVersion,
  opensshAtLeast,
  socketRefused,
  userIsNotRoot,
  userIsRoot,
} from './_ssh-lines.ts';

export const sshUserNotInDockerGroup = evidenceCause({
  id: 'ssh-user-not-in-docker-group',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('The SSH user may not open the docker socket', 'SSH 用户无权打开 docker 套接字'),
  mechanism: t(
    'RKE opens /var/run/docker.sock through sshd, as the SSH user. Outside the docker group that is refused, and RKE prints "administratively prohibited". A new group counts only after a new login.',
    'RKE 通过 sshd 以 SSH 用户身份打开 /var/run/docker.sock。若用户不在 docker 组，则被拒绝，RKE 显示“administratively prohibited”。新加入的组需重新登录才生效。',
  ),
  summary: t('The SSH user does not belong to the docker group of the node.', 'SSH 用户不属于节点的 docker 组。'),
  sources: ['rancher/rke1-docs docs/troubleshooting/ssh-connectivity-errors.md', 'rancher/rke hosts/dialer.go'],
  lookAlikes: ['sshd-forwarding-disabled', 'ssh-root-on-rhel', 'sshd-too-old', 'docker-not-running-or-socket-elsewhere'],
  signatures: [
    {
      id: 'ssh-user-not-in-docker-group/permission-denied',
      grade: 'direct',
      anchors: [
        'permission denied while trying to connect to the Docker daemon socket',
        'docker.sock: connect: permission denied',
        'docker.sock: permission denied',
      ],
      pattern: /permission denied while trying to connect to the Docker daemon socket|docker\.sock: (?:connect: )?permission denied/i,
      matches: [
        'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
        'dial unix /var/run/docker.sock: connect: permission denied',
      ],
      rejects: ['dial unix /var/run/docker.sock: connect: no such file or directory'],
    },
  ],
  lines: [prohibited],
  confirm: [
    {
      when: all(notInGroup, socketRefused),
      grade: 'direct',
      says: t(
        'The user is not in the docker group, and the docker socket could not be opened.',
        '用户不在 docker 组，且无法打开 docker 套接字。',
      ),
    },
    {
      when: notInGroup,
      grade: 'direct',
      says: t(
        'The user is not in the docker group, or docker ps fails as that user.',
        '用户不在 docker 组，或以该用户执行 docker ps 失败。',
      ),
    },
    {
      when: all(socketRefused, userIsNotRoot, without(forwardingOff)),
      grade: 'strong',
      says: t(
        'The docker socket could not be opened through SSH, and the user is not root.',
        '无法通过 SSH 打开 docker 套接字，且用户不是 root。',
      ),
    },
    {
      when: all(socketRefused, without(userIsRoot), without(forwardingOff)),
      grade: 'hint',
      says: t('The docker socket could not be opened through SSH.', '无法通过 SSH 打开 docker 套接字。'),
    },
  ],
  refute: [
    {
      when: inGroup,
      says: t('The user is in the docker group, or docker ps works as that user.', '用户在 docker 组中，或以该用户执行 docker ps 正常。'),
    },
    {
      when: all(userIsRoot, socketRefused, any(onRhel, forwardingOff)),
      says: t('The user is root: the group plays no part.', '用户是 root：与组无关。'),
    },
    { when: all(forwardingOff, socketRefused, without(notInGroup)), says: t('sshd forbids forwarding.', 'sshd 禁止转发。') },
    {
      when: all(
        socketRefused,
        serverVersion((version) => !opensshAtLeast(6, 7)(version)),
        without(notInGroup),
      ),
      says: t('OpenSSH of the node is too old to forward sockets at all.', '节点的 OpenSSH 过旧，根本无法转发套接字。'),
    },
  ],
  asks: [
    askWhyProhibited,
    ask(
      'Is the SSH user in the docker group, and does docker ps work as that user?',
      'SSH 用户是否在 docker 组？以该用户执行 docker ps 是否正常？',
      'ssh USER@HOST "id; docker ps"',
    ),
    ask(
      'Which user and distribution is it (root on RHEL or CentOS?), and does sshd allow forwarding (AllowTcpForwarding, AllowStreamLocalForwarding)?',
      '使用哪个用户和发行版（是否为 RHEL 或 CentOS 上的 root）？sshd 是否允许转发（AllowTcpForwarding、AllowStreamLocalForwarding）？',
      'sshd -T -C user=USER,host=HOST,addr=ADDR | grep -i forwarding; cat /etc/os-release',
    ),
  ],
  remedies: [
    {
      id: 'add-to-docker-group',
      title: t('Add the user to the docker group and log in anew', '把用户加入 docker 组并重新登录'),
      risk: t('The docker group equals root on that machine.', 'docker 组在该机器上等同于 root。'),
      safety: 'needs-a-person',
      command: 'usermod -aG docker USER',
      undo: 'gpasswd -d USER docker',
      verify: ['ssh USER@HOST docker ps'],
    },
  ],
});
