/** The DNS Service has no ready pod behind it: nearly always a consequence of the pods' own trouble. Source: kubernetes/website, Debugging DNS Resolution. */
import type { Look, Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, isClusterDns, isLookup, isRefused, stated, symptomWhere, t } from '../_checks/index.ts';

const DNS_SERVICES = ['kube-dns', 'coredns', 'rke2-coredns-rke2-coredns'];
const endpoints =
  (empty: boolean): Test =>
  ({ node }): Look => {
    for (const name of DNS_SERVICES) {
      const fact = node.observations[`kube.service.${name}.endpoints`];
      if (fact?.state === 'absent' && empty) return { seen: 'yes', kind: 'state', source: fact.source };
      if (fact?.state !== 'known' || !Array.isArray(fact.value)) continue;
      return (fact.value.length === 0) === empty
        ? { seen: 'yes', kind: 'state', source: fact.source }
        : { seen: 'no', source: fact.source };
    }
    return { seen: 'unknown' };
  };
const refused = symptomWhere((one, node) => isLookup(one) && isRefused(one) && one.server !== undefined && isClusterDns(node, one.server));

export const corednsNoEndpoints = evidenceCause({
  id: 'coredns-no-endpoints',
  area: 'cluster-dns',
  severity: 'high',
  layer: 7,
  title: t('The cluster DNS Service has no ready pods', '集群 DNS Service 没有就绪的 Pod'),
  mechanism: t(
    'Questions to the Service address are refused or dropped because no DNS pod is Ready. The reason stands with the pods: a taint, no network, a loop, no image.',
    '发往 Service 地址的查询被拒绝或丢弃，因为没有就绪的 DNS Pod。原因在 Pod 自身：污点、没有网络、循环转发、缺少镜像等。',
  ),
  summary: t('No DNS pod is Ready; the reason stands with the pods themselves.', '没有就绪的 DNS Pod；原因在这些 Pod 自身。'),
  sources: ['kubernetes/website: Debugging DNS Resolution'],
  lookAlikes: ['cluster-dns-ip-mismatch', 'cluster-dns-unreachable-from-one-node'],
  consequenceOf: [
    'coredns-loop',
    'cni-config-missing',
    'cni-plugin-binary-missing',
    'cni-leftover-config',
    'resolv-loopback-stub-inherited',
    'resolv-empty-or-missing',
    'resolv-dangling-link-in-container',
    'pause-image-unavailable',
    'kernel-module-missing',
    'kubelet-eviction-pressure',
    'firewalld-active',
    'selinux-denials',
  ],
  confirm: [
    { when: endpoints(true), grade: 'direct', says: t('The endpoints of the DNS Service are empty.', 'DNS Service 的 Endpoints 为空。') },
    {
      when: stated({ whole: /(?:coredns|kube-?dns|dns pod)[^.;]*(?:not ready|pending|0\/1|no endpoints|not running|scaled to 0|down)/i }),
      grade: 'strong',
      says: t('It is stated that no DNS pod is Ready.', '陈述中提到没有就绪的 DNS Pod。'),
    },
    {
      when: refused,
      grade: 'weak',
      says: t(
        'The DNS Service address refuses questions, as it does when nothing stands behind it.',
        'DNS Service 地址拒绝查询，与其后没有 Pod 时的表现一致。',
      ),
    },
  ],
  refute: [
    { when: endpoints(false), says: t('The DNS Service has ready endpoints.', 'DNS Service 有就绪的 Endpoints。') },
    {
      when: all(
        any(stated({ key: /coredns|kube.?dns|dns pods?/, value: /^(?:running|ready|1\/1|healthy|up)/i })),
        any(stated({ key: /coredns|kube.?dns|dns pods?/ })),
      ),
      says: t('The DNS pods are Ready.', 'DNS Pod 已就绪。'),
    },
  ],
  asks: [
    ask(
      'Has the DNS Service ready endpoints, and why are its pods not Ready?',
      'DNS Service 是否有就绪的 Endpoints？其 Pod 为何未就绪？',
      'kubectl -n kube-system get endpoints kube-dns; kubectl -n kube-system describe pods -l k8s-app=kube-dns',
    ),
  ],
  atMost: 'possible',
  remedies: [
    {
      id: 'mend-the-pods',
      title: t('Mend what keeps the DNS pods from becoming Ready', '解决 DNS Pod 无法就绪的原因'),
      risk: t('None by itself.', '本身没有风险。'),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system describe pods -l k8s-app=kube-dns',
      verify: ['kubectl -n kube-system get endpoints kube-dns'],
    },
  ],
});
