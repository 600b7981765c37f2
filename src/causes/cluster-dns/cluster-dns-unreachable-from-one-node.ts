/** DNS is only the first victim of a broken path between nodes. Source: rancher docs, other troubleshooting tips, networking. */
import {
  all,
  any,
  ask,
  evidenceCause,
  isClusterDns,
  isDial,
  isLookup,
  isServiceAddress,
  isTimeout,
  isUnreachable,
  on,
  stated,
  symptomWhere,
  t,
} from '../_checks/index.ts';

const lookupsFail = symptomWhere(
  (one, node) => isLookup(one) && one.server !== undefined && isClusterDns(node, one.server) && (isTimeout(one) || isUnreachable(one)),
);
const servicesFail = symptomWhere(
  (one, node) => isDial(one) && one.address !== undefined && isServiceAddress(node, one.address) && (isTimeout(one) || isUnreachable(one)),
);
/** Told: one node fails, the others do not. */
const toldOneNode = stated({
  whole:
    /\bonly [^.;]*(?:one|some|certain|a single) nodes?\b|\bother nodes?[ :][^.;]*(?:fine|works?|ok|resolve)\b|仅[^。；]*(?:个别|部分|一个)节点/iu,
});
const dnsFails = any(
  lookupsFail,
  stated({ whole: /(?:dns|name|look-?up|resol)[^.;]*(?:fail|time|cannot|does not|no answer|unreachable)/i }),
);

export const clusterDnsUnreachableFromOneNode = evidenceCause({
  id: 'cluster-dns-unreachable-from-one-node',
  area: 'cluster-dns',
  severity: 'high',
  layer: 7,
  title: t('Pods of some nodes cannot reach the cluster DNS', '部分节点上的 Pod 无法访问集群 DNS'),
  mechanism: t(
    'The path from these nodes to the DNS pods is broken: the overlay port is closed, packets are spoiled or too large, or kube-proxy does not serve that node. Name resolution fails first because everything needs it.',
    '从这些节点到 DNS Pod 的路径中断：隧道端口被封、数据包损坏或过大，或该节点的 kube-proxy 不工作。名称解析最先失败，因为一切都依赖它。',
  ),
  summary: t(
    'Lookups fail only for pods of some nodes; the path to the DNS pods is broken there.',
    '仅部分节点上的 Pod 解析失败；这些节点到 DNS Pod 的路径中断。',
  ),
  sources: ['rancher docs: other-troubleshooting-tips/networking'],
  lookAlikes: ['coredns-no-endpoints', 'coredns-upstream-unreachable'],
  consequenceOf: [
    'vxlan-udp-blocked',
    'vxlan-checksum-offload',
    'mtu-mismatch',
    'iptables-backend-mixed',
    'bridge-nf-call-off',
    'firewalld-active',
    'ufw-active',
    'forward-policy-drop',
    'nm-cloud-setup-enabled',
    'networkmanager-manages-cni',
    'cidr-overlap',
    'ip-forward-off',
    'wrong-interface-autodetected',
    'kernel-module-missing',
    'rp-filter-wrong-for-cni',
  ],
  confirm: [
    {
      when: all(dnsFails, any(on('path.only-some-nodes'), toldOneNode)),
      grade: 'weak',
      says: t('Lookups fail on some nodes and work on others.', '部分节点解析失败，其他节点正常。'),
    },
    { when: lookupsFail, grade: 'hint', says: t('Lookups at the cluster DNS time out.', '在集群 DNS 上的查询超时。') },
    { when: servicesFail, grade: 'hint', says: t('Connections to Service addresses time out.', '到 Service 地址的连接超时。') },
  ],
  refute: [
    {
      when: stated({ whole: /(?:local|same node)[^.;]*coredns[^.;]*(?:fail|no answer)/i }),
      says: t(
        'A CoreDNS pod on the same node fails as well: it is CoreDNS, not the path.',
        '同一节点上的 CoreDNS Pod 也失败：问题在 CoreDNS，而不在路径。',
      ),
    },
  ],
  asks: [
    ask(
      'From a failing node: which answers, the DNS pods by their pod address or only the Service address? Do local pods answer and remote ones not?',
      '在故障节点上：直接查询各 DNS Pod 地址与查询 Service 地址，哪些有应答？是否本节点的 Pod 有应答而远端的没有？',
      'kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide; dig +time=2 +tries=1 @POD_IP kubernetes.default.svc.cluster.local; dig +time=2 +tries=1 @10.43.0.10 kubernetes.default.svc.cluster.local',
    ),
    ask(
      'Do overlay packets that leave one node arrive at the other (8472/udp or 4789/udp)?',
      '一个节点发出的隧道包能否到达另一节点（8472/udp 或 4789/udp）？',
      'tcpdump -ni any udp port 8472',
    ),
  ],
  atMost: 'possible',
  remedies: [
    {
      id: 'mend-the-path',
      title: t('Mend the path between the nodes; DNS needs no change', '修复节点之间的路径；DNS 无需改动'),
      risk: t('None by itself: it depends on the cause that the tests above name.', '本身没有风险；取决于上述测试指出的原因。'),
      safety: 'needs-a-person',
      verify: ['dig +time=2 +tries=1 @10.43.0.10 kubernetes.default.svc.cluster.local'],
    },
  ],
});
