/** Ranges that must be apart hold one another: pods, Services, docker's bridges, the site's networks. Source: rancher/rke cluster/defaults.go; kubeadm defaults. */
import type { Source } from '../../facts/fact.ts';
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { inRange, maskedPrefix, rangesOverlap } from '../_checks/addresses.ts';
import type { Look, Test } from '../_checks/index.ts';
import { ask, evidenceCause, spokenKey, stated, statementsOf, t } from '../_checks/index.ts';

/** Service range when nothing names one, by product: kubeadm 10.96.0.0/12; RKE, RKE2, K3s 10.43.0.0/16. */
const defaultService = (node: NodeFacts): string =>
  node.products.some((one) => ['rke', 'rke2', 'k3s'].includes(one.name)) ? '10.43.0.0/16' : '10.96.0.0/12';

const CIDR = /\b\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}\b/g;
const ADDRESS = /\b\d{1,3}(?:\.(?:\d{1,3}|x{1,3})){3}\b(?!\/)/gi;

/** Whose range it is: two of one role may hold each other (a node's pod range lies in the cluster's), two of different roles may not. */
type Role = 'pod' | 'service' | 'docker' | 'site';
interface Named {
  readonly role: Role;
  readonly range: string;
  readonly source?: Source;
}

const roleOfKey = (key: string): Role | undefined => {
  if (/service|svc|cluster.?ip/.test(key)) return 'service';
  if (/docker|\bbip\b|bridge/.test(key)) return 'docker';
  if (/\bpods?\b|cluster.?(?:cidr|network|range)|overlay|ipsec|vxlan|managed network|cni|flannel|calico|canal|container/.test(key))
    return 'pod';
  if (
    /\blan\b|local networks?\b|node|host|company|corporate|office|site|vpn|physical|machine|server|database|registry|endpoint|gateway|router|storage|\bnas\b|\bnfs\b|peer|vpc|underlay|home network|on-?prem/.test(
      key,
    )
  )
    return 'site';
  return undefined;
};

const fromObservations = (node: NodeFacts): readonly Named[] =>
  (
    [
      ['kube.pod-cidr', 'pod'],
      ['kube.service-cidr', 'service'],
      ['kube.node-cidr', 'site'],
    ] as const
  ).flatMap(([key, role]) => {
    const fact = node.observations[key];
    return fact?.state === 'known' && typeof fact.value === 'string'
      ? (fact.value.match(CIDR) ?? []).map((range): Named => ({ role, range, source: fact.source }))
      : [];
  });

const fromLines = (symptoms: readonly Symptom[]): readonly Named[] =>
  symptoms.flatMap((one): readonly Named[] => {
    const range = one.details?.['range'];
    const role: Role | undefined =
      one.kind === 'cidr-overlap/pod-range' ? 'pod' : one.kind === 'cidr-overlap/service-range' ? 'service' : undefined;
    const source = one.evidence[0];
    return range === undefined || role === undefined ? [] : [{ role, range, ...(source === undefined ? {} : { source }) }];
  });

const fromStatements = (node: NodeFacts): readonly Named[] =>
  statementsOf(node).flatMap(({ key, value }): readonly Named[] => {
    const role = roleOfKey(spokenKey(key));
    if (role === undefined) return [];
    const source: Source = { kind: 'statement', key, text: `${key}: ${value}` };
    const single = role === 'site' ? (value.match(ADDRESS) ?? []).map((address) => maskedPrefix(address) ?? `${address}/32`) : [];
    return [...(value.match(CIDR) ?? []), ...single].map((range): Named => ({ role, range, source }));
  });

const MADE_BY_CLUSTER = /^(?:cni|flannel|cali|tunl|vxlan|veth|kube-|nodelocaldns|weave|cilium|lo$|dummy)/;
/** Bridges of the CNI: their network is the pod range of this node. */
const POD_BRIDGE = /^(?:cni\d|cbr0|weave$|kube-bridge$)/;
const fromInterfaces = (node: NodeFacts): readonly Named[] => {
  const fact = (node.netns.find((one) => one.id === 'host') ?? node.netns[0])?.interfaces;
  if (fact?.state !== 'known') return [];
  return fact.value
    .filter((one) => !one.loopback && (POD_BRIDGE.test(one.name) || !MADE_BY_CLUSTER.test(one.name)))
    .flatMap((one) =>
      one.addresses
        .filter((a) => a.family === 'inet' && a.prefixLength < 32)
        .map((a): Named => ({
          role: POD_BRIDGE.test(one.name) ? 'pod' : /^(?:docker|br-)/.test(one.name) ? 'docker' : 'site',
          range: `${a.address}/${String(a.prefixLength)}`,
          source: fact.source,
        })),
    );
};

/** Connected networks of cards, and routes that the CNI made. A card's own network never holds pods. */
const fromRoutes = (node: NodeFacts): readonly Named[] => {
  const fact = (node.netns.find((one) => one.id === 'host') ?? node.netns[0])?.routes;
  if (fact?.state !== 'known') return [];
  return fact.value.flatMap((one): readonly Named[] => {
    if (one.family !== 'inet' || one.device === undefined || one.type !== 'unicast' || /^(?:0\.0\.0\.0|169\.254\.)/.test(one.destination))
      return [];
    if (/^(?:flannel|cni|cali|tunl|vxlan|cilium)/.test(one.device)) return [{ role: 'pod', range: one.destination, source: fact.source }];
    if (/^(?:docker|br-)/.test(one.device)) return [{ role: 'docker', range: one.destination, source: fact.source }];
    return one.gateway === undefined && /^(?:eth|en|bond|wl|wg)/.test(one.device)
      ? [{ role: 'site', range: one.destination, source: fact.source }]
      : [];
  });
};

const ranges = ({ node, symptoms }: Parameters<Test>[0]): readonly Named[] => {
  const told = [...fromObservations(node), ...fromLines(symptoms), ...fromStatements(node), ...fromInterfaces(node), ...fromRoutes(node)];
  const has = (role: Role): boolean => told.some((one) => one.role === role);
  // The products' own defaults, where somebody names the other side only: kubeadm has no default for pods.
  const k3s = node.products.some((one) => ['rke', 'rke2', 'k3s'].includes(one.name));
  const defaults: readonly Named[] = [
    ...(has('service') ? [] : [{ role: 'service' as const, range: defaultService(node) }]),
    ...(has('pod') || !k3s ? [] : [{ role: 'pod' as const, range: '10.42.0.0/16' }]),
  ];
  return node.products.length > 0 || has('pod') || has('service') ? [...told, ...defaults] : told;
};

const overlaps: Test = (context): Look => {
  const all = ranges(context);
  for (const [index, a] of all.entries()) {
    const b = all
      .slice(index + 1)
      .find(
        (other) => other.role !== a.role && (a.source !== undefined || other.source !== undefined) && rangesOverlap(a.range, other.range),
      );
    if (b === undefined) continue;
    const source = a.source ?? b.source;
    return { seen: 'yes', kind: 'comparison', values: { first: a.range, second: b.range }, ...(source === undefined ? {} : { source }) };
  }
  return all.some((one) => one.role === 'pod' && one.source !== undefined) && all.length > 1 ? { seen: 'no' } : { seen: 'unknown' };
};

/** An address that the node needs (gateway, name server) lies in a route of docker or the CNI. */
const neededAddressTaken: Test = ({ node }): Look => {
  const host = node.netns.find((one) => one.id === 'host') ?? node.netns[0];
  const routes = host?.routes.state === 'known' ? host.routes.value : [];
  const local = routes.filter((one) => /^(?:docker|br-|cni|flannel|cali|tunl)/.test(one.device ?? '') && one.destination !== '0.0.0.0/0');
  const gateway = routes.find((one) => one.destination === '0.0.0.0/0')?.gateway;
  const needed = [
    ...(gateway === undefined ? [] : [gateway]),
    ...node.dns.filter((one) => one.netns === host?.id).map((one) => one.question.server),
  ];
  const hit = needed.flatMap((address) =>
    local.filter((route) => inRange(address, route.destination)).map((route) => ({ address, route })),
  )[0];
  if (hit === undefined) return local.length === 0 || needed.length === 0 ? { seen: 'unknown' } : { seen: 'no' };
  const source = host?.routes.source;
  return {
    seen: 'yes',
    kind: 'state',
    values: { address: hit.address, route: hit.route.destination },
    ...(source === undefined ? {} : { source }),
  };
};

export const cidrOverlap = evidenceCause({
  id: 'cidr-overlap',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 2,
  title: t('Address ranges of the cluster overlap', '集群使用的地址段相互重叠'),
  mechanism: t(
    "The range of pods, of Services or of docker's bridge holds addresses that something else uses: another range of the cluster, the nodes themselves, or the company network. Packets for these addresses go to the wrong place.",
    'Pod、Service 或 docker 网桥的地址段与其他用途的地址重叠：集群的另一地址段、节点自身或公司网络。发往这些地址的数据包会被送到错误的地方。',
  ),
  summary: t('Two address ranges that must be apart overlap.', '两个必须分开的地址段相互重叠。'),
  sources: ['rancher/rke cluster/defaults.go', 'kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta3/defaults.go'],
  lookAlikes: ['bridge-nf-call-off', 'coredns-upstream-unreachable', 'node-port-blocked', 'bridge-address-conflict'],
  signatures: [
    {
      id: 'cidr-overlap/said',
      grade: 'direct',
      anchors: ['overlaps with', 'overlap with', 'overlapping', ' overlaps '],
      pattern:
        /(?:(?:pod|service|cluster|subnet|cidr|network|pool|address space)[^:]{0,80}?(?:overlaps? with |overlapping| overlaps )|could not find an available, non-overlapping)/i,
      matches: [
        'error: pod CIDR 10.0.0.0/16 overlaps with node network',
        'Pool overlaps with other one on this address space',
        'could not find an available, non-overlapping IPv4 address pool among the defaults',
      ],
      rejects: ['no overlap between the windows'],
    },
  ],
  lines: [
    {
      id: 'cidr-overlap/pod-range',
      grade: 'weak',
      anchors: ['pod-network-cidr', 'cluster-cidr', 'podSubnet', 'cluster_cidr', 'clusterCIDR'],
      pattern:
        /(?:--pod-network-cidr|--cluster-cidr|podSubnet|cluster[_-]cidr|clusterCIDR)(?:[= ]|: ?)"?(?<range>\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2})/,
      matches: ['kubeadm init --pod-network-cidr=10.200.0.0/16', 'podSubnet: 10.200.0.0/16'],
      rejects: ['--service-cidr=10.96.0.0/12'],
    },
    {
      id: 'cidr-overlap/service-range',
      grade: 'weak',
      anchors: ['service-cidr', 'service-cluster-ip-range', 'serviceSubnet', 'service_cluster_ip_range'],
      pattern:
        /(?:--service-cidr|--service-cluster-ip-range|serviceSubnet|service_cluster_ip_range|service-cidr)(?:[= ]|: ?)"?(?<range>\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2})/,
      matches: ['--service-cluster-ip-range=10.96.0.0/12'],
      rejects: ['--pod-network-cidr=10.200.0.0/16'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /\b10\.(?:42|43|96|244)\.0\.0\/1[26]\b|\b192\.168\.0\.0\/16\b/,
          /data ?cent(?:er|re)|\blan\b|compan|corporate|office|vpn|vpc|site|home|on-?prem|hosts? in|network of the (?:nodes|hosts|machines)/i,
          /not|un(?:reach|avail)|cannot|fail|time|overlap|conflict|same|equal|contain|in use|used|taken/i,
        ],
      }),
      grade: 'direct',
      says: t('A network of the site is told to be a usual range of the cluster.', '陈述中的现场网络与集群常用地址段相同。'),
    },
    { when: overlaps, grade: 'direct', says: t('{first} and {second} overlap.', '{first} 与 {second} 重叠。') },
    {
      when: neededAddressTaken,
      grade: 'direct',
      says: t('An address that the node needs lies in a route of docker or the CNI.', '节点需要的地址落在 docker 或 CNI 的路由中。'),
    },
    {
      when: stated({
        whole:
          /overlap|conflicts? with (?:the )?(?:pod|service|node|docker|host|company|corporate|lan)[^.;]*(?:range|cidr|network|subnet)|same (?:range|subnet|network|cidr) as|(?:pod|service|docker|cluster)[^.;]*(?:range|cidr|subnet)[^.;]*(?:contains|includes|covers|lies in|equal|clash|collid|inside)/i,
      }),
      grade: 'direct',
      says: t('It is stated that ranges overlap.', '陈述中提到地址段重叠。'),
    },
  ],
  asks: [
    ask(
      'Which ranges have pods, Services, docker bridges, the nodes and the company network, and does one hold an address of another?',
      'Pod、Service、docker 网桥、节点以及公司网络分别使用哪些地址段？是否相互包含？',
      'ip -4 route; kubectl cluster-info dump | grep -m2 -e cluster-cidr -e service-cluster-ip-range; docker network inspect bridge | grep Subnet',
    ),
  ],
  remedies: [
    {
      id: 'move-docker-bridge',
      title: t("Give docker's bridges another range", '为 docker 网桥更换地址段'),
      risk: t('docker restarts, and its containers with it.', 'docker 及其容器会重启。'),
      safety: 'disruptive',
      command:
        'cp /etc/docker/daemon.json /etc/docker/daemon.json.culprit; printf \'{"bip":"FREE_ADDRESS/24","default-address-pools":[{"base":"FREE_RANGE/16","size":24}]}\' > /etc/docker/daemon.json && systemctl restart docker',
      undo: 'cp /etc/docker/daemon.json.culprit /etc/docker/daemon.json && systemctl restart docker',
      verify: ['ip -4 route'],
    },
    {
      id: 'other-cluster-ranges',
      title: t('Make the cluster anew with ranges that overlap with nothing', '使用不重叠的地址段重建集群'),
      risk: t(
        'The ranges of a running cluster cannot be changed in place: the cluster is made anew.',
        '运行中的集群无法直接更换地址段：需要重建集群。',
      ),
      safety: 'needs-a-person',
      command: 'kubeadm init --pod-network-cidr=FREE_RANGE --service-cidr=OTHER_FREE_RANGE',
      verify: ['ip -4 route'],
    },
  ],
});
