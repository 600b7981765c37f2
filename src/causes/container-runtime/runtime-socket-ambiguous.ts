/** Several runtimes on one node, or the client asks the wrong socket. Source: kubeadm util/runtime; rancher/rke cluster/plan.go; crictl docs. */
import { all, ask, evidenceCause, line, observed, stated, t, picked } from '../_checks/index.ts';

const several = observed('cri.sockets', (value) => Array.isArray(value) && value.length > 1);

export const runtimeSocketAmbiguous = evidenceCause({
  id: 'runtime-socket-ambiguous',
  area: 'container-runtime',
  severity: 'high',
  layer: 3,
  title: t('Several container runtimes are present and none was chosen', '存在多个容器运行时而未作选择'),
  mechanism: t(
    'kubeadm refuses to guess between several sockets, and crictl asks a list of defaults of which the first may be dead.',
    'kubeadm 不会在多个套接字之间猜测；crictl 会依次尝试默认列表，其中第一个可能已失效。',
  ),
  summary: t('More than one runtime socket is on the node, or the wrong one is asked.', '节点上有多个运行时套接字，或询问了错误的那个。'),
  sources: ['kubernetes/kubernetes cmd/kubeadm/app/util/runtime', 'rancher/rke cluster/plan.go'],
  lookAlikes: ['cri-runtime-not-running', 'containerd-cri-disabled'],
  signatures: [
    {
      id: 'runtime-socket-ambiguous/kubeadm',
      grade: 'direct',
      terminal: true,
      anchors: ['Found multiple CRI', 'found multiple CRI'],
      pattern: /Found multiple CRI (?:sockets|endpoints)/i,
      matches: [
        "Found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' field",
        'Found multiple CRI sockets, please use --cri-socket to select one',
      ],
      rejects: ['Found CRI socket /run/containerd/containerd.sock'],
    },
    {
      id: 'runtime-socket-ambiguous/crictl-default',
      grade: 'strong',
      anchors: ['dockershim.sock', 'endpoint is not set', 'endpoints are not set'],
      pattern:
        /(?:validate service connection|unable to determine (?:runtime|image) API version|(?:runtime|image) connect using default endpoints)[^\n]{0,300}dockershim\.sock/,
      matches: [
        'runtime connect using default endpoints: [unix:///var/run/dockershim.sock unix:///run/containerd/containerd.sock unix:///run/crio/crio.sock]',
        'validate service connection: validate CRI v1 runtime API for endpoint "unix:///var/run/dockershim.sock"',
      ],
      rejects: ['listening on /var/run/dockershim.sock'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /docker|containerd|cri-?dockerd|cri[- _]?o\b/i,
          /\b(?:and|plus|beside|next to|,)\b|,/i,
          /\bboth\b|\b(?:two|three|several|multiple) [^.;]*(?:sockets?|runtimes?)|\.sock[^.;]*\.sock|side by side/i,
        ],
      }),
      grade: 'strong',
      says: t('It is told that several runtimes are there.', '陈述中提到存在多个运行时。'),
    },
    {
      when: all(several, line('runtime-socket-ambiguous/')),
      grade: 'direct',
      says: t('Several runtime sockets are on the node, and a tool could not choose.', '节点上有多个运行时套接字，且工具无法选择。'),
    },
    { when: picked(several), grade: 'weak', says: t('Several runtime sockets are on the node.', '节点上有多个运行时套接字。') },
    {
      when: stated({
        whole: /(?:two|several|multiple|both)[^.;]*(?:runtimes?|cri sockets?)|docker and (?:containerd|cri-?o)[^.;]*(?:installed|present)/i,
      }),
      grade: 'weak',
      says: t('It is stated that several runtimes are installed.', '陈述中提到安装了多个运行时。'),
    },
  ],
  refute: [
    {
      when: observed('cri.sockets', (value) => Array.isArray(value) && value.length === 1),
      says: t('There is one socket only.', '只有一个套接字。'),
    },
  ],
  asks: [
    ask(
      'Which runtime sockets are on the node, and which one is meant?',
      '节点上有哪些运行时套接字？应使用哪一个？',
      'ls -l /run/containerd/containerd.sock /run/k3s/containerd/containerd.sock /var/run/cri-dockerd.sock /var/run/crio/crio.sock; cat /etc/crictl.yaml',
    ),
  ],
  remedies: [
    {
      id: 'name-the-socket',
      title: t('Name the socket', '明确指定套接字'),
      risk: t('None.', '无。'),
      safety: 'safe',
      command: 'kubeadm init --cri-socket unix:///run/containerd/containerd.sock   # crictl: runtime-endpoint in /etc/crictl.yaml',
      undo: 'rm -f /etc/crictl.yaml',
      verify: ['crictl version'],
    },
  ],
});
