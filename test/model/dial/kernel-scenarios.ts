/** Namespaces as command lines: the states that nodes are found in, and what is near them. */
export interface Scenario {
  readonly name: string;
  readonly setup: readonly string[];
  readonly listen?: readonly (readonly [host: string, port: number, v6only?: boolean])[];
}

const LO = 'ip link set lo up';
const UPLINK = [
  LO,
  'ip link add v0 type veth peer name v1',
  'ip link set v0 up',
  'ip link set v1 up',
  'sysctl -qw net.ipv6.conf.v1.disable_ipv6=1',
  'ip addr add 192.0.2.10/24 dev v0',
  'ip route add default via 192.0.2.1',
];
const GLOBAL6 = [...UPLINK, 'ip -6 addr add 2001:db8:10::10/64 dev v0 nodad', 'ip -6 route add default via 2001:db8:10::1'];
const nft = (family: string, hook: 'input' | 'output', rule: string): string[] => [
  LO,
  `nft add table ${family} t`,
  `nft 'add chain ${family} t c { type filter hook ${hook} priority 0; }'`,
  `nft 'add rule ${family} t c ${rule}'`,
];

export const SCENARIOS: readonly Scenario[] = [
  { name: 'lo down', setup: [] },
  { name: 'lo down, uplink', setup: [...UPLINK, 'ip link set lo down'] },
  { name: 'lo down, v6 uplink', setup: [...GLOBAL6, 'ip link set lo down'] },
  { name: 'lo up', setup: [LO] },
  { name: 'lo.disable_ipv6', setup: [LO, 'sysctl -qw net.ipv6.conf.lo.disable_ipv6=1'] },
  { name: 'all.disable_ipv6', setup: [LO, 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1'] },
  { name: 'default.disable_ipv6 first', setup: ['sysctl -qw net.ipv6.conf.default.disable_ipv6=1', ...UPLINK] },
  {
    name: 'all off, lo on',
    setup: [...UPLINK, 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1', 'sysctl -qw net.ipv6.conf.lo.disable_ipv6=0'],
  },
  { name: 'all off before lo up', setup: ['sysctl -qw net.ipv6.conf.all.disable_ipv6=1', LO] },
  { name: 'global v6 uplink, lo without ::1', setup: [...GLOBAL6, 'ip -6 addr del ::1/128 dev lo'] },
  {
    name: 'global v6 uplink without default, lo without ::1',
    setup: [...GLOBAL6, 'ip -6 route del default', 'sysctl -qw net.ipv6.conf.lo.disable_ipv6=1'],
  },
  {
    name: 'same, unreachable ::/96',
    setup: [...GLOBAL6, 'sysctl -qw net.ipv6.conf.lo.disable_ipv6=1', 'ip -6 route add unreachable ::/96'],
  },
  {
    name: 'unreachable ::/96, then lo off',
    setup: [...GLOBAL6, 'ip -6 route add unreachable ::/96', 'sysctl -qw net.ipv6.conf.lo.disable_ipv6=1'],
  },
  { name: 'unreachable ::/96, no v6 address', setup: [LO, 'ip -6 addr del ::1/128 dev lo', 'ip -6 route add unreachable ::/96'] },
  { name: 'unreachable ::1 in main, ::1 there', setup: [LO, 'ip -6 route add unreachable ::1/128', 'ip -6 route add unreachable ::/96'] },
  { name: 'v4 unreachable default', setup: [LO, 'ip route add unreachable default'] },
  { name: 'v4 blackhole default', setup: [LO, 'ip route add blackhole default'] },
  { name: 'v4 throw default', setup: [LO, 'ip route add throw default'] },
  { name: 'v4 unreachable one network', setup: [...UPLINK, 'ip route add unreachable 203.0.113.0/24'] },
  { name: 'v6 prohibit default', setup: [LO, 'ip -6 route add prohibit default'] },
  { name: 'v6 blackhole default', setup: [LO, 'ip -6 route add blackhole default'] },
  { name: 'v6 throw default', setup: [LO, 'ip -6 route add throw default'] },
  { name: 'v6 unreachable default', setup: [LO, 'ip -6 route add unreachable default'] },
  { name: 'v6 unreachable over unicast by metric', setup: [...GLOBAL6, 'ip -6 route add unreachable default metric 10'] },
  { name: 'rule prohibit v4', setup: [...UPLINK, 'ip rule add to 203.0.113.0/24 prohibit'] },
  { name: 'rule unreachable v4', setup: [...UPLINK, 'ip rule add to 203.0.113.0/24 unreachable'] },
  { name: 'rule blackhole v6', setup: [...GLOBAL6, 'ip -6 rule add to 2001:db8:1::/48 blackhole'] },
  { name: 'rule to another table', setup: [LO, 'ip route add unreachable default table 100', 'ip rule add to 203.0.113.0/24 table 100'] },
  { name: 'rule with iif lo', setup: [...UPLINK, 'ip route add prohibit default table 100', 'ip rule add iif lo table 100'] },
  { name: 'rule from a v6 address', setup: [...GLOBAL6, 'ip -6 rule add from 2001:db8:10::10 prohibit'] },
  { name: 'rule not to', setup: [...UPLINK, 'ip route add prohibit default table 100', 'ip rule add not to 203.0.113.0/24 table 100'] },
  { name: 'rule fwmark', setup: [...UPLINK, 'ip rule add fwmark 1 prohibit'] },
  { name: 'rule from an address', setup: [...UPLINK, 'ip rule add from 192.0.2.10 prohibit'] },
  { name: 'whole prefix on lo', setup: [LO, 'ip addr add 203.0.113.1/24 dev lo'] },
  { name: 'host address on lo', setup: [LO, 'ip addr add 203.0.113.5/32 dev lo', 'ip -6 addr add 2001:db8:1::5/128 dev lo'] },
  { name: 'local route', setup: [LO, 'ip route add local 203.0.113.0/24 dev lo'] },
  { name: 'v4 loopback address deleted', setup: [LO, 'ip addr del 127.0.0.1/8 dev lo'] },
  { name: 'v4 loopback as /32', setup: [LO, 'ip addr del 127.0.0.1/8 dev lo', 'ip addr add 127.0.0.1/32 dev lo'] },
  { name: 'interface down with address', setup: [LO, 'ip link add d0 type veth peer name d1', 'ip addr add 203.0.113.5/24 dev d0'] },
  {
    name: 'interface up with address',
    setup: [LO, 'ip link add d0 type veth peer name d1', 'ip addr add 203.0.113.5/24 dev d0', 'ip link set d0 up'],
  },
  { name: 'nonlocal bind', setup: [LO, 'sysctl -qw net.ipv4.ip_nonlocal_bind=1', 'sysctl -qw net.ipv6.ip_nonlocal_bind=1'] },
  { name: 'bindv6only', setup: [LO, 'sysctl -qw net.ipv6.bindv6only=1'] },
  ...[
    'net-unreachable',
    'host-unreachable',
    'prot-unreachable',
    'port-unreachable',
    'net-prohibited',
    'host-prohibited',
    'admin-prohibited',
  ].flatMap((type) =>
    (['input', 'output'] as const).map((hook) => ({
      name: `${hook} v4 ${type}`,
      setup: nft('ip', hook, `ip protocol {tcp,udp} ip daddr 127.0.0.1 reject with icmp type ${type}`),
    })),
  ),
  ...['no-route', 'admin-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'].flatMap((type) =>
    (['input', 'output'] as const).map((hook) => ({
      name: `${hook} v6 ${type}`,
      setup: nft('ip6', hook, `meta l4proto {tcp,udp} ip6 daddr ::1 reject with icmpv6 type ${type}`),
    })),
  ),
  { name: 'input v4 drop', setup: nft('ip', 'input', 'ip protocol {tcp,udp} drop') },
  { name: 'output v4 drop', setup: nft('ip', 'output', 'ip protocol {tcp,udp} drop') },
  { name: 'output v6 drop', setup: nft('ip6', 'output', 'meta l4proto {tcp,udp} drop') },
  { name: 'input tcp reset by port', setup: nft('ip', 'input', 'tcp dport 4321 reject with tcp reset') },
  { name: 'output tcp reset by port', setup: nft('ip', 'output', 'tcp dport 4321 reject with tcp reset') },
  { name: 'input tcp reset, every packet', setup: nft('ip6', 'input', 'meta l4proto tcp reject with tcp reset') },
  { name: 'output tcp reset, every packet', setup: nft('ip', 'output', 'meta l4proto tcp reject with tcp reset') },
  { name: 'inet table, reject, tcp and udp', setup: nft('inet', 'input', 'meta l4proto {tcp,udp} reject') },
  {
    name: 'inet table, icmpx admin-prohibited',
    setup: nft('inet', 'input', 'meta l4proto {tcp,udp} reject with icmpx type admin-prohibited'),
  },
  { name: 'reject whatever comes in', setup: nft('ip', 'input', 'reject') },
  { name: 'reject whatever goes out', setup: nft('ip', 'output', 'reject') },
  { name: 'reject to another port', setup: nft('ip', 'input', 'tcp dport 4322 reject') },
  { name: 'reject on another device', setup: nft('ip', 'input', 'iifname eth0 reject') },
  { name: 'reject on lo', setup: nft('ip', 'input', 'iifname lo meta l4proto tcp reject with icmp type host-prohibited') },
  {
    name: 'input policy drop',
    setup: [LO, 'nft add table inet t', "nft 'add chain inet t c { type filter hook input priority 0; policy drop; }'"],
  },
  {
    name: 'reject for 127.0.0.0/8',
    setup: nft('ip', 'input', 'ip daddr 127.0.0.0/8 meta l4proto {tcp,udp} reject with icmp type host-prohibited'),
  },
  { name: 'reject one source', setup: nft('ip', 'input', 'ip saddr 127.0.0.2 meta l4proto {tcp,udp} drop') },
  { name: 'listener 127.0.0.1', setup: [LO], listen: [['127.0.0.1', 4321]] },
  { name: 'listener 0.0.0.0', setup: [LO], listen: [['0.0.0.0', 4321]] },
  { name: 'listener :: dual', setup: [LO], listen: [['::', 4321, false]] },
  { name: 'listener :: v6only', setup: [LO], listen: [['::', 4321, true]] },
  { name: 'listener ::1', setup: [LO], listen: [['::1', 4321]] },
  { name: 'listener :: with IPv6 off', setup: [LO, 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1'], listen: [['::', 4321, false]] },
  { name: 'listener on own address', setup: UPLINK, listen: [['192.0.2.10', 4321]] },
  {
    name: 'listener behind a reject rule',
    setup: nft('ip', 'input', 'tcp dport 4321 reject with icmp type host-prohibited'),
    listen: [['0.0.0.0', 4321]],
  },
  { name: 'listener behind a drop rule', setup: nft('inet', 'input', 'tcp dport 4321 drop'), listen: [['::', 4321, false]] },
];

export const CONNECT = [
  '127.0.0.1',
  '127.0.0.5',
  '::1',
  '203.0.113.5',
  '203.0.113.255',
  '2001:db8:1::5',
  '2001:db8:10::10',
  '192.0.2.77',
  '192.0.2.10',
  '::ffff:127.0.0.1',
  '0.0.0.0',
  '::',
  '224.0.0.5',
  '255.255.255.255',
  'ff02::5',
];
export const BIND = [
  '127.0.0.1',
  '127.0.0.5',
  '::1',
  '::',
  '0.0.0.0',
  '192.0.2.99',
  '192.0.2.10',
  '2001:db8::99',
  '::ffff:127.0.0.1',
  '::ffff:192.0.2.99',
  'fe80::1',
  '203.0.113.5',
];
export const UDP = ['127.0.0.1', '::1', '203.0.113.5', '2001:db8:1::5'];
