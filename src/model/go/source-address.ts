/**
 * Which source address does the kernel choose for a destination? What connect(2) on a UDP socket and getsockname(2) say; nothing is sent.
 * IPv4: the route's preferred source, else the outgoing device's address in the subnet of the next hop, else its first one
 * (net/ipv4/fib_semantics.c fib_info_update_nhc_saddr, net/ipv4/devinet.c inet_select_addr). IPv6: RFC 6724 section 5
 * (net/ipv6/addrconf.c ipv6_dev_get_saddr), without its rules for mobile, temporary and deprecated addresses.
 */
import type { NetnsFacts, NodeFacts } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import { addressScope, isLinkLocal6 } from '../address/special.ts';
import { commonPrefixLength } from '../address/prefix.ts';
import { formatAddress } from '../address/address.ts';
import { type AddressBits, addressBits } from '../dial/address-bits.ts';
import { reach } from '../dial/reach.ts';
import { type OwnAddress, ownAddressesOf, routeLookup } from '../dial/route.ts';
import type { Need, ResolvedAddress } from '../types.ts';
import { policyOf } from './address-sort.ts';

export type SourceAddress =
  | { readonly kind: 'source'; readonly address: string }
  /** The connect fails. */
  | { readonly kind: 'none'; readonly errno: string; readonly stage: 'socket' | 'address' }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };

const remembered = memoByIdentity((_netns: NetnsFacts) => new Map<string, { readonly node: NodeFacts; readonly source: SourceAddress }>());
const orders = memoByIdentity((_netns: NetnsFacts) => new Map<string, { readonly node: NodeFacts; readonly order: unknown }>());
/** Enough for the names of one node; a stream of made-up names must not fill the memory. */
const MOST_ORDERS = 5000;

/** The result of sorting addresses depends on nothing but them, the node and the namespace: remembered under `key`. */
export function rememberedOrder<T>(node: NodeFacts, netns: NetnsFacts, key: string, make: () => T): T {
  const known = orders(netns);
  const hit = known.get(key);
  if (hit?.node === node) return hit.order as T;
  const order = make();
  if (known.size >= MOST_ORDERS) known.clear();
  known.set(key, { node, order });
  return order;
}

export function sourceAddress(node: NodeFacts, netns: NetnsFacts, address: ResolvedAddress): SourceAddress {
  const known = remembered(netns);
  const key = `${address.address}%${address.zone ?? ''}`;
  const hit = known.get(key);
  if (hit?.node === node) return hit.source;
  const source = find(node, netns, address);
  if (known.size >= MOST_ORDERS) known.clear();
  known.set(key, { node, source });
  return source;
}

function find(node: NodeFacts, netns: NetnsFacts, address: ResolvedAddress): SourceAddress {
  const reached = reach(node, netns, address);
  switch (reached.kind) {
    case 'errno':
      return { kind: 'none', errno: reached.errno, stage: reached.stage };
    case 'cannot-tell':
      return { kind: 'cannot-tell', needs: reached.needs };
    case 'local':
      return { kind: 'source', address: text(reached.source) };
    case 'leaves':
      return leaving(netns, address);
  }
}

const text = (bits: AddressBits): string => formatAddress(Uint8Array.from(bits));

function leaving(netns: NetnsFacts, address: ResolvedAddress): SourceAddress {
  const bits = addressBits(address.address);
  if (bits === undefined) return { kind: 'none', errno: 'EINVAL', stage: 'address' };
  const found = routeLookup(netns, address.family, bits);
  const route = found.kind === 'unicast' ? found.route : undefined;
  if (route?.preferredSource !== undefined) return { kind: 'source', address: route.preferredSource };
  const own = (ownAddressesOf(netns) ?? []).filter((a) => a.family === address.family);
  const device = route?.device ?? address.zone;
  // fe80::/64 has a route only through a device with a link-local address of its own.
  const linkLocal = isLinkLocal6(Uint8Array.from(bits));
  if (linkLocal && !own.some((a) => a.device === device && isLinkLocal6(Uint8Array.from(a.bits))))
    return { kind: 'none', errno: 'ENETUNREACH', stage: 'address' };
  const chosen =
    address.family === 'inet' ? ipv4Source(own, device, addressBits(route?.gateway ?? '') ?? bits) : ipv6Source(own, device, bits);
  return chosen === undefined
    ? { kind: 'none', errno: address.family === 'inet' ? 'ENETUNREACH' : 'EADDRNOTAVAIL', stage: 'address' }
    : { kind: 'source', address: text(chosen.bits) };
}

function ipv4Source(own: readonly OwnAddress[], device: string | undefined, nextHop: AddressBits): OwnAddress | undefined {
  const there = own.filter((a) => a.device === device);
  const hop = Uint8Array.from(nextHop);
  const global = (a: OwnAddress): boolean => addressScope(Uint8Array.from(a.bits)) > 2;
  return there.find((a) => commonPrefixLength(Uint8Array.from(a.bits), hop) >= a.prefixLength) ?? there[0] ?? own.find(global) ?? own[0];
}

function ipv6Source(own: readonly OwnAddress[], device: string | undefined, destination: AddressBits): OwnAddress | undefined {
  const to = Uint8Array.from(destination);
  const scope = addressScope(to);
  const label = policyOf(to).label;
  let best: { readonly address: OwnAddress; readonly key: readonly number[] } | undefined;
  for (const address of own) {
    const bytes = Uint8Array.from(address.bits);
    const ownScope = addressScope(bytes);
    // A link-local address serves only its own device, and never a wider scope than it must.
    if (ownScope === 2 && address.device !== device && address.text !== '::1') continue;
    const scopeRank = ownScope === scope ? 2000 : ownScope > scope ? 1000 - ownScope : ownScope - 100;
    const key = [scopeRank, Number(address.device === device), Number(policyOf(bytes).label === label), commonPrefixLength(bytes, to)];
    if (best === undefined || isGreater(key, best.key)) best = { address, key };
  }
  return best?.address;
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}
