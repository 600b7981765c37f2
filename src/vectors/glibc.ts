/** Vectors of glibc: getaddrinfo, gethostby*, inet_aton, the settings read from resolv.conf, and the kernel's answers beside them. */
import { splitZone } from '../model/address/address.ts';
import { formatIpv4, parseIpv4Loose } from '../model/address/ipv4.ts';
import { dialAddress } from '../model/dial/dial.ts';
import { parseResolvConf } from '../model/glibc/resolv-conf.ts';
import { resolveGlibc, type GlibcOptions } from '../model/glibc/stack.ts';
import { NEWEST, rulesFor } from '../model/glibc/versions.ts';
import { freshProcess } from '../model/nss/run.ts';
import type { AiFlag, AskedFamily, AskedQuery, Call, Resolution, SockType } from '../model/types.ts';
import type { Json, JsonObject, Vector, VectorAdapter, VectorResult } from './adapter.ts';
import { isObject, listOf, objectOf, stringsOf, textOf, worldFromGiven, type GivenWorld } from './world-from-given.ts';

/** The releases that were run as Debian packages; the others were built from their tags. */
const DEBIAN: Readonly<Record<string, string>> = {
  '2.31': '2.31-13+deb11u13',
  '2.36': '2.36-9+deb12u14',
  '2.41': '2.41-12+deb13u4',
  '2.43': '2.43-7deb14',
};
const FAMILIES: Readonly<Record<string, AskedFamily>> = { AF_UNSPEC: 'unspec', AF_INET: 'inet', AF_INET6: 'inet6' };
const SOCKTYPES: Readonly<Record<string, SockType>> = { SOCK_STREAM: 'stream', SOCK_DGRAM: 'dgram', SOCK_RAW: 'raw' };
/** Types of glibc's own table beside TCP, UDP and raw. */
const OTHER_SOCKTYPES = new Set(['SOCK_SEQPACKET', 'SOCK_DCCP']);
const FLAGS = new Set<string>([
  'AI_PASSIVE',
  'AI_CANONNAME',
  'AI_NUMERICHOST',
  'AI_NUMERICSERV',
  'AI_V4MAPPED',
  'AI_ALL',
  'AI_ADDRCONFIG',
  'AI_IDN',
  'AI_CANONIDN',
]);
const isFlag = (text: string): text is AiFlag => FLAGS.has(text);

/** Every verified release, and both ends of the range. */
function versionsOf(vector: Vector): readonly string[] {
  const range = objectOf(vector.versions);
  const verified = stringsOf(range['verified']);
  const ends = [textOf(range['from']) ?? '2.12', textOf(range['to']) ?? NEWEST];
  const debianOnly = vector.id.includes('@debian-');
  const chosen = verified.map((v) => DEBIAN[v] ?? v);
  for (const end of ends) if (!verified.includes(end)) chosen.push(debianOnly ? (DEBIAN[end] ?? `${end}-1deb12`) : end);
  return [...new Set(chosen)];
}

/** The call of a vector's `when`; undefined: no call of the library's lookups. */
export function glibcCall(when: JsonObject): { call: Call; options: GlibcOptions } | undefined {
  const familyText = textOf(when['family']) ?? 'AF_UNSPEC';
  const family = FAMILIES[familyText];
  switch (when['call']) {
    case 'gethostbyname':
    case 'gethostbyaddr':
      return { call: { call: when['call'] }, options: {} };
    case 'gethostbyname2':
      return family === 'inet' || family === 'inet6' ? { call: { call: 'gethostbyname2', family }, options: {} } : undefined;
    case 'getaddrinfo': {
      const socktypeText = textOf(when['socktype']);
      const socktype = socktypeText === undefined ? undefined : SOCKTYPES[socktypeText];
      const service = textOf(when['service']);
      const flags = stringsOf(when['flags']);
      const unknown = [
        ...flags.filter((f) => !isFlag(f)),
        ...listOf(when['flags'])
          .filter((f) => typeof f === 'number')
          .map(String),
      ];
      const flagBits = unknown.reduce((bits, text) => bits | (Number(text) || 0x8000), 0);
      const oddSocktype = when['socktype'] !== undefined && when['socktype'] !== null && when['socktype'] !== 0 && socktype === undefined;
      return {
        call: {
          call: 'getaddrinfo',
          family: family ?? 'unspec',
          flags: flags.filter(isFlag),
          ...(flagBits === 0 ? {} : { flagBits }),
          ...(socktype === undefined ? {} : { socktype }),
          ...(service === undefined ? {} : { service }),
        },
        options: {
          ...(when['name'] === null ? { nullName: true } : {}),
          ...(family === undefined ? { badFamily: true } : {}),
          ...(oddSocktype && !OTHER_SOCKTYPES.has(socktypeText ?? '') ? { badSocktype: true } : {}),
        },
      };
    }
    default:
      return undefined;
  }
}

const queryText = (q: { server: string; name: string; type: string; tcp: boolean; edns: boolean; ad: boolean }): string =>
  `${q.server} ${q.name} ${q.type}${q.tcp ? ' tcp' : ''}${q.edns ? ' edns' : ''}${q.ad ? ' ad' : ''}`;
const expectedQuery = (q: Json): string => {
  const o = objectOf(q);
  return queryText({
    server: textOf(o['server']) ?? '',
    name: textOf(o['name']) ?? '',
    type: textOf(o['type']) ?? '',
    tcp: o['proto'] === 'tcp',
    edns: o['edns'] === true,
    ad: o['ad'] === true,
  });
};
const askedQuery = (q: AskedQuery): string =>
  queryText({ server: q.server, name: q.name, type: q.type, tcp: q.transport === 'tcp', edns: q.edns === true, ad: q.ad === true });

/** What one resolution is in the words of the vectors; only the keys that are expected are looked at. */
function observed(r: Resolution): JsonObject {
  if (r.outcome.kind === 'cannot-tell') return { 'cannot-tell': JSON.stringify(r.outcome.needs) };
  if (r.outcome.kind === 'error') {
    const { code, errno } = r.outcome.error;
    return code.startsWith('EAI_')
      ? { error: code, ...(errno === undefined ? {} : { errno }) }
      : { h_errno: code, ...(errno === undefined ? {} : { errno }) };
  }
  const { addresses, canonicalName, aliases } = r.outcome;
  const type = addresses[0]?.family === 'inet6' ? 'AF_INET6' : 'AF_INET';
  return {
    addrs: addresses.map((a) => (a.zone === undefined ? a.address : `${a.address}%${a.zone}`)),
    ...(canonicalName === undefined ? {} : { canonname: canonicalName, name: canonicalName }),
    ...(aliases === undefined ? {} : { aliases }),
    addrtype: type,
  };
}

const RESULT_KEYS = ['addrs', 'error', 'errno', 'h_errno', 'canonname', 'name', 'aliases', 'addrtype', 'cannot-tell'];

/** Which keys differ; both sides as short text. */
function differences(expected: JsonObject, got: JsonObject, keys: readonly string[]): { expected: string[]; got: string[] } {
  const e: string[] = [];
  const g: string[] = [];
  for (const key of keys) {
    // What the vector does not state may be anything, but an error where addresses are expected shows.
    if (!(key in expected) && !(key === 'error' || key === 'h_errno' || key === 'addrs' || key === 'cannot-tell')) continue;
    const want = key in expected ? JSON.stringify(expected[key]) : '-';
    const have = key in got ? JSON.stringify(got[key]) : '-';
    if (want === have || (!(key in expected) && !(key in got))) continue;
    e.push(`${key}=${want}`);
    g.push(`${key}=${have}`);
  }
  return { expected: e, got: g };
}

/** Only the keys that the call itself has. */
export function observedOf(r: Resolution, call: Call): JsonObject {
  const all = observed(r);
  const { canonname, name, addrtype, ...rest } = all;
  if (!('addrs' in all)) return all;
  if (call.call === 'getaddrinfo') return { ...rest, ...(canonname === undefined ? {} : { canonname }) };
  return { ...rest, ...(name === undefined ? {} : { name }), ...(addrtype === undefined ? {} : { addrtype }) };
}

function runVersion(vector: Vector, version: string): { expected: string[]; got: string[] } {
  const { when, expect } = vector;
  const made = worldFromGiven(vector.given, version);
  const asked = glibcCall(when);
  if (asked === undefined) return { expected: ['a call that is modelled'], got: [textOf(when['call']) ?? ''] };
  const process = freshProcess();
  const repeat = typeof when['repeat'] === 'number' ? when['repeat'] : 1;
  const results: Resolution[] = [];
  for (let i = 0; i < repeat; i++) {
    results.push(resolveGlibc(made.world, made.view, version, asked.call, textOf(when['name']) ?? '', { process, ...asked.options }));
  }
  const last = results.at(-1);
  const first = results[0];
  if (last === undefined || first === undefined) return { expected: ['a result'], got: ['none'] };
  const diff = { expected: [] as string[], got: [] as string[] };
  const add = (d: { expected: string[]; got: string[] }): void => {
    diff.expected.push(...d.expected);
    diff.got.push(...d.got);
  };
  if (isObject(expect['first'])) add(differences(expect['first'], observed(first), RESULT_KEYS));
  if (isObject(expect['last'])) add(differences(expect['last'], observed(last), RESULT_KEYS));
  if (!isObject(expect['first']) && !isObject(expect['last'])) add(differences(expect, observed(last), RESULT_KEYS));
  add(compareTraffic(vector, made, results));
  return diff;
}

function compareTraffic({ expect }: Vector, made: GivenWorld, results: readonly Resolution[]): { expected: string[]; got: string[] } {
  const want: Record<string, Json> = {};
  const have: Record<string, Json> = {};
  if ('queries' in expect) {
    want['queries'] = listOf(expect['queries']).map(expectedQuery);
    have['queries'] = results
      .flatMap((r) => r.queries)
      .filter((q) => made.servers.has(q.server))
      .map(askedQuery);
  }
  if ('nscd_requests' in expect) {
    want['nscd_requests'] = expect['nscd_requests'] ?? [];
    have['nscd_requests'] = results
      .flatMap((r) => r.nscdRequests ?? [])
      .map((text) => (text.includes('BYADDR') ? (text.split(' ')[0] ?? '') : text));
  }
  if ('elapsed_s' in expect) {
    want['elapsed_s'] = expect['elapsed_s'] ?? 0;
    have['elapsed_s'] = Math.round(results.reduce((sum, r) => sum + r.elapsedMs, 0) / 1000);
  }
  if ('stderr' in expect) {
    want['stderr'] = (textOf(expect['stderr']) ?? '').trimEnd();
    have['stderr'] = results
      .map((r) => r.stderr ?? '')
      .join('')
      .trimEnd();
  }
  return differences(want, have, Object.keys(want));
}

// ---- other calls

function runInetAton(vector: Vector): VectorResult {
  const bytes = parseIpv4Loose(textOf(vector.when['name']) ?? '', 'space-and-anything');
  const got = bytes === undefined ? 'invalid' : formatIpv4(bytes);
  const expected = textOf(vector.expect['addr']) ?? 'invalid';
  return got === expected ? { ok: true } : { ok: false, expected, got };
}

function runParse(vector: Vector, version: string): { expected: string[]; got: string[] } {
  const { given, expect } = vector;
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(objectOf(given['env']))) if (typeof value === 'string') env[key] = value;
  const text = textOf(objectOf(given['files'])['/etc/resolv.conf']);
  const hostname = textOf(given['hostname']) ?? 'node1';
  const conf = parseResolvConf(
    { text, env, hostname: () => hostname, interfaceIndex: (name) => (name === 'lo' ? 1 : undefined) },
    rulesFor(version),
  );
  const got: JsonObject = {
    nameservers: conf.servers.map((s) => s.address),
    search: conf.search,
    ndots: conf.ndots,
    timeout: conf.timeout,
    attempts: conf.attempts,
    options: [...conf.options].sort(),
    sortlist: conf.sortlist.map(({ net, mask }) => `${formatIpv4(net)}/${formatIpv4(mask)}`),
  };
  const want: JsonObject = { ...expect, ...('options' in expect ? { options: stringsOf(expect['options']).sort() } : {}) };
  return differences(want, got, Object.keys(expect));
}

function runConnect(vector: Vector): VectorResult {
  const { world, netns } = worldFromGiven(vector.given, NEWEST);
  const { address, zone } = splitZone(textOf(vector.when['name']) ?? '');
  const target = { family: address.includes(':') ? 'inet6' : 'inet', address, ...(zone === undefined ? {} : { zone }) } as const;
  const { outcome } = dialAddress(world, netns, target, 9, 'tcp');
  const got =
    outcome.kind === 'errno' ? outcome.errno : outcome.kind === 'connected' ? 'OK' : outcome.kind === 'timeout' ? 'TIMEOUT' : 'cannot tell';
  const expected = textOf(vector.expect['result']) ?? '';
  return got === expected ? { ok: true } : { ok: false, expected, got };
}

function run(vector: Vector): VectorResult {
  if (vector.when['call'] === 'inet_aton') return runInetAton(vector);
  if (vector.when['call'] === 'connect') return runConnect(vector);
  for (const version of versionsOf(vector)) {
    const diff = vector.when['call'] === 'parse_resolv_conf' ? runParse(vector, version) : runVersion(vector, version);
    if (diff.expected.length > 0) return { ok: false, expected: diff.expected.join('  '), got: diff.got.join('  '), version };
  }
  return { ok: true };
}

const handles = (vector: Vector): boolean => vector.stack === 'glibc' || (vector.stack === 'linux' && vector.when['call'] === 'connect');

export const glibcVectors: VectorAdapter = { name: 'glibc', handles, run };
