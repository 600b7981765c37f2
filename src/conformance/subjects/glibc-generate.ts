/** Random surroundings and calls for glibc: every file it reads, its environment, its functions. */
import type { Json, JsonObject } from '../../vectors/adapter.ts';
import { hostsFile, NAMES, NETWORKS, SEARCH_LISTS, SUFFIXES, zone } from '../generate-parts.ts';
import type { Random } from '../random.ts';
import type { Trial } from '../trial.ts';
import type { CacheDaemons } from './cache-daemons.ts';

const HOSTS_LINES = [
  'hosts: files dns',
  'hosts: files dns',
  'hosts: files dns',
  'hosts: files',
  'hosts: dns',
  'hosts: dns files',
  'hosts:      files mdns4_minimal [NOTFOUND=return] dns',
  'hosts: files dns myhostname',
  'hosts: files myhostname dns',
  'hosts: resolve [!UNAVAIL=return] files dns',
  'hosts: files [NOTFOUND=return] dns',
  'hosts: dns [!UNAVAIL=return] files',
  'hosts: dns [NOTFOUND=return] files',
  'hosts: dns [TRYAGAIN=return] files',
  'hosts: files [SUCCESS=continue] dns',
  'hosts: files [SUCCESS=merge] dns',
  'hosts: files [UNAVAIL=return] dns',
  'hosts: nosuch files',
  'hosts: files nosuch',
  'hosts: nosuch',
  'hosts:',
  'HOSTS: files',
  'hosts: files # dns',
  'hosts: files [BOGUS=return] dns',
  'hosts: files [NOTFOUND=return',
  'hosts: files [notfound=RETURN] dns',
  'hosts: files\nhosts: dns',
  '  hosts : dns files',
  'hosts: files [NOTFOUND=return] [UNAVAIL=return] dns',
  'passwd: files',
  'passwd: files [bad\nhosts: files dns',
  'hosts: sss files dns',
  'hosts: files wins dns',
  'hosts: dns [SUCCESS=continue] files',
  'hosts: nosuch [UNAVAIL=return] files dns',
  'hosts: files dns [!SUCCESS=return] nosuch',
  'hosts: dns nosuch',
  'hosts files dns',
] as const;
/** Lines that name modules which only some machines have. */
const MODULE_LINES = [
  'hosts: files myhostname',
  'hosts: myhostname files dns',
  'hosts: files dns myhostname',
  'hosts: files mymachines dns',
  'hosts: files mymachines myhostname resolve [!UNAVAIL=return] dns',
  'hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns',
  'hosts: files mdns4_minimal [NOTFOUND=return] dns',
  'hosts: files mdns_minimal [NOTFOUND=return] dns mdns',
  'hosts: files mdns6 dns',
  'hosts: files mdns4 dns',
  'hosts: resolve [!UNAVAIL=return] dns',
  'hosts: dns [NOTFOUND=return] myhostname',
] as const;
const MODULE_NAMES = [
  '_gateway',
  '_outbound',
  'foo.localhost',
  'localhost.localdomain',
  'printer.local',
  'a.b.local',
  'local',
  'node1.local',
  'node1.',
] as const;
const HOST_CONFS = [
  'multi on\n',
  'multi on\n',
  'multi off\n',
  'order hosts,bind\nmulti on\n',
  'MULTI ON\n',
  'multi yes\n',
  'multi on trailing\n',
  'nospoof on\nmulti on\n',
  'reorder on\nmulti on\n',
  'multi on\nmulti off\n',
  'trim .example\n',
  '# multi on\n',
] as const;
const GAI_CONFS = [
  'precedence ::ffff:0:0/96 100\n',
  '#precedence ::ffff:0:0/96 100\n',
  'label ::1/128 0\nlabel ::/0 1\n',
  'precedence 2001:db8::/32 5\n',
  'label 2001:db8::/32 9\n',
  'scopev4 ::ffff:169.254.0.0/112 2\nscopev4 ::ffff:0.0.0.0/96 14\n',
  'scopev4 ::ffff:10.0.0.0/104 5\n',
  'Precedence ::ffff:0:0/96 100\n',
  'precedence ::ffff:0:0/96\n',
  'precedence ::ffff:0:0/130 100\n',
  'precedence ::1/128 50\nprecedence ::/0 40\nprecedence ::ffff:0:0/96 100\n',
  'reload yes\n',
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
  'no-aaaa',
  'use-vc',
  'trust-ad',
  'no-tld-query',
  'bogus',
  'inet6',
  'no-reload',
  'strict-error',
  '-no-aaaa',
  'attempts:2',
  'attempts:0',
] as const;
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
  'fe80::1%eth0',
  'fe80::1%9',
  '2001:db8::1%lo',
  '[::1]',
  '127.0.0.1 x',
  '127.0.0.1.',
  'fe80::1%',
  '::1%1',
  'abc:',
  'www.example.',
  'localhost.',
  'a..b',
  '-dash',
  'under_score',
  'with space',
  'WWW.EXAMPLE',
  'db.',
  '.',
  'x'.repeat(64),
  'fooalias',
  '12.',
  '0',
] as const;
const FLAG_SETS: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['AI_ADDRCONFIG'],
  ['AI_ADDRCONFIG'],
  ['AI_CANONNAME'],
  ['AI_V4MAPPED'],
  ['AI_V4MAPPED', 'AI_ALL'],
  ['AI_V4MAPPED', 'AI_ADDRCONFIG'],
  ['AI_NUMERICHOST'],
  ['AI_CANONNAME', 'AI_ADDRCONFIG'],
  ['AI_PASSIVE'],
  ['AI_V4MAPPED', 'AI_CANONNAME'],
  ['AI_IDN'],
  ['AI_NUMERICSERV'],
];
const FAMILIES = ['AF_UNSPEC', 'AF_UNSPEC', 'AF_INET', 'AF_INET6'] as const;

function resolvConf(random: Random): string {
  const lines: string[] = [];
  const count = random.pick([0, 1, 1, 1, 2, 2, 3]);
  for (const server of SERVERS.slice(0, count))
    lines.push(`nameserver ${random.chance(0.1) ? '127.0.0.9' : server}${random.chance(0.05) ? ' tail' : ''}`);
  if (random.chance(0.05))
    lines.unshift(
      random.pick([
        'nameserver bogus',
        'nameserver 127.0.0.2#c',
        ' nameserver 127.0.0.2',
        'nameserver 127.0.0.2:53',
        'nameserver\t127.0.0.2',
        'NAMESERVER 127.0.0.2',
      ]),
    );
  const search = random.pick(SEARCH_LISTS);
  if (search !== '') lines.push(search);
  lines.push(`options timeout:1 attempts:1 ${random.some(OPTIONS, 0.09).join(' ')}`.trimEnd());
  if (random.chance(0.1)) lines.push(`options ${random.pick(OPTIONS)}`);
  if (random.chance(0.06)) lines.push('sortlist 198.51.100.2/255.255.255.255 10.0.0.0');
  return `${lines.join(random.chance(0.04) ? '\r\n' : '\n')}\n`;
}

/** Files that an editor of another system saved. */
const withCr = (random: Random, text: string): string => (random.chance(0.03) ? text.replaceAll('\n', '\r\n') : text);

function environment(random: Random): Record<string, string> {
  const env: Record<string, string> = {};
  if (random.chance(0.05)) env['RES_OPTIONS'] = random.pick(['ndots:3', 'no-aaaa', '-no-aaaa', 'attempts:2', 'single-request']);
  if (random.chance(0.05)) env['LOCALDOMAIN'] = random.pick(['b.example', 'b.example a.example', '']);
  if (random.chance(0.05)) env['HOSTALIASES'] = '/etc/host.aliases';
  if (random.chance(0.03)) env['RESOLV_MULTI'] = random.pick(['on', 'off', 'maybe']);
  return env;
}

function daemonOf(random: Random, daemons: CacheDaemons): JsonObject {
  const [program, binary] = random.pick(Object.entries(daemons) as [string, string][]);
  return {
    program,
    binary,
    socket: '/var/run/nscd/socket',
    files: {
      '/etc/nscd.conf': `${random.pick(['enable-cache hosts yes', 'enable-cache hosts yes', 'enable-cache hosts no', '# nothing'])}\nnegative-time-to-live hosts 20\n`,
      '/etc/hosts': hostsFile(random),
      '/etc/nsswitch.conf': random.pick(['hosts: files\n', 'hosts: files dns\n']),
      '/etc/resolv.conf': 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n',
      '/etc/host.conf': random.pick(['multi on\n', '']),
    },
  };
}

export function generateGlibcTrial(random: Random, daemons: CacheDaemons, modules: readonly string[] = []): Trial {
  const silence = random.chance(0.25);
  const files: Record<string, Json> = {};
  // Sometimes only DNS can answer, so that the search list is walked.
  if (random.chance(0.25)) files['/etc/hosts'] = '127.0.0.1 localhost\n';
  else if (random.chance(0.97)) files['/etc/hosts'] = hostsFile(random);
  if (random.chance(0.94)) files['/etc/nsswitch.conf'] = `${random.chance(0.3) ? 'passwd: files\n' : ''}${random.pick(HOSTS_LINES)}\n`;
  const withModules = modules.length > 0 && random.chance(0.15);
  if (withModules) files['/etc/nsswitch.conf'] = `${random.pick(MODULE_LINES)}\n`;
  if (random.chance(0.94)) files['/etc/resolv.conf'] = resolvConf(random);
  if (random.chance(0.6)) files['/etc/host.conf'] = withCr(random, random.pick(HOST_CONFS));
  if (random.chance(0.25)) files['/etc/gai.conf'] = withCr(random, random.pick(GAI_CONFS));
  const env = environment(random);
  if (env['HOSTALIASES'] !== undefined)
    files['/etc/host.aliases'] = random.pick(['fooalias www.example\n', 'other x.example\nfooalias db\n', 'fooalias\n', 'www db.prod\n']);
  const dns = random.some(SERVERS, 0.8).map((server): Json => ({
    server,
    records: zone(random, NAMES, SUFFIXES, silence),
    default: random.chance(0.85) ? 'NXDOMAIN' : random.pick(['SERVFAIL', 'REFUSED']),
  }));
  const given: JsonObject = {
    files,
    env,
    hostname: random.pick(['node1', 'node1', 'node1.example', 'host.corp.example.com']),
    net: random.pick(Object.values(NETWORKS)),
    dns,
    ...(modules.length === 0 ? {} : { modules: [...modules] }),
    ...(random.chance(0.06) && Object.keys(daemons).length > 0 ? { nscd_daemon: daemonOf(random, daemons) } : {}),
  };
  const when = whenOf(random);
  return {
    given,
    when: withModules && random.chance(0.6) && when['call'] !== 'gethostbyaddr' ? { ...when, name: random.pick(MODULE_NAMES) } : when,
  };
}

function whenOf(random: Random): JsonObject {
  const name = random.chance(0.15) ? random.pick(ODD_NAMES) : random.chance(0.05) ? random.pick(NAMES).toUpperCase() : random.pick(NAMES);
  const call = random.next();
  if (call < 0.12) return { call: 'gethostbyname', name };
  if (call < 0.18) return { call: 'gethostbyname2', name, family: random.pick(['AF_INET', 'AF_INET6']) };
  if (call < 0.24)
    return {
      call: 'gethostbyaddr',
      name: random.pick(['127.0.0.1', '::1', '10.240.0.7', '198.51.100.1', '2001:db8:2::1', '::ffff:192.0.2.7', '192.0.2.7', '::']),
    };
  const flags = random.pick(FLAG_SETS);
  return {
    call: 'getaddrinfo',
    name: random.chance(0.03) ? null : name,
    family: random.pick(FAMILIES),
    ...(flags.length === 0 ? {} : { flags }),
    socktype: random.chance(0.97) ? random.pick(['SOCK_STREAM', 'SOCK_STREAM', 'SOCK_DGRAM']) : 'SOCK_RAW',
    ...(random.chance(0.12) ? { service: random.pick(['80', 'http', 'nosuch', '', '*', '70000', 'ntp']) } : {}),
  };
}
