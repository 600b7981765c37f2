/** The runtime's socket is missing or refuses. Source: kubernetes cmd/kubeadm/app/preflight/checks.go (CRI); containerd/containerd issue 4581 (look-alike). */
import { all, any, ask, evidenceCause, line, observed, stated, t, textual, without } from '../_checks/index.ts';

const unitDown = any(
  ...['containerd', 'containerd.service', 'crio', 'crio.service', 'cri-docker', 'cri-docker.service', 'cri-o'].map((unit) =>
    observed(`unit.${unit}.active`, textual(/^(?:inactive|failed|dead)/i)),
  ),
  stated({ key: /^(?:containerd|cri-?o|cri-?dockerd|container runtime)(?: (?:running|status|active|service|unit))?$/, value: 'no' }),
);
const answersUnimplemented = line('containerd-cri-disabled/unimplemented');

export const criRuntimeNotRunning = evidenceCause({
  id: 'cri-runtime-not-running',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t('The container runtime is down', '容器运行时未运行'),
  mechanism: t(
    'kubelet speaks to containerd, CRI-O or cri-dockerd through a socket. Where the unit is stopped, failed or not installed, the socket is missing or refuses, and kubelet waits or exits.',
    'kubelet 通过套接字与 containerd、CRI-O 或 cri-dockerd 通信。若其单元已停止、失败或未安装，套接字缺失或拒绝连接，kubelet 就会等待或退出。',
  ),
  summary: t('The socket of the container runtime is missing or refuses.', '容器运行时的套接字缺失或拒绝连接。'),
  sources: ['kubernetes/kubernetes cmd/kubeadm/app/preflight/checks.go', 'containerd/containerd issue 4581'],
  lookAlikes: ['containerd-cri-disabled', 'runtime-socket-ambiguous', 'docker-not-running-or-socket-elsewhere'],
  signatures: [
    {
      id: 'cri-runtime-not-running/socket',
      grade: 'strong',
      anchors: ['containerd.sock', 'crio.sock', 'cri-dockerd.sock', 'cri-dockerd', 'dockershim.sock'],
      pattern:
        /^(?!.*Waiting for (?:cri connection|containerd))(?:.*dial unix [^ ]*(?:containerd|crio|cri-dockerd)\.sock: connect: (?:no such file or directory|connection refused)|connect: (?:no such file or directory|connection refused)[^\n]{0,80}(?:containerd|crio|cri-dockerd)\.sock)/,
      matches: [
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /run/containerd/containerd.sock: connect: no such file or directory"',
      ],
      rejects: [
        'dial unix /run/containerd/containerd.sock: connect: permission denied',
        'Waiting for cri connection: dial unix /run/k3s/containerd/containerd.sock: connect: no such file or directory',
      ],
    },
    {
      id: 'cri-runtime-not-running/unit-failed',
      grade: 'strong',
      anchors: [
        'containerd.service',
        'crio.service',
        'cri-docker.service',
        'containerd exited',
        'Failed to start containerd',
        'Failed to start Container Runtime',
      ],
      pattern:
        /(?:containerd|crio|cri-docker)\.service: (?:Failed with result|Start request repeated too quickly|Main process exited, code=exited, status=[1-9])|Failed to start (?:containerd container runtime|Container Runtime Interface for OCI)|containerd exited: exit status [1-9]/,
      matches: [
        'systemd[1]: containerd.service: Main process exited, code=exited, status=1/FAILURE',
        'level=fatal msg="containerd exited: exit status 1"',
      ],
      rejects: ['systemd[1]: Started containerd container runtime.'],
    },
  ],
  lines: [
    {
      id: 'cri-runtime-not-running/kubeadm',
      grade: 'weak',
      anchors: ['container runtime is not running'],
      pattern: /container runtime is not running/i,
      matches: ['\t[ERROR CRI]: container runtime is not running: output: x'],
      rejects: ['container runtime network not ready'],
    },
  ],
  confirm: [
    {
      when: stated({
        key: /(?:containerd|cri-?o|cri-?dockerd)[ .]?sock/,
        value: /^(?:missing|absent|not |does(?:n't| not)|gone|no\b|false)/i,
      }),
      grade: 'direct',
      says: t('The socket of the runtime is not there.', '运行时的套接字不存在。'),
    },
    {
      when: all(unitDown, line('cri-runtime-not-running/')),
      grade: 'direct',
      says: t('The unit of the runtime is down, and its socket does not answer.', '运行时单元未运行，其套接字无应答。'),
    },
    { when: unitDown, grade: 'strong', says: t('The unit of the runtime is down.', '运行时单元未运行。') },
    {
      when: all(line('cri-runtime-not-running/kubeadm'), without(answersUnimplemented)),
      grade: 'weak',
      says: t('kubeadm says that the runtime is not running.', 'kubeadm 报告运行时未运行。'),
    },
  ],
  refute: [
    {
      when: answersUnimplemented,
      says: t('The socket answers: the runtime runs, its CRI plugin is off.', '套接字有应答：运行时在运行，只是 CRI 插件被禁用。'),
    },
    {
      when: all(
        ...['containerd'].map((unit) => observed(`unit.${unit}.active`, textual(/^active/i))),
        without(line('cri-runtime-not-running/socket')),
      ),
      says: t('The unit is active.', '该单元处于活动状态。'),
    },
  ],
  asks: [
    ask(
      'Is the unit of the runtime active, and what does its own journal say?',
      '运行时单元是否活动？其自身日志写了什么？',
      'systemctl status containerd crio; journalctl -u containerd -n 30; ls -l /run/containerd/containerd.sock /var/run/crio/crio.sock; crictl version',
    ),
  ],
  remedies: [
    {
      id: 'start-runtime',
      title: t('Mend what its journal names, then start and enable it', '先解决其日志指出的问题，再启动并启用'),
      risk: t('None.', '无。'),
      safety: 'safe',
      command: 'systemctl enable --now containerd',
      undo: 'systemctl disable --now containerd',
      verify: ['crictl version'],
    },
  ],
});
