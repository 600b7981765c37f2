/**
 * The part of connect(2) before any packet: family, destination, source, route. Order of the checks as in Linux net/ipv4/tcp_ipv4.c
 * tcp_v4_connect and net/ipv6/tcp_ipv6.c tcp_v6_connect; UDP's connect has the same codes.
 */
import type { Fact, Source } from '../../facts/fact.ts';
import { valueOf } from '../../facts/fact.ts';
import type { Family, NetnsFacts, NodeFacts } from '../../facts/node-facts.ts';
import type { Need, ResolvedAddress, Step } from '../types.ts';
import type { AddressBits } from './address-bits.ts';
import { sameBytes } from '../address/address.ts';
import { isLinkLocal6, isMulticast, isUnspecified } from '../address/special.ts';
import { addressBits, ipv4Text, mappedIpv4 } from './address-bits.ts';
import { steps } from './dial-steps.ts';
import type { KernelVersion } from './kernel-rules.ts';
import { errnoOfRoute, parseKernelRelease, sourceBeforeRoute } from './kernel-rules.ts';
import { ownAddressesOf, routeLookup } from './route.ts';

export type Reach =
  /** The destination is this machine; `family` and `bits` as the packet carries them. */
  | {
      readonly kind: 'local';
      readonly family: Family;
      readonly bits: AddressBits;
      readonly source: AddressBits;
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'leaves'; readonly family: Family; readonly onLink: boolean; readonly steps: readonly Step[] }
  | {
      readonly kind: 'errno';
      readonly stage: 'socket' | 'address';
      readonly errno: string;
      readonly or: readonly string[];
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[]; readonly steps: readonly Step[] };

const sourceOf = (fact: Fact<unknown>): { at?: Source } => (fact.state === 'unobserved' ? {} : { at: fact.source });

/** Whether socket(AF_INET6) works: asked directly, else told by boot parameters, sysctls or an IPv6 address. undefined: nobody knows. */
export function ipv6SocketOf(node: NodeFacts, netns: NetnsFacts): boolean | undefined {
  const stated = valueOf(netns.ipv6Socket);
  if (stated !== undefined) return stated;
  if (netns.ipv6Socket.state === 'absent') return false;
  const boot = valueOf(node.bootParameters);
  if (boot !== undefined && /(?:^|[ \t])ipv6\.disable=1(?:[ \t\n]|$)/u.test(boot)) return false;
  if (Object.values(netns.disableIpv6).some((fact) => fact.state === 'known')) return true;
  if (valueOf(netns.interfaces)?.some((i) => i.addresses.some((a) => a.family === 'inet6')) === true) return true;
  return undefined;
}

const kernelOf = (node: NodeFacts): KernelVersion | undefined => {
  const release = valueOf(node.kernelRelease);
  return release === undefined ? undefined : parseKernelRelease(release);
};

/** Can the kernel find a source address for an IPv6 destination? Any usable IPv6 address of any interface will do, of whatever scope. */
function ipv6Source(netns: NetnsFacts): boolean | undefined {
  return ownAddressesOf(netns)?.some((a) => a.family === 'inet6');
}

function route(node: NodeFacts, netns: NetnsFacts, shown: string, family: Family, bits: AddressBits): Reach {
  const kernel = kernelOf(node);
  const found = routeLookup(netns, family, bits);
  const prefSource = (found.kind === 'local' || found.kind === 'unicast') && found.route.preferredSource !== undefined;
  const noSource = family === 'inet6' && !prefSource && ipv6Source(netns) === false;
  const withoutSource = (): Reach => ({
    kind: 'errno',
    stage: 'address',
    errno: 'EADDRNOTAVAIL',
    or: [],
    steps: [{ kind: steps.noSource, values: { address: shown }, ...sourceOf(netns.interfaces) }],
  });
  const sourceFirst = kernel === undefined ? undefined : sourceBeforeRoute(kernel);
  if (noSource && sourceFirst === true) return withoutSource();
  const byRoute = routeOutcome(netns, kernel, shown, family, bits, found);
  if (!noSource) return byRoute;
  if (byRoute.kind === 'errno') {
    if (sourceFirst === false) return byRoute;
    return { ...withoutSource(), or: [byRoute.errno] } as Reach;
  }
  if (byRoute.kind === 'cannot-tell') return { ...withoutSource(), or: ['ENETUNREACH', 'EHOSTUNREACH'] } as Reach;
  return withoutSource();
}

function routeOutcome(
  netns: NetnsFacts,
  kernel: KernelVersion | undefined,
  shown: string,
  family: Family,
  bits: AddressBits,
  found: ReturnType<typeof routeLookup>,
): Reach {
  switch (found.kind) {
    case 'local': {
      const { preferredSource, destination, device } = found.route;
      const step: Step = {
        kind: steps.local,
        values: {
          address: shown,
          owner: found.route.table === 'local' && preferredSource !== undefined ? destination : `local ${destination}`,
          device: device ?? 'lo',
        },
        ...sourceOf(netns.interfaces),
      };
      const source = preferredSource === undefined ? undefined : addressBits(preferredSource);
      return { kind: 'local', family, bits, source: family === 'inet' ? (source ?? bits) : bits, steps: [step] };
    }
    case 'unicast': {
      const onLink = found.route.gateway === undefined;
      const text = found.route.destination + (found.route.gateway === undefined ? '' : ` via ${found.route.gateway}`);
      return {
        kind: 'leaves',
        family,
        onLink,
        steps: [
          { kind: steps.leaves, values: { address: shown, device: found.route.device ?? '?', route: text }, ...sourceOf(netns.routes) },
        ],
      };
    }
    case 'broadcast':
    case 'multicast':
      return {
        kind: 'errno',
        stage: 'address',
        errno: 'ENETUNREACH',
        or: [],
        steps: [{ kind: steps.notForOne, values: { address: shown } }],
      };
    case 'error': {
      const errno = found.errno ?? errnoOfRoute(found.type, family, kernel) ?? 'ENETUNREACH';
      const step: Step = { kind: steps.errorRoute, values: { address: shown, route: found.text, errno }, ...sourceOf(netns.routes) };
      return { kind: 'errno', stage: 'address', errno, or: [], steps: [step] };
    }
    case 'none':
      return {
        kind: 'errno',
        stage: 'address',
        errno: 'ENETUNREACH',
        or: [],
        steps: [{ kind: steps.noRoute, values: { address: shown }, ...sourceOf(netns.routes) }],
      };
    case 'cannot-tell':
      return { kind: 'cannot-tell', needs: found.needs, steps: [] };
  }
}

const IPV4_LOOPBACK: AddressBits = new Uint8Array([127, 0, 0, 1]);
const IPV6_LOOPBACK: AddressBits = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/** Where does a connection to this address go, or with which error does it end before it starts? */
export function reach(node: NodeFacts, netns: NetnsFacts, address: ResolvedAddress): Reach {
  const shown = address.zone === undefined ? address.address : `${address.address}%${address.zone}`;
  const bits = addressBits(address.address);
  if (bits === undefined) return { kind: 'cannot-tell', needs: [], steps: [] };
  if (bits.length === 4) {
    if (!isUnspecified(bits)) {
      const found = route(node, netns, shown, 'inet', bits);
      const many = isMulticast(bits) || bits.every((byte) => byte === 255);
      return many && found.kind === 'leaves' ? notForOne(shown) : found;
    }
    const onLo = route(node, netns, '127.0.0.1', 'inet', IPV4_LOOPBACK);
    return { ...onLo, steps: [{ kind: steps.means, values: { address: shown, loopback: '127.0.0.1' } }, ...onLo.steps] };
  }
  const socket = ipv6SocketOf(node, netns);
  if (socket === false) {
    return {
      kind: 'errno',
      stage: 'socket',
      errno: 'EAFNOSUPPORT',
      or: [],
      steps: [{ kind: steps.noFamily, values: { address: shown }, ...sourceOf(netns.ipv6Socket) }],
    };
  }
  const reached = reachIpv6(node, netns, shown, address, bits);
  if (socket === true) return reached;
  if (reached.kind === 'errno') return { ...reached, or: [...reached.or, 'EAFNOSUPPORT'] };
  const need: Need = { kind: 'netns', netns: netns.id, fact: 'ipv6Socket' };
  return { kind: 'cannot-tell', needs: reached.kind === 'cannot-tell' ? [need, ...reached.needs] : [need], steps: reached.steps };
}

const notForOne = (shown: string): Reach => ({
  kind: 'errno',
  stage: 'address',
  errno: 'ENETUNREACH',
  or: [],
  steps: [{ kind: steps.notForOne, values: { address: shown } }],
});

function reachIpv6(node: NodeFacts, netns: NetnsFacts, shown: string, address: ResolvedAddress, bits: AddressBits): Reach {
  const mapped = mappedIpv4(bits);
  if (mapped !== undefined) {
    if (valueOf(netns.sysctls['net.ipv6.bindv6only']) === '1') {
      return {
        kind: 'errno',
        stage: 'address',
        errno: 'ENETUNREACH',
        or: [],
        steps: [{ kind: steps.onlyIpv6, values: { address: shown } }],
      };
    }
    return reach(node, netns, { family: 'inet', address: ipv4Text(mapped) });
  }
  if (isUnspecified(bits)) {
    const onLo = route(node, netns, '::1', 'inet6', IPV6_LOOPBACK);
    return { ...onLo, steps: [{ kind: steps.means, values: { address: shown, loopback: '::1' } }, ...onLo.steps] };
  }
  if (isMulticast(bits)) return notForOne(shown);
  if (isLinkLocal6(bits)) return reachLinkLocal(netns, shown, address, bits);
  return route(node, netns, shown, 'inet6', bits);
}

function reachLinkLocal(netns: NetnsFacts, shown: string, address: ResolvedAddress, bits: AddressBits): Reach {
  if (address.zone === undefined)
    return { kind: 'errno', stage: 'address', errno: 'EINVAL', or: [], steps: [{ kind: steps.noScope, values: { address: shown } }] };
  const own = ownAddressesOf(netns);
  if (own === undefined) return { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'interfaces' }], steps: [] };
  const index = valueOf(netns.interfaces)?.find((i) => i.name === address.zone || String(i.index) === address.zone);
  const onDevice = own.filter((a) => a.family === 'inet6' && a.device === index?.name);
  const mine = onDevice.find((a) => sameBytes(a.bits, bits));
  if (mine !== undefined) {
    return {
      kind: 'local',
      family: 'inet6',
      bits,
      source: bits,
      steps: [{ kind: steps.local, values: { address: shown, owner: mine.text, device: mine.device }, ...sourceOf(netns.interfaces) }],
    };
  }
  if (onDevice.length === 0) {
    return {
      kind: 'errno',
      stage: 'address',
      errno: 'EADDRNOTAVAIL',
      or: ['ENETUNREACH'],
      steps: [{ kind: steps.noSource, values: { address: shown } }],
    };
  }
  return {
    kind: 'leaves',
    family: 'inet6',
    onLink: true,
    steps: [{ kind: steps.leaves, values: { address: shown, device: index?.name ?? '?', route: 'fe80::/64' } }],
  };
}

/**
 * Why packets of this machine to itself are lost: they go through the loopback interface, which drops them when it is down, and IPv6 ones
 * also when IPv6 is disabled on it (net/ipv6/ip6_input.c ip6_rcv_core). Value: the interface's name.
 */
export function loopbackDrops(
  netns: NetnsFacts,
  family: Family,
): { readonly device: string; readonly because: 'down' | 'no-ipv6' } | undefined {
  const loopback = valueOf(netns.interfaces)?.find((i) => i.loopback);
  const device = loopback?.name ?? 'lo';
  if (loopback?.up === false) return { device, because: 'down' };
  return family === 'inet6' && valueOf(netns.disableIpv6[device]) === true ? { device, because: 'no-ipv6' } : undefined;
}
