/** kube-proxy may not write nf_conntrack_max where the node is itself a container. Source: kubernetes cmd/kube-proxy/app/conntrack.go; kernel 5.12 (init namespace only). */
import { helped, all, ask, evidenceCause, observed, on, stated, t, textual } from '../_checks/index.ts';

export const conntrackSysctlDenied = evidenceCause({
  id: 'conntrack-sysctl-denied',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 0,
  title: t('kube-proxy may not set the size of the connection tracking table', 'kube-proxy 无权设置连接跟踪表大小'),
  mechanism: t(
    'Where the node is a container (LXC, docker-in-docker, kind, k3d, minikube), nf_conntrack_max can be written in the outer host only, since kernel 5.12 in any case. kube-proxy finds a lower value than it wants, tries to raise it and exits.',
    '当节点本身是容器（LXC、docker-in-docker、kind、k3d、minikube）时，nf_conntrack_max 只能在外层主机上写入（内核 5.12 起一律如此）。kube-proxy 发现该值低于期望，尝试提高失败后退出。',
  ),
  summary: t(
    'kube-proxy exits because it may not write nf_conntrack_max in this node.',
    'kube-proxy 因无法在该节点写入 nf_conntrack_max 而退出。',
  ),
  sources: ['kubernetes/kubernetes cmd/kube-proxy/app/conntrack.go', 'Linux 5.12 net/netfilter/nf_conntrack_standalone.c'],
  lookAlikes: ['selinux-denials', 'conntrack-table-full'],
  signatures: [
    {
      id: 'conntrack-sysctl-denied/open',
      grade: 'direct',
      terminal: true,
      anchors: ['nf_conntrack'],
      pattern:
        /(?:open |write )\/proc\/sys\/net\/(?:netfilter|nf)?\/?nf_conntrack_(?:max|buckets|tcp_timeout_[a-z_]+): (?:permission denied|operation not permitted|read-only file system)|write \/sys\/module\/nf_conntrack\/parameters\/hashsize: (?:operation not (?:permitted|supported)|permission denied)/i,
      matches: ['open /proc/sys/net/netfilter/nf_conntrack_max: permission denied'],
      rejects: ['open /proc/sys/net/netfilter/nf_conntrack_max: no such file or directory'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [/conntrack|hashsize/i, /crash|exit|fail|fatal|error|loop/i, /\b(?:set|setting|sets|writ\w*|rais\w*|chang\w*|updat\w*)\b/i],
      }),
      grade: 'strong',
      says: t('kube-proxy is told to fail where it sets the connection tracking.', '陈述中提到 kube-proxy 在设置连接跟踪时失败。'),
    },
    {
      when: helped(/conntrack/i),
      grade: 'direct',
      says: t('Setting the value outside, or leaving it alone, helped.', '在外层设置该值或不改动它后恢复。'),
    },
    {
      when: all(on('node.is-container'), stated({ whole: /kube-?proxy[^.;]*(?:crash|exit|fail)/i })),
      grade: 'strong',
      says: t('The node is a container and kube-proxy exits.', '节点本身是容器，且 kube-proxy 退出。'),
    },
    {
      when: stated({
        whole:
          /(?:nf_conntrack|conntrack|hashsize)[^.;]*(?:denied|read-?only|cannot (?:be )?(?:set|writ|chang|rais)|can't (?:set|write|change)|not (?:permitted|writ[ae]ble|allowed)|fails? to (?:set|write))|(?:may|can)(?:not|'t| not) (?:set|write|change|raise)[^.;]*conntrack/i,
      }),
      grade: 'strong',
      says: t('It is stated that the connection tracking settings cannot be written.', '陈述中提到无法写入连接跟踪设置。'),
    },
  ],
  refute: [
    {
      when: observed('told.nf_conntrack_max writable', textual(/yes|true/i)),
      says: t('The same write works by hand.', '手工写入可以成功。'),
    },
  ],
  asks: [
    ask(
      'Is the node itself a container, and can nf_conntrack_max be written there?',
      '节点本身是否为容器？在其中能否写入 nf_conntrack_max？',
      'systemd-detect-virt -c; cat /proc/sys/net/netfilter/nf_conntrack_max; uname -r',
    ),
  ],
  remedies: [
    {
      id: 'set-on-outer-host',
      title: t('Set the value on the outer host', '在外层主机上设置该值'),
      risk: t('Uses more kernel memory there.', '外层主机占用更多内核内存。'),
      safety: 'safe',
      command: 'sysctl -w net.netfilter.nf_conntrack_max=524288   # on the outer host',
      undo: 'sysctl -w net.netfilter.nf_conntrack_max=262144',
      verify: ['kubectl -n kube-system get pods -l k8s-app=kube-proxy'],
    },
    {
      id: 'leave-value-alone',
      title: t('Tell kube-proxy to leave the value alone', '让 kube-proxy 不改动该值'),
      risk: t('The table keeps the size that the outer host gives it.', '跟踪表保持外层主机给定的大小。'),
      safety: 'disruptive',
      command:
        'kubectl -n kube-system edit configmap kube-proxy   # conntrack: maxPerCore: 0; K3s: --kube-proxy-arg=conntrack-max-per-core=0',
      undo: 'kubectl -n kube-system edit configmap kube-proxy   # remove maxPerCore: 0',
      verify: ['kubectl -n kube-system get pods -l k8s-app=kube-proxy'],
    },
  ],
});
