/** Random surroundings and calls for Go programs. */
import type { Json, JsonObject } from '../../vectors/adapter.ts';
import { hostsFile, NAMES, NETWORKS, SEARCH_LISTS, SUFFIXES, zone } from '../generate-parts.ts';
import type { Random } from '../random.ts';
import type { Trial } from '../trial.ts';

const SERVERS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const;
const HOSTS_LINES = [
  'hosts: files dns',
  'hosts: files dns',
  'hosts: files dns',
  'hosts: files',
  'hosts: dns',
  'hosts: dns files',
  'hosts: files mdns4_minimal [NOTFOUND=return] dns',
  'hosts: files dns myhostname',
  'hosts: files myhostname dns',
  'hosts: resolve [!UNAVAIL=return] files dns',
  'hosts: files [NOTFOUND=return] dns',
  'hosts: dns [!UNAVAIL=return] files',
  'hosts: files [SUCCESS=merge] dns',
  'hosts: files [UNAVAIL=return] dns',
  'hosts:',
  'HOSTS: files',
  'hosts: files # dns',
  'hosts: files [NOTFOUND=return',
  'hosts:\tfiles\tdns',
  'hosts:files dns',
  '  hosts : dns files',
  'passwd: files',
  'hosts: files[NOTFOUND=return] dns',
  'hosts: files [ ] dns',
  'hosts: nis files',
  'hosts: FILES DNS',
  'garbage\nhosts: dns files',
  'hosts: files\nhosts: dns',
] as const;
const ODD_NAMES = [
  '127.0.0.1',
  '127.1',
  '010.0.0.1',
  '256.0.0.1',
  '12',
  '::1',
  '::ffff:192.0.2.1',
  'fe80::1%lo',
  'fe80::1%9',
  '[::1]',
  '127.0.0.1.',
  'www.example.',
  'localhost.',
  'a..b',
  '-dash',
  'under_score',
  'WWW.EXAMPLE',
  'db.',
  '.',
  '',
  'x'.repeat(64),
  'foo.local',
  'foo.onion',
  '_gateway',
  'gateway',
  'with space',
] as const;
const OPTIONS = [
  'ndots:0',
  'ndots:2',
  'ndots:5',
  'ndots:99',
  'ndots:x',
  'edns0',
  'single-request',
  'single-request-reopen',
  'use-vc',
  'usevc',
  'rotate',
  'attempts:2',
  'attempts:0',
  'trust-ad',
  'no-aaaa',
  'inet6',
  'bogus',
  'timeout:0',
  'no-reload',
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
  '; nameserver 127.0.0.2',
  'sortlist 10.0.0.0',
  'lookup file bind',
] as const;

function resolvConf(random: Random, cgo: boolean): string {
  // glibc begins with a server of its own choice.
  const options = cgo ? OPTIONS.filter((option) => option !== 'rotate') : OPTIONS;
  const lines = SERVERS.slice(0, random.pick([0, 1, 1, 1, 2, 3])).map(
    (server) => `nameserver ${random.chance(0.1) ? '127.0.0.9' : server}`,
  );
  if (random.chance(0.08)) lines.unshift(random.pick(BAD_SERVERS));
  const search = random.pick(SEARCH_LISTS);
  if (search !== '') lines.push(search);
  lines.push(`options timeout:1 attempts:1 ${random.some(options, 0.05).join(' ')}`.trimEnd());
  return `${lines.join(random.chance(0.03) ? '\r\n' : '\n')}${random.chance(0.95) ? '\n' : ''}`;
}

export function generateGoTrial(random: Random, cgo: boolean, modules: readonly string[]): Trial {
  const silence = random.chance(0.2);
  const files: Record<string, Json> = {};
  if (random.chance(0.35)) files['/etc/hosts'] = '127.0.0.1 localhost\n';
  else if (random.chance(0.95)) files['/etc/hosts'] = hostsFile(random);
  if (random.chance(0.92)) files['/etc/nsswitch.conf'] = `${random.pick(HOSTS_LINES)}\n`;
  if (random.chance(0.94)) files['/etc/resolv.conf'] = resolvConf(random, cgo);
  // glibc is held against the model by its own subject; here it is what the decision leads to.
  if (random.chance(0.3)) files['/etc/host.conf'] = 'multi on\n';
  const env: Record<string, string> = {};
  if (random.chance(0.25))
    env['GODEBUG'] = random.pick(['netdns=go', 'netdns=cgo', 'netdns=', 'netdns=bogus', 'netdns=go+9', 'other=1,netdns=cgo']);
  if (cgo && random.chance(0.05)) env['LOCALDOMAIN'] = random.pick(['b.example', '']);
  if (cgo && random.chance(0.05)) env['RES_OPTIONS'] = 'ndots:2';
  const dns = random.some(SERVERS, 0.8).map((server): Json => ({
    server,
    records: zone(random, NAMES, SUFFIXES, silence),
    default: random.chance(0.85) ? 'NXDOMAIN' : random.pick(['SERVFAIL', 'REFUSED']),
  }));
  const hostname = random.pick(['node1', 'node1', 'node1.example']);
  return {
    given: {
      files,
      env,
      hostname,
      net: random.pick(Object.values(NETWORKS)),
      dns,
      ...(modules.length === 0 ? {} : { modules: [...modules] }),
    },
    when: whenOf(random),
  };
}

function whenOf(random: Random): JsonObject {
  const name = random.chance(0.2) ? random.pick(ODD_NAMES) : random.pick(NAMES);
  // LookupIP of nothing is the address of nothing, without a look-up.
  const call = name === '' ? 'LookupHost' : random.pick(['LookupIPAddr', 'LookupIPAddr', 'LookupHost', 'LookupIP']);
  return { call, name, network: call === 'LookupIP' ? random.pick(['ip4', 'ip6']) : 'ip' };
}
