import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addressFromWords, formatIpv6Groups, ipv6FromHex } from '../../../src/facts/parse/address.ts';
import { parseIpAddr } from '../../../src/facts/parse/ip-addr.ts';
import { parseIpRoute, parseIpRule } from '../../../src/facts/parse/ip-route.ts';
import {
  interfacesFromProc,
  parseIfInet6,
  parseProcIpv6Route,
  parseProcRoute,
  parseProcSockets,
  parseProcUnix,
} from '../../../src/facts/parse/proc-net.ts';
import { parseSsByInode } from '../../../src/facts/parse/ss.ts';

describe('addresses as /proc writes them', () => {
  test.each([
    ['00000000000000000000000000000001', '::1'],
    ['00000000000000000000000000000000', '::'],
    ['20010db8000000000000000000000007', '2001:db8::7'],
    ['fe8000000000000000fcfffffe000001', 'fe80::fc:ffff:fe00:1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['00010000000200000003000000040000', '1:0:2:0:3:0:4:0'],
    ['00000000000000000000ffff7f000001', '::ffff:127.0.0.1'],
    ['0000000000000000000000007f000001', '::127.0.0.1'],
  ])('%s is %s', (hex, text) => {
    expect(ipv6FromHex(hex)).toBe(text);
  });

  test.each([
    ['0100007F', '127.0.0.1'],
    ['00000000', '0.0.0.0'],
    ['00000000000000000000000001000000', '::1'],
    ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1'],
  ])('%s of /proc/net/tcp is %s', (hex, text) => {
    expect(addressFromWords(hex)).toBe(text);
  });

  test('on a big-endian machine the words are in network order', () => {
    expect(addressFromWords('7F000001', true)).toBe('127.0.0.1');
  });

  property.prop([fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65_535 })), { minLength: 8, maxLength: 8 })])(
    'the text of any address is one that URL takes for the same',
    (groups) => {
      const full = groups.map((g) => g.toString(16)).join(':');
      expect(new URL(`http://[${formatIpv6Groups(groups)}]`).hostname).toBe(new URL(`http://[${full}]`).hostname);
    },
  );
});

const IP_ADDR = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0 minmtu 0 maxmtu 0
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
       valid_lft forever preferred_lft forever
7: eth0@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default
    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    veth numtxqueues 1 numrxqueues 1 gso_max_size 65536
    inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0
    inet6 fe80::42:acff:fe11:2/64 scope link tentative
    inet6 2001:db8::5/64 scope global deprecated dynamic
9: tun0: <POINTOPOINT,NOARP> mtu 1400 qdisc noop state DOWN
    link/none
    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0
`;

describe('ip addr', () => {
  test('with details: kind, flags, MTU, addresses', () => {
    expect(parseIpAddr(IP_ADDR)).toEqual([
      {
        name: 'lo',
        index: 1,
        up: true,
        loopback: true,
        mtu: 65_536,
        addresses: [
          { family: 'inet', address: '127.0.0.1', prefixLength: 8 },
          { family: 'inet6', address: '::1', prefixLength: 128 },
        ],
      },
      {
        name: 'eth0',
        index: 7,
        up: true,
        loopback: false,
        mtu: 1450,
        kind: 'veth',
        addresses: [
          { family: 'inet', address: '172.17.0.2', prefixLength: 16 },
          { family: 'inet6', address: 'fe80::42:acff:fe11:2', prefixLength: 64, tentative: true },
          { family: 'inet6', address: '2001:db8::5', prefixLength: 64, deprecated: true },
        ],
      },
      {
        name: 'tun0',
        index: 9,
        up: false,
        loopback: false,
        mtu: 1400,
        addresses: [{ family: 'inet', address: '10.8.0.2', prefixLength: 32 }],
      },
    ]);
  });

  test('one line an address (-o)', () => {
    const text =
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\ x\n';
    expect(parseIpAddr(text).map((i) => [i.name, i.loopback, i.addresses[0]?.address, i.addresses[0]?.prefixLength])).toEqual([
      ['lo', true, '127.0.0.1', 8],
      ['eth0', false, '10.0.0.5', 24],
    ]);
  });

  test('the same list twice gives each address once', () => {
    expect(parseIpAddr(IP_ADDR + IP_ADDR)[0]?.addresses).toHaveLength(2);
  });
});

describe('ip route and ip rule', () => {
  test.each([
    [
      'default via 10.0.0.1 dev eth0 proto static metric 100',
      'inet',
      { type: 'unicast', destination: '0.0.0.0/0', gateway: '10.0.0.1', device: 'eth0', metric: 100, table: 'main' },
    ],
    ['default via fe80::1 dev eth0 metric 1024 pref medium', 'inet6', { family: 'inet6', destination: '::/0', gateway: 'fe80::1' }],
    ['default dev wg0 scope link', 'inet6', { family: 'inet6', destination: '::/0', device: 'wg0' }],
    [
      'unreachable ::/96 dev lo metric 1024 error -113',
      'inet6',
      { type: 'unreachable', destination: '::/96', device: 'lo', metric: 1024, table: 'main' },
    ],
    [
      'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1',
      'inet',
      { type: 'local', destination: '127.0.0.0/8', preferredSource: '127.0.0.1', table: 'local' },
    ],
    ['unicast 10.1.0.0/16 via 10.0.0.9 dev eth0 table 100', 'inet', { type: 'unicast', destination: '10.1.0.0/16', table: '100' }],
    ['blackhole 10.42.0.0/24 proto 80', 'inet', { type: 'blackhole', destination: '10.42.0.0/24' }],
    ['169.254.169.250 dev eth0 scope link', 'inet', { destination: '169.254.169.250/32' }],
    ['10.2.0.0/16 via inet6 fe80::2 dev eth0', 'inet', { family: 'inet', gateway: 'fe80::2' }],
  ] as const)('%s', (line, family, expected) => {
    expect(parseIpRoute(`${line}\n`, family)).toMatchObject([expected]);
  });

  test('next hops of one route are not routes of their own', () => {
    expect(
      parseIpRoute('default proto static\n\tnexthop via 10.0.0.1 dev eth0 weight 1\n\tnexthop via 10.0.0.2 dev eth1 weight 1\n', 'inet'),
    ).toHaveLength(1);
  });

  test('rules', () => {
    expect(
      parseIpRule(
        '0:\tfrom all lookup local\n100:\tfrom 10.0.0.0/8 fwmark 0x1 lookup 100 suppress_prefixlength 0\n200:\tfrom all to 10.9.0.0/16 prohibit proto static\n',
        'inet',
      ),
    ).toEqual([
      { family: 'inet', priority: 0, selector: 'from all', action: 'lookup local' },
      { family: 'inet', priority: 100, selector: 'from 10.0.0.0/8 fwmark 0x1', action: 'lookup 100 suppress_prefixlength 0' },
      { family: 'inet', priority: 200, selector: 'from all to 10.9.0.0/16', action: 'prohibit' },
    ]);
  });
});

describe('/proc/net', () => {
  const ROUTE = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t100\t0000FFFF\t0\t0\t0
*\t0000A8C0\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
`;
  test('route', () => {
    expect(parseProcRoute(ROUTE)).toEqual([
      { family: 'inet', type: 'unicast', destination: '0.0.0.0/0', gateway: '172.17.0.1', device: 'eth0', metric: 0, table: 'main' },
      { family: 'inet', type: 'unicast', destination: '172.17.0.0/16', device: 'eth0', metric: 100, table: 'main' },
      { family: 'inet', type: 'unreachable', destination: '192.168.0.0/16', metric: 0, table: 'main' },
    ]);
  });

  test('ipv6_route: own addresses, a rejecting route, and not the mark of an empty table', () => {
    const text = `00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000004 00000000 80200001       lo
00000000000000000000000000000000 60 00000000000000000000000000000000 00 00000000000000000000000000000000 00000400 00000001 00000000 00200201       lo
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000003 00000000 00000001     eth0
`;
    expect(parseProcIpv6Route(text).map((r) => [r.type, r.destination, r.table])).toEqual([
      ['local', '::1/128', 'local'],
      ['unreachable', '::/96', 'main'],
      ['multicast', 'ff00::/8', 'local'],
    ]);
  });

  test('interfaces put together: lo without ::1, eth0 with its connected network', () => {
    const dev = 'Inter-|   Receive\n face |bytes\n    lo: 1 2 3\n  eth0: 4 5 6\n  down0: 0 0 0\n';
    const trie =
      'Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 172.17.0.2\n        /32 host LOCAL\n     |-- 172.17.255.255\n        /32 link BROADCAST\n';
    expect(interfacesFromProc(dev, '', trie, ROUTE)).toMatchObject([
      { name: 'lo', up: true, loopback: true, addresses: [{ address: '127.0.0.1', prefixLength: 8 }] },
      { name: 'eth0', up: true, addresses: [{ address: '172.17.0.2', prefixLength: 16 }] },
      { name: 'down0', up: false, addresses: [] },
    ]);
  });

  test('if_inet6 flags', () => {
    expect(parseIfInet6('fe800000000000000042acfffe110002 07 40 20 60     eth0\n')).toEqual([
      {
        device: 'eth0',
        index: 7,
        address: { family: 'inet6', address: 'fe80::42:acff:fe11:2', prefixLength: 64, tentative: true, deprecated: true },
      },
    ]);
  });

  test('sockets: listeners only, with and without a header', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1933 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:8000 0100007F:1933 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
  10: 00000000000000000000000000000000:1FBB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0
`;
    expect(parseProcSockets(text, 'tcp')).toEqual([
      { listener: { protocol: 'tcp', family: 'inet', address: '127.0.0.1', port: 6451 }, inode: 4711 },
      { listener: { protocol: 'tcp', family: 'inet6', address: '::', port: 8123 }, inode: 4713 },
    ]);
  });

  test('unix: listening sockets and their paths', () => {
    const text = `Num       RefCount Protocol Flags    Type St Inode Path
ffff888: 00000002 00000000 00010000 0001 01 28311 /run/nscd/socket
ffff889: 00000003 00000000 00000000 0001 03 28312 /run/nscd/socket
ffff890: 00000002 00000000 00010000 0001 01 28313 @abstract name
`;
    expect(parseProcUnix(text).map((s) => [s.path, s.listening, s.inode])).toEqual([
      ['/run/nscd/socket', true, 28_311],
      ['/run/nscd/socket', false, 28_312],
      ['@abstract name', true, 28_313],
    ]);
  });

  test('ss: IPv6 only and owner, by inode', () => {
    const told = parseSsByInode(
      'tcp LISTEN 0 4096 *:6443 *:* users:(("kube-apiserver",pid=7,fd=3),("x",pid=8,fd=1)) ino:4713 sk:1 cgroup:/a v6only:0 <->\ntcp LISTEN 0 5 [::]:80 [::]:* ino:5 sk:2 v6only:1 <->\nnoise\n',
    );
    expect([...told]).toEqual([
      [4713, { v6only: false, program: 'kube-apiserver', pid: 7 }],
      [5, { v6only: true }],
    ]);
  });
});

property.prop([
  fc.string({
    maxLength: 400,
    unit: fc.oneof(
      fc.constantFrom('\n', ' ', '\t', ':', '/', '|', '-', '<', '>', '{', '}', '0', '1', 'a', 'F', '[', ']'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
  }),
])('no parser of this folder throws', (text) => {
  parseIpAddr(text);
  parseIpRoute(text, 'inet');
  parseIpRule(text, 'inet6');
  parseIfInet6(text);
  parseProcRoute(text);
  parseProcIpv6Route(text);
  parseProcSockets(text, 'udp');
  parseProcUnix(text);
  parseSsByInode(text);
  interfacesFromProc(text, text, text, text);
});
