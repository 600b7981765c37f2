/** Random small worlds for programs: hosts, nsswitch.conf, resolv.conf, DNS zones, networks, listeners. */
import type { JsonObject } from '../../vectors/adapter.ts';
import type { Random } from '../random.ts';
import type { Trial } from '../trial.ts';

const NAMES = ['localhost', 'web', 'web.test', 'a.b', 'foo.localhost', 'api.cluster.local', 'node1', 'LOCALHOST', 'web.test.'];
/** Names that only some modules of the switch know. */
const MODULE_NAMES = ['_gateway', 'foo.localhost', 'node1', 'printer.local', 'localhost.localdomain'];
/** Addresses of this machine in some of the networks, and one that no route leads to. */
const ADDRESSES4 = ['127.0.0.1', '127.0.0.2', '192.0.2.10', '203.0.113.9'];
const ADDRESSES6 = ['::1', '2001:db8:10::10', '2001:db8:77::7'];

const LO4 = { name: 'lo', addrs: ['127.0.0.1/8'] };
const LO = { name: 'lo', addrs: ['127.0.0.1/8', '::1/128'] };
const UPLINK4 = { name: 'eth0', addrs: ['192.0.2.10/24'] };
const UPLINK = { name: 'eth0', addrs: ['192.0.2.10/24', '2001:db8:10::10/64'] };
const OFF = { 'net.ipv6.conf.all.disable_ipv6': '1' };
const NETWORKS: readonly JsonObject[] = [
  { interfaces: [LO], routes: [] },
  { interfaces: [LO, UPLINK4], routes: [] },
  { interfaces: [LO, UPLINK], routes: [] },
  { interfaces: [LO4, UPLINK4], routes: [] },
  { interfaces: [LO4, UPLINK4], routes: [], sysctls: OFF },
  { interfaces: [LO4, UPLINK], routes: [] },
  { interfaces: [LO, UPLINK4], routes: ['unreachable 203.0.113.0/24'] },
  { interfaces: [LO, UPLINK4], routes: ['prohibit 203.0.113.0/24'] },
  { interfaces: [LO, UPLINK4], routes: ['default via 192.0.2.1 dev eth0'] },
  { interfaces: [LO, UPLINK], routes: ['default via 192.0.2.1 dev eth0', 'default via 2001:db8:10::1 dev eth0'] },
  { interfaces: [LO, UPLINK4], routes: ['default via 192.0.2.1 dev eth0'], socket_AF_INET6: 'EAFNOSUPPORT' },
  { interfaces: [LO], routes: [], socket_AF_INET6: 'EAFNOSUPPORT' },
];

function hostsFile(random: Random): string {
  const lines: string[] = [];
  for (let i = random.below(4); i > 0; i--) {
    const address = random.pick(random.chance(0.5) ? ADDRESSES4 : ADDRESSES6);
    lines.push(`${address}${random.pick([' ', '\t', '   '])}${random.some(NAMES.slice(0, 7), 0.3, 1).join(' ')}\n`);
  }
  return lines.join('');
}

const NSSWITCH = [
  'hosts: files dns\n',
  'hosts: files dns\n',
  'hosts: dns files\n',
  'hosts: files\n',
  'hosts: files [NOTFOUND=return] dns\n',
  'hosts: dns [!UNAVAIL=return] files\n',
  'passwd: files\n',
];
const MODULE_LINES = [
  'hosts: files mdns4_minimal [NOTFOUND=return] dns\n',
  'hosts: files resolve [!UNAVAIL=return] dns\n',
  'hosts: files myhostname dns\n',
  'hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n',
];

const SERVER_LISTS = [
  ['127.0.0.1'],
  ['127.0.0.1'],
  ['127.0.0.1', '127.0.0.2'],
  ['127.0.0.9'],
  ['127.0.0.9', '127.0.0.1'],
  ['::1'],
  ['::1', '127.0.0.1'],
  ['127.0.0.9', '::1'],
];

function resolvConf(random: Random): string {
  const servers = random.pick(SERVER_LISTS);
  const search = random.pick(['', '', 'search one.test\n', 'search one.test two.test\n']);
  const options = random.pick(['', '', 'options ndots:2\n', 'options ndots:5\n']);
  return `${servers.map((s) => `nameserver ${s}\n`).join('')}${search}${options}options timeout:1 attempts:1\n`;
}

function typesOf(random: Random): JsonObject {
  const types: Record<string, JsonObject[string]> = {};
  if (random.chance(0.8))
    types['A'] = random.chance(0.1) ? { rcode: random.pick(['SERVFAIL', 'REFUSED']) } : random.some(ADDRESSES4, 0.3, 1);
  if (random.chance(0.4)) types['AAAA'] = random.chance(0.1) ? { rcode: 'SERVFAIL' } : random.some(ADDRESSES6, 0.3, 1);
  return types;
}

function zone(random: Random): JsonObject {
  const records: Record<string, JsonObject> = {};
  for (const name of [
    'web.test',
    'web',
    'web.one.test',
    'web.two.test',
    'a.b',
    'a.b.one.test',
    'localhost',
    'localhost.one.test',
    'api.cluster.local',
  ]) {
    if (random.chance(0.3)) records[name] = typesOf(random);
  }
  return records;
}

const LISTENING = [['127.0.0.1:6443'], ['[::]:6443'], ['[::1]:6443'], ['0.0.0.0:6443'], []];

/** Programs that wait long for silent servers get none. */
const IMPATIENT = new Set(['busybox-nslookup', 'java', 'host', 'nslookup']);

export function randomTrial(random: Random, subject: string, modules: readonly string[]): Trial {
  const records = zone(random);
  const otherwise = random.pick(['NXDOMAIN', 'NXDOMAIN', 'NXDOMAIN', 'SERVFAIL', ...(IMPATIENT.has(subject) ? [] : ['DROP'])]);
  const files: Record<string, string> = { '/etc/resolv.conf': resolvConf(random), '/etc/nsswitch.conf': random.pick(NSSWITCH) };
  const withModules = modules.length > 0 && random.chance(0.15);
  if (withModules) files['/etc/nsswitch.conf'] = random.pick(MODULE_LINES);
  else if (random.chance(0.04)) delete files['/etc/nsswitch.conf'];
  if (random.chance(0.04)) delete files['/etc/resolv.conf'];
  if (random.chance(0.9)) files['/etc/hosts'] = hostsFile(random);
  if (random.chance(0.4)) files['/etc/host.conf'] = 'multi on\n';
  return {
    given: {
      files,
      env: {},
      net: random.pick(NETWORKS),
      hostname: 'node1',
      listening: random.pick(LISTENING),
      ...(modules.length === 0 ? {} : { modules: [...modules] }),
      dns: ['127.0.0.1', '127.0.0.2'].map((server) => ({ server, records, default: otherwise })),
    },
    when: { call: subject, name: random.pick(withModules && random.chance(0.6) ? MODULE_NAMES : NAMES), family: 'unspec', flags: [] },
  };
}
