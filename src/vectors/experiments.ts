/** Experiment vectors of Go, musl and the clients: the world that `given` describes, and the parts of `expect` they share. */
import { absent, type Fact, known, NOT_COLLECTED, type Source, unobserved } from '../facts/fact.ts';
import type { DnsQuestion, DnsReply, FileContent, Libc, NetnsFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { normalAddress, splitZone } from '../model/address/address.ts';
import type { AskedQuery, ResolvedAddress, Resolution, World } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
import type { Json, JsonObject, Vector } from './adapter.ts';
import { networkFromCommands } from './network-from-commands.ts';

export const asObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
export const asTexts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).map(String) : []);
export const asText = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const SOURCE: Source = { kind: 'statement', key: 'vector', text: 'given' };

/** Files that a resolver may open; those that a vector does not name are not there. */
const PATHS = [
  '/etc/hosts',
  '/etc/nsswitch.conf',
  '/etc/resolv.conf',
  '/etc/host.conf',
  '/etc/gai.conf',
  '/etc/nscd.conf',
  '/etc/mdns.allow',
  '/etc/networks',
  '/etc/services',
];

function filesOf(given: Json | undefined): Readonly<Record<string, Fact<FileContent>>> {
  const files: Record<string, Fact<FileContent>> = {};
  for (const path of PATHS) files[path] = absent({ kind: 'file', path });
  for (const [path, content] of Object.entries(asObject(given))) {
    const source: Source = { kind: 'file', path };
    files[path] = typeof content === 'string' ? known({ text: content, encoding: 'utf8' }, source) : absent(source);
  }
  return files;
}

/** Commands that make the profile's namespace (README of the vectors). */
function profileCommands(profile: string): readonly string[] {
  const base = ['ip link set lo up', 'ip link add u0 type dummy'];
  const uplink = ['ip addr add 192.0.2.10/24 dev u0', 'ip link set u0 up', 'ip route add default via 192.0.2.1'];
  switch (profile) {
    case 'dual':
      return [...base, 'ip addr add 2001:db8:10::10/64 dev u0 nodad', ...uplink, 'sleep 3', 'ip -6 route add default via 2001:db8:10::1'];
    case 'nov6':
      return ['sysctl -w net.ipv6.conf.all.disable_ipv6=1', 'sysctl -w net.ipv6.conf.default.disable_ipv6=1', ...base, ...uplink];
    case 'noaf6':
      return [...base, ...uplink];
    default:
      return [...base, 'sysctl -w net.ipv6.conf.u0.disable_ipv6=1', ...uplink];
  }
}

const madeProfiles = new Map<string, NetnsFacts>();

/** The network of a vector: one of the profiles, with its TCP listeners. */
export function experimentNetns(net: JsonObject): NetnsFacts {
  const profile = asText(net['profile']) === '' ? 'v4' : asText(net['profile']);
  const listening = asTexts(net['listening']);
  const key = `${profile} ${listening.join(' ')}`;
  let made = madeProfiles.get(key);
  if (made === undefined) {
    const facts = networkFromCommands(profileCommands(profile), {
      ipv6Socket: profile !== 'noaf6',
      listeners: listening.map((text) => {
        const { host, port } = hostAndPort(text);
        return { protocol: 'tcp', family: host.includes(':') ? 'inet6' : 'inet', address: host, port, v6only: true } as const;
      }),
    });
    // socket(2) alone fails there, for the program under test; /proc shows a kernel with IPv6.
    made = profile === 'noaf6' ? { ...facts, disableIpv6: { all: known(false, SOURCE), default: known(false, SOURCE) } } : facts;
    madeProfiles.set(key, made);
  }
  return made;
}

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/gu, ''), port: Number(text.slice(colon + 1)) };
}

const COMMON_SERVERS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

/** Servers that answer in the experiment: the named ones, and 127.0.0.1 to 3 where `*` is given. */
export function scriptedServers(dns: JsonObject): readonly string[] {
  const named = Object.keys(dns).filter((key) => key !== '*' && normalAddress(key) !== undefined);
  return '*' in dns ? [...new Set([...named, ...COMMON_SERVERS])] : named;
}

export type ScriptedDns = (netns: string, question: DnsQuestion) => DnsReply | undefined;

/** The scripted server of the experiments, as a function. */
export function scriptedDns(dns: JsonObject): ScriptedDns {
  return (_netns, question) => {
    const script = dns[question.server] ?? (COMMON_SERVERS.includes(question.server) ? dns['*'] : undefined);
    return script === undefined ? { kind: 'error', errno: 'ECONNREFUSED' } : reply(asObject(script), question);
  };
}

function reply(script: JsonObject, { name, type, transport }: DnsQuestion): DnsReply | undefined {
  const ra = script['norec'] !== true;
  if (typeof script['all'] === 'string') return special(script['all'], ra, [], transport);
  const zone = new Map(Object.entries(asObject(script['zone'])).map(([owner, data]) => [withoutDot(owner.toLowerCase()), asObject(data)]));
  const answers: { name: string; type: string; data: string }[] = [];
  let owner = withoutDot(name.toLowerCase());
  for (let hop = 0; hop < 20; hop++) {
    const data = zone.get(owner);
    if (data === undefined) return { kind: 'answer', rcode: answers.length === 0 ? 'NXDOMAIN' : 'NOERROR', answers, ra, aa: false };
    for (const value of asTexts(data[type]))
      answers.push({ name: owner, type, data: type === 'A' || type === 'AAAA' ? value : withoutDot(value) });
    const exception = data[`!${type}`] ?? data['!'];
    if (typeof exception === 'string') return special(exception, ra, answers, transport);
    const target = asTexts(data['CNAME'])[0];
    if (target === undefined || type === 'CNAME' || data[type] !== undefined)
      return { kind: 'answer', rcode: 'NOERROR', answers, ra, aa: false };
    answers.push({ name: owner, type: 'CNAME', data: withoutDot(target) });
    owner = withoutDot(target.toLowerCase());
  }
  return { kind: 'answer', rcode: 'SERVFAIL', answers: [], ra };
}

const withoutDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

function special(
  word: string,
  ra: boolean,
  answers: readonly { name: string; type: string; data: string }[],
  transport: 'udp' | 'tcp',
): DnsReply {
  if (word === 'DROP') return { kind: 'silent' };
  if (word === 'NODATA') return { kind: 'answer', rcode: 'NOERROR', answers: [], ra };
  if (word === 'TC')
    return transport === 'udp'
      ? { kind: 'answer', rcode: 'NOERROR', answers: [], ra, tc: true }
      : { kind: 'answer', rcode: 'NOERROR', answers, ra };
  return { kind: 'answer', rcode: word, answers: [], ra };
}

export interface Experiment {
  readonly world: World;
  readonly view: ViewFacts;
  /** Servers that saw queries. */
  readonly servers: readonly string[];
}

export function experiment(
  vector: Vector,
  libc: Libc | undefined,
  dns: ScriptedDns = scriptedDns(asObject(vector.given['dns'])),
): Experiment {
  const net = asObject(vector.given['net']);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(asObject(vector.given['env'])))
    env[name] = typeof value === 'string' ? value : JSON.stringify(value);
  const hostname = known(asText(net['hostname']) === '' ? 'HOSTNAME' : asText(net['hostname']), SOURCE);
  const view: ViewFacts = {
    id: 'host',
    kind: 'host',
    names: ['host'],
    netns: 'host',
    hostname,
    files: filesOf(vector.given['files']),
    mounts: known([], SOURCE),
    sockets: known([], SOURCE),
    libc: libc === undefined ? NOT_COLLECTED : known(libc, SOURCE),
    nssModules: known(
      [
        'files',
        'dns',
        'compat',
        'hesiod',
        'db',
        'myhostname',
        'mymachines',
        'resolve',
        'mdns4_minimal',
        'mdns4',
        'mdns6_minimal',
        'mdns6',
        'mdns_minimal',
        'mdns',
      ],
      SOURCE,
    ),
    env: known(env, SOURCE),
    programs: {},
  };
  const node: NodeFacts = {
    hostname,
    kernelRelease: known('6.18.0', SOURCE),
    bootParameters: unobserved('not-collected'),
    osRelease: NOT_COLLECTED,
    products: [],
    netns: [experimentNetns(net)],
    views: [view],
    daemons: [],
    dns: [],
    runs: [],
    dials: [],
    logs: [],
    observations: {},
    problems: [],
  };
  return { world: makeWorld(node, dns), view, servers: scriptedServers(asObject(vector.given['dns'])) };
}

/** Alternatives of a race, or the one expectation. */
export function expectations(vector: Vector): readonly JsonObject[] {
  const oneOf = (vector as unknown as JsonObject)['oneOf'] ?? vector.expect['oneOf'];
  if (!Array.isArray(oneOf)) return [vector.expect];
  const { oneOf: _, ...base } = vector.expect;
  return (oneOf as readonly Json[]).map((one) => ({ ...base, ...asObject(one) }));
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

export const shownAddress = (a: ResolvedAddress): string => (a.zone === undefined ? a.address : `${a.address}%${a.zone}`);

const normal = (text: string): string => {
  const { address, zone } = splitZone(text);
  return (normalAddress(address) ?? address) + (zone === undefined ? '' : `%${zone}`);
};

export const sameAddresses = (expected: readonly string[], got: readonly string[], order: Json | undefined): boolean => {
  const [a, b] = [expected.map(normal), got.map(normal)];
  return order === 'any' ? same(sorted(a), sorted(b)) : same(a, b);
};

/** What differs between an expectation and a resolution, one text each; keys of `expect` that say nothing are not looked at. */
export function differences(
  expect: JsonObject,
  got: Resolution,
  servers: readonly string[],
  addresses: readonly string[],
): readonly string[] {
  const found: string[] = [];
  const check = (key: string, fits: boolean, shown: unknown): void => {
    if (!fits) found.push(`${key} ${JSON.stringify(expect[key])} ≠ ${JSON.stringify(shown)}`);
  };
  const seen = got.queries.filter((q: AskedQuery) => servers.includes(q.server));
  const names = unique(seen.map((q) => `${withoutDot(q.name)}.`));
  if (expect['addrs'] !== undefined) check('addrs', sameAddresses(asTexts(expect['addrs']), addresses, expect['order']), addresses);
  if (typeof expect['decision'] === 'string') check('decision', expect['decision'] === got.decision, got.decision);
  if (expect['queried_names'] !== undefined)
    check(
      'queried_names',
      same(
        asTexts(expect['queried_names']).map((n) => `${withoutDot(n)}.`),
        names,
      ),
      names,
    );
  if (expect['types'] !== undefined)
    check(
      'types',
      same(sorted(asTexts(expect['types'])), sorted(unique(seen.map((q) => q.type)))),
      seen.map((q) => q.type),
    );
  if (expect['proto'] !== undefined)
    check(
      'proto',
      same(sorted(asTexts(expect['proto'])), sorted(unique(seen.map((q) => q.transport)))),
      seen.map((q) => q.transport),
    );
  if (expect['servers'] !== undefined)
    check(
      'servers',
      same(sorted(asTexts(expect['servers'])), sorted(unique(seen.map((q) => q.server)))),
      seen.map((q) => q.server),
    );
  if (typeof expect['seconds'] === 'number')
    check('seconds', Math.abs(got.elapsedMs / 1000 - expect['seconds']) <= 0.7, got.elapsedMs / 1000);
  return found;
}
