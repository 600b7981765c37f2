/** host-local has no free address left: leaked locks, or a range that is too small. Source: rancher/rke2-docs known_issues; containernetworking host-local. */
import { all, any, ask, evidenceCause, line, observed, stated, t, without } from '../_checks/index.ts';

const noneLeft = line('cni-ip-exhaustion/no-addresses');
const leaked = observed('cni.leaked-addresses', (value) => typeof value === 'number' && value > 100, { kind: 'counter' });
const toldLeaked = stated({
  whole:
    /leak[^.;]*(?:ip|address|lease|lock)|(?:ip|address|lease|lock)[^.;]*leak|(?:as many|\d+) (?:files|leases|locks)[^.;]*(?:networks|cni)|\/var\/lib\/cni\/networks[^.;]*(?:full|many|\d{3})/i,
});
const manyPods = stated({ key: /pods?\b/, value: /^(?:1[1-9]\d|2\d\d)\b|\b(?:110|2[0-5]\d) pods\b/ });

export const cniIpExhaustion = evidenceCause({
  id: 'cni-ip-exhaustion',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 7,
  title: t("The node's pod range has no free address", '节点的 Pod 网段没有空闲地址'),
  mechanism: t(
    'host-local keeps one file for each address in use. After a crash or a plugin that fails at deletion, files stay behind until none is free.',
    'host-local 为每个使用中的地址保留一个文件。崩溃之后，或插件在删除时失败，文件会残留，直到没有空闲地址。',
  ),
  summary: t('No address is left for new pods on this node.', '本节点已没有可分配给新 Pod 的地址。'),
  sources: ['rancher/rke2-docs known_issues', 'containernetworking/plugins plugins/ipam/host-local'],
  lookAlikes: ['cni-plugin-binary-missing', 'pod-cidr-not-assigned'],
  consequenceOf: ['cni-plugin-binary-missing'],
  // The line tells what runs out, not why: leaked locks, deletions that fail, and a range that is too small read the same.
  lines: [
    {
      id: 'cni-ip-exhaustion/no-addresses',
      grade: 'strong',
      anchors: [
        'no IP addresses available',
        'no available IPs',
        'No more free affine blocks',
        'range is full',
        'failed to allocate for range',
      ],
      pattern:
        /no IP addresses available in (?:range set|network)|failed to allocate for range \d+|no available IPs|No more free affine blocks|range is full/i,
      matches: ['failed to allocate for range 0: no IP addresses available in range set: 10.42.1.1-10.42.1.254'],
      rejects: ['allocated address 10.42.1.7'],
    },
  ],
  confirm: [
    {
      when: all(noneLeft, any(leaked, toldLeaked, manyPods)),
      grade: 'direct',
      says: t('No address is free, and it is known what holds them.', '没有空闲地址，且已知是什么占用了它们。'),
    },
    { when: leaked, grade: 'strong', says: t('Far more address locks than running pods.', '地址锁数量远多于运行中的 Pod。') },
    { when: toldLeaked, grade: 'strong', says: t('It is stated that addresses leak.', '陈述中提到地址泄漏。') },
    { when: noneLeft, grade: 'hint', says: t('No address is free.', '没有空闲地址。') },
  ],
  refute: [
    {
      when: all(stated({ key: /pods?\b/, value: /^\d{1,2}$/ }), without(any(noneLeft, leaked, toldLeaked))),
      says: t('Few pods run, and nothing says that addresses ran out.', '运行的 Pod 不多，也没有任何迹象表明地址已耗尽。'),
    },
  ],
  asks: [
    ask(
      'How many files lie in /var/lib/cni/networks, how many pods run on the node, and is iptables installed?',
      '/var/lib/cni/networks 中有多少文件？节点上运行多少 Pod？是否安装了 iptables？',
      'ls /var/lib/cni/networks/*/ | wc -l; crictl pods -q | wc -l; command -v iptables',
    ),
  ],
  remedies: [
    {
      id: 'remove-unused-locks',
      title: t('Drain the node, stop it, move the locks aside and start it', '排空并停止节点，移走地址锁后再启动'),
      risk: t(
        'All pods of the node are made anew; removing a lock in use would give one address twice.',
        '节点上的 Pod 全部重建；若误删使用中的锁，会导致地址重复。',
      ),
      safety: 'needs-a-person',
      command:
        'kubectl drain NODE --ignore-daemonsets && systemctl stop kubelet && mv /var/lib/cni/networks /var/lib/cni/networks.culprit && systemctl start kubelet && kubectl uncordon NODE',
      undo: 'mv /var/lib/cni/networks.culprit /var/lib/cni/networks',
      verify: ['kubectl get pods -A -o wide --field-selector spec.nodeName=NODE'],
    },
  ],
});
