/** A port that nodes need from each other does not answer from one of them; who drops it is not known. Source: k3s-io/k3s issue 1395; k3s-io/docs requirements. */
import {
  all,
  any,
  ask,
  evidenceCause,
  isDial,
  isLoopbackAddress,
  isRefused,
  line,
  stated,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';
import { NODE_PORTS, nodePortDropped, nodePortRejected, portReachable, portUnreachable } from './_reachability.ts';

const joinFails = line('join-server-url-wrong/ca-certs-failed');
const refusedElsewhere = symptomWhere(
  (one) =>
    isDial(one) &&
    isRefused(one) &&
    one.address !== undefined &&
    !isLoopbackAddress(one.address) &&
    one.port !== undefined &&
    NODE_PORTS.includes(one.port) &&
    !/localhost/i.test(one.name ?? '') &&
    /agent|join|etcd/i.test(one.component ?? ''),
);
const localhostByName = symptomWhere(
  (one) => isDial(one) && /^localhost$/i.test(one.name ?? '') && one.address !== undefined && !isLoopbackAddress(one.address),
);

export const nodePortBlocked = evidenceCause({
  id: 'node-port-blocked',
  area: 'firewall',
  severity: 'critical',
  layer: 2,
  title: t('A port that this node needs on another node does not answer', '本节点所需的另一节点端口没有应答'),
  mechanism: t(
    'A filter between the nodes drops or rejects the port. The program behind it listens and other nodes reach it. K3s agents print this as EOF, because their local load balancer closes the connection.',
    '节点之间的过滤规则丢弃或拒绝了该端口。其后的程序在监听，其他节点也能访问。K3s agent 会显示为 EOF，因为其本地负载均衡器关闭了连接。',
  ),
  summary: t(
    'The port answers elsewhere and not from this node: something between drops it.',
    '该端口在别处有应答，而从本节点没有：中间有规则丢弃。',
  ),
  sources: ['k3s-io/docs: requirements', 'k3s-io/k3s issue 1395'],
  lookAlikes: ['service-not-listening', 'mtu-mismatch', 'name-only-in-mdns', 'join-server-url-wrong'],
  consequenceOf: [
    'firewalld-active',
    'ufw-active',
    'cloud-security-group',
    'localhost-shadowed-by-dns-search',
    'hosts-stale-entry',
    'rke-port-check-failed',
    'wrong-interface-autodetected',
    'vxlan-checksum-offload',
    'vxlan-udp-blocked',
    'cidr-overlap',
    'nm-cloud-setup-enabled',
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /iptables|\binput\b|nftables|firewall|security (?:list|group)/i,
          /reject|drop/i,
          /\b(?:all|everything|any|default|end|last)\b/i,
          /input|incoming|iptables/i,
        ],
      }),
      grade: 'strong',
      says: t('The rules of the node refuse what is not named.', '节点的规则拒绝未列出的流量。'),
    },
    {
      when: all(portUnreachable, without(localhostByName)),
      grade: 'direct',
      says: t('The port does not answer from this node.', '从本节点访问该端口没有应答。'),
    },
    {
      when: all(any(nodePortDropped, nodePortRejected), joinFails),
      grade: 'direct',
      says: t('The join fails, and the port of the other node gives no answer.', '加入失败，且另一节点的端口没有应答。'),
    },
    {
      when: all(any(nodePortDropped, nodePortRejected)),
      grade: 'strong',
      says: t('A port of another node gives no answer or is rejected.', '另一节点的端口没有应答或被拒绝。'),
    },
    {
      when: stated({
        whole:
          /(?:port|tcp)[^.;]*(?:6443|9345|2379|2380|10250|443(?![^.;]*(?:service|cluster ?ip| pod)))[^.;]*(?:block|closed|filtered|not reachable|unreachable|cannot be reached|time|drop)|(?:6443|9345|2379|2380|10250)[^.;]*(?:block|closed|filtered|not reachable|unreachable|not open|drop)|network ?policy[^.;]*block|firewall(?![^.;]*(?:\bdns\b|outbound|egress|internet))[^.;]*block/i,
      }),
      grade: 'direct',
      says: t('It is stated that the port is blocked.', '陈述中提到端口被封。'),
    },
    { when: refusedElsewhere, grade: 'weak', says: t('A port of another node refuses the connection.', '另一节点的端口拒绝连接。') },
    {
      when: line('wrong-interface-autodetected/bgp-not-established'),
      grade: 'hint',
      says: t('calico-node has no BGP session with its neighbours.', 'calico-node 与邻居没有建立 BGP 会话。'),
    },
    { when: joinFails, grade: 'hint', says: t('The node could not fetch the CA of the server.', '节点无法取得服务端的 CA。') },
  ],
  refute: [
    {
      when: localhostByName,
      says: t('The URL says localhost: the name leads to the wrong address.', 'URL 写的是 localhost：是名称解析到了错误的地址。'),
    },
    {
      when: all(portReachable, without(portUnreachable), without(nodePortDropped)),
      says: t('The port answers from this node.', '从本节点访问该端口有应答。'),
    },
  ],
  asks: [
    ask(
      'Does the port (6443, 9345, 2379, 10250) answer from this node, does it listen on its own node, and does another node reach it?',
      '从本节点访问该端口（6443、9345、2379、10250）是否有应答？目标节点上是否有监听？其他节点能否访问？',
      'nc -vz -w 3 ADDRESS 6443   # here and on another node; on the target: ss -ltn sport = :6443',
    ),
    ask(
      'Which name or address stands in the URL, and how does it resolve here?',
      'URL 中的名称或地址是什么？在本机如何解析？',
      'getent ahosts NAME; systemctl show -p Environment k3s-agent',
    ),
  ],
  remedies: [
    {
      id: 'find-and-open',
      title: t('Find what drops it, and open the port for the nodes only', '找到丢弃它的规则，并仅对节点放行该端口'),
      risk: t('The port is exposed to the sources given.', '端口对指定来源开放。'),
      safety: 'needs-a-person',
      command: 'iptables -I INPUT -p tcp --dport 6443 -s NODE_NETWORK -j ACCEPT',
      undo: 'iptables -D INPUT -p tcp --dport 6443 -s NODE_NETWORK -j ACCEPT',
      verify: ['nc -vz -w 3 ADDRESS 6443'],
    },
  ],
});
