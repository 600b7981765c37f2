import { describe, expect, test } from 'vitest';
import { readPacketFilters } from '../../../src/collect/collectors/system/packet-filters.ts';
import { known } from '../../../src/facts/fact.ts';
import type { Interface, Listener, NetnsFacts } from '../../../src/facts/node-facts.ts';
import { judgePacket, type Packet } from '../../../src/facts/parse/firewall-packet.ts';
import { parseFilterTable } from '../../../src/facts/parse/iptables-save.ts';
import { plain, record } from './support.ts';

const table = (...rules: readonly string[]): string =>
  `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules
    .filter((r) => r.startsWith(':'))
    .join('\n')}\n${rules.filter((r) => !r.startsWith(':')).join('\n')}\nCOMMIT\n`;
const pod: Packet = {
  hook: 'forward',
  family: 'inet',
  inDevice: 'cni0',
  outDevice: 'eth0',
  source: '10.42.0.2',
  destination: '198.51.100.7',
  protocol: 'tcp',
  port: 443,
};

describe('a packet of a pod', () => {
  test.each([
    ['nothing but the policy', table(), 'drop'],
    ['its range is accepted', table('-A FORWARD -s 10.42.0.0/16 -j ACCEPT'), 'accept'],
    ['another range is accepted', table('-A FORWARD -s 10.43.0.0/16 -j ACCEPT'), 'drop'],
    ['by the chain of the CNI', table(':CNI - [0:0]', '-A FORWARD -j CNI', '-A CNI -i cni0 -j ACCEPT'), 'accept'],
    [
      'docker alone',
      table(':DOCKER-USER - [0:0]', '-A FORWARD -j DOCKER-USER', '-A DOCKER-USER -j RETURN', '-A FORWARD -i docker0 -j ACCEPT'),
      'drop',
    ],
    ['established ones only', table('-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'), 'drop'],
    ['by a mark that is not known', table('-A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT'), 'unknown'],
    ['a mark that comes to the same', table('-A FORWARD -m mark --mark 0x1 -j DROP'), 'drop'],
    ['rejected by all', table('-A FORWARD -j REJECT --reject-with icmp-host-prohibited'), 'reject'],
  ])('%s', (_, text, verdict) => {
    expect(judgePacket(parseFilterTable(text, 'inet'), pod)?.verdict).toBe(verdict);
  });
  test('a table without the hook says nothing', () => {
    expect(judgePacket(new Map(), pod)).toBeUndefined();
  });
});

const eth0: Interface = { name: 'eth0', up: true, loopback: false, addresses: [{ family: 'inet', address: '10.0.0.4', prefixLength: 24 }] };
const source = { kind: 'probe', probe: 'test' } as const;
const netns = (listeners: readonly Listener[]): NetnsFacts => ({
  id: 'host',
  interfaces: known([eth0], source),
  routes: known(
    [{ family: 'inet', type: 'unicast', destination: '0.0.0.0/0', gateway: '10.0.0.1', device: 'eth0', table: 'main' }],
    source,
  ),
  rules: known([], source),
  ipv6Socket: known(true, source),
  disableIpv6: {},
  listeners: known(listeners, source),
  rejects: known([], source),
  sysctls: {},
});
const api: Listener = { protocol: 'tcp', family: 'inet', address: '0.0.0.0', port: 6443 };

describe('ports of the cluster that other nodes cannot reach', () => {
  const closed = (rules: readonly string[], listener: Listener = api): unknown =>
    plain(
      readPacketFilters([], {
        records: [record('iptables', ['host', 'inet'], table(...rules)), record('netns-end', ['host'], '')],
        facts: netns([listener]),
      }),
    )['firewall.closed-ports'];
  test.each([
    ['dropped', ['-A INPUT -p tcp -m tcp --dport 6443 -j DROP'], ['6443 drop']],
    ['open', [], []],
    ['open to one network alone: which node asks is not known', ['-A INPUT -s 10.0.0.0/24 -j ACCEPT', '-A INPUT -j DROP'], []],
    ['only lo is open', ['-A INPUT -i lo -j ACCEPT', '-A INPUT -j REJECT'], ['6443 reject']],
  ])('%s', (_, rules, expected) => {
    expect(closed(rules)).toEqual(expected);
  });
  test('a port that listens on the loopback is nobody else’s', () => {
    expect(closed(['-A INPUT -j DROP'], { ...api, address: '127.0.0.1' })).toEqual([]);
  });
});

test('back ends: version, and which of them hold chains', () => {
  const found = plain(
    readPacketFilters(
      [
        record('iptables-version', [], 'iptables v1.8.7 (nf_tables)\n'),
        record('chains', ['legacy'], '*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n'),
        record('chains', ['nft'], '*nat\n:KUBE-SERVICES - [0:0]\n'),
      ],
      { records: [], facts: undefined },
    ),
  );
  expect(found).toMatchObject({
    'iptables.version': '1.8.7 (nf_tables)',
    'iptables.backend': 'nft',
    'iptables.legacy-chains': ['filter/INPUT', 'filter/KUBE-FIREWALL'],
    'iptables.nft-chains': ['nat/KUBE-SERVICES'],
  });
});
