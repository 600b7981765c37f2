/** Random surroundings and calls for musl. */
import type { Json, JsonObject } from '../../vectors/adapter.ts';
import { hostsFile, NAMES, NETWORKS, SEARCH_LISTS, SUFFIXES, zone } from '../generate-parts.ts';
import type { Random } from '../random.ts';
import type { Trial } from '../trial.ts';

const SERVERS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const;
const ODD_NAMES = [
  '127.0.0.1',
  '127.1',
  '0x7f000001',
  '010.0.0.1',
  '256.0.0.1',
  '1.2.3.4.5',
  '2130706433',
  '12',
  '::1',
  '::ffff:192.0.2.1',
  'fe80::1%lo',
  'fe80::1%9',
  '2001:db8::1%lo',
  '[::1]',
  '127.0.0.1.',
  '::1%1',
  'www.example.',
  'localhost.',
  'a..b',
  '-dash',
  'under_score',
  'WWW.EXAMPLE',
  'db.',
  '.',
  'x'.repeat(64),
  '0',
  'bücher.example',
] as const;
const OPTIONS = [
  'ndots:0',
  'ndots:2',
  'ndots:5',
  'ndots:99',
  'ndots:x',
  'edns0',
  'single-request',
  'use-vc',
  'rotate',
  'attempts:2',
  'attempts:0',
  'attempts:9999',
] as const;
const BAD_SERVERS = [
  'nameserver bogus',
  'nameserver 127.0.0.2#c',
  ' nameserver 127.0.0.2',
  'nameserver 127.0.0.2:53',
  'nameserver\t127.0.0.2',
  'NAMESERVER 127.0.0.2',
  'nameserver 127.0.0.2 # x',
  'nameserver 127.2',
] as const;
const FLAG_SETS: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['AI_ADDRCONFIG'],
  ['AI_V4MAPPED'],
  ['AI_V4MAPPED', 'AI_ALL'],
  ['AI_NUMERICHOST'],
  ['AI_CANONNAME'],
];
/** A line that does not fit the buffer of 512 bytes. */
const LONG_LINE = `10.240.0.7 ${'y'.repeat(490)} www localhost db\n`;

function resolvConf(random: Random): string {
  const lines = SERVERS.slice(0, random.pick([0, 1, 1, 1, 2, 3])).map(
    (server) => `nameserver ${random.chance(0.1) ? '127.0.0.9' : server}`,
  );
  if (random.chance(0.08)) lines.unshift(random.pick(BAD_SERVERS));
  const search = random.pick(SEARCH_LISTS);
  if (search !== '') lines.push(search);
  lines.push(
    `options timeout:${random.chance(0.05) ? '2' : '1'} ${random.chance(0.8) ? 'attempts:1 ' : ''}${random.some(OPTIONS, 0.06).join(' ')}`.trimEnd(),
  );
  return `${lines.join('\n')}${random.chance(0.95) ? '\n' : ''}`;
}

export function generateMuslTrial(random: Random): Trial {
  const silence = random.chance(0.2);
  const files: Record<string, Json> = {};
  if (random.chance(0.4)) files['/etc/hosts'] = '127.0.0.1 localhost\n';
  else if (random.chance(0.95)) files['/etc/hosts'] = `${random.chance(0.03) ? LONG_LINE : ''}${hostsFile(random)}`;
  if (random.chance(0.95)) files['/etc/resolv.conf'] = resolvConf(random);
  // All servers say the same: which of them is heard first is chance.
  const script = {
    records: zone(random, NAMES, SUFFIXES, silence),
    default: random.chance(0.9) ? 'NXDOMAIN' : random.pick(['SERVFAIL', 'REFUSED']),
  };
  const dns = random.some(SERVERS, 0.8).map((server): Json => ({ server, ...script }));
  return { given: { files, hostname: 'node1', net: random.pick(Object.values(NETWORKS)), dns }, when: whenOf(random) };
}

function whenOf(random: Random): JsonObject {
  const name = random.chance(0.2) ? random.pick(ODD_NAMES) : random.pick(NAMES);
  if (random.chance(0.2)) return { call: 'gethostbyname2', name, family: random.pick(['inet', 'inet', 'inet6']) };
  const flags = random.pick(FLAG_SETS);
  return {
    call: 'getaddrinfo',
    name,
    family: random.pick(['unspec', 'unspec', 'inet', 'inet6']),
    ...(flags.length === 0 ? {} : { flags }),
  };
}
