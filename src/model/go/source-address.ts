/** Source addresses as resolvers ask for them, and sorted orders, remembered for each namespace. */
import type { NetnsFacts, NodeFacts } from '../../facts/node-facts.ts';
import { addrOf } from '../address/addr.ts';
import { parseAddress } from '../address/address.ts';
import { sourceAddress as kernelSource } from '../address/source-address.ts';
import { isLinkLocal6 } from '../address/special.ts';
import { ownAddressesOf } from '../dial/route.ts';
import { memoByIdentity } from '../memo.ts';
import type { Need, ResolvedAddress } from '../types.ts';

export type SourceAddress =
  | { readonly kind: 'source'; readonly address: string }
  /** The connect fails. */
  | { readonly kind: 'none' }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };

const remembered = memoByIdentity((_netns: NetnsFacts) => new Map<string, { readonly node: NodeFacts; readonly source: SourceAddress }>());
const orders = memoByIdentity((_netns: NetnsFacts) => new Map<string, { readonly node: NodeFacts; readonly order: unknown }>());
/** Enough for the names of one node; a stream of made-up names must not fill the memory. */
const MOST = 5000;

/** The result of sorting addresses depends on nothing but them, the node and the namespace: remembered under `key`. */
export function rememberedOrder<T>(node: NodeFacts, netns: NetnsFacts, key: string, make: () => T): T {
  const known = orders(netns);
  const hit = known.get(key);
  if (hit?.node === node) return hit.order as T;
  const order = make();
  if (known.size >= MOST) known.clear();
  known.set(key, { node, order });
  return order;
}

/** What connect(2) on a UDP socket and getsockname(2) say. */
export function sourceAddress(node: NodeFacts, netns: NetnsFacts, address: ResolvedAddress): SourceAddress {
  const known = remembered(netns);
  const key = `${address.address}%${address.zone ?? ''}`;
  const hit = known.get(key);
  if (hit?.node === node) return hit.source;
  const source = find(node, netns, address);
  if (known.size >= MOST) known.clear();
  known.set(key, { node, source });
  return source;
}

function find(node: NodeFacts, netns: NetnsFacts, { address, zone }: ResolvedAddress): SourceAddress {
  const bytes = parseAddress(address)?.bytes;
  if (bytes === undefined) return { kind: 'none' };
  if (isLinkLocal6(bytes) && zone !== undefined && !hasLinkLocal(netns, zone)) return { kind: 'none' };
  const found = kernelSource(node, netns, addrOf(bytes, zone));
  return found.kind === 'source' ? { kind: 'source', address: found.address.text } : found;
}

/** fe80::/64 has a route only through a device with a link-local address of its own; lo has none. */
function hasLinkLocal(netns: NetnsFacts, zone: string): boolean {
  const own = ownAddressesOf(netns);
  return own === undefined || /^\d/u.test(zone) || own.some((a) => a.device === zone && isLinkLocal6(Uint8Array.from(a.bits)));
}
