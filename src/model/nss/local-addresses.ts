/** Addresses and gateways of the view's network namespace, as the systemd modules list them (src/shared/local-addresses.c). */
import { valueOf } from '../../facts/fact.ts';
import { addrFrom, type Addr } from '../address/addr.ts';
import { addressScope, isLoopback } from '../address/special.ts';
import { needNetns, netnsOf, NeedsFacts, type Run } from './run.ts';

/** Not loopback, global scope first, else in the order of the interfaces. */
export function localAddresses(run: Run): readonly Addr[] {
  const interfaces = valueOf(netnsOf(run).interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  const all = interfaces
    .flatMap((i) => i.addresses)
    .map((a) => addrFrom(a.address))
    .filter((a): a is Addr => a !== undefined && !isLoopback(a.bytes));
  return all
    .map((address, index) => ({ address, index, scope: addressScope(address.bytes) }))
    .sort((a, b) => b.scope - a.scope || a.index - b.index)
    .map(({ address }) => address);
}

export function defaultGateways(run: Run): readonly Addr[] {
  const routes = valueOf(netnsOf(run).routes);
  if (routes === undefined) throw new NeedsFacts([needNetns(run, 'routes')]);
  return routes
    .filter((r) => r.gateway !== undefined && (r.destination === '0.0.0.0/0' || r.destination === '::/0') && r.type === 'unicast')
    .sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))
    .map((r) => addrFrom(r.gateway ?? ''))
    .filter((a): a is Addr => a !== undefined);
}

/** /proc/net/if_inet6 is there and net.ipv6.conf.all.disable_ipv6 is 0 (systemd socket_ipv6_is_enabled, from 251). */
export function ipv6Enabled(run: Run): boolean {
  const netns = netnsOf(run);
  if (netns.ipv6Socket.state === 'absent' || valueOf(netns.ipv6Socket) === false) return false;
  const off = netns.disableIpv6['all'];
  return !(off?.state === 'known' && off.value);
}
