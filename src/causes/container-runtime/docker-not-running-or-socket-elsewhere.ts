/** Source: rke1-docs; k3s-io/docs known-issues (snap docker); rancher package/run.sh. */
import { all, any, ask, evidenceCause, line, observed, off, on, stated, t, textual, without } from '../_checks/index.ts';

const noDocker = any(
  off('docker.running'),
  observed('unit.docker.active', textual(/^(?:inactive|failed|dead)/i)),
  observed('unit.docker.service.active', textual(/^(?:inactive|failed|dead)/i)),
  stated({ key: /^docker$|docker (?:running|service|daemon|status|active)$/, value: 'no' }),
);
const elsewhere = any(
  on('docker.is-podman'),
  on('docker.from-snap'),
  stated({ whole: /docker[^.;]*(?:is podman|from (?:the )?snap|snap (?:package|version)|rootless)|podman-docker/i }),
);

export const dockerNotRunningOrSocketElsewhere = evidenceCause({
  id: 'docker-not-running-or-socket-elsewhere',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t('Docker does not answer at its usual socket', 'Docker 未在其默认套接字上应答'),
  mechanism: t(
    'The daemon is stopped or failed, or docker is rootless, a snap or podman and its socket lies elsewhere.',
    '守护进程已停止或失败，或 docker 为 rootless、snap 或 podman，套接字在其他位置。',
  ),
  summary: t('Nothing answers at /var/run/docker.sock.', '/var/run/docker.sock 上没有应答。'),
  sources: ['rancher/rke1-docs', 'k3s-io/docs known-issues', 'rancher/rancher package/run.sh'],
  lookAlikes: ['ssh-user-not-in-docker-group', 'cri-runtime-not-running'],
  signatures: [
    {
      id: 'docker-not-running-or-socket-elsewhere/cannot-connect',
      grade: 'strong',
      anchors: [
        'Cannot connect to the Docker daemon',
        'docker.sock: connect: no such file',
        'docker.sock: connect: connection refused',
        'Unable to access the service on',
        'bind mount in the docker socket',
      ],
      pattern:
        /Cannot connect to the Docker daemon at|docker\.sock: connect: (?:no such file or directory|connection refused)|Unable to access the service on [^ ]*docker\.sock|Please bind mount in the docker socket/i,
      matches: [
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
        'dial unix /var/run/docker.sock: connect: no such file or directory',
        'Please bind mount in the docker socket to /var/run/docker.sock',
      ],
      rejects: ['dial unix /var/run/docker.sock: connect: permission denied'],
    },
    {
      id: 'docker-not-running-or-socket-elsewhere/unit-failed',
      grade: 'strong',
      anchors: ['docker.service', 'failed to start daemon', 'Failed to start Docker'],
      pattern:
        /docker\.service: (?:Failed with result|Start request repeated too quickly|Main process exited)|Failed to start Docker Application Container Engine|failed to start daemon: /,
      matches: [
        'systemd[1]: docker.service: Start request repeated too quickly.',
        'failed to start daemon: error initializing network controller',
      ],
      rejects: ['systemd[1]: Started Docker Application Container Engine.'],
    },
  ],
  confirm: [
    {
      when: stated({ key: /docker[ .]?sock/, value: /^(?:missing|absent|not |does(?:n't| not)|gone|no\b|false)/i }),
      grade: 'direct',
      says: t('The socket of docker is not there.', 'docker 的套接字不存在。'),
    },
    {
      when: all(noDocker, line('docker-not-running-or-socket-elsewhere/')),
      grade: 'direct',
      says: t('Docker does not run, and nothing answers at its socket.', 'Docker 未运行，其套接字无应答。'),
    },
    { when: noDocker, grade: 'strong', says: t('Docker does not run.', 'Docker 未运行。') },
    {
      when: elsewhere,
      grade: 'strong',
      says: t(
        'docker is podman, a snap or rootless: its socket lies elsewhere.',
        'docker 实为 podman、snap 或 rootless：套接字在其他位置。',
      ),
    },
  ],
  refute: [
    {
      when: all(on('docker.running'), without(line('docker-not-running-or-socket-elsewhere/'))),
      says: t('docker info works.', 'docker info 正常。'),
    },
  ],
  asks: [
    ask(
      'Is docker.service active, where is its socket, and is docker perhaps podman or a snap?',
      'docker.service 是否在运行？套接字在哪里？docker 是否实为 podman 或 snap？',
      'systemctl status docker; docker context ls; ls -l /var/run/docker.sock "$(command -v docker)"',
    ),
  ],
  remedies: [
    {
      id: 'start-docker',
      title: t('Start and enable docker', '启动并启用 docker'),
      risk: t('None.', '无。'),
      safety: 'safe',
      command: 'systemctl enable --now docker',
      undo: 'systemctl disable --now docker',
      verify: ['docker info'],
    },
    {
      id: 'name-the-socket',
      title: t('Name the socket with docker_socket for that node', '用 docker_socket 为该节点指定套接字'),
      risk: t('A rootless or podman socket is not supported by all parts.', '并非所有组件都支持 rootless 或 podman 套接字。'),
      safety: 'needs-a-person',
      command: 'docker context ls',
      verify: ['rke up'],
    },
  ],
});
