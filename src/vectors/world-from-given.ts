/**
 * The surroundings of a glibc vector (`given`) as facts and a world: files, environment, network, DNS servers, a scripted nscd or a real
 * daemon with its own files. A standard file that is not listed does not exist. `modules`: services of the switch besides files and dns.
 */
import { absent, known, type Fact, type Source } from '../facts/fact.ts';
import type {
  DaemonFacts,
  DnsQuestion,
  DnsRecord,
  DnsReply,
  Family,
  FileContent,
  Interface,
  NetnsFacts,
  Route,
  RouteType,
  ServiceSocket,
  ViewFacts,
} from '../facts/node-facts.ts';
import { formatAddress } from '../model/address/address.ts';
import { parsePrefix } from '../model/address/prefix.ts';
import { udpExchange } from '../model/dial/udp-exchange.ts';
import type { NscdReply, World } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
import type { Json, JsonObject } from './adapter.ts';
import { emptyNode } from './kernel.ts';

const SOURCE: Source = { kind: 'statement', key: 'vector', text: 'given' };
const NETNS = 'host';
const STANDARD_FILES = ['/etc/hosts', '/etc/nsswitch.conf', '/etc/resolv.conf', '/etc/host.conf', '/etc/gai.conf', '/etc/nscd.conf'];
/** The services that tests of getaddrinfo name. Every system has them. */
export const SERVICES =
  'ftp 21/tcp\nssh 22/tcp\ntelnet 23/tcp\nsmtp 25/tcp mail\ndomain 53/tcp\ndomain 53/udp\ntftp 69/udp\nhttp 80/tcp www\nntp 123/udp\nhttps 443/tcp\nhttps 443/udp\nsyslog 514/udp\n';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
export const stringsOf = (value: Json | undefined): string[] => listOf(value).filter((v): v is string => typeof v === 'string');
export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const content = (text: string): FileContent => ({ text, encoding: 'utf8' });

function fileFacts(files: JsonObject, alsoLookedAt: readonly string[]): Record<string, Fact<FileContent>> {
  const facts: Record<string, Fact<FileContent>> = {};
  for (const path of [...STANDARD_FILES, ...alsoLookedAt]) facts[path] = absent({ kind: 'file', path });
  facts['/etc/services'] = known(content(SERVICES), { kind: 'file', path: '/etc/services' });
  for (const [path, text] of Object.entries(files)) {
    if (typeof text === 'string') facts[path] = known(content(text), { kind: 'file', path });
  }
  return facts;
}

// ---- network

const ROUTE_TYPES: readonly RouteType[] = ['unicast', 'local', 'broadcast', 'multicast', 'unreachable', 'prohibit', 'blackhole', 'throw'];

function network(text: string): string | undefined {
  const prefix = parsePrefix(text);
  if (prefix === undefined) return undefined;
  const masked = prefix.bytes.map((byte, i) => byte & ~(0xff >> Math.min(8, Math.max(0, prefix.length - i * 8))));
  return `${formatAddress(masked)}/${String(prefix.length)}`;
}

/** `[TYPE] DESTINATION [via X] [dev X] [src X] [metric N]` as `ip route` prints it. */
function routeOf(line: string): Route {
  const words = line.split(/[ \t]+/u).filter((w) => w !== '');
  const type = ROUTE_TYPES.find((t) => t === words[0]);
  if (type !== undefined) words.shift();
  const target = words.shift() ?? '';
  const options = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) options.set(words[i] ?? '', words[i + 1] ?? '');
  const gateway = options.get('via');
  const six = target.includes(':') || gateway?.includes(':') === true || options.get('src')?.includes(':') === true;
  const family: Family = six ? 'inet6' : 'inet';
  const destination = target === 'default' ? (six ? '::/0' : '0.0.0.0/0') : (network(target) ?? target);
  const device = options.get('dev');
  const source = options.get('src');
  const metric = options.get('metric');
  return {
    family,
    type: type ?? 'unicast',
    destination,
    table: options.get('table') ?? 'main',
    ...(gateway === undefined ? {} : { gateway }),
    ...(device === undefined ? {} : { device }),
    ...(source === undefined ? {} : { preferredSource: source }),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
  };
}

function interfacesOf(net: JsonObject): readonly Interface[] {
  return listOf(net['interfaces'])
    .filter(isObject)
    .map((item, index): Interface => {
      const name = textOf(item['name']) ?? '';
      return {
        name,
        index: index + 1,
        up: item['up'] !== false,
        loopback: name === 'lo',
        addresses: stringsOf(item['addrs']).map((text) => {
          const [address = '', length = ''] = text.split(' ', 1)[0]?.split('/') ?? [];
          const family: Family = address.includes(':') ? 'inet6' : 'inet';
          return {
            family,
            address,
            prefixLength: length === '' ? (family === 'inet' ? 32 : 128) : Number(length),
            ...(text.includes('deprecated') ? { deprecated: true } : {}),
            ...(text.includes('tentative') ? { tentative: true } : {}),
          };
        }),
      };
    });
}

export function netnsFrom(net: JsonObject): NetnsFacts {
  const interfaces = interfacesOf(net);
  const connected: Route[] = [];
  for (const device of interfaces) {
    for (const a of device.addresses) {
      const full = a.family === 'inet' ? 32 : 128;
      if (a.prefixLength === full || device.loopback) continue;
      connected.push({
        family: a.family,
        type: 'unicast',
        destination: network(`${a.address}/${String(a.prefixLength)}`) ?? '',
        device: device.name,
        table: 'main',
        ...(a.family === 'inet' ? { preferredSource: a.address } : {}),
      });
    }
  }
  const sysctls: Record<string, Fact<string>> = {};
  const disableIpv6: Record<string, Fact<boolean>> = {};
  for (const [key, value] of Object.entries(objectOf(net['sysctls']))) {
    const text = typeof value === 'number' ? value.toFixed(0) : (textOf(value) ?? '');
    sysctls[key] = known(text, SOURCE);
    const match = /^net\.ipv6\.conf\.([^.]+)\.disable_ipv6$/u.exec(key);
    if (match?.[1] !== undefined) disableIpv6[match[1]] = known(text === '1', SOURCE);
  }
  // A filter of system calls: /proc still shows a kernel with IPv6.
  const noSocket = typeof net['socket_AF_INET6'] === 'string';
  if (noSocket) disableIpv6['all'] ??= known(false, SOURCE);
  return {
    id: NETNS,
    interfaces: known(interfaces, SOURCE),
    routes: known([...connected, ...stringsOf(net['routes']).map(routeOf)], SOURCE),
    rules: known([], SOURCE),
    ipv6Socket: known(!noSocket, SOURCE),
    disableIpv6,
    listeners: known([], SOURCE),
    rejects: known([], SOURCE),
    sysctls,
  };
}

// ---- DNS

const lower = (name: string): string => name.toLowerCase().replace(/\.$/u, '');

/** One DNS server of a vector: records by name and type, special answers, and what it says of other names. */
export class ScriptedServer {
  readonly #records: ReadonlyMap<string, JsonObject>;
  readonly #otherwise: string;

  constructor(records: JsonObject, otherwise: string) {
    this.#records = new Map(Object.entries(records).map(([name, types]) => [lower(name), objectOf(types)]));
    this.#otherwise = otherwise;
  }

  /** Follows aliases inside the server, as a recursive one does. */
  reply(question: DnsQuestion): DnsReply {
    const answers: DnsRecord[] = [];
    let name = lower(question.name);
    for (let hops = 0; hops < 16; hops++) {
      const types = this.#records.get(name);
      if (types === undefined) return this.#unlisted(answers);
      const value = types[question.type] ?? types['*'];
      const target = types['CNAME'];
      if (value === undefined && typeof target === 'string' && question.type !== 'CNAME') {
        answers.push({ name, type: 'CNAME', data: lower(target) });
        name = lower(target);
        continue;
      }
      return this.#value(name, question, value, answers);
    }
    return { kind: 'answer', rcode: 'NOERROR', ra: true, answers };
  }

  /** Does an answer with a wrong id come before the right one? */
  noisy(name: string): boolean {
    return this.#records.get(lower(name))?.['noise'] === true;
  }

  #unlisted(answers: readonly DnsRecord[]): DnsReply {
    if (this.#otherwise === 'drop' || this.#otherwise === 'DROP') return { kind: 'silent' };
    return { kind: 'answer', rcode: this.#otherwise, ra: true, answers };
  }

  #value(name: string, question: DnsQuestion, value: Json | undefined, before: readonly DnsRecord[]): DnsReply {
    const special = objectOf(value);
    if (special['drop'] === true) return { kind: 'silent' };
    const data = Array.isArray(value) ? stringsOf(value) : typeof value === 'string' ? [value] : stringsOf(special['addrs']);
    const answers = [...before, ...data.map((each): DnsRecord => ({ name, type: question.type, data: each }))];
    const truncated = special['tc'] === true && question.transport === 'udp';
    return {
      kind: 'answer',
      rcode: textOf(special['rcode']) ?? 'NOERROR',
      ra: special['ra'] !== false && special['lame'] !== true,
      answers: truncated ? [] : answers,
      ...(truncated ? { tc: true } : {}),
    };
  }
}

function dnsFrom(given: JsonObject, netns: NetnsFacts): { reply: World['dns']; servers: ReadonlySet<string> } {
  const servers = new Map<string, ScriptedServer>();
  for (const item of listOf(given['dns']).filter(isObject)) {
    const address = textOf(item['server']);
    if (address !== undefined) servers.set(address, new ScriptedServer(objectOf(item['records']), textOf(item['default']) ?? 'NXDOMAIN'));
  }
  const nobody = makeWorld({ ...emptyNode([netns]) });
  return {
    servers: new Set(servers.keys()),
    reply: (_netns, question) => {
      const server = servers.get(question.server);
      const family = question.server.includes(':') ? 'inet6' : 'inet';
      const reached = udpExchange(nobody, netns, { family, address: question.server.split('%')[0] ?? '' }, 53);
      if (reached.connect !== undefined && reached.connect !== 'OK') return { kind: 'error', errno: reached.connect };
      if (server !== undefined) return server.reply(question);
      if (reached.recv === 'ECONNREFUSED') return { kind: 'error', errno: 'ECONNREFUSED' };
      // Nobody is behind the interfaces of these namespaces.
      return { kind: 'silent' };
    },
  };
}

// ---- nscd

function nscdFrom(given: JsonObject): World['nscd'] | undefined {
  const nscd = given['nscd'];
  if (!isObject(nscd)) return undefined;
  const replies = objectOf(nscd['reply']);
  const socket = textOf(nscd['socket']);
  return (_view, request) => {
    if (socket === 'stale') return 'refused';
    if (socket === 'silent') return 'silent';
    const reply = replies[request.type];
    if (!isObject(reply)) return 'closed';
    const found = reply['found'];
    const name = textOf(reply['name']) ?? textOf(reply['canon']);
    const made: NscdReply = {
      found: found === 1 ? 1 : found === 0 ? 0 : -1,
      ...(typeof reply['error'] === 'number' ? { error: reply['error'] } : {}),
      ...(name === undefined ? {} : { name }),
      aliases: stringsOf(reply['aliases']),
      addresses: stringsOf(reply['addrs']),
    };
    return made;
  };
}

// ---- all together

export interface GivenWorld {
  readonly world: World;
  readonly view: ViewFacts;
  readonly netns: NetnsFacts;
  /** Addresses of DNS servers that exist: only these saw a query. */
  readonly servers: ReadonlySet<string>;
}

export function worldFromGiven(given: JsonObject, libcVersion: string): GivenWorld {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(objectOf(given['env']))) if (typeof value === 'string') env[key] = value;
  const netns = netnsFrom(objectOf(given['net']));
  const daemon = given['nscd_daemon'];
  const lookedAt = [env['HOSTALIASES'], env['RESOLV_HOST_CONF']].filter((path): path is string => path !== undefined);
  const sockets: ServiceSocket[] = isObject(daemon)
    ? [{ service: 'nscd', path: '/var/run/nscd/socket', state: 'answering', daemon: 'nscd:1' }]
    : [];
  const view: ViewFacts = {
    id: 'host',
    kind: 'host',
    names: ['host'],
    netns: NETNS,
    hostname: known(textOf(given['hostname']) ?? 'node1', SOURCE),
    files: fileFacts(objectOf(given['files']), lookedAt),
    mounts: known([], SOURCE),
    sockets: known(sockets, SOURCE),
    libc: known({ kind: 'glibc', version: libcVersion }, SOURCE),
    nssModules: known(['files', 'dns', 'compat', ...stringsOf(given['modules'])], SOURCE),
    env: known(env, SOURCE),
    programs: {},
  };
  const views = [view];
  const daemons: DaemonFacts[] = [];
  if (isObject(daemon)) {
    views.push({
      ...view,
      id: 'daemon',
      names: ['daemon'],
      files: fileFacts(objectOf(daemon['files']), []),
      sockets: known([], SOURCE),
      env: known({}, SOURCE),
    });
    daemons.push({ id: 'nscd:1', kind: textOf(daemon['program']) === 'unscd' ? 'unscd' : 'nscd', view: 'daemon' });
  }
  const dns = dnsFrom(given, netns);
  const nscd = nscdFrom(given);
  const made = makeWorld({ ...emptyNode([netns]), views, daemons }, dns.reply.bind(dns));
  return { world: nscd === undefined ? made : { ...made, nscd }, view, netns, servers: dns.servers };
}
