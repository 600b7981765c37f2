/** The controller manager gave the node no pod range. Source: flannel subnet/kube; kubernetes nodeipam. */
import type { Look, Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, line, stated, t } from '../_checks/index.ts';

const podCidr =
  (empty: boolean): Test =>
  ({ node }): Look => {
    for (const [key, fact] of Object.entries(node.observations)) {
      if (!/^kube\.node\..+\.pod-cidr$/.test(key)) continue;
      const isEmpty = fact.state === 'absent' || (fact.state === 'known' && (fact.value === '' || fact.value === '<none>'));
      if (fact.state !== 'unobserved' && isEmpty === empty) return { seen: 'yes', kind: 'state', source: fact.source };
    }
    return { seen: 'unknown' };
  };

export const podCidrNotAssigned = evidenceCause({
  id: 'pod-cidr-not-assigned',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 7,
  title: t('The node got no pod range', '节点没有分配到 Pod 网段'),
  mechanism: t(
    "flannel and Canal take the node's range from its node object. The controller manager writes it only with allocate-node-cidrs and a cluster range that still has room.",
    'flannel 与 Canal 从节点对象读取该节点的网段。只有 controller-manager 启用 allocate-node-cidrs 且集群网段仍有空间时才会写入。',
  ),
  summary: t('spec.podCIDR of the node is empty, so flannel cannot start.', '节点的 spec.podCIDR 为空，flannel 无法启动。'),
  sources: ['flannel-io/flannel pkg/subnet/kube', 'kubernetes/kubernetes pkg/controller/nodeipam'],
  lookAlikes: ['cni-config-missing', 'cni-ip-exhaustion'],
  signatures: [
    {
      id: 'pod-cidr-not-assigned/flannel',
      grade: 'direct',
      terminal: true,
      anchors: ['pod cidr not assigned', 'podCIDR not assigned', 'CIDRNotAvailable', 'CIDRAssignmentFailed'],
      pattern: /node \\?"(?<name>[^"\\]+)\\?" pod cidr not assigned|pod ?CIDR not assigned|CIDRNotAvailable|CIDRAssignmentFailed/i,
      matches: [
        'Error registering network: failed to acquire lease: node "worker-2" pod cidr not assigned',
        'Normal  CIDRNotAvailable  node/worker-2  Node worker-2 status is now: CIDRNotAvailable',
      ],
      rejects: ['Setting Pod CIDR: -> 10.244.1.0/24'],
    },
  ],
  lines: [
    {
      id: 'pod-cidr-not-assigned/subnet-env',
      grade: 'weak',
      anchors: ['/run/flannel/subnet.env'],
      pattern: /open \/run\/flannel\/subnet\.env: no such file or directory/,
      matches: ['failed to create pod network: open /run/flannel/subnet.env: no such file or directory'],
      rejects: ['Wrote subnet file to /run/flannel/subnet.env'],
    },
  ],
  confirm: [
    { when: podCidr(true), grade: 'direct', says: t('spec.podCIDR of the node is empty.', '节点的 spec.podCIDR 为空。') },
    {
      when: stated({
        whole:
          /pod ?cidr[^.;]*(?:empty|missing|not set|not assigned|unset|none)|allocate-node-cidrs[^.;]*(?:false|missing|not set|unset)|(?:without|no) --?(?:pod-network-cidr|cluster-cidr)/i,
      }),
      grade: 'strong',
      says: t('It is stated that no pod range was given.', '陈述中提到没有分配 Pod 网段。'),
    },
    {
      when: any(line('pod-cidr-not-assigned/subnet-env')),
      grade: 'weak',
      says: t('flannel has not written its subnet file; usually a consequence.', 'flannel 尚未写出其子网文件；通常是后果。'),
    },
  ],
  refute: [
    {
      when: all(podCidr(false)),
      says: t("spec.podCIDR of the node is set: read the CNI pod's own log.", '节点的 spec.podCIDR 已设置：应查看 CNI Pod 自身的日志。'),
    },
  ],
  asks: [
    ask(
      'Is spec.podCIDR of the node set, and does the controller manager run with allocate-node-cidrs and a cluster range?',
      '节点的 spec.podCIDR 是否已设置？controller-manager 是否启用了 allocate-node-cidrs 并设有集群网段？',
      'kubectl get nodes -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR; ps -o args -C kube-controller-manager',
    ),
  ],
  remedies: [
    {
      id: 'assign-range',
      title: t(
        'Start the controller manager with allocate-node-cidrs and a cluster range that has room',
        '为 controller-manager 启用 allocate-node-cidrs 并设置空间充足的集群网段',
      ),
      risk: t('The controller manager restarts.', 'controller-manager 会重启。'),
      safety: 'needs-a-person',
      command:
        'kubeadm init --pod-network-cidr=10.244.0.0/16   # running cluster: --allocate-node-cidrs=true --cluster-cidr=... in kube-controller-manager.yaml',
      undo: 'restore kube-controller-manager.yaml from its copy',
      verify: ['kubectl get nodes -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR'],
    },
  ],
});
