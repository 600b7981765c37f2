/** Large packets vanish on the way. Overheads: VXLAN 50, IPIP 20, WireGuard 60 (IPv4) or 80 (IPv6) bytes. Source: rancher docs networking; rancher/rke cluster/validation.go. */
import type { NodeFacts } from '../../facts/node-facts.ts';
import { helped, all, any, ask, evidenceCause, off, on, stated, statementsOf, symptom, t } from '../_checks/index.ts';
import type { Look, Test } from '../_checks/index.ts';

const OVERLAY = /^(?:vxlan|flannel|cali|canal|tunl|cni|cilium|weave|geneve|docker|br-|veth|pod|overlay|tunnel|container)/;
const CARRIER =
  /^(?:wg|tun|tap|ppp|eth|en[opsx]|bond|tailscale|zt|gre|ipsec|node|host|physical|underlay|nic|card|vpn|interface|wan|uplink)/;

/** MTU by interface: collected, or told as 'vxlan0_mtu: 1450', 'mtu: eth0 1500, wg0 1420'. */
const mtus = (node: NodeFacts): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const one of (node.netns.find((netns) => netns.id === 'host') ?? node.netns[0])?.interfaces.state === 'known'
    ? hostInterfaces(node)
    : [])
    if (one.mtu !== undefined) found.set(one.name, one.mtu);
  for (const [key, fact] of Object.entries(node.observations)) {
    const name = /^interface\.(.+)\.mtu$/.exec(key)?.[1];
    if (name !== undefined && fact.state === 'known' && typeof fact.value === 'number') found.set(name, fact.value);
  }
  for (const { key, value } of statementsOf(node)) {
    if (!/mtu/i.test(`${key} ${value}`)) continue;
    const byKey = /^([a-z][a-z0-9.-]*?)[_. -]?mtu$/i.exec(key)?.[1]?.toLowerCase();
    const number = /^\D{0,3}(\d{4,5})\b/.exec(value)?.[1];
    if (byKey !== undefined && byKey !== '' && number !== undefined && !found.has(byKey)) found.set(byKey, Number(number));
    for (const match of value.matchAll(/\b([a-z][a-z0-9.-]{2,14})(?: mtu)?[ :=]+(\d{4,5})\b/gi)) {
      const [, name, size] = match;
      if (name !== undefined && size !== undefined && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), Number(size));
    }
  }
  return found;
};
const hostInterfaces = (node: NodeFacts) => {
  const fact = (node.netns.find((netns) => netns.id === 'host') ?? node.netns[0])?.interfaces;
  return fact?.state === 'known' ? fact.value : [];
};

/** An overlay must be smaller than what carries it by at least its own overhead; a missing 20 bytes already lose packets. */
const MIN_OVERHEAD = 20;
const overlayTooLarge: Test = ({ node }): Look => {
  const all_ = [...mtus(node)].filter(([name]) => name !== 'lo');
  // A bridge such as cni0 adds no header: without a tunnel it is as large as the card.
  const overlays = all_.filter(([name]) => OVERLAY.test(name) && !/^(?:docker|br-|veth|cni\d)/.test(name));
  const carriers = all_.filter(([name]) => CARRIER.test(name));
  for (const [overlay, size] of overlays) {
    const carrier = carriers.find(([, below]) => below < size + MIN_OVERHEAD);
    if (carrier !== undefined)
      return {
        seen: 'yes',
        kind: 'comparison',
        values: { overlay, overlayMtu: String(size), carrier: carrier[0], carrierMtu: String(carrier[1]) },
      };
  }
  return overlays.length > 0 && carriers.length > 0 ? { seen: 'no' } : { seen: 'unknown' };
};
/** docker bridges inherit 1500 while the node's card has less. */
const bridgeLargerThanCard: Test = ({ node }): Look => {
  const all_ = [...mtus(node)];
  const bridges = all_.filter(([name]) => /^(?:docker|br-|cni)/.test(name));
  const cards = all_.filter(([name]) => CARRIER.test(name));
  const smallest = cards.sort((a, b) => a[1] - b[1])[0];
  const bridge = bridges.find(([, size]) => smallest !== undefined && size > smallest[1]);
  return bridge !== undefined && smallest !== undefined
    ? {
        seen: 'yes',
        kind: 'comparison',
        values: { overlay: bridge[0], overlayMtu: String(bridge[1]), carrier: smallest[0], carrierMtu: String(smallest[1]) },
      }
    : { seen: 'unknown' };
};
/** The nodes themselves differ: "new node 1500, all other nodes 9000". */
const nodesDiffer: Test = ({ node }): Look => {
  const told = statementsOf(node).filter(
    ({ key, value }) => /mtu/i.test(`${key} ${value}`) && /node|host|machine|server|worker|master/i.test(`${key} ${value}`),
  );
  const sizes = told.flatMap(({ key, value }) =>
    [...value.matchAll(/\b(\d{4,5})\b/g)].map(([, size]) => ({
      size,
      interface: /\b(?:eth|ens|enp|wg|bond|tun)\w*/.exec(key.toLowerCase())?.[0] ?? '',
    })),
  );
  const [first] = sizes;
  const other = sizes.find((one) => one.size !== first?.size && one.interface === first?.interface);
  const source = told[0];
  return first === undefined || other === undefined || source === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'statement', source: { kind: 'statement', key: source.key, text: `${source.key}: ${source.value}` } };
};
const stalls: Test = any(
  symptom(
    { operation: 'tls', errno: ['TIMEOUT', 'ETIMEDOUT'] },
    { text: /TLS handshake timeout|handshake.{0,40}timed? ?out|Client hello \(1\):[ \t]*$|websocket: bad handshake/i },
  ),
  stated({
    whole:
      /(?:tls|https|ssl|large|big|download|transfer|client hello)[^.;]*(?:stall|hang|stuck|time|freez)|ping works[^.;]*(?:tls|https|handshake)|small (?:packets|pings|requests)[^.;]*(?:work|pass)/i,
  }),
);

export const mtuMismatch = evidenceCause({
  id: 'mtu-mismatch',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 2,
  title: t('Packets are larger than the path allows', '数据包大于路径允许的大小'),
  mechanism: t(
    "The overlay's interfaces allow larger packets than the network below can carry after the tunnel header is added. Small packets pass, so ping works and TCP connects; the first large one, a TLS certificate or an upload, vanishes.",
    '隧道接口允许的数据包在加上隧道头后超过了底层网络的承载能力。小包可以通过，所以 ping 正常、TCP 能连接；第一个大包（TLS 证书或上传数据）就会丢失。',
  ),
  summary: t(
    'Large packets are lost on the path: the MTU of the pods or of the tunnel does not fit the network below.',
    '大包在路径上丢失：Pod 或隧道的 MTU 与底层网络不匹配。',
  ),
  sources: ['rancher docs: networking', 'rancher/rke cluster/validation.go (network.mtu)'],
  lookAlikes: ['node-port-blocked', 'vxlan-udp-blocked', 'vxlan-checksum-offload', 'websocket-blocked'],
  signatures: [
    {
      id: 'mtu-mismatch/frag-needed',
      grade: 'strong',
      anchors: ['message too long', 'Message too long', 'Frag needed', 'frag needed', 'Packet too big', 'need to frag'],
      pattern:
        /message too long(?:, mtu[= ]+(?<mtu>\d+))?|frag needed(?: and DF set)?(?: \(mtu = \d+\))?|need to frag \(mtu \d+\)|Packet too big: mtu=\d+/i,
      matches: ['ping: local error: message too long, mtu=1450', 'From 192.0.2.1 icmp_seq=1 Frag needed and DF set (mtu = 1420)'],
      rejects: ['File name too long'],
    },
    {
      id: 'mtu-mismatch/tls-handshake-timeout',
      grade: 'weak',
      anchors: ['TLS handshake timeout'],
      pattern: /TLS handshake timeout/,
      matches: ['net/http: TLS handshake timeout'],
      rejects: ['http: TLS handshake error from 192.0.2.1:4444: EOF'],
    },
  ],
  confirm: [
    { when: helped(/\bmtu\b|mss clamp|tcpmss/i), grade: 'direct', says: t('Another MTU helped.', '调整 MTU 后恢复。') },
    {
      when: overlayTooLarge,
      grade: 'direct',
      says: t(
        'The tunnel interface {overlay} with MTU {overlayMtu} stands above {carrier} with MTU {carrierMtu}: it allows larger packets than the one that carries it.',
        '隧道接口 {overlay} 的 MTU 为 {overlayMtu}，高于承载它的 {carrier} 的 MTU {carrierMtu}：允许的数据包过大。',
      ),
    },
    {
      when: on('path.large-packets-lost'),
      grade: 'direct',
      says: t('Small packets pass between the nodes, large ones are lost.', '节点之间小包可通过，大包丢失。'),
    },
    {
      when: all(nodesDiffer, stalls),
      grade: 'direct',
      says: t('The nodes have different MTUs, and connections stall.', '各节点的 MTU 不同，且连接停滞。'),
    },
    { when: nodesDiffer, grade: 'strong', says: t('The nodes have different MTUs.', '各节点的 MTU 不同。') },
    {
      when: all(bridgeLargerThanCard, stalls),
      grade: 'direct',
      says: t('A bridge allows larger packets than the network card, and connections stall.', '网桥允许的数据包大于网卡，且连接停滞。'),
    },
    {
      when: bridgeLargerThanCard,
      grade: 'weak',
      says: t('A bridge allows larger packets than the network card.', '网桥允许的数据包大于网卡。'),
    },
    {
      when: stated({
        whole:
          /mtu[^.;]*(?:mismatch|differ|unequal|larger|bigger|too (?:large|big|high)|lower(?:ing|ed)?|reduc|cured|fix|jumbo|wrong|9000)|(?:jumbo frame|large packets)[^.;]*(?:lost|dropped|not|only)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the MTUs differ.', '陈述中提到 MTU 不一致。'),
    },
    { when: stalls, grade: 'weak', says: t('Connections are made and then stall.', '连接能建立，随后停滞。') },
  ],
  refute: [
    { when: off('path.large-packets-lost'), says: t('Full-size packets pass between the nodes.', '节点之间满尺寸的数据包可以通过。') },
  ],
  asks: [
    ask(
      "Which MTU have the pod, bridge and tunnel interfaces (docker0, cni0, flannel.1, wg0) and the cards that carry them (1500, 1450, 1420, 9000), does it differ between nodes, and what is the largest ping with the don't-fragment bit that passes between nodes?",
      'Pod、网桥和隧道接口（docker0、cni0、flannel.1、wg0）及其承载网卡的 MTU 各是多少（1500、1450、1420、9000）？各节点是否一致？节点之间带 DF 位的 ping 最大能通过多大？',
      'ip -d link | grep -o "^[0-9]*: [^ ]* \\|mtu [0-9]*"; ping -c 2 -M do -s 1472 PEER',
    ),
  ],
  remedies: [
    {
      id: 'set-cni-mtu',
      title: t('Set the MTU of the CNI to what the path carries, less the tunnel header', '把 CNI 的 MTU 设为路径可承载值减去隧道头'),
      risk: t('Pods restart to take the new value.', 'Pod 需重启以采用新值。'),
      safety: 'disruptive',
      command: 'ip link set dev flannel.1 mtu 1370   # try live, then set it in the configuration of the CNI (RKE: network.mtu)',
      undo: 'ip link set dev flannel.1 mtu 1450',
      verify: ['ping -c 2 -M do -s 1342 PEER', 'curl -sv https://HOST >/dev/null'],
    },
  ],
});
