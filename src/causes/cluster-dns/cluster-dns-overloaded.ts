/** The cluster DNS is asked more than it can answer. Source: coredns/coredns plugin/forward/README.md (max_concurrent). */
import { all, any, ask, evidenceCause, line, observed, on, stated, t, textual } from '../_checks/index.ts';

const loopHints = any(
  line('coredns-loop/loop-plugin'),
  on('resolv.loopback-nameserver'),
  observed('local-resolver', textual(/systemd-resolved|dnsmasq/i)),
  stated({ key: /systemd.?resolved|dnsmasq/, value: 'yes' }, { whole: /\bloop(?!back)/i }),
);
const load = any(
  stated({
    whole:
      /(?:dns|coredns|kube-?dns)[^.;]*(?:cpu (?:limit|throttl)|(?:cpu|memory)[^.;]*(?:limit|100 ?%)|throttl|overload|queries per second|qps|oom)|(?:high|heavy|under) (?:dns )?load|load test|more replicas|scal(?:e|ing) (?:up )?(?:coredns|dns)/i,
  }),
);

export const clusterDnsOverloaded = evidenceCause({
  id: 'cluster-dns-overloaded',
  area: 'cluster-dns',
  severity: 'medium',
  layer: 7,
  title: t('The cluster DNS has too little capacity', '集群 DNS 容量不足'),
  mechanism: t(
    'More questions come in than the DNS pods may answer at once: ndots 5 multiplies each outside name by the search list, and CPU or query limits cut the rest off.',
    '进入的查询超过 DNS Pod 能同时处理的数量：ndots:5 使每个集群外名称按搜索列表成倍查询，CPU 或并发限制又丢弃了其余查询。',
  ),
  summary: t('The DNS pods are at their limit; lookups are slow or fail under load.', 'DNS Pod 已达上限；在负载下解析缓慢或失败。'),
  sources: ['coredns/coredns plugin/forward/README.md', 'kubernetes/website: Autoscale the DNS Service in a Cluster'],
  lookAlikes: ['coredns-loop', 'dns-conntrack-race'],
  signatures: [
    {
      id: 'cluster-dns-overloaded/forward-limit',
      grade: 'strong',
      anchors: ['concurrent queries exceeded'],
      pattern: /concurrent queries exceeded maximum \d+/i,
      matches: ['[ERROR] plugin/errors: 2 example.org. A: concurrent queries exceeded maximum 1000'],
      rejects: ['[INFO] plugin/ready: Still waiting on: "kubernetes"'],
    },
  ],
  confirm: [
    {
      when: load,
      grade: 'strong',
      says: t(
        'The DNS pods are at their CPU, memory or query limit, or the trouble comes with load.',
        'DNS Pod 达到 CPU、内存或查询上限，或故障随负载出现。',
      ),
    },
    {
      when: line('coredns-loop/dnsmasq-table-full'),
      grade: 'hint',
      says: t('The query table of dnsmasq is full.', 'dnsmasq 的查询表已满。'),
    },
  ],
  refute: [
    {
      when: all(loopHints),
      says: t('A loop or a loopback upstream fills the table with the same query.', '循环转发或回环上游会让同一查询占满查询表。'),
    },
  ],
  asks: [
    ask(
      'Are the queries many different ones from clients, and are the DNS pods at their CPU limit? Or does the same query circulate?',
      '查询是来自客户端的大量不同名称，且 DNS Pod 达到 CPU 上限，还是同一查询在循环？',
      'kubectl -n kube-system top pods -l k8s-app=kube-dns; kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50',
    ),
  ],
  remedies: [
    {
      id: 'more-replicas',
      title: t('More replicas and higher limits for the DNS pods', '增加 DNS Pod 的副本数并提高限额'),
      risk: t('Uses more of the nodes.', '占用更多节点资源。'),
      safety: 'safe',
      command: 'kubectl -n kube-system scale deployment coredns --replicas=4',
      undo: 'kubectl -n kube-system scale deployment coredns --replicas=2',
      verify: ['kubectl -n kube-system top pods -l k8s-app=kube-dns'],
    },
    {
      id: 'fewer-queries',
      title: t(
        'NodeLocal DNSCache, or ndots 1 for workloads that ask outside names',
        '部署 NodeLocal DNSCache，或为查询集群外名称的工作负载设置 ndots:1',
      ),
      risk: t('With ndots 1, short Service names with dots need their full form.', 'ndots:1 时，带点的短 Service 名称需写全。'),
      safety: 'needs-a-person',
      verify: ['kubectl -n kube-system top pods -l k8s-app=kube-dns'],
    },
  ],
});
