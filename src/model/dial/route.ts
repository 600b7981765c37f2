/**
 * The kernel's route look-up for a connection that this machine starts: policy rules in order of priority, in each table the longest
 * prefix (net/ipv4/fib_rules.c, net/ipv4/fib_trie.c; net/ipv6/fib6_rules.c, net/ipv6/ip6_fib.c), and the choice of the source address.
 */
import { valueOf } from '../../facts/fact.ts';
import type { Family, Interface, NetnsFacts, PolicyRule, Route, RouteType } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import type { Need } from '../types.ts';
import type { Prefix } from '../address/prefix.ts';
import type { AddressBits } from './address-bits.ts';
import { inPrefix, parsePrefix } from '../address/prefix.ts';
import { isMulticast } from '../address/special.ts';
import { addressBits } from './address-bits.ts';

/** An address that the kernel can use. */
export interface OwnAddress {
  readonly family: Family;
  readonly text: string;
  readonly bits: AddressBits;
  readonly prefixLength: number;
  readonly device: string;
  readonly deviceUp: boolean;
}

interface TableEntry {
  readonly prefix: Prefix;
  readonly type: RouteType;
  readonly metric: number;
  readonly route: Route;
}

interface Reading {
  readonly addresses: readonly OwnAddress[] | undefined;
  /** Entries by family and table, longest prefix first, then lowest metric. */
  readonly tables: Readonly<Record<Family, ReadonlyMap<string, readonly TableEntry[]>>>;
  readonly routesSeen: boolean;
  readonly rules: Readonly<Record<Family, RulesOfFamily>>;
}

interface RulesOfFamily {
  /** In order of priority. */
  readonly inOrder: readonly RuleReading[];
  /** Some rule asks for the source. */
  readonly bySource: boolean;
}

/** A policy rule, taken apart once. */
interface RuleReading {
  /** undefined: it takes every packet. */
  readonly selector: string | undefined;
  readonly verb: string;
  readonly table: string;
  readonly shortest: number;
}

/** Priorities 0, 32766 and 32767. */
const DEFAULT_RULES: RulesOfFamily = {
  inOrder: ['local', 'main', 'default'].map((table) => ({ selector: undefined, verb: 'lookup', table, shortest: 0 })),
  bySource: false,
};
const TABLE_NUMBERS: Readonly<Record<string, string>> = { '255': 'local', '254': 'main', '253': 'default' };
const tableName = (table: string): string => TABLE_NUMBERS[table] ?? table;

/** `unreachable default dev lo metric 4294967295`: the mark of an empty IPv6 table, not a route somebody set (net/ipv6/route.c ip6_null_entry). */
const isNullEntry = (route: Route): boolean => route.family === 'inet6' && route.metric === 0xffffffff;

/**
 * Addresses that routes and sources are made of. An IPv4 address counts on an interface that is down, too (net/ipv4/fib_frontend.c
 * fib_add_ifaddr enters it before it looks at IFF_UP); an IPv6 one needs an interface that is up, and duplicate address detection over.
 */
function ownAddresses(interfaces: readonly Interface[]): OwnAddress[] {
  const own: OwnAddress[] = [];
  for (const device of interfaces) {
    for (const a of device.addresses) {
      const bits = addressBits(a.address);
      if (bits === undefined || (a.family === 'inet6' && (a.tentative === true || !device.up))) continue;
      own.push({ family: a.family, text: a.address, bits, prefixLength: a.prefixLength, device: device.name, deviceUp: device.up });
    }
  }
  return own;
}

const highest = (bits: AddressBits, prefixLength: number): AddressBits =>
  bits.map((byte, i) => {
    const kept = Math.min(8, Math.max(0, prefixLength - i * 8));
    return byte | (0xff >> kept);
  });

/**
 * The local table follows from the addresses: each one, on a loopback device the whole IPv4 prefix (127.0.0.0/8), and IPv4 broadcasts
 * (net/ipv4/fib_frontend.c fib_add_ifaddr; net/ipv6/addrconf.c).
 */
function localEntries(own: readonly OwnAddress[], loopback: ReadonlySet<string>): [Family, TableEntry][] {
  const entries: [Family, TableEntry][] = [];
  // A second address of one network: its local route has the first one as its source.
  const primaryOf = (a: OwnAddress): OwnAddress => {
    const isOf = (b: OwnAddress): boolean =>
      b.family === 'inet' &&
      b.device === a.device &&
      b.prefixLength === a.prefixLength &&
      inPrefix(a.bits, { family: 'inet', bytes: b.bits, length: b.prefixLength });
    return a.family === 'inet6' ? a : (own.find(isOf) ?? a);
  };
  const add = (a: OwnAddress, bits: AddressBits, length: number, type: RouteType): void => {
    const route: Route = {
      family: a.family,
      type,
      destination: `${a.text}/${String(length)}`,
      device: a.device,
      preferredSource: primaryOf(a).text,
      table: 'local',
    };
    entries.push([a.family, { prefix: { family: a.family, bytes: bits, length }, type, metric: 0, route }]);
  };
  for (const a of own) {
    add(a, a.bits, a.bits.length * 8, 'local');
    if (a.family !== 'inet' || a.prefixLength >= 32) continue;
    if (loopback.has(a.device)) add(a, a.bits, a.prefixLength, 'local');
    if (a.deviceUp && a.prefixLength < 31) add(a, highest(a.bits, a.prefixLength), 32, 'broadcast');
  }
  return entries;
}

const read = memoByIdentity((netns: NetnsFacts): Reading => {
  const interfaces = valueOf(netns.interfaces);
  const addresses = interfaces === undefined ? undefined : ownAddresses(interfaces);
  const loopback = new Set((interfaces ?? []).filter((i) => i.loopback).map((i) => i.name));
  const tables = { inet: new Map<string, TableEntry[]>(), inet6: new Map<string, TableEntry[]>() };
  const put = (family: Family, table: string, entry: TableEntry): void => {
    const list = tables[family].get(table);
    if (list === undefined) tables[family].set(table, [entry]);
    else list.push(entry);
  };
  for (const [family, entry] of localEntries(addresses ?? [], loopback)) put(family, 'local', entry);
  for (const route of valueOf(netns.routes) ?? []) {
    const prefix = parsePrefix(route.destination);
    if (prefix === undefined || isNullEntry(route)) continue;
    const metric = route.metric ?? (route.family === 'inet6' ? 1024 : 0);
    put(route.family, tableName(route.table), { prefix, type: route.type, metric, route });
  }
  for (const list of [...tables.inet.values(), ...tables.inet6.values()])
    list.sort((a, b) => b.prefix.length - a.prefix.length || a.metric - b.metric);
  const policy = valueOf(netns.rules) ?? [];
  const rules = { inet: rulesOf(policy, 'inet'), inet6: rulesOf(policy, 'inet6') };
  return { addresses, tables, routesSeen: netns.routes.state !== 'unobserved', rules };
});

/** The rules of a family; the kernel's three defaults where nobody saw them. */
function rulesOf(all: readonly PolicyRule[], family: Family): RulesOfFamily {
  const rules = all.filter((r) => r.family === family);
  if (rules.length === 0) return DEFAULT_RULES;
  const inOrder = rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule): RuleReading => {
      const words = rule.action.split(/[ \t]+/u).filter((w) => w !== '');
      const suppress = words.indexOf('suppress_prefixlength');
      return {
        selector: rule.selector === 'from all' ? undefined : rule.selector,
        verb: words[0] ?? '',
        table: tableName(words[1] ?? ''),
        shortest: suppress < 0 ? 0 : Number(words[suppress + 1] ?? '0') + 1,
      };
    });
  return { inOrder, bySource: rules.some((r) => r.selector.includes('from ') && !/from all(?: |$)/u.test(r.selector)) };
}

/** The usable addresses of a namespace; undefined when its interfaces were not seen. */
export const ownAddressesOf = (netns: NetnsFacts): readonly OwnAddress[] | undefined => read(netns).addresses;

export type RouteResult =
  | { readonly kind: 'local'; readonly route: Route }
  | { readonly kind: 'unicast' | 'broadcast' | 'multicast'; readonly route: Route }
  /** A route of a type that is an error, or a policy rule that says so. */
  | { readonly kind: 'error'; readonly type: RouteType; readonly text: string; readonly errno?: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };

type Match = 'yes' | 'no' | 'unknown';

/** Does a rule's selector match a packet of this machine that is not bound to an interface and has no mark? Without a source: none is chosen yet. */
function selectorMatches(selector: string, destination: AddressBits, source: AddressBits | undefined): Match {
  const words = selector.split(/[ \t]+/u).filter((w) => w !== '');
  let inverted = false;
  const matches: Match[] = [];
  const and = (m: Match): void => void matches.push(m);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === 'not') {
      inverted = true;
      continue;
    }
    const value = words[++i] ?? '';
    if (word === 'from') {
      const prefix = parsePrefix(value);
      if (value === 'all' || prefix?.length === 0) and('yes');
      else if (prefix === undefined) and('unknown');
      else and(source !== undefined && inPrefix(source, prefix) ? 'yes' : 'no');
    } else if (word === 'to') {
      const prefix = parsePrefix(value);
      and(value === 'all' ? 'yes' : prefix === undefined ? 'unknown' : inPrefix(destination, prefix) ? 'yes' : 'no');
    } else if (word === 'iif') and(value === 'lo' ? 'yes' : 'no');
    else if (word === 'oif') and('no');
    else if (word === 'fwmark') and(/^(?:0x)?0+(?:\/.*)?$/u.test(value) ? 'yes' : 'no');
    else and('unknown');
  }
  if (matches.includes('no')) return inverted ? 'yes' : 'no';
  if (matches.includes('unknown')) return 'unknown';
  return inverted ? 'no' : 'yes';
}

function searchTable(reading: Reading, family: Family, table: string, bits: AddressBits, shortest: number): TableEntry | undefined {
  const entries = reading.tables[family].get(table);
  if (entries === undefined) return undefined;
  for (const entry of entries) {
    if (entry.prefix.length < shortest) return undefined;
    if (inPrefix(bits, entry.prefix)) return entry;
  }
  return undefined;
}

const entryResult = ({ type, route }: TableEntry): RouteResult => {
  switch (type) {
    case 'local':
      return { kind: 'local', route };
    case 'unreachable':
    case 'prohibit':
    case 'blackhole':
      return { kind: 'error', type, text: `${type} ${route.destination}` };
    case 'broadcast':
    case 'multicast':
      return { kind: type, route };
    default:
      return { kind: 'unicast', route };
  }
};

/**
 * Looks an address up as connect(2) does for an unbound socket. IPv4 looks twice, the second time with the source that the first route
 * brings (include/net/route.h ip_route_connect); IPv6 only when the first look-up ended in an error.
 */
export function routeLookup(netns: NetnsFacts, family: Family, bits: AddressBits): RouteResult {
  const reading = read(netns);
  const found = lookupOnce(netns, reading, family, bits, undefined);
  if (!reading.rules[family].bySource) return found;
  if (isMulticast(bits) || bits.every((byte) => byte === 255)) return found;
  if (found.kind === 'cannot-tell' || (family === 'inet' && (found.kind === 'none' || found.kind === 'error'))) return found;
  if (family === 'inet6' && found.kind !== 'none' && found.kind !== 'error') return found;
  const source = sourceFor(reading, family, found);
  return source === undefined ? found : lookupOnce(netns, reading, family, bits, source);
}

/** The source address that a route brings: its own, else one of its interface, in its subnet if there is one (inet_select_addr). */
function sourceFor(reading: Reading, family: Family, found: RouteResult): AddressBits | undefined {
  const route = 'route' in found ? found.route : undefined;
  if (route?.preferredSource !== undefined) return addressBits(route.preferredSource);
  const candidates = (reading.addresses ?? []).filter(
    (a) => a.family === family && (route?.device === undefined || a.device === route.device),
  );
  const gateway = route?.gateway === undefined ? undefined : addressBits(route.gateway);
  const near = candidates.find((a) => gateway !== undefined && inPrefix(gateway, { family, bytes: a.bits, length: a.prefixLength }));
  return (near ?? candidates[0])?.bits;
}

function lookupOnce(netns: NetnsFacts, reading: Reading, family: Family, bits: AddressBits, source: AddressBits | undefined): RouteResult {
  for (const { selector, verb, table, shortest } of reading.rules[family].inOrder) {
    const match = selector === undefined ? 'yes' : selectorMatches(selector, bits, source);
    if (match === 'no') continue;
    if (verb === 'unreachable' || verb === 'prohibit' || verb === 'blackhole') {
      if (match === 'unknown') return { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'rules' }] };
      // A rule's "unreachable" is ENETUNREACH, unlike a route's (net/ipv4/fib_rules.c fib4_rule_action, net/ipv6/fib6_rules.c).
      return { kind: 'error', type: verb, text: `rule ${verb}`, ...(verb === 'unreachable' ? { errno: 'ENETUNREACH' } : {}) };
    }
    if (verb !== 'lookup' && verb !== 'table') continue;
    const entry = searchTable(reading, family, table, bits, shortest);
    const missing = table === 'local' ? reading.addresses === undefined : !reading.routesSeen;
    if (entry === undefined && missing) return { kind: 'cannot-tell', needs: unseen(netns, reading) };
    if (entry === undefined || entry.type === 'throw') continue;
    if (match === 'unknown') return { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'rules' }] };
    return entryResult(entry);
  }
  const needs = unseen(netns, reading);
  return needs.length === 0 ? { kind: 'none' } : { kind: 'cannot-tell', needs };
}

/** The facts that no look-up in this namespace had. */
const unseen = (netns: NetnsFacts, reading: Reading): readonly Need[] => [
  ...(reading.addresses === undefined ? [{ kind: 'netns', netns: netns.id, fact: 'interfaces' } as const] : []),
  ...(reading.routesSeen ? [] : [{ kind: 'netns', netns: netns.id, fact: 'routes' } as const]),
];
