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
import type { Interface } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import { mapIpv4, sameBytes } from '../address/address.ts';
import type { Addr } from '../address/addr.ts';
import { addrFrom } from '../address/addr.ts';
import { commonPrefixLength, sharesBits } from '../address/prefix.ts';
import { sourceAddress } from '../address/source-address.ts';
import { addressScope, isLoopback4, isLoopback6 } from '../address/special.ts';
import { needNetns, netnsOf, NeedsFacts, openFile, type Run } from '../nss/run.ts';
import { DEFAULT_GAI_CONF, DEFAULT_SCOPES, OLD_SCOPES, parseGaiConf, policyValue, type GaiConf } from './gai-conf.ts';

interface Candidate {
  readonly destination: Addr;
  readonly index: number;
  readonly source: Addr | undefined;
  readonly deprecated: boolean;
  /** 0: not known. */
  readonly prefixLength: number;
  readonly device: string | undefined;
  readonly native: boolean;
}

interface Tables {
  readonly conf: GaiConf;
}

const TUNNEL_KINDS = new Set(['sit', 'gre', 'ipip', 'ip6tnl', 'ip6gre']);
const sixteen = (a: Addr): Uint8Array => (a.family === 'inet' ? mapIpv4(a.bytes) : a.bytes);

function scopeOf(a: Addr, { conf }: Tables): number {
  return a.family === 'inet6' ? addressScope(a.bytes) : policyValue(conf.scopes, mapIpv4(a.bytes));
}

export function sortAddresses(run: Run, addresses: readonly Addr[]): readonly Addr[] {
  if (addresses.length < 2) return addresses;
  const opened = openFile(run, '/etc/gai.conf');
  let conf = 'content' in opened ? parseGaiConf(opened.content) : DEFAULT_GAI_CONF;
  if (run.rules.privateIsSiteLocal && conf.scopes === DEFAULT_SCOPES) conf = { ...conf, scopes: OLD_SCOPES };
  const netns = netnsOf(run);
  const interfaces = valueOf(netns.interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  const detailsKnown = interfaces.some((i) => i.addresses.some((a) => a.family === 'inet6' && a.address !== '::1'));
  const candidates = addresses.map((destination, index): Candidate => {
    const found = sourceAddress(run.world.node, netns, destination);
    if (found.kind === 'cannot-tell') throw new NeedsFacts(found.needs);
    const source = found.kind === 'source' ? found.address : undefined;
    const details = source === undefined || !detailsKnown ? undefined : detailsOf(interfaces, source);
    return {
      destination,
      index,
      source,
      deprecated: details?.deprecated ?? false,
      prefixLength: details?.prefixLength ?? 0,
      device: details?.device,
      native: details?.native ?? true,
    };
  });
  const tables: Tables = { conf };
  return candidates.sort((a, b) => compare(a, b, tables)).map((c) => c.destination);
}

/** Flags of a source address; 127/8 sources take those of 127.0.0.1. */
function detailsOf(interfaces: readonly Interface[], source: Addr): { deprecated: boolean; prefixLength: number; device: string; native: boolean } | undefined {
  const text = isLoopback4(source.bytes) ? '127.0.0.1' : source.text;
  for (const device of interfaces) {
    for (const a of device.addresses) {
      const own = a.address === text ? source : addrFrom(a.address);
      if (a.address !== text && (own === undefined || !sameBytes(own.bytes, source.bytes))) continue;
      return { deprecated: a.deprecated === true, prefixLength: a.prefixLength, device: device.name, native: !TUNNEL_KINDS.has(device.kind ?? '') };
    }
  }
  return undefined;
}

function compare(a: Candidate, b: Candidate, tables: Tables): number {
  if ((a.source === undefined) !== (b.source === undefined)) return a.source === undefined ? 1 : -1;
  const scopeA = scopeOf(a.destination, tables);
  const scopeB = scopeOf(b.destination, tables);
  const { source: sourceA } = a;
  const { source: sourceB } = b;
  const both = sourceA !== undefined && sourceB !== undefined;
  if (both) {
    const rule2 = first(scopeA === scopeOf(sourceA, tables), scopeB === scopeOf(sourceB, tables));
    if (rule2 !== 0) return rule2;
    const rule3 = first(!a.deprecated, !b.deprecated);
    if (rule3 !== 0) return rule3;
    const label = (x: Addr): number => policyValue(tables.conf.labels, sixteen(x));
    const rule5 = first(label(a.destination) === label(sourceA), label(b.destination) === label(sourceB));
    if (rule5 !== 0) return rule5;
  }
  const precedence = (x: Addr): number => policyValue(tables.conf.precedences, sixteen(x));
  const rule6 = precedence(b.destination) - precedence(a.destination);
  if (rule6 !== 0) return rule6;
  if (both && a.device !== b.device) {
    const rule7 = first(a.native, b.native);
    if (rule7 !== 0) return rule7;
  }
  if (scopeA !== scopeB) return scopeA - scopeB;
  if (both && a.destination.family === b.destination.family) {
    const rule9 = a.destination.family === 'inet' ? prefixBits4(b) - prefixBits4(a) : prefixBits6(a, b, sourceA, sourceB);
    if (rule9 !== 0) return rule9;
  }
  return a.index - b.index;
}

const first = (a: boolean, b: boolean): number => (a === b ? 0 : a ? -1 : 1);

/** Shared bits of an IPv4 destination and its source, when both are in the source's subnet. An unknown length acts as 32. */
function prefixBits4(c: Candidate): number {
  if (c.source === undefined) return 0;
  const length = c.prefixLength === 0 ? 32 : c.prefixLength;
  return sharesBits(c.destination.bytes, c.source.bytes, length) ? commonPrefixLength(c.destination.bytes, c.source.bytes) : 0;
}

/** glibc compares one 32-bit word only: the first in which either destination differs from its source. */
function prefixBits6(a: Candidate, b: Candidate, sourceA: Addr, sourceB: Addr): number {
  for (let word = 0; word < 16; word += 4) {
    const bitsA = wordBits(a.destination.bytes, sourceA.bytes, word);
    const bitsB = wordBits(b.destination.bytes, sourceB.bytes, word);
    if (bitsA < 32 || bitsB < 32) return bitsB - bitsA;
  }
  return 0;
}

const wordBits = (a: Uint8Array, b: Uint8Array, from: number): number => commonPrefixLength(a.subarray(from, from + 4), b.subarray(from, from + 4));

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
