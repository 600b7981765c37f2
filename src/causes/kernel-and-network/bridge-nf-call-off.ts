/** Bridged frames skip iptables, so the Service translation is skipped between pods of one bridge. Source: rke1-docs os.md; older kubeadm checks. */
import { helped, all, any, ask, evidenceCause, observed, off, on, stated, sysctl, t, without } from '../_checks/index.ts';

const valueIsZero = any(
  sysctl('net.bridge.bridge-nf-call-iptables', (value) => value === '0'),
  stated(
    { key: /bridge.?nf.?call(?:.?iptables)?/, value: 'no' },
    { whole: /bridge-nf-call-iptables[^.;]*(?:= ?0|is 0|disabled|missing|does not exist|unset|not set)/i },
  ),
);
const notLoaded = any(
  off('module.br_netfilter.loaded'),
  stated(
    { key: /br.?netfilter/, value: 'no' },
    { whole: /br_netfilter[^.;]*(?:not loaded|missing|unloaded|absent|not present|gives nothing|empty)/i },
  ),
);
const servicesOnlyRemote = any(
  all(on('path.pods-reach-pods'), off('path.pods-reach-services')),
  on('iptables.service-counters-zero'),
  stated(
    {
      clause: [
        /\b(?:same|local|one)[- ](?:node|host|machine)|co-?located/i,
        /fail|time|cannot|can't|not (?:work|reach|answer)|only/i,
        /service|dns|cluster ?ip|virtual ip|pods?/i,
      ],
    },
    { clause: [/counters?|packets?/i, /zero|\b0\b|do not (?:rise|grow)|never/i, /rules?|iptables|service/i] },
  ),
);

export const bridgeNfCallOff = evidenceCause({
  id: 'bridge-nf-call-off',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 0,
  title: t('Bridged pod traffic bypasses iptables', '经网桥的 Pod 流量绕过了 iptables'),
  mechanism: t(
    'A reply from a pod on the same bridge goes straight back over the bridge. Unless br_netfilter hands bridged frames to iptables, the Service address is not translated back, and the client drops an answer from an address it never asked.',
    '同一网桥上 Pod 的应答会直接经网桥返回。若 br_netfilter 没有把网桥帧交给 iptables，Service 地址就不会被还原，客户端会丢弃来自陌生地址的应答。',
  ),
  summary: t(
    'Service addresses fail for pods on the same node because bridged frames skip iptables.',
    '同节点上 Pod 访问 Service 地址失败，因为网桥帧没有经过 iptables。',
  ),
  sources: ['rancher/rke1-docs docs/os/os.md', 'kubernetes/kubernetes cmd/kubeadm/app/preflight/checks.go (older versions)'],
  lookAlikes: ['iptables-backend-mixed', 'cidr-overlap', 'kernel-module-missing', 'ip-forward-off'],
  signatures: [
    {
      id: 'bridge-nf-call-off/kubeadm',
      grade: 'direct',
      anchors: ['bridge-nf-call-iptables'],
      pattern:
        /bridge-nf-call-iptables(?:\]: .{0,80}| )(?:contents are not set to 1|does not exist)|ERROR FileContent--proc-sys-net-bridge-bridge-nf-call-iptables/i,
      matches: [
        '\t[ERROR FileContent--proc-sys-net-bridge-bridge-nf-call-iptables]: /proc/sys/net/bridge/bridge-nf-call-iptables does not exist',
        '/proc/sys/net/bridge/bridge-nf-call-iptables contents are not set to 1',
      ],
      rejects: ['net.bridge.bridge-nf-call-iptables = 1'],
    },
    {
      id: 'bridge-nf-call-off/no-such-key',
      grade: 'direct',
      anchors: ['bridge-nf-call-iptables'],
      pattern:
        /(?:cannot stat|open) \/proc\/sys\/net\/bridge\/bridge-nf-call-iptables: No such file|bridge-nf-call-iptables" is an unknown key|stat \/proc\/sys\/net\/bridge\/bridge-nf-call-iptables: no such file/i,
      matches: [
        'sysctl: cannot stat /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory',
        'error: "net.bridge.bridge-nf-call-iptables" is an unknown key',
      ],
      rejects: ['sysctl: cannot stat /proc/sys/net/bridge/bridge-nf-call-ip6tables-x: Permission denied'],
    },
    {
      id: 'bridge-nf-call-off/value',
      grade: 'direct',
      anchors: ['bridge-nf-call-iptables'],
      pattern: /bridge-nf-call-iptables(?: ?[=:] ?0\b| is disabled)/,
      matches: ['net.bridge.bridge-nf-call-iptables = 0', 'WARNING: bridge-nf-call-iptables is disabled'],
      rejects: ['net.bridge.bridge-nf-call-iptables = 1', 'WARNING: bridge-nf-call-ip6tables is disabled'],
    },
    {
      id: 'bridge-nf-call-off/unexpected-source',
      grade: 'strong',
      anchors: ['reply from unexpected source'],
      pattern: /reply from unexpected source: (?<address>[0-9.]+)#53, expected (?<server>[0-9.]+)#53/,
      matches: [';; reply from unexpected source: 10.244.1.9#53, expected 10.96.0.10#53'],
      rejects: [';; connection timed out; no servers could be reached'],
    },
    {
      id: 'bridge-nf-call-off/flannel-check',
      grade: 'direct',
      terminal: true,
      anchors: ['br_netfilter'],
      pattern: /Failed to check br_netfilter|br_netfilter(?: module)? (?:is )?not (?:loaded|found)|Module br_netfilter not found/i,
      matches: [
        'E0101 00:00:00.000000       1 main.go:268] Failed to check br_netfilter: stat /proc/sys/net/bridge/bridge-nf-call-iptables: no such file or directory',
      ],
      rejects: ['br_netfilter 32768 0'],
    },
  ],
  confirm: [
    {
      when: all(
        notLoaded,
        any(
          off('path.pods-reach-services'),
          stated({
            whole:
              /(?:service|cluster ?ip|dns|name|lookup)[^.;]*(?:not|un|fail|time|cannot|hang|drop|no answer)|(?:cannot|can't|unable|fail)[^.;]*(?:service|dns|resolve|cluster ?ip)/i,
          }),
        ),
      ),
      grade: 'direct',
      says: t('br_netfilter is not loaded, and Services cannot be reached.', 'br_netfilter 未加载，且 Service 无法访问。'),
    },
    {
      when: all(
        stated({
          clause: [
            /\bsame (?:node|host|machine)|one node|single agent|co-?located|on the node of|local(?:ly)?/i,
            /service|cluster ?ip|virtual ip|dns|coredns|lookup/i,
            /hang|time|fail|not|half|50 ?%|every second|second time|no answer|only/i,
          ],
        }),
        without(off('path.pods-reach-pods')),
      ),
      grade: 'strong',
      says: t('Services fail where their pod runs on the same node.', '后端 Pod 在同一节点时 Service 失败。'),
    },
    {
      when: helped(/br[-_ ]?netfilter|bridge[- ]nf[- ]call|bridge netfilter/i),
      grade: 'direct',
      says: t('Loading br_netfilter, or switching the setting on, helped.', '加载 br_netfilter 或打开该设置后恢复。'),
    },
    {
      when: stated({
        whole:
          /(?:service|cluster ?ip)[^;]*(?:not|fail|time)[^;]*(?:same|own) node|(?:same|own) node[^;]*(?:service|cluster ?ip)[^;]*(?:not|fail|time)/iu,
      }),
      grade: 'hint',
      says: t('Services do not answer where the backend is on the same node.', '后端在同一节点时 Service 无法访问。'),
    },
    {
      when: valueIsZero,
      grade: 'direct',
      says: t('net.bridge.bridge-nf-call-iptables is 0 or missing.', 'net.bridge.bridge-nf-call-iptables 为 0 或不存在。'),
    },
    { when: notLoaded, grade: 'direct', says: t('The module br_netfilter is not loaded.', '未加载 br_netfilter 模块。') },
    {
      when: servicesOnlyRemote,
      grade: 'weak',
      says: t(
        'Service addresses fail though pods reach pods, or the Service rules count no packets.',
        'Pod 之间互通而 Service 地址失败，或 Service 规则计数为零。',
      ),
    },
  ],
  refute: [
    {
      when: all(
        sysctl('net.bridge.bridge-nf-call-iptables', (value) => value === '1'),
        without(valueIsZero),
      ),
      says: t('net.bridge.bridge-nf-call-iptables is 1.', 'net.bridge.bridge-nf-call-iptables 为 1。'),
    },
    {
      when: stated({ key: /bridge.?nf.?call/, value: 'yes' }),
      says: t('net.bridge.bridge-nf-call-iptables is 1.', 'net.bridge.bridge-nf-call-iptables 为 1。'),
    },
    {
      when: observed('cni.name', (value) => value === 'cilium'),
      says: t('The CNI is an eBPF data plane that does not need it.', 'CNI 为 eBPF 数据面，不需要该设置。'),
    },
  ],
  asks: [
    ask(
      'Is br_netfilter loaded and net.bridge.bridge-nf-call-iptables 1? Does only traffic to a pod on the same node fail?',
      'br_netfilter 是否已加载？net.bridge.bridge-nf-call-iptables 是否为 1？是否只有到同节点 Pod 的流量失败？',
      'lsmod | grep br_netfilter; sysctl net.bridge.bridge-nf-call-iptables',
    ),
  ],
  remedies: [
    {
      id: 'load-br-netfilter',
      title: t('Load br_netfilter and set the value, now and for good', '立即并永久加载 br_netfilter 并设置该值'),
      risk: t('Bridged frames of other software pass iptables as well.', '其他软件的网桥帧也会经过 iptables。'),
      safety: 'safe',
      command:
        "modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-iptables=1 && echo br_netfilter > /etc/modules-load.d/culprit-br_netfilter.conf && echo 'net.bridge.bridge-nf-call-iptables = 1' > /etc/sysctl.d/99-culprit-bridge-nf-call-off.conf",
      undo: 'sysctl -w net.bridge.bridge-nf-call-iptables=0; rm -f /etc/modules-load.d/culprit-br_netfilter.conf /etc/sysctl.d/99-culprit-bridge-nf-call-off.conf',
      verify: ['sysctl net.bridge.bridge-nf-call-iptables'],
    },
  ],
});
