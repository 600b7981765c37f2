/**
 * The order in which getaddrinfo returns addresses: RFC 3484 as glibc has it. For each pair the first rule that decides:
 *
 *   1  with a source address before without       6  higher precedence of the destination
 *   2  scope of source and destination equal      7  native transport before a tunnel interface
 *   3  source not deprecated                      8  smaller scope of the destination
 *   5  label of source and destination equal      9  same family: longer common prefix of destination and source;
 *  10  order of the services                         IPv4 only within the source's own subnet
 *
 * Rules 2, 3, 5, 7 and 9 need a source on the first of the pair. Prefix length and flags of sources are known only while some IPv6 address
 * but ::1 exists; without, rule 9 tells IPv4 addresses apart only when one is the source itself.
 * Source: glibc getaddrinfo.c rfc3484_sort, check_pf.c make_request at 2.12 to 2.43. Not modelled: rule 4 (home addresses).
 */
import type { Interface, NetnsFacts, NodeFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import { mapIpv4, normalAddress } from '../address/address.ts';
import { addrFrom, addrOf, type Addr } from '../address/addr.ts';
import { commonPrefixLength, sharesBits } from '../address/prefix.ts';
import { sourceAddress } from '../address/source-address.ts';
import { addressScope, isLoopback4, isLoopback6, isV4Mapped } from '../address/special.ts';
import { memoByIdentity } from '../memo.ts';
import { needNetns, netnsOf, NeedsFacts, openFile, type Run } from '../nss/run.ts';
import { DEFAULT_GAI_CONF, DEFAULT_SCOPES, OLD_SCOPES, parseGaiConf, policyValue, type GaiConf } from './gai-conf.ts';

/** What the rules compare, worked out once for each address of a namespace. */
interface Rank {
  readonly destination: Addr;
  readonly source: Addr | undefined;
  readonly scope: number;
  readonly sameScope: boolean;
  readonly sameLabel: boolean;
  readonly precedence: number;
  readonly deprecated: boolean;
  /** 0: not known. */
  readonly prefixLength: number;
  readonly device: string | undefined;
  readonly native: boolean;
}

const TUNNEL_KINDS = new Set(['sit', 'gre', 'ipip', 'ip6tnl', 'ip6gre']);
const sixteen = (a: Addr): Uint8Array => (a.family === 'inet' ? mapIpv4(a.bytes) : a.bytes);
const scopeOf = (a: Addr, conf: GaiConf): number =>
  a.family === 'inet6' ? addressScope(a.bytes) : policyValue(conf.scopes, mapIpv4(a.bytes));

const OLD_DEFAULTS: GaiConf = { ...DEFAULT_GAI_CONF, scopes: OLD_SCOPES };
const withOldScopes = memoByIdentity((conf: GaiConf): GaiConf => (conf.scopes === DEFAULT_SCOPES ? { ...conf, scopes: OLD_SCOPES } : conf));

function tablesOf(run: Run): GaiConf {
  const opened = openFile(run, '/etc/gai.conf');
  if (!('content' in opened)) return run.rules.privateIsSiteLocal ? OLD_DEFAULTS : DEFAULT_GAI_CONF;
  const conf = parseGaiConf(opened.content);
  return run.rules.privateIsSiteLocal ? withOldScopes(conf) : conf;
}

/** Ranks of the last node and tables that a namespace was seen with: edits make a new node, readings of one node reuse them. */
const ranks = new WeakMap<NetnsFacts, { readonly node: NodeFacts; readonly conf: GaiConf; readonly byAddress: Map<string, Rank> }>();

export function sortAddresses(run: Run, addresses: readonly Addr[]): readonly Addr[] {
  if (addresses.length < 2) return addresses;
  const conf = tablesOf(run);
  const netns = netnsOf(run);
  const { node } = run.world;
  let kept = ranks.get(netns);
  if (kept?.node !== node || kept.conf !== conf) {
    kept = { node, conf, byAddress: new Map() };
    ranks.set(netns, kept);
  }
  const ranked = addresses.map((address) => {
    const key = address.zone === undefined ? address.text : `${address.text}%${address.zone}`;
    let rank = kept.byAddress.get(key);
    if (rank === undefined) {
      rank = rankOf(run, netns, conf, address);
      kept.byAddress.set(key, rank);
    }
    return rank;
  });
  // Array.prototype.sort is stable, which is rule 10.
  return ranked.sort(compare).map((rank) => rank.destination);
}

function rankOf(run: Run, netns: NetnsFacts, conf: GaiConf, destination: Addr): Rank {
  const interfaces = valueOf(netns.interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  const found = sourceAddress(run.world.node, netns, destination);
  if (found.kind === 'cannot-tell') throw new NeedsFacts(found.needs);
  const source = found.kind === 'source' ? found.address : undefined;
  const detailsKnown = interfaces.some((i) => i.addresses.some((a) => a.family === 'inet6' && a.address !== '::1'));
  const details = source === undefined || !detailsKnown ? undefined : detailsOf(interfaces, source);
  const label = (x: Addr): number => policyValue(conf.labels, sixteen(x));
  const scope = scopeOf(destination, conf);
  return {
    destination,
    source,
    scope,
    sameScope: source !== undefined && scope === scopeOf(source, conf),
    sameLabel: source !== undefined && label(destination) === label(source),
    precedence: policyValue(conf.precedences, sixteen(destination)),
    deprecated: details?.deprecated ?? false,
    prefixLength: details?.prefixLength ?? 0,
    device: details?.device,
    native: details?.native ?? true,
  };
}

/** Flags of a source address; 127/8 sources take those of 127.0.0.1. */
function detailsOf(
  interfaces: readonly Interface[],
  source: Addr,
): { deprecated: boolean; prefixLength: number; device: string; native: boolean } | undefined {
  const own4 = isV4Mapped(source.bytes) ? addrOf(source.bytes.slice(12)) : source;
  const text = isLoopback4(source.bytes) ? '127.0.0.1' : own4.text;
  for (const device of interfaces) {
    for (const a of device.addresses) {
      if (a.address !== text && normalAddress(a.address) !== text) continue;
      return {
        deprecated: a.deprecated === true,
        prefixLength: a.prefixLength,
        device: device.name,
        native: !TUNNEL_KINDS.has(device.kind ?? ''),
      };
    }
  }
  return undefined;
}

function compare(a: Rank, b: Rank): number {
  if ((a.source === undefined) !== (b.source === undefined)) return a.source === undefined ? 1 : -1;
  const both = a.source !== undefined && b.source !== undefined;
  if (both) {
    const byScopeAgeLabel = first(a.sameScope, b.sameScope) || first(!a.deprecated, !b.deprecated) || first(a.sameLabel, b.sameLabel);
    if (byScopeAgeLabel !== 0) return byScopeAgeLabel;
  }
  if (a.precedence !== b.precedence) return b.precedence - a.precedence;
  if (both && a.device !== b.device) {
    const byTransport = first(a.native, b.native);
    if (byTransport !== 0) return byTransport;
  }
  if (a.scope !== b.scope) return a.scope - b.scope;
  if (a.source === undefined || b.source === undefined || a.destination.family !== b.destination.family) return 0;
  return a.destination.family === 'inet' ? prefixBits4(b) - prefixBits4(a) : prefixBits6(a, b, a.source, b.source);
}

const first = (a: boolean, b: boolean): number => (a === b ? 0 : a ? -1 : 1);

/** Shared bits of an IPv4 destination and its source, when both are in the source's subnet. An unknown length acts as 32. */
function prefixBits4(c: Rank): number {
  if (c.source === undefined) return 0;
  const length = c.prefixLength === 0 ? 32 : c.prefixLength;
  return sharesBits(c.destination.bytes, c.source.bytes, length) ? commonPrefixLength(c.destination.bytes, c.source.bytes) : 0;
}

/** glibc compares one 32-bit word only: the first in which either destination differs from its source. */
function prefixBits6(a: Rank, b: Rank, sourceA: Addr, sourceB: Addr): number {
  for (let word = 0; word < 16; word += 4) {
    const bitsA = wordBits(a.destination.bytes, sourceA.bytes, word);
    const bitsB = wordBits(b.destination.bytes, sourceB.bytes, word);
    if (bitsA < 32 || bitsB < 32) return bitsB - bitsA;
  }
  return 0;
}

const wordBits = (a: Uint8Array, b: Uint8Array, from: number): number =>
  commonPrefixLength(a.subarray(from, from + 4), b.subarray(from, from + 4));

/** Which families AI_ADDRCONFIG sees: any address but 127.0.0.1 and ::1, on whatever interface (check_pf.c). */
export function configuredFamilies(run: Run): { readonly inet: boolean; readonly inet6: boolean } {
  const interfaces = valueOf(netnsOf(run).interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  let inet = false;
  let inet6 = false;
  for (const device of interfaces) {
    for (const a of device.addresses) {
      if (a.family === 'inet') inet ||= a.address !== '127.0.0.1';
      else inet6 ||= !isLoopback6(addrFrom(a.address)?.bytes ?? new Uint8Array(0));
    }
  }
  return { inet, inet6 };
}
