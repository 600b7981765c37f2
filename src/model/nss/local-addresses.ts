/**
 * Addresses and gateways of the view's network namespace, as the systemd modules list them.
 *
 * Order: IPv4 first, then the wider scope, the lower metric, the lower interface index, the lower address. Addresses of host scope
 * (127/8, ::1) and deprecated ones are left out.
 * Source: systemd src/shared/local-addresses.c (address_compare, local_addresses, local_gateways, local_outbounds) 232 to 257.
 */
import { valueOf } from '../../facts/fact.ts';
import { addrFrom, addrOf, type Addr } from '../address/addr.ts';
import { addressScope, isLinkLocal6, isLoopback, SCOPE_LINK } from '../address/special.ts';
import { sameBytes } from '../address/address.ts';
import { sourceAddress } from '../address/source-address.ts';
import { needNetns, netnsOf, NeedsFacts, type Run } from './run.ts';

interface Listed {
  readonly address: Addr;
  /** Larger is narrower, as RT_SCOPE_* count. */
  readonly narrow: number;
  readonly metric: number;
  readonly index: number;
}

function byBytes(a: Uint8Array, b: Uint8Array): number {
  for (const [i, byte] of a.entries()) if (byte !== b[i]) return byte - (b[i] ?? 0);
  return 0;
}

function inOrder(listed: readonly Listed[]): readonly Addr[] {
  return [...listed]
    .sort(
      (a, b) =>
        a.address.bytes.length - b.address.bytes.length ||
        a.narrow - b.narrow ||
        a.metric - b.metric ||
        a.index - b.index ||
        byBytes(a.address.bytes, b.address.bytes),
    )
    .map(({ address }) => address);
}

/** What the kernel calls the scope of an address: an IPv4 one has it from whoever set it, and ip(8) says global except for 127/8. */
const narrowness = (bytes: Uint8Array): number => (bytes.length === 16 && addressScope(bytes) === SCOPE_LINK ? 1 : 0);

export function localAddresses(run: Run): readonly Addr[] {
  const interfaces = valueOf(netnsOf(run).interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  const listed: Listed[] = [];
  for (const [at, device] of interfaces.entries()) {
    const index = device.index ?? at + 1;
    for (const each of device.addresses) {
      const address = each.deprecated === true ? undefined : addrFrom(each.address);
      if (address === undefined || isLoopback(address.bytes)) continue;
      const zoned = isLinkLocal6(address.bytes) ? addrOf(address.bytes, String(index)) : address;
      listed.push({ address: zoned, narrow: narrowness(address.bytes), metric: 0, index });
    }
  }
  return inOrder(listed);
}

export function defaultGateways(run: Run): readonly Addr[] {
  const netns = netnsOf(run);
  const routes = valueOf(netns.routes);
  if (routes === undefined) throw new NeedsFacts([needNetns(run, 'routes')]);
  const devices = valueOf(netns.interfaces) ?? [];
  const listed: Listed[] = [];
  for (const route of routes) {
    const isDefault = route.destination === '0.0.0.0/0' || route.destination === '::/0';
    if (!isDefault || route.type !== 'unicast' || route.table !== 'main') continue;
    const gateway = addrFrom(route.gateway ?? '');
    if (gateway === undefined) continue;
    const at = devices.findIndex(({ name }) => name === route.device);
    const index = devices[at]?.index ?? at + 1;
    const address = isLinkLocal6(gateway.bytes) ? addrOf(gateway.bytes, String(index)) : gateway;
    // ip(8) shows an IPv6 route without a metric where it has the usual one.
    listed.push({ address, narrow: 0, metric: route.metric ?? (route.family === 'inet6' ? 1024 : 0), index });
  }
  return inOrder(listed);
}

/** The source addresses with which the default gateways are reached. */
export function outboundAddresses(run: Run): readonly Addr[] {
  const found: Addr[] = [];
  for (const gateway of defaultGateways(run)) {
    const source = sourceAddress(run.world.node, netnsOf(run), gateway);
    if (source.kind === 'cannot-tell') throw new NeedsFacts(source.needs);
    if (source.kind !== 'source') continue;
    const { address } = source;
    if (!found.some((a) => sameBytes(a.bytes, address.bytes))) found.push(address);
  }
  return inOrder(found.map((address) => ({ address, narrow: 0, metric: 0, index: 0 })));
}

/**
 * /proc/net/if_inet6 is there and net.ipv6.conf.all.disable_ipv6 is 0. The sysctl exists exactly where the file does; a process that
 * may not make IPv6 sockets (seccomp, RestrictAddressFamilies) sees both all the same.
 * Source: systemd src/basic/socket-util.c socket_ipv6_is_supported, socket_ipv6_is_enabled (asked by nss-myhostname from 251 on).
 */
export function ipv6Enabled(run: Run): boolean {
  const netns = netnsOf(run);
  const off = netns.disableIpv6['all'];
  if (off?.state === 'known') return !off.value;
  return !(netns.ipv6Socket.state === 'absent' || valueOf(netns.ipv6Socket) === false);
}
