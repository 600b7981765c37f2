/** Another process holds the port. Source: kubernetes cmd/kubeadm/app/preflight/checks.go; rancher/rke cluster/network.go. */
import type { Look, Test } from '../_checks/index.ts';
import { asText, all, any, ask, evidenceCause, stated, symptom, t } from '../_checks/index.ts';

const OWN = /kube|etcd|k3s|rke2|rancher|containerd|docker-proxy|nginx-proxy|unknown|^-$/i;
const foreignOwner: Test = ({ node, symptoms }): Look => {
  const wanted = symptoms
    .filter((one) => one.errno === 'EADDRINUSE' || one.kind.startsWith('port-in-use/'))
    .flatMap((one) => (one.port === undefined ? [] : [one.port]));
  for (const port of wanted) {
    const owner = node.observations[`port.${String(port)}.owner`];
    if (owner?.state === 'known' && typeof owner.value === 'string' && owner.value !== '')
      return { seen: 'yes', kind: 'state', source: owner.source, values: { port: String(port), program: owner.value } };
    const listeners = (node.netns.find((one) => one.id === 'host') ?? node.netns[0])?.listeners;
    const holder =
      listeners?.state === 'known'
        ? listeners.value.find((one) => one.port === port && one.program !== undefined && !OWN.test(one.program))
        : undefined;
    if (holder !== undefined && listeners?.state === 'known')
      return { seen: 'yes', kind: 'state', source: listeners.source, values: { port: String(port), program: holder.program ?? '' } };
  }
  return { seen: 'unknown' };
};
/** Ports on which components of the products listen. Source: the products' requirements pages. */
const NEEDED: ReadonlySet<number> = new Set([
  80, 443, 2379, 2380, 2381, 5001, 6443, 6444, 8472, 9099, 9345, 10010, 10248, 10249, 10250, 10254, 10256, 10257, 10259,
]);
const toldOwner: Test = any(
  stated({
    whole:
      /port \d[^.;]*(?:held|used|taken|occupied|in use|bound) by|(?:another|second|old|other) (?:process|instance|apiserver|etcd|nginx|apache|haproxy|k3s|service)[^.;]*(?:port|listens|running|holds)|(?:apache|nginx|httpd|haproxy|cockpit|node_exporter|traefik|dnsmasq)[^.;]*(?:listens|running|holds|on port|uses)/i,
  }),
  ({ node }) => {
    const hit = Object.entries(node.observations).find(
      ([key, fact]) =>
        /^port\.\d+\.owner$/.test(key) &&
        fact.state === 'known' &&
        // A listing shows every listener of a machine; only those on ports of the cluster are in somebody's way.
        (fact.source.kind === 'statement' || NEEDED.has(Number(key.split('.')[1]))) &&
        typeof fact.value === 'string' &&
        fact.value !== '' &&
        !OWN.test(fact.value),
    );
    return hit?.[1].state === 'known'
      ? { seen: 'yes', kind: 'state', source: hit[1].source, values: { port: hit[0].split('.')[1] ?? '', program: asText(hit[1].value) } }
      : { seen: 'unknown' };
  },
);

export const portInUse = evidenceCause({
  id: 'port-in-use',
  area: 'ports',
  severity: 'critical',
  layer: 6,
  title: t('Another process holds a port that is needed', '所需端口被其他进程占用'),
  mechanism: t(
    'A web server, an old k3s, a second etcd or an exporter listens there already. RKE takes a port that is in use for its own service being up, and fails later.',
    '端口上已有网页服务器、旧的 k3s、第二个 etcd 或某个 exporter 在监听。RKE 会把被占用的端口当作自己的服务已启动，之后才失败。',
  ),
  summary: t('A port that a component wants to listen on is taken.', '组件要监听的端口已被占用。'),
  sources: ['kubernetes/kubernetes cmd/kubeadm/app/preflight/checks.go', 'rancher/rke cluster/network.go'],
  lookAlikes: ['etcd-bind-address-absent', 'nodeport-range-overlaps-ephemeral', 'leftover-kubeadm-or-k3s-state'],
  signatures: [
    {
      id: 'port-in-use/kubeadm',
      grade: 'direct',
      terminal: true,
      anchors: ['[ERROR Port-', 'is in use'],
      pattern: /\[ERROR Port-\d+\]: Port (?<port>\d+) is in use/i,
      matches: ['\t[ERROR Port-10250]: Port 10250 is in use'],
      rejects: ['[ERROR Swap]: running with swap on is not supported'],
    },
    {
      id: 'port-in-use/bind',
      grade: 'direct',
      anchors: ['address already in use', 'Address already in use', 'port is already allocated', 'EADDRINUSE', 'failed to bind'],
      pattern: /(?:bind|listen)[^\n]{0,200}address already in use|port is already allocated|EADDRINUSE|failed to bind[^\n]{0,80}in use/i,
      matches: [
        'listen tcp 0.0.0.0:6443: bind: address already in use',
        'Bind for 0.0.0.0:443 failed: port is already allocated',
        'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
      ],
      rejects: ['bind: cannot assign requested address'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /\b(?:holds?|held|holding|occup\w+|still (?:uses|listens|running)|listen\w* on|bound to|taken by|used by|grabs?|an? (?:old|other|second|stray|stale))\b/i,
          /\b(?:6443|10250|10257|10259|2379|2380|9345|8443|443|80|10248|10249|8472|6444|9099)\b/,
          /k3s|rke2|microk8s|minikube|k0s|docker|nginx|apache|haproxy|traefik|kubelet|etcd|process|instance|service|server|proxy/i,
        ],
      }),
      grade: 'strong',
      says: t('It is told who holds the port.', '陈述中提到端口被谁占用。'),
    },
    { when: foreignOwner, grade: 'direct', says: t('{program} holds port {port}.', '{program} 占用了端口 {port}。') },
    {
      when: all(symptom({ errno: 'EADDRINUSE' })),
      grade: 'direct',
      says: t('A component could not bind: the address is in use.', '组件无法绑定：地址已被使用。'),
    },
    { when: toldOwner, grade: 'strong', says: t('Another program holds a port that is needed.', '另一程序占用了所需端口。') },
  ],
  asks: [
    ask(
      'Which process holds the port, and does it belong to an earlier instance of the same component?',
      '哪个进程占用了该端口？它是否是同一组件的早先实例？',
      'ss -ltnp sport = :PORT',
    ),
  ],
  remedies: [
    {
      id: 'stop-or-move-holder',
      title: t('Stop the other process or move it to another port', '停止该进程或将其改到其他端口'),
      risk: t('Its users lose it.', '其用户会受影响。'),
      safety: 'needs-a-person',
      command: 'ss -ltnp sport = :PORT; systemctl disable --now UNIT',
      undo: 'systemctl enable --now UNIT',
      verify: ['ss -ltn sport = :PORT'],
    },
  ],
});
