/** connect, send and recv on a UDP socket to this machine itself: connect only picks a route, errors of the peer come back at recv (udp(7)). */
import type { NetnsFacts } from '../../facts/node-facts.ts';
import type { ResolvedAddress, World } from '../types.ts';
import { filterLocal } from './filter.ts';
import { findListener } from './listener.ts';
import { loopbackDrops, reach } from './reach.ts';

/** Each is 'OK', 'TIMEOUT' (recv: nothing came) or an errno name; undefined where it cannot be told, or was not reached. */
export interface UdpExchange {
  readonly connect: string | undefined;
  readonly send?: string;
  readonly recv?: string;
}

export function udpExchange(world: World, netns: NetnsFacts, address: ResolvedAddress, port: number): UdpExchange {
  const reached = reach(world.node, netns, address);
  if (reached.kind === 'errno') return { connect: reached.errno };
  if (reached.kind === 'cannot-tell') return { connect: undefined };
  if (reached.kind === 'leaves') return { connect: 'OK', send: 'OK' };
  const { family, bits, source } = reached;
  if (loopbackDrops(netns, family) !== undefined) return { connect: 'OK', send: 'OK', recv: 'TIMEOUT' };
  const filtered = filterLocal(netns, { family, protocol: 'udp', source, destination: bits, port });
  if (filtered.kind === 'blocked') return { connect: 'OK', send: filtered.send, recv: filtered.recv };
  if (filtered.kind === 'maybe') return { connect: 'OK' };
  const found = findListener(netns, 'udp', family, bits, port);
  if (found.kind === 'unknown') return { connect: 'OK', send: 'OK' };
  return { connect: 'OK', send: 'OK', recv: found.kind === 'none' ? 'ECONNREFUSED' : 'TIMEOUT' };
}
