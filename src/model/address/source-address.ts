/**
 * Which source address the kernel gives a UDP socket that connect()s to a destination: what getaddrinfo() sorts by.
 *
 *   IPv4   a local destination: the preferred source of its local route (127.0.0.1 for 127/8), else the destination itself;
 *          else the route's `src`, else an address of the outgoing device in the gateway's network, else its first, else another device's.
 *   IPv6   RFC 6724 section 5 among the usable addresses: same, scope, deprecated, outgoing device, label, longest prefix.
 *
 * 0.0.0.0 and :: stand for the loopback address. Broadcast, and IPv6 link-local without a zone, have no source (EACCES, EINVAL).
 * Sources: Linux net/ipv4/route.c, net/ipv4/devinet.c inet_select_addr, net/ipv6/addrconf.c ipv6_dev_get_saddr, net/ipv6/addrlabel.c.
 * Not modelled: temporary addresses (RFC 4941), home addresses, per-device address label tables.
 */
import type { Interface, InterfaceAddress, NetnsFacts, NodeFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { routeLookup } from '../dial/route.ts';
import type { Need } from '../types.ts';
import { mapIpv4, sameBytes } from './address.ts';
import { addrFrom, addrOf, LOOPBACK4, LOOPBACK6, type Addr } from './addr.ts';
import { commonPrefixLength, inPrefix, parsePrefix, sharesBits } from './prefix.ts';
import { addressScope, isLinkLocal6, isLinkLocalMulticast6, isMulticast, isUnspecified, isV4Mapped } from './special.ts';

export type SourceAddress =
  | { readonly kind: 'source'; readonly address: Addr }
  | { readonly kind: 'none' }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };

const NONE: SourceAddress = { kind: 'none' };

export function sourceAddress(node: NodeFacts, netns: NetnsFacts, destination: Addr): SourceAddress {
  if (destination.family === 'inet6') {
    const socket = ipv6SocketOf(node, netns);
    if (socket === false) return NONE;
    if (isV4Mapped(destination.bytes)) {
      const four = sourceAddress(node, netns, addrOf(destination.bytes.slice(12)));
      return four.kind === 'source' ? { kind: 'source', address: addrOf(mapIpv4(four.address.bytes)) } : four;
    }
  }
  const meant = isUnspecified(destination.bytes) ? (destination.family === 'inet' ? LOOPBACK4 : LOOPBACK6) : destination;
  const interfaces = valueOf(netns.interfaces);
  if (interfaces === undefined) return { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'interfaces' }] };
  return meant.family === 'inet' ? source4(netns, interfaces, meant) : source6(netns, interfaces, meant);
}

function source4(netns: NetnsFacts, interfaces: readonly Interface[], destination: Addr): SourceAddress {
  if (destination.bytes.every((byte) => byte === 255)) return NONE;
  const found = routeLookup(netns, 'inet', destination.bytes);
  if (found.kind === 'cannot-tell') return { kind: 'cannot-tell', needs: found.needs };
  if (found.kind === 'broadcast' || found.kind === 'none' || found.kind === 'error') return NONE;
  const preferred = found.route.preferredSource === undefined ? undefined : addrFrom(found.route.preferredSource);
  if (found.kind === 'local') return { kind: 'source', address: preferred ?? destination };
  if (preferred !== undefined) return { kind: 'source', address: preferred };
  const near = found.route.gateway === undefined ? destination : (addrFrom(found.route.gateway) ?? destination);
  const of = (device: Interface): readonly InterfaceAddress[] => device.addresses.filter((a) => a.family === 'inet');
  const own = interfaces.find((device) => device.name === found.route.device);
  const inNetwork =
    own === undefined
      ? undefined
      : of(own).find((a) => inPrefix(near.bytes, parsePrefix(`${a.address}/${String(a.prefixLength)}`) ?? NOWHERE));
  const chosen =
    inNetwork ?? (own === undefined ? undefined : of(own)[0]) ?? interfaces.filter((device) => !device.loopback).flatMap(of)[0];
  const address = chosen === undefined ? undefined : addrFrom(chosen.address);
  return address === undefined ? NONE : { kind: 'source', address };
}

const NOWHERE = { family: 'inet', bytes: new Uint8Array(0), length: 0 } as const;

interface Candidate {
  readonly address: Addr;
  readonly device: string;
  readonly deprecated: boolean;
}

function source6(netns: NetnsFacts, interfaces: readonly Interface[], destination: Addr): SourceAddress {
  const needsDevice = isLinkLocal6(destination.bytes) || isLinkLocalMulticast6(destination.bytes);
  let device: string | undefined;
  let preferred: Addr | undefined;
  if (needsDevice) {
    if (destination.zone === undefined) return NONE;
    device = interfaces.find((i) => i.name === destination.zone || String(i.index) === destination.zone)?.name;
    if (device === undefined) return NONE;
  } else {
    const found = routeLookup(netns, 'inet6', destination.bytes);
    if (found.kind === 'cannot-tell') return { kind: 'cannot-tell', needs: found.needs };
    if (found.kind === 'none' || found.kind === 'error') return NONE;
    if (found.kind === 'local' && !isMulticast(destination.bytes)) return { kind: 'source', address: destination };
    device = found.route.device;
    preferred = found.route.preferredSource === undefined ? undefined : addrFrom(found.route.preferredSource);
  }
  if (preferred !== undefined) return { kind: 'source', address: preferred };
  const candidates: Candidate[] = [];
  for (const i of interfaces) {
    if (!i.up || (needsDevice && i.name !== device)) continue;
    for (const a of i.addresses) {
      const address = a.family === 'inet6' && a.tentative !== true ? addrFrom(a.address) : undefined;
      if (address !== undefined) candidates.push({ address, device: i.name, deprecated: a.deprecated === true });
    }
  }
  let best: Candidate | undefined;
  for (const c of candidates) if (best === undefined || better(c, best, destination, device)) best = c;
  return best === undefined ? NONE : { kind: 'source', address: best.address };
}

/** Is `a` the better source than `b`? RFC 6724 rules 1, 2, 3, 5, 6, 8. */
function better(a: Candidate, b: Candidate, destination: Addr, device: string | undefined): boolean {
  const same = (c: Candidate): boolean => sameBytes(c.address.bytes, destination.bytes);
  if (same(a) !== same(b)) return same(a);
  const scope = addressScope(destination.bytes);
  const scopeA = addressScope(a.address.bytes);
  const scopeB = addressScope(b.address.bytes);
  if (scopeA !== scopeB) return scopeA < scopeB ? scopeA >= scope : scopeB < scope;
  if (a.deprecated !== b.deprecated) return b.deprecated;
  if ((a.device === device) !== (b.device === device)) return a.device === device;
  const label = kernelLabel(destination.bytes);
  const labelA = kernelLabel(a.address.bytes) === label;
  if (labelA !== (kernelLabel(b.address.bytes) === label)) return labelA;
  return commonPrefixLength(a.address.bytes, destination.bytes) > commonPrefixLength(b.address.bytes, destination.bytes);
}

/** Longest prefix first: Linux net/ipv6/addrlabel.c ip6addrlbl_init_table. */
const KERNEL_LABELS: readonly (readonly [prefix: string, label: number])[] = [
  ['::1/128', 0],
  ['::/96', 3],
  ['::ffff:0:0/96', 4],
  ['2001::/32', 6],
  ['2001:10::/28', 7],
  ['3ffe::/16', 12],
  ['2002::/16', 2],
  ['fec0::/10', 11],
  ['fc00::/7', 5],
];
const LABELS = KERNEL_LABELS.flatMap(([text, label]) => {
  const prefix = parsePrefix(text);
  return prefix === undefined ? [] : [{ prefix, label }];
});
const kernelLabel = (bytes: Uint8Array): number => LABELS.find(({ prefix }) => sharesBits(bytes, prefix.bytes, prefix.length))?.label ?? 1;
