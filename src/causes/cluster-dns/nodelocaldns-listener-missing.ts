/** kubelet points pods at a link-local DNS address that nobody serves on this node. Source: rancher/rke cluster/plan.go; kubernetes/website nodelocaldns. */
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Look, Test } from '../_checks/index.ts';
import {
  all,
  ask,
  evidenceCause,
  isLinkLocalAddress,
  isLookup,
  isRefused,
  isTimeout,
  isUnreachable,
  listener,
  observed,
  symptomWhere,
  t,
} from '../_checks/index.ts';

const METADATA = /^169\.254\.169\.25\d$/;
const isNodeLocal = (address: string): boolean => isLinkLocalAddress(address) && !METADATA.test(address);

const fails: Test = symptomWhere(
  (one) => isLookup(one) && one.server !== undefined && isNodeLocal(one.server) && (isRefused(one) || isTimeout(one) || isUnreachable(one)),
);
const kubeletPointsThere: Test = observed(
  'kubelet.cluster-dns',
  (value) => (Array.isArray(value) ? value : [value]).some((one) => typeof one === 'string' && isNodeLocal(one)),
  { kind: 'configuration' },
);

const host = (node: NodeFacts) => node.netns.find((one) => one.id === 'host') ?? node.netns[0];
const addressOnNode: Test = ({ node }): Look => {
  const interfaces = host(node)?.interfaces;
  if (interfaces?.state !== 'known') return { seen: 'unknown', needs: [{ kind: 'netns', netns: 'host', fact: 'interfaces' }] };
  return interfaces.value.some((one) => one.addresses.some((address) => isNodeLocal(address.address)))
    ? { seen: 'yes', kind: 'state', source: interfaces.source }
    : { seen: 'no', source: interfaces.source };
};
const noAddress: Test = (context) => {
  const look = addressOnNode(context);
  return look.seen === 'no'
    ? { seen: 'yes', kind: 'state', ...(look.source === undefined ? {} : { source: look.source }) }
    : look.seen === 'yes'
      ? { seen: 'no' }
      : look;
};
const listens: Test = listener((one) => one.port === 53 && (isNodeLocal(one.address) || one.address === '0.0.0.0' || one.address === '::'));

export const nodelocaldnsListenerMissing = evidenceCause({
  id: 'nodelocaldns-listener-missing',
  area: 'cluster-dns',
  severity: 'critical',
  layer: 7,
  title: t('Pods ask a node-local DNS address at which nothing listens', 'Pod 查询节点本地 DNS 地址，但该地址上没有监听'),
  mechanism: t(
    'kubelet writes the link-local address of NodeLocal DNSCache into the pods. Where its DaemonSet does not run, or has not put the address on an interface, every lookup of every pod fails.',
    'kubelet 把 NodeLocal DNSCache 的链路本地地址写入 Pod。若其 DaemonSet 未运行，或没有把该地址配置到接口上，所有 Pod 的所有解析都会失败。',
  ),
  summary: t('The node-local DNS address that pods ask is not served on this node.', '本节点上没有提供 Pod 所查询的节点本地 DNS 地址。'),
  sources: ['rancher/rke cluster/plan.go (dns.nodelocal.ip_address)', 'kubernetes/website: Using NodeLocal DNSCache'],
  lookAlikes: ['cluster-dns-ip-mismatch', 'coredns-no-endpoints'],
  confirm: [
    {
      when: all(kubeletPointsThere, noAddress),
      grade: 'direct',
      says: t(
        'clusterDNS of kubelet is link-local and the address is on no interface.',
        'kubelet 的 clusterDNS 是链路本地地址，但没有任何接口拥有该地址。',
      ),
    },
    {
      when: all(fails, noAddress),
      grade: 'direct',
      says: t(
        'Lookups at the link-local DNS address fail and the address is on no interface.',
        '在链路本地 DNS 地址上的查询失败，且没有任何接口拥有该地址。',
      ),
    },
    { when: fails, grade: 'strong', says: t('Lookups at the link-local DNS address fail.', '在链路本地 DNS 地址上的查询失败。') },
  ],
  refute: [
    {
      when: all(addressOnNode, listens),
      says: t('The address is on the node and port 53 is bound.', '节点上有该地址，且 53 端口已监听。'),
    },
  ],
  asks: [
    ask(
      'Is the node-local address on an interface, is port 53 bound there, and do the node-local-dns pods run?',
      '接口上是否有该地址？53 端口是否有监听？node-local-dns Pod 是否运行？',
      'ip -br addr; ss -lnup sport = :53; kubectl -n kube-system get pods -o wide | grep -i nodelocal',
    ),
  ],
  remedies: [
    {
      id: 'start-node-local-dns',
      title: t('Bring the node-local-dns pod of this node up', '恢复本节点的 node-local-dns Pod'),
      risk: t('None.', '无。'),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system describe pod -l k8s-app=node-local-dns',
      verify: ['dig +time=2 +tries=1 @169.254.20.10 kubernetes.default.svc.cluster.local'],
    },
    {
      id: 'cluster-dns-service-address',
      title: t('Set clusterDNS of kubelet back to the DNS Service', '把 kubelet 的 clusterDNS 改回 DNS Service 地址'),
      risk: t('kubelet restarts; pods keep the old address until they are made anew.', 'kubelet 重启；Pod 重建之前仍使用旧地址。'),
      safety: 'disruptive',
      command: 'sed -i "s/169.254.20.10/CLUSTER_IP_OF_DNS/" /var/lib/kubelet/config.yaml && systemctl restart kubelet',
      undo: 'sed -i "s/CLUSTER_IP_OF_DNS/169.254.20.10/" /var/lib/kubelet/config.yaml && systemctl restart kubelet',
      verify: ['kubectl run -it --rm --restart=Never --image=busybox:1.28 dns-test -- nslookup kubernetes.default'],
    },
  ],
});
