/** bind(2): net/ipv4/af_inet.c __inet_bind, net/ipv6/af_inet6.c __inet6_bind, net/ipv4/inet_connection_sock.c. */
import { valueOf } from '../../facts/fact.ts';
import type { Listener, NetnsFacts } from '../../facts/node-facts.ts';
import type { DialAttempt, DialOutcome, Need, ResolvedAddress, World } from '../types.ts';
import type { AddressBits } from './address-bits.ts';
import { sameBytes } from '../address/address.ts';
import { isLinkLocal6, isMulticast, isUnspecified } from '../address/special.ts';
import { addressBits, mappedIpv4 } from './address-bits.ts';
import { ipv6SocketOf, loopbackDrops } from './reach.ts';
import { ownAddressesOf, routeLookup } from './route.ts';

export interface BindOptions {
  /** IPV6_V6ONLY of the socket; absent: the namespace's net.ipv6.bindv6only (0 by default). */
  readonly v6only?: boolean;
  /** Has the process CAP_NET_BIND_SERVICE? Absent: yes. */
  readonly privileged?: boolean;
}

/** The kernel's answer to bind and listen; outcome 'connected' means that it worked. Port 0 or undefined: any free port. */
export function bindAddress(
  world: World,
  netns: NetnsFacts,
  address: ResolvedAddress,
  port: number | undefined,
  protocol: 'tcp' | 'udp' = 'tcp',
  options: BindOptions = {},
): DialAttempt {
  const end = (outcome: DialOutcome, stage: DialAttempt['stage']): DialAttempt => ({
    address,
    port,
    outcome,
    stage,
    steps: [],
    elapsedMs: 0,
  });
  const failed = (errno: string, stage: DialAttempt['stage']): DialAttempt => end({ kind: 'errno', errno }, stage);
  const bits = addressBits(address.address);
  if (bits === undefined) return failed('EINVAL', 'address');
  if (bits.length === 16) {
    const socket = ipv6SocketOf(world.node, netns);
    if (socket === false) return failed('EAFNOSUPPORT', 'socket');
    if (socket === undefined)
      return end({ kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'ipv6Socket' }] }, 'unknown');
  }
  const v6only = options.v6only ?? valueOf(netns.sysctls['net.ipv6.bindv6only']) === '1';
  const fits = addressFits(netns, bits, address.zone, v6only);
  if (typeof fits === 'string') return failed(fits, 'address');
  if (typeof fits === 'object') return end({ kind: 'cannot-tell', needs: [fits] }, 'unknown');
  if (port === undefined || port === 0) return end({ kind: 'connected' }, 'listener');
  const lowest = Number(valueOf(netns.sysctls['net.ipv4.ip_unprivileged_port_start']) ?? '1024');
  if (options.privileged === false && port < lowest) return failed('EACCES', 'address');
  const listeners = valueOf(netns.listeners);
  if (listeners === undefined)
    return end({ kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'listeners' }] }, 'unknown');
  const taken = listeners.some((l) => l.protocol === protocol && l.port === port && overlap(l, bits, v6only));
  return taken ? failed('EADDRINUSE', 'listener') : end({ kind: 'connected' }, 'listener');
}

/** true: the address can be bound; a string: the errno; a Need: nobody knows. */
function addressFits(netns: NetnsFacts, bits: AddressBits, zone: string | undefined, v6only: boolean): true | string | Need {
  const mapped = mappedIpv4(bits);
  if (mapped !== undefined && v6only) return 'EINVAL';
  const address = mapped ?? bits;
  // The wildcard needs no address: `::` can be bound even with IPv6 off by sysctl, and then takes IPv4.
  if (isUnspecified(address) || isMulticast(address)) return true;
  if (isLinkLocal6(address) && zone === undefined) return 'EINVAL';
  const nonlocal = valueOf(netns.sysctls[address.length === 4 ? 'net.ipv4.ip_nonlocal_bind' : 'net.ipv6.ip_nonlocal_bind']) === '1';
  if (nonlocal) return true;
  const own = ownAddressesOf(netns);
  if (own === undefined) return { kind: 'netns', netns: netns.id, fact: 'interfaces' };
  if (own.some((a) => sameBytes(a.bits, address))) return true;
  // A namespace that never had an IPv4 address has no local table yet, and then every IPv4 address may be bound (inet_addr_type).
  if (address.length === 4 && loopbackDrops(netns, 'inet') !== undefined && !own.some((a) => a.family === 'inet')) return true;
  const found = address.length === 4 ? routeLookup(netns, 'inet', address) : undefined;
  return found?.kind === 'local' || found?.kind === 'broadcast' ? true : 'EADDRNOTAVAIL';
}

function overlap(l: Listener, bits: AddressBits, v6only: boolean): boolean {
  const other = addressBits(l.address === '*' ? (l.family === 'inet' ? '0.0.0.0' : '::') : l.address);
  if (other === undefined) return false;
  const otherTakesV4 = other.length === 4 || mappedIpv4(other) !== undefined || (isUnspecified(other) && l.v6only !== true);
  const takesV4 = bits.length === 4 || mappedIpv4(bits) !== undefined || (isUnspecified(bits) && !v6only);
  const a = mappedIpv4(bits) ?? bits;
  const b = mappedIpv4(other) ?? other;
  if (a.length === b.length) return isUnspecified(a) || isUnspecified(b) || sameBytes(a, b);
  // Families differ: they meet only where an IPv6 wildcard takes IPv4 as well.
  return a.length === 16 ? isUnspecified(a) && takesV4 : isUnspecified(b) && otherTakesV4;
}
