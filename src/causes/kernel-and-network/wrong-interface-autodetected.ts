/** The CNI, kubelet or agent picked an interface that its peers cannot reach. Source: rancher/rke cluster/network.go options; Calico IP autodetection; Vagrant's 10.0.2.15. */
import type { Source } from '../../facts/fact.ts';
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Look, Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, line, observed, rowsOf, stated, statementsOf, t, textual } from '../_checks/index.ts';

const internalAddresses = (node: NodeFacts): readonly string[] =>
  (rowsOf(node.observations['kube.nodes']) ?? []).map((row) => row['internalIp'] ?? '').filter((one) => one !== '' && one !== '<none>');
const nodesSource = (node: NodeFacts): { readonly source?: Source } => {
  const source = node.observations['kube.nodes']?.source;
  return source === undefined ? {} : { source };
};

/** Two nodes with one InternalIP. */
const sharedAddress: Test = ({ node }): Look => {
  const addresses = internalAddresses(node);
  const twice = addresses.find((one, index) => addresses.indexOf(one) !== index);
  return twice === undefined
    ? { seen: addresses.length > 1 ? 'no' : 'unknown' }
    : { seen: 'yes', kind: 'comparison', ...nodesSource(node), values: { address: twice } };
};
/** Addresses that are never a node's own: docker0's default, VirtualBox's NAT, loopback, link-local. */
const NEVER_A_NODE = /^(?:172\.(?:1[7-9]|2\d|3[01])\.0\.1\b|10\.0\.2\.15|127\.|169\.254\.|192\.168\.122\.1$)/;
const bridgeAddress: Test = ({ node }): Look => {
  const found = internalAddresses(node).find((one) => NEVER_A_NODE.test(one));
  return found === undefined ? { seen: 'unknown' } : { seen: 'yes', kind: 'state', ...nodesSource(node), values: { address: found } };
};
/** What calico or flannel say to have picked, beside the addresses of the node objects. */
const pickedIsNoNodeAddress: Test = ({ node, symptoms }): Look => {
  const known = internalAddresses(node);
  if (known.length === 0) return { seen: 'unknown' };
  const picked = symptoms.find((one) => one.kind === 'wrong-interface-autodetected/picked');
  const address = picked?.address;
  const [source] = picked?.evidence ?? [];
  if (picked === undefined || address === undefined) return { seen: 'unknown' };
  return known.includes(address)
    ? { seen: 'no' }
    : { seen: 'yes', kind: 'comparison', values: { address }, symptoms: [picked], ...(source === undefined ? {} : { source }) };
};
const privateAndPublic: Test = stated({
  clause: [/(?:interface|nic|card|adapter)s?:/i, /private|internal|host-?only/i, /public|external|\bnat\b/i],
});
const severalCards: Test = any(
  privateAndPublic,
  observed('interface.count', (value) => typeof value === 'number' && value >= 2),
  stated({
    key: /interfaces?|nics?|cards?|adapters?|addresses|networks?/,
    value:
      /\b(?:eth|ens|enp|eno|wg|tun|bond|tailscale|nebula|zt)[\dA-Z]*[^\d;A-Z][^;]*\b(?:eth|ens|enp|eno|wg|tun|bond|tailscale|nebula|zt)\w*\b/i,
  }),
  stated(
    {
      key: /(?:network )?(?:interface|nic|card|adapter)s?(?: count)?$|number of (?:nic|interface|card)/,
      value: /^(?:[2-9]|two|three|several|multiple|many)\b/i,
    },
    {
      whole:
        /(?:two|2|several|multiple|second|three|dual)[ -](?:network |ethernet )?(?:interface|nic|card|adapter|home)|multi-?homed|two networks/i,
    },
  ),
);
const autodetected: Test = any(
  observed('cni.ip-autodetection', textual(/first-found|^$|unset|default/i)),
  stated({ key: /iface|node.?ip$|advertise.?address|internal.?address/, value: /^(?:unset|not set|default|none|no\b|missing|absent)/i }),
  stated({ key: /autodetect/, value: /first.?found|unset|not set|default|none|no/i }),
);
/** 'host_ip_in_rancher: 172.17.0.1', 'node InternalIP: 10.0.2.15'. */
const toldBridgeAddress: Test = ({ node }): Look => {
  const hit = statementsOf(node).find(
    ({ key, value }) =>
      /(?:host|node|agent|server|internal|public|bgp|advertise|register)[a-z _.-]*(?:ip|addr)|(?:ip|address)[a-z _.-]*(?:host|node|agent|server|rancher)/i.test(
        key,
      ) &&
      !/docker|bridge|cni|pod|gateway/i.test(key) &&
      (NEVER_A_NODE.test(value.replace(/^[ \t"']+/, '')) ||
        /\b(?:docker|bridge|nat|vpn|vip|virtual ip|floating|keepalived|loopback|public one|other (?:interface|network|subnet))\b/i.test(
          value,
        )) &&
      !/\b(?:not|never|no longer)\b/i.test(value),
  );
  return hit === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'statement', source: { kind: 'statement', key: hit.key, text: `${hit.key}: ${hit.value}` } };
};
const vagrant: Test = stated({ whole: /vagrant|virtualbox|10\.0\.2\.15/i });

export const wrongInterfaceAutodetected = evidenceCause({
  id: 'wrong-interface-autodetected',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 2,
  title: t('The wrong network interface was picked', '自动选择了错误的网络接口'),
  mechanism: t(
    'With several interfaces the CNI, kubelet or agent takes the first one or that of the default route. When this is a NAT, bridge or VPN address, the other nodes send to an address that they cannot reach, or all nodes carry the same one.',
    '存在多个接口时，CNI、kubelet 或 agent 会选择第一个接口或默认路由所在接口。若它是 NAT、网桥或 VPN 地址，其他节点就会把数据发往不可达的地址，或所有节点使用相同地址。',
  ),
  summary: t('The address that was picked for the node is not the one its peers can reach.', '为节点选中的地址不是其他节点可达的地址。'),
  sources: [
    'rancher/rke cluster/network.go',
    'projectcalico docs: IP autodetection',
    'flannel-io/flannel Documentation/troubleshooting.md (Vagrant)',
  ],
  lookAlikes: ['node-port-blocked', 'vxlan-udp-blocked', 'node-name-conflict'],
  signatures: [
    {
      id: 'wrong-interface-autodetected/bridge-picked',
      grade: 'direct',
      anchors: ['Using autodetected IPv4 address on interface', 'Using interface with name'],
      pattern:
        /Using (?:autodetected IPv4 address on interface |interface with name )(?<device>docker0|br-[0-9a-f]+|virbr\d+|lxcbr\d+|lxdbr\d+|tun\d+|cni0|podman\d+|vboxnet\d+|kube-ipvs0|nodelocaldns)/,
      matches: [
        'Using autodetected IPv4 address on interface br-0123456789ab: 172.18.0.1/16',
        'Using interface with name docker0 and address 172.17.0.1',
      ],
      rejects: ['Using autodetected IPv4 address on interface eth0: 192.0.2.10/24'],
    },
    {
      // A peer speaks from another address than the one it announced.
      id: 'wrong-interface-autodetected/unexpected-peer',
      grade: 'strong',
      anchors: ['Unexpected connect from unknown address'],
      pattern: /BGP: Unexpected connect from unknown address (?<address>[0-9a-fA-F.:]+)/,
      matches: ['bird: BGP: Unexpected connect from unknown address 192.0.2.12 (port 38571)'],
      rejects: ['bird: Mesh_192_0_2_12: Connected to table master'],
    },
    {
      id: 'wrong-interface-autodetected/unasked',
      grade: 'weak',
      anchors: ['No IP provided. Using detected IP'],
      pattern: /No IP provided\. Using detected IP: (?<address>[^ ]+)/,
      matches: ['No IP provided. Using detected IP: 10.1.0.1'],
      rejects: ['Using IPv4 address from environment'],
    },
    {
      id: 'wrong-interface-autodetected/nat-picked',
      grade: 'strong',
      anchors: ['10.0.2.15'],
      pattern:
        /(?:Using (?:autodetected|interface)|public-ip|InternalIP|--node-ip|advertise-address|ADDRESS|node address|dial tcp)[^\n]{1,120}\b10\.0\.2\.15\b/i,
      matches: ['Using interface with name enp0s3 and address 10.0.2.15', 'flannel.alpha.coreos.com/public-ip: 10.0.2.15'],
      rejects: ['nameserver 10.0.2.3'],
    },
    {
      id: 'wrong-interface-autodetected/address-taken',
      grade: 'direct',
      anchors: ['already using the IPv4 address', 'already using the IPv6 address'],
      pattern: /Calico node '[^']+' is already using the IPv[46] address (?<address>[^ ]+)/,
      matches: ["Calico node 'node-2' is already using the IPv4 address 192.0.2.10."],
      rejects: ['Using IPv4 address from environment'],
    },
    {
      id: 'wrong-interface-autodetected/none-valid',
      grade: 'strong',
      anchors: ['autodetect an IPv4', 'auto-detect an IPv4', 'interface to use', 'find valid interface'],
      pattern:
        /(?:Couldn't autodetect an IPv4 address|Unable to auto-?detect an IPv4 address|failed to find (?:any valid )?interface to use|Could not find valid interface)/i,
      matches: ['Failed to find any valid interface to use: failed to get default interface'],
      rejects: ['Determining IP address of default interface'],
    },
  ],
  lines: [
    {
      id: 'wrong-interface-autodetected/picked',
      grade: 'weak',
      anchors: ['Using autodetected IPv4 address on interface', 'Using interface with name'],
      pattern:
        /Using (?:autodetected IPv4 address on interface [^:\n]{1,40}: |interface with name [^ \n]{1,40} and address )(?<address>\d+\.\d+\.\d+\.\d+)/,
      matches: [
        'Using autodetected IPv4 address on interface eth1: 192.0.2.10/24',
        'Using interface with name eth1 and address 192.0.2.10',
      ],
      rejects: ['Using IPv4 address from environment: IP=192.0.2.10'],
    },
    {
      id: 'wrong-interface-autodetected/bgp-not-established',
      grade: 'weak',
      anchors: ['BGP not established', 'BGP peering established = 0'],
      pattern: /BGP not established with|BGP peering established = 0/i,
      matches: ['calico/node is not ready: BIRD is not ready: BGP not established with 192.0.2.11'],
      rejects: ['Number of node(s) with BGP peering established = 3'],
    },
  ],
  confirm: [
    {
      when: all(
        severalCards,
        stated({
          key: /(?:flannel|calico|canal|cni|cilium|kubelet|k3s|rke2|overlay|vxlan)[a-z ]*(?:iface|interface|nic|uses?|address|ip)$|(?:iface|interface)[a-z ]*(?:flannel|calico|canal|cni|cilium|overlay|vxlan)/,
          value: /\b(?:public|external|nat|default|first|wrong|unset|not (?:set|given)|none|internet|eth0)\b/i,
        }),
      ),
      grade: 'direct',
      says: t('The node has several interfaces, and the CNI uses one that was not meant.', '节点有多个接口，而 CNI 使用了并非所需的接口。'),
    },
    {
      when: all(
        stated({ clause: [/\b(?:vip|virtual ip|keepalived|kube-?vip|floating)\b/i] }),
        stated({
          clause: [
            /bgp|calico|flannel|cni|node|peer|autodetect/i,
            /\b(?:vip|virtual ip)\b/i,
            /\b(?:ip|address|picked|chosen|selected|used|breaks?|moves?|is)\b/i,
          ],
        }),
      ),
      grade: 'direct',
      says: t('The virtual address of the load balancer was taken for the address of the node.', '负载均衡的虚拟地址被当作节点地址。'),
    },
    {
      when: stated({
        clause: [
          /\b(?:wg\d|wireguard|tailscale|private|internal|host-?only|second|eth1|enp0s8|ens\d+)\b/i,
          /\b(?:must|should|need(?:s|ed)?|want(?:ed)?|expected|have to)\b/i,
          /\b(?:use|used|talk|registered|over|through|picked|go)\b|eth0/i,
        ],
      }),
      grade: 'strong',
      says: t('Another interface is needed than the one in use.', '所需的接口不是正在使用的接口。'),
    },
    {
      when: pickedIsNoNodeAddress,
      grade: 'direct',
      says: t('The CNI took {address}, which is the address of no node.', 'CNI 选用了 {address}，而它不是任何节点的地址。'),
    },
    { when: sharedAddress, grade: 'direct', says: t('Two nodes show the same InternalIP.', '两个节点的 InternalIP 相同。') },
    {
      when: bridgeAddress,
      grade: 'direct',
      says: t('A node shows the address of a bridge or of a NAT as its InternalIP.', '某节点的 InternalIP 是网桥或 NAT 的地址。'),
    },
    {
      when: all(severalCards, any(autodetected, line('wrong-interface-autodetected/bgp-not-established'))),
      grade: 'direct',
      says: t('The node has several interfaces and the address is picked by itself.', '节点有多个接口，且地址由自动检测选择。'),
    },
    {
      when: stated({
        whole:
          /(?:wrong|other|different|nat|private|internal|public|docker|bridge|vpn|second)[^.;]*(?:interface|nic|address|ip)[^.;]*(?:picked|chosen|detected|selected|used|taken|advertis|bound|registered)|(?:picked|chose|detected|selected|uses|took|advertises)[^.;]*(?:wrong|other|nat|docker|bridge|vpn|10\.0\.2\.15)|all nodes (?:have|share|show)[^.;]*(?:same|10\.0\.2\.15)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the wrong interface or address was picked.', '陈述中提到选中了错误的接口或地址。'),
    },
    {
      when: toldBridgeAddress,
      grade: 'strong',
      says: t('The address told for the node is that of a bridge or of a NAT.', '所述的节点地址是网桥或 NAT 的地址。'),
    },
    {
      when: stated({
        clause: [
          /(?:node|agent|host|server|public|internal|bgp|registered|advertised|flannel|calico)[ _-]?(?:'s )?(?:ip|address)|ip (?:of|in|shown)|address/i,
          /(?:another|other|different|wrong|not (?:the|that|in)|outside)[^.;]{0,30}(?:network|subnet|interface|range|nic|card|address)|not reachable from (?:the )?(?:other|peers)/i,
        ],
      }),
      grade: 'strong',
      says: t('The address of the node is told to be of another network than its peers.', '陈述中提到节点地址与其他节点不在同一网络。'),
    },
    { when: all(severalCards), grade: 'weak', says: t('The node has several interfaces.', '节点有多个接口。') },
    {
      when: all(vagrant),
      grade: 'weak',
      says: t(
        'A Vagrant or VirtualBox machine: its first interface is NAT with 10.0.2.15 everywhere.',
        'Vagrant 或 VirtualBox 机器：其第一个接口是 NAT，地址都是 10.0.2.15。',
      ),
    },
    {
      when: line('wrong-interface-autodetected/bgp-not-established'),
      grade: 'weak',
      says: t('calico-node has no BGP session with its neighbours.', 'calico-node 与邻居没有建立 BGP 会话。'),
    },
  ],
  refute: [
    {
      when: stated({
        key: /(?:network )?(?:interface|nic|card|adapter)s?(?: count)?$/,
        value: /^(?:1|one|single)\b(?!.*(?:,| and | one ))/i,
      }),
      says: t('The node has one interface only.', '节点只有一个接口。'),
    },
  ],
  asks: [
    ask(
      'How many network interfaces has the node, which one did the CNI take (IP_AUTODETECTION_METHOD, flannel iface), and does its address lie in the network of the other nodes?',
      '节点有几个网络接口？CNI 选用了哪一个（IP_AUTODETECTION_METHOD、flannel iface）？其地址是否在其他节点所在网络中？',
      'ip -br addr; kubectl get nodes -o wide; kubectl -n kube-system get ds calico-node -o yaml | grep -A1 IP_AUTODETECTION',
    ),
  ],
  remedies: [
    {
      id: 'name-the-interface',
      title: t('Name the interface or address explicitly', '明确指定接口或地址'),
      risk: t('The CNI pods or the agent restart.', 'CNI Pod 或 agent 会重启。'),
      safety: 'disruptive',
      command:
        'kubectl -n kube-system set env daemonset/calico-node IP_AUTODETECTION_METHOD=interface=DEVICE   # flannel: --iface; K3s: node-ip and flannel-iface; RKE: canal_iface, internal_address',
      undo: 'kubectl -n kube-system set env daemonset/calico-node IP_AUTODETECTION_METHOD=first-found',
      verify: ['kubectl get nodes -o wide', 'kubectl -n kube-system get pods -l k8s-app=calico-node'],
    },
  ],
});
