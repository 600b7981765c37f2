/** Which socket takes a connection (net/ipv4/inet_hashtables.c, net/ipv6/inet6_hashtables.c; ipv6(7) IPV6_V6ONLY). */
import { valueOf } from '../../facts/fact.ts';
import type { Family, Listener, NetnsFacts } from '../../facts/node-facts.ts';
import type { AddressBits } from './address-bits.ts';
import { sameBytes } from '../address/address.ts';
import { isUnspecified } from '../address/special.ts';
import { addressBits, mappedIpv4 } from './address-bits.ts';

export type ListenerResult =
  | { readonly kind: 'accepts'; readonly listener: Listener }
  /** Nothing takes it; `others` listen on the same port elsewhere. */
  | { readonly kind: 'none'; readonly others: readonly Listener[] }
  /** An IPv6 socket on `::` whose V6ONLY is not known, or the listeners were not seen. */
  | { readonly kind: 'unknown' };

const ANY = new Set(['*', '::', '0.0.0.0']);

function takes(l: Listener, family: Family, bits: AddressBits): 'yes' | 'no' | 'unknown' {
  const own = addressBits(l.address);
  const mapped = own === undefined ? undefined : mappedIpv4(own);
  if (mapped !== undefined) return family === 'inet' && (isUnspecified(mapped) || sameBytes(mapped, bits)) ? 'yes' : 'no';
  if (ANY.has(l.address) || (own !== undefined && isUnspecified(own))) {
    if (l.family === family) return 'yes';
    if (l.family === 'inet') return 'no';
    return l.v6only === undefined ? (l.address === '*' ? 'yes' : 'unknown') : l.v6only ? 'no' : 'yes';
  }
  return l.family === family && own !== undefined && sameBytes(own, bits) ? 'yes' : 'no';
}

/** `bits` is the address as it arrives: IPv4 for a connection to ::ffff:a.b.c.d. */
export function findListener(netns: NetnsFacts, protocol: 'tcp' | 'udp', family: Family, bits: AddressBits, port: number): ListenerResult {
  const listeners = valueOf(netns.listeners);
  if (listeners === undefined && netns.listeners.state !== 'absent') return { kind: 'unknown' };
  const others: Listener[] = [];
  let unknown = false;
  for (const listener of listeners ?? []) {
    if (listener.protocol !== protocol || listener.port !== port) continue;
    const answer = takes(listener, family, bits);
    if (answer === 'yes') return { kind: 'accepts', listener };
    if (answer === 'unknown') unknown = true;
    else others.push(listener);
  }
  return unknown ? { kind: 'unknown' } : { kind: 'none', others };
}

/** '127.0.0.1:6443', '[::]:6443'. */
export const listenerText = (l: Listener): string => (l.address.includes(':') ? `[${l.address}]` : l.address) + `:${String(l.port)}`;
