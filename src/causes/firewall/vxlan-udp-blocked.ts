/** The overlay's port is closed between nodes while TCP works. Source: rancher docs networking; rke2-docs requirements; rancher/rke cluster/network.go (its port check tests TCP only). */
import { all, any, ask, evidenceCause, line, off, on, stated, t, without } from '../_checks/index.ts';
import { clusterTrafficDropped } from './_reachability.ts';

const told = stated(
  {
    whole:
      /(?:8472|4789|51820|51821|udp|vxlan|wireguard|ipip|protocol 4|overlay port)[^.;]*(?:block|closed|not open|filtered|drop|denied|not allowed|missing from|not in the)|(?:block|clos|filter|drop|den)[^.;]*(?:8472|4789|51820|udp port|vxlan)|(?:nsx|hypervisor)[^.;]*(?:uses|own)[^.;]*(?:8472|4789)/i,
  },
  { key: /(?:udp|vxlan|8472|4789).*(?:open|reachable|allowed)/, value: 'no' },
);
/** What is dropped for its checksum did arrive. */
const badChecksums = any(line('vxlan-checksum-offload/'), on('path.bad-udp-checksum'), on('path.heals-without-offload'));
const onlyAcrossNodes = any(
  all(off('path.pods-reach-pods'), on('path.nodes-reach-nodes')),
  all(on('path.same-node-works'), off('path.pods-reach-pods')),
);

export const vxlanUdpBlocked = evidenceCause({
  id: 'vxlan-udp-blocked',
  area: 'firewall',
  severity: 'critical',
  layer: 2,
  title: t("The overlay's port is closed between nodes", '节点之间的隧道端口被封'),
  mechanism: t(
    'Pods of different nodes talk through an encapsulation: 8472/udp (Canal, flannel, Cilium), 4789/udp (Calico VXLAN), 51820/udp (WireGuard) or IP protocol 4 (IPIP). A firewall that lets TCP pass and drops this leaves each node an island.',
    '不同节点的 Pod 通过封装互通：8472/udp（Canal、flannel、Cilium）、4789/udp（Calico VXLAN）、51820/udp（WireGuard）或 IP 协议 4（IPIP）。防火墙只放行 TCP 而丢弃这些流量时，每个节点都成为孤岛。',
  ),
  summary: t('Pods on different nodes cannot talk because overlay packets do not arrive.', '不同节点的 Pod 无法互通，因为隧道包无法到达。'),
  sources: ['rancher docs: networking', 'rancher/rke2-docs: requirements', 'rancher/rke cluster/network.go'],
  consequenceOf: ['wrong-interface-autodetected', 'firewalld-active', 'ufw-active'],
  lookAlikes: ['vxlan-checksum-offload', 'mtu-mismatch', 'wrong-interface-autodetected', 'iptables-backend-mixed', 'cloud-security-group'],
  confirm: [
    {
      when: off('path.overlay-packets-arrive'),
      grade: 'direct',
      says: t('Overlay packets leave one node and do not arrive at the other.', '隧道包从一个节点发出，却没有到达另一节点。'),
    },
    {
      when: all(told, without(badChecksums)),
      grade: 'direct',
      says: t('It is stated that the overlay port is closed.', '陈述中提到隧道端口被封。'),
    },
    {
      when: all(any(onlyAcrossNodes), without(badChecksums)),
      grade: 'weak',
      says: t('Nodes reach each other, pods across nodes do not.', '节点之间可达，跨节点的 Pod 不可达。'),
    },
    {
      when: clusterTrafficDropped,
      grade: 'hint',
      says: t('Connections to Service or pod addresses time out.', '到 Service 或 Pod 地址的连接超时。'),
    },
  ],
  refute: [
    { when: on('path.overlay-packets-arrive'), says: t('Overlay packets arrive.', '隧道包能够到达。') },
    { when: on('path.pods-reach-pods'), says: t('Pods reach pods on other nodes.', '跨节点的 Pod 可达。') },
  ],
  asks: [
    ask(
      'Do overlay packets (8472/udp, 4789/udp, 51820/udp or IPIP) that leave one node arrive at the other?',
      '一个节点发出的隧道包（8472/udp、4789/udp、51820/udp 或 IPIP）能否到达另一节点？',
      'tcpdump -ni any udp port 8472 or udp port 4789   # on both nodes at once',
    ),
  ],
  remedies: [
    {
      id: 'open-overlay-port',
      title: t('Open the overlay port between the nodes only', '仅在节点之间放行隧道端口'),
      risk: t(
        'Open it to the nodes only: whoever reaches it can send packets into the pod network.',
        '只对节点放行：能访问该端口者可向 Pod 网络注入数据包。',
      ),
      safety: 'needs-a-person',
      command: 'iptables -I INPUT -p udp --dport 8472 -s NODE_NETWORK -j ACCEPT',
      undo: 'iptables -D INPUT -p udp --dport 8472 -s NODE_NETWORK -j ACCEPT',
      verify: ['kubectl exec POD -- ping -c 1 POD_IP_ON_OTHER_NODE'],
    },
  ],
});
