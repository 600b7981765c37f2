/** Source: kubernetes cmd/kubeadm/app/preflight/checks.go; rancher/rke2-docs known_issues (wicked); docker engine warning. */
import { all, any, ask, evidenceCause, stated, sysctl, t, without } from '../_checks/index.ts';

const off = any(
  sysctl('net.ipv4.ip_forward', (value) => value === '0'),
  sysctl('net.ipv4.conf.all.forwarding', (value) => value === '0'),
  stated(
    { key: /ip.?forward(?:ing)?$|ipv4 forwarding/, value: 'no' },
    { whole: /ip_?forward[^.;]*(?:= ?0|is 0|disabled|is off|switched off|reset)/i },
  ),
);
const isOne = sysctl('net.ipv4.ip_forward', (value) => value === '1');

export const ipForwardOff = evidenceCause({
  id: 'ip-forward-off',
  area: 'kernel-and-network',
  severity: 'critical',
  layer: 0,
  title: t('The kernel does not forward IPv4 packets', '内核未开启 IPv4 转发'),
  mechanism: t(
    'Packets between pods and the network pass through the node as through a router. With net.ipv4.ip_forward 0 the kernel drops them. Wicked, NetworkManager or a hardening role may reset the value later.',
    'Pod 与网络之间的数据包要经过节点转发，节点相当于路由器。net.ipv4.ip_forward 为 0 时内核会丢弃它们。Wicked、NetworkManager 或加固脚本可能在之后重置该值。',
  ),
  summary: t('IPv4 forwarding is off: pods reach nothing beyond their own node.', 'IPv4 转发已关闭：Pod 无法访问本节点以外的地址。'),
  sources: ['kubernetes/kubernetes cmd/kubeadm/app/preflight/checks.go', 'rancher/rke2-docs known_issues'],
  lookAlikes: ['forward-policy-drop', 'bridge-nf-call-off', 'firewalld-active'],
  signatures: [
    {
      id: 'ip-forward-off/kubeadm',
      grade: 'direct',
      anchors: ['ip_forward', 'ip-forward'],
      pattern: /\/proc\/sys\/net\/ipv4\/ip_forward contents are not set to 1|ERROR FileContent--proc-sys-net-ipv4-ip_forward/i,
      matches: ['\t[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1'],
      rejects: ["can't create /proc/sys/net/ipv4/ip_forward: Read-only file system", 'net.ipv4.ip_forward = 1'],
    },
    {
      id: 'ip-forward-off/docker-warning',
      grade: 'strong',
      anchors: ['IPv4 forwarding is disabled'],
      pattern: /IPv4 forwarding is disabled/,
      matches: ['WARNING: IPv4 forwarding is disabled. Networking will not work.'],
      rejects: ['WARNING: bridge-nf-call-ip6tables is disabled'],
    },
    {
      id: 'ip-forward-off/sysctl-output',
      grade: 'direct',
      anchors: ['ip_forward'],
      pattern: /net[./]ipv4[./]ip_forward ?[=:] ?0\b/,
      matches: ['net.ipv4.ip_forward = 0'],
      rejects: ['net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward_use_pmtu = 0'],
    },
  ],
  confirm: [
    { when: off, grade: 'direct', says: t('net.ipv4.ip_forward is 0.', 'net.ipv4.ip_forward 为 0。') },
    {
      when: stated({ whole: /pod[^;]*(?:only[^;]*(?:own|same) node|not[^;]*(?:other nodes?|beyond|outside)|(?:own|same) node only)/iu }),
      grade: 'hint',
      says: t('Pods reach nothing beyond their own node.', 'Pod 无法访问本节点以外的地址。'),
    },
  ],
  refute: [{ when: all(isOne, without(off)), says: t('net.ipv4.ip_forward is 1.', 'net.ipv4.ip_forward 为 1。') }],
  asks: [
    ask(
      'Is net.ipv4.ip_forward 1, now and in sysctl.d?',
      'net.ipv4.ip_forward 当前以及在 sysctl.d 中是否为 1？',
      'sysctl net.ipv4.ip_forward; grep -rn ip_forward /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /run/sysctl.d',
    ),
  ],
  remedies: [
    {
      id: 'sysctl-on',
      title: t('Switch forwarding on, now and for good', '立即并永久开启转发'),
      risk: t('The node routes between all its networks.', '节点会在其所有网络之间转发。'),
      safety: 'safe',
      command: "sysctl -w net.ipv4.ip_forward=1 && echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/99-culprit-ip-forward-off.conf",
      undo: 'sysctl -w net.ipv4.ip_forward=0 && rm -f /etc/sysctl.d/99-culprit-ip-forward-off.conf',
      verify: ['sysctl net.ipv4.ip_forward'],
    },
  ],
});
