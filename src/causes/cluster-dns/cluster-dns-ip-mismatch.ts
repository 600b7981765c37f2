/** kubelet writes an address into the pods' resolv.conf that is not the ClusterIP of the DNS Service. Source: rancher/rke cluster/defaults.go; kubernetes pkg/kubelet/network/dns/dns.go. */
import type { NodeFacts } from '../../facts/node-facts.ts';
import { resolvConf, type ResolvText } from '../_resolv-conf.ts';
import type { Look, Test } from '../_checks/index.ts';
import {
  ask,
  evidenceCause,
  isLinkLocalAddress,
  isLookup,
  isServiceAddress,
  isTimeout,
  stated,
  symptomWhere,
  t,
} from '../_checks/index.ts';

const strings = (node: NodeFacts, key: string): readonly string[] | undefined => {
  const fact = node.observations[key];
  if (fact?.state !== 'known') return undefined;
  if (typeof fact.value === 'string') return [fact.value];
  return Array.isArray(fact.value) ? fact.value.filter((one): one is string => typeof one === 'string') : undefined;
};

/** resolv.conf of a pod of dnsPolicy ClusterFirst: kubelet wrote it, with the cluster's domains on the search list. */
const inPods = (node: NodeFacts): ResolvText | undefined => {
  for (const view of node.views) {
    const file = view.kind === 'container' ? resolvConf(view) : undefined;
    if (file?.search.some((domain) => domain.startsWith('svc.') || domain.includes('.svc.')) === true) return file;
  }
  return undefined;
};

/** Addresses that pods are told to ask, and the address that the Service has. */
const addresses = (node: NodeFacts): { readonly handed: readonly string[]; readonly service: string } | undefined => {
  const handed =
    strings(node, 'kubelet.cluster-dns') ??
    strings(node, 'kubelet.flag.cluster-dns')?.flatMap((one) => one.split(',')) ??
    inPods(node)?.nameservers;
  const service = strings(node, 'kube.dns-service-ip')?.[0];
  return handed === undefined || handed.length === 0 || service === undefined ? undefined : { handed, service };
};

const compare =
  (differ: boolean): Test =>
  ({ node }): Look => {
    const both = addresses(node);
    if (both === undefined) return { seen: 'unknown' };
    const differs = !both.handed.includes(both.service) && !both.handed.every(isLinkLocalAddress);
    if (differs !== differ) return { seen: 'no' };
    const source = node.observations['kubelet.cluster-dns']?.source;
    return {
      seen: 'yes',
      kind: 'comparison',
      values: { handed: both.handed.join(', '), service: both.service },
      ...(source === undefined ? {} : { source }),
    };
  };

export const clusterDnsIpMismatch = evidenceCause({
  id: 'cluster-dns-ip-mismatch',
  area: 'cluster-dns',
  severity: 'critical',
  layer: 7,
  title: t('kubelet gives pods a DNS address that is not the DNS Service', 'kubelet 交给 Pod 的 DNS 地址不是 DNS Service 的地址'),
  mechanism: t(
    'kubelet writes clusterDNS into the resolv.conf of every pod. After the service range was changed, or when the flag was never set, that address belongs to nothing and every lookup in pods times out.',
    'kubelet 把 clusterDNS 写入每个 Pod 的 resolv.conf。更改服务网段之后，或从未设置该参数时，这个地址不属于任何服务，Pod 中的所有解析都会超时。',
  ),
  summary: t('Pods ask an address for names at which the cluster DNS does not listen.', 'Pod 查询名称的地址上并没有集群 DNS。'),
  sources: ['rancher/rke cluster/defaults.go', 'kubernetes/kubernetes pkg/kubelet/network/dns/dns.go'],
  lookAlikes: ['coredns-no-endpoints', 'nodelocaldns-listener-missing', 'cluster-dns-unreachable-from-one-node'],
  signatures: [
    {
      id: 'cluster-dns-ip-mismatch/unset',
      grade: 'direct',
      anchors: ['MissingClusterDNS', 'ClusterDNS IP configured'],
      pattern: /MissingClusterDNS|does not have ClusterDNS IP configured/,
      matches: [
        'Warning  MissingClusterDNS  pod/web  kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.',
      ],
      rejects: ['Normal  Scheduled  Successfully assigned default/web to node-1'],
    },
  ],
  confirm: [
    {
      when: compare(true),
      grade: 'direct',
      says: t(
        'clusterDNS of kubelet differs from the ClusterIP of the DNS Service.',
        'kubelet 的 clusterDNS 与 DNS Service 的 ClusterIP 不同。',
      ),
    },
    {
      when: stated({
        whole:
          /cluster.?dns.*(?:differs|mismatch|not the|wrong|other than|stale|old (?:ip|address|range))|(?:resolv\.?conf|nameserver).*(?:not|differs).*(?:cluster.?ip|service)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the DNS address of pods is not that of the Service.', '陈述中提到 Pod 的 DNS 地址与 Service 不一致。'),
    },
    {
      when: symptomWhere((one, node) => {
        const both = strings(node, 'kube.dns-service-ip')?.[0];
        return (
          isLookup(one) &&
          isTimeout(one) &&
          one.server !== undefined &&
          both !== undefined &&
          isServiceAddress(node, one.server) &&
          one.server !== both
        );
      }),
      grade: 'strong',
      says: t('Lookups time out at a service address that is not the DNS Service.', '解析在一个并非 DNS Service 的服务地址上超时。'),
    },
    {
      when: ({ node }) => {
        const file = inPods(node);
        const unanswered = ['lookup.container.works', 'lookup.container-dns.works'].some((key) => {
          const fact = node.observations[key];
          return fact?.state === 'known' && fact.value === false;
        });
        return file === undefined || !unanswered || strings(node, 'kube.dns-service-ip') !== undefined
          ? { seen: 'unknown' }
          : { seen: 'yes', kind: 'state', values: { handed: file.nameservers.join(', ') } };
      },
      grade: 'hint',
      says: t('Pods ask {handed} and get no answer.', 'Pod 查询 {handed} 而没有应答。'),
    },
  ],
  refute: [
    {
      when: compare(false),
      says: t('clusterDNS of kubelet equals the ClusterIP of the DNS Service.', 'kubelet 的 clusterDNS 与 DNS Service 的 ClusterIP 相同。'),
    },
  ],
  asks: [
    ask(
      'Does the nameserver in a pod equal the ClusterIP of the DNS Service?',
      'Pod 中的 nameserver 是否等于 DNS Service 的 ClusterIP？',
      'kubectl -n kube-system get svc kube-dns rke2-coredns-rke2-coredns; kubectl exec POD -- cat /etc/resolv.conf',
    ),
  ],
  remedies: [
    {
      id: 'align-cluster-dns',
      title: t('Set clusterDNS of kubelet to the ClusterIP of the DNS Service', '把 kubelet 的 clusterDNS 设为 DNS Service 的 ClusterIP'),
      risk: t(
        'kubelet restarts on every node; pods keep the old address until they are made anew.',
        '每个节点的 kubelet 都要重启；Pod 重建之前仍使用旧地址。',
      ),
      safety: 'disruptive',
      command:
        'sed -i "/^clusterDNS:/{n;s/- .*/- CLUSTER_IP/}" /var/lib/kubelet/config.yaml && systemctl restart kubelet   # RKE: services.kubelet.cluster_dns_server in cluster.yml',
      undo: 'sed -i "/^clusterDNS:/{n;s/- .*/- OLD_ADDRESS/}" /var/lib/kubelet/config.yaml && systemctl restart kubelet',
      verify: ['kubectl run -it --rm --restart=Never --image=busybox:1.28 dns-test -- nslookup kubernetes.default'],
    },
  ],
});
