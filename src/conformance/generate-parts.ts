/** Pieces of surroundings that every subject can use: networks, hosts files, zones, resolv.conf. Weights favour what real nodes have. */
import type { Json, JsonObject } from '../vectors/adapter.ts';
import type { Random } from './random.ts';

const LO = { name: 'lo', addrs: ['127.0.0.1/8', '::1/128'] };
const DEFAULT4 = 'default via 10.240.0.1 dev eth0';
const DEFAULT6 = 'default via 2001:db8:1::1 dev eth0';
const OFF = { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1', 'net.ipv6.conf.lo.disable_ipv6': '1' };

export const NETWORKS: Readonly<Record<string, JsonObject>> = {
  loopback: { interfaces: [LO], routes: [] },
  'loopback 127.0.0.2': { interfaces: [{ name: 'lo', addrs: ['127.0.0.1/8', '127.0.0.2/8', '::1/128'] }], routes: [] },
  ipv4: { interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24'] }], routes: [DEFAULT4] },
  'ipv4, lo without ::1': {
    interfaces: [
      { name: 'lo', addrs: ['127.0.0.1/8'] },
      { name: 'eth0', addrs: ['10.240.0.34/24'] },
    ],
    routes: [DEFAULT4],
  },
  'ipv6 off': {
    interfaces: [
      { name: 'lo', addrs: ['127.0.0.1/8'] },
      { name: 'eth0', addrs: ['10.240.0.34/24'] },
    ],
    routes: [DEFAULT4],
    sysctls: OFF,
  },
  'link-local ipv6': { interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24', 'fe80::34/64'] }], routes: [DEFAULT4] },
  dual: { interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24', '2001:db8:1::34/64'] }], routes: [DEFAULT4, DEFAULT6] },
  'dual, ULA': {
    interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24', 'fd00:1::34/64'] }],
    routes: [DEFAULT4, 'default via fd00:1::1 dev eth0'],
  },
  'ipv6 only': { interfaces: [LO, { name: 'eth0', addrs: ['2001:db8:1::34/64'] }], routes: [DEFAULT6] },
  'no default route': { interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24', '2001:db8:1::34/64'] }], routes: [] },
};

export const NAMES = [
  'localhost',
  'www',
  'www.example',
  'db',
  'db.prod',
  'node1',
  'a.b.c',
  'UPPER.example',
  'kubernetes.default.svc',
] as const;
const ADDRESSES = [
  '127.0.0.1',
  '127.0.0.1',
  '::1',
  '::1',
  '127.0.0.2',
  '10.240.0.7',
  '10.240.0.34',
  '198.51.100.9',
  '203.0.113.5',
  '192.168.7.7',
  '169.254.1.1',
  '2001:db8:2::1',
  '2001:db8:1::99',
  'fd00:2::1',
  'fe80::1',
  '::ffff:192.0.2.7',
  '2002:c000:201::1',
];
const BAD_ADDRESSES = ['127.1', '0x7f000001', '192.0.2.010', '::1%lo', '1.2.3.4:80', 'bogus', '1.2.3', '[::1]'];

const caseOf = (random: Random, name: string): string => (random.chance(0.1) ? name.toUpperCase() : name);

export function hostsFile(random: Random, names: readonly string[] = NAMES): string {
  const lines: string[] = [];
  for (let i = random.below(7); i >= 0; i--) {
    const gap = random.pick([' ', '\t', '   ', '\t\t']);
    const address = random.chance(0.06) ? random.pick(BAD_ADDRESSES) : random.pick(ADDRESSES);
    const own = random.some(names, 0.22, 1).map((name) => caseOf(random, random.chance(0.04) ? `${name}.` : name));
    let line = `${address}${gap}${own.join(random.pick([' ', '\t']))}`;
    if (random.chance(0.05)) line = ` ${line}`;
    if (random.chance(0.08)) line += random.pick([' # comment', '#glued', ' #', '   ']);
    if (random.chance(0.04)) line = random.pick(['', '# 127.0.0.1 localhost', address, `${address}  `]);
    lines.push(random.chance(0.03) ? `${line}\r` : line);
  }
  return lines.join('\n') + (random.chance(0.92) ? '\n' : '');
}

const ANSWERS4 = ['198.51.100.1', '198.51.100.2', '10.240.0.7', '127.0.0.1', '192.168.7.7', '169.254.1.1'];
const ANSWERS6 = ['2001:db8::80', '2001:db8:2::1', 'fd00:2::1', '::1', 'fe80::7', '2002:c000:201::1'];

/** What one name answers for a type. Silence is rare: it costs seconds. */
function answerOf(random: Random, good: readonly string[], silence: boolean): Json {
  if (random.chance(0.7)) return random.some(good, 0.3, 1);
  const rcodes = ['SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR', 'NXDOMAIN'];
  if (silence && random.chance(0.12)) return { drop: true };
  if (random.chance(0.2)) return { tc: true, addrs: random.some(good, 0.3, 1) };
  if (random.chance(0.1)) return { rcode: 'NOERROR', lame: true };
  return { rcode: random.pick(rcodes) };
}

export function zone(random: Random, names: readonly string[], suffixes: readonly string[], silence: boolean): JsonObject {
  const records: Record<string, Json> = {};
  const full = names
    .flatMap((name) => [name, ...suffixes.map((suffix) => `${name}.${suffix}`)])
    .map((name) => name.toLowerCase().replace(/\.$/u, ''));
  for (const name of full) {
    if (!random.chance(0.35)) continue;
    if (random.chance(0.08)) {
      records[name] = { CNAME: random.pick([...full, 'real.example']) };
      continue;
    }
    const types: Record<string, Json> = {};
    if (random.chance(0.12)) types['*'] = { rcode: random.pick(['SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR']) };
    else {
      if (random.chance(0.75)) types['A'] = answerOf(random, ANSWERS4, silence);
      if (random.chance(0.6)) types['AAAA'] = answerOf(random, ANSWERS6, silence);
    }
    if (random.chance(0.05)) types['noise'] = true;
    records[name] = types;
  }
  records['real.example'] = { A: ['198.51.100.3'], ...(random.chance(0.5) ? { AAAA: ['2001:db8::3'] } : {}) };
  return records;
}

export const SEARCH_LISTS = [
  '',
  'search a.example',
  'search a.example b.example',
  'domain a.example',
  'search .',
  'search a.example . b.example',
  'search shop.svc.cluster.local svc.cluster.local cluster.local',
  'search a.example # b.example',
  'search\ta.example',
  ' search a.example',
  'search a.example\ndomain c.example',
] as const;
export const SUFFIXES = ['a.example', 'b.example', 'shop.svc.cluster.local', 'svc.cluster.local'] as const;
