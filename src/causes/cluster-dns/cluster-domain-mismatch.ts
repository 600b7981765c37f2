/** kubelet, Corefile and clients do not agree on the cluster domain. Source: rancher/rke cluster/defaults.go; kubernetes/website. */
import type { Look, Test } from '../_checks/index.ts';
import { asText, ask, evidenceCause, isClusterDns, isLookup, stated, symptomWhere, t } from '../_checks/index.ts';

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const compare =
  (differ: boolean): Test =>
  ({ node }): Look => {
    const domain = node.observations['kubelet.cluster-domain'];
    const zones = node.observations['coredns.zones'];
    if (domain?.state !== 'known' || zones?.state !== 'known' || !Array.isArray(zones.value)) return { seen: 'unknown' };
    const wanted = plain(asText(domain.value));
    const served = zones.value.filter((one): one is string => typeof one === 'string').map(plain);
    const differs = !served.some((zone) => zone === wanted || zone === '' || zone === '.');
    return differs === differ ? { seen: 'yes', kind: 'comparison', source: domain.source } : { seen: 'no', source: domain.source };
  };

export const clusterDomainMismatch = evidenceCause({
  id: 'cluster-domain-mismatch',
  area: 'cluster-dns',
  severity: 'high',
  layer: 7,
  title: t('Names are asked under another cluster domain than the DNS serves', '查询所用的集群域与 DNS 提供的集群域不同'),
  mechanism: t(
    'kubelet writes search domains under its clusterDomain into pods, CoreDNS serves the zone of its Corefile, and programs have cluster.local built in. Where these differ, Service names do not exist.',
    'kubelet 按其 clusterDomain 把搜索域写入 Pod，CoreDNS 提供 Corefile 中的区域，而有些程序写死了 cluster.local。三者不一致时，Service 名称并不存在。',
  ),
  summary: t(
    'The cluster domain differs between kubelet, the DNS and the name that is asked.',
    'kubelet、DNS 与所查询的名称使用了不同的集群域。',
  ),
  sources: ['rancher/rke cluster/defaults.go', 'kubernetes/website: Customizing DNS Service'],
  lookAlikes: ['host-cannot-resolve-cluster-names', 'coredns-no-endpoints'],
  confirm: [
    {
      when: compare(true),
      grade: 'direct',
      says: t('clusterDomain of kubelet is not a zone of the Corefile.', 'kubelet 的 clusterDomain 不是 Corefile 中的区域。'),
    },
    {
      when: stated({ whole: /cluster.?domain[^.;]*(?:differs|changed|mismatch|other|not cluster\.local|custom)/i }),
      grade: 'strong',
      says: t('It is stated that the cluster domain was changed or differs.', '陈述中提到集群域被更改或不一致。'),
    },
    {
      when: symptomWhere(
        (one, node) =>
          isLookup(one) &&
          one.rcode === 'NXDOMAIN' &&
          /\.svc\.cluster\.local\.?$/.test(one.name ?? '') &&
          one.server !== undefined &&
          isClusterDns(node, one.server),
      ),
      grade: 'hint',
      says: t(
        'The cluster DNS says that a name under svc.cluster.local does not exist.',
        '集群 DNS 表示 svc.cluster.local 下的名称不存在。',
      ),
    },
  ],
  refute: [
    {
      when: compare(false),
      says: t('clusterDomain of kubelet is a zone of the Corefile.', 'kubelet 的 clusterDomain 就是 Corefile 中的区域。'),
    },
  ],
  asks: [
    ask(
      'Do clusterDomain of kubelet, the zone of the Corefile and the search list in a pod agree?',
      'kubelet 的 clusterDomain、Corefile 的区域和 Pod 的 search 列表是否一致？',
      'grep clusterDomain /var/lib/kubelet/config.yaml; kubectl -n kube-system get cm coredns -o yaml | grep kubernetes; kubectl exec POD -- cat /etc/resolv.conf',
    ),
  ],
  remedies: [
    {
      id: 'align-cluster-domain',
      title: t('Use one cluster domain in kubelet and Corefile', '在 kubelet 与 Corefile 中使用同一集群域'),
      risk: t(
        'kubelets restart, pods must be made anew; certificates may hold the old names.',
        '各 kubelet 重启，Pod 需重建；证书中可能仍是旧名称。',
      ),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system edit configmap coredns   # kubernetes CLUSTER_DOMAIN in-addr.arpa ip6.arpa',
      undo: 'kubectl -n kube-system edit configmap coredns   # kubernetes OLD_DOMAIN in-addr.arpa ip6.arpa',
      verify: ['kubectl exec POD -- nslookup kubernetes.default'],
    },
  ],
});
