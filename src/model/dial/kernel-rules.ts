/** What differs between kernel versions when a connection is started. */
import type { Family, RouteType } from '../../facts/node-facts.ts';

export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  /** Red Hat's build number of an el6 or el7 kernel: '3.10.0-1127.el7' has 1127. */
  readonly rhelBuild?: number;
  readonly rhel?: number;
}

/** Reads `uname -r`; undefined where it does not begin with two numbers. */
export function parseKernelRelease(release: string): KernelVersion | undefined {
  const numbers = /^(\d{1,4})\.(\d{1,4})/u.exec(release);
  if (numbers === null) return undefined;
  const rhel = /-(\d{1,5})(?:\.\d{1,5}){0,6}\.el(\d{1,2})/u.exec(release);
  return {
    major: Number(numbers[1]),
    minor: Number(numbers[2]),
    ...(rhel === null ? {} : { rhelBuild: Number(rhel[1]), rhel: Number(rhel[2]) }),
  };
}

const atLeast = (v: KernelVersion, major: number, minor: number): boolean => v.major > major || (v.major === major && v.minor >= minor);

/**
 * Which check of an IPv6 connect comes first. Since Linux 4.1 (commit e16e888b525b, "ipv6: Fixed source specific default route
 * handling", net/ipv6/ip6_output.c ip6_dst_lookup_tail) the source address is chosen before the route's error is looked at; before,
 * the route's error was returned first.
 */
export const sourceBeforeRoute = (v: KernelVersion): boolean => atLeast(v, 4, 1);

/**
 * errno of a route of that type. IPv4: net/ipv4/fib_semantics.c fib_props. IPv6: net/ipv6/route.c ip6_rt_type_to_error; before Linux
 * 4.3 (commit 0315e3827048) an IPv6 `unreachable` route gave ENETUNREACH; Red Hat carried the change back into el7 kernels.
 * undefined: the type is no error (or `throw`, which ends the look-up in that table only).
 */
export function errnoOfRoute(type: RouteType, family: Family, v: KernelVersion | undefined): string | undefined {
  switch (type) {
    case 'unreachable':
      if (family === 'inet6' && v !== undefined && !atLeast(v, 4, 3) && !(v.rhel === 7 && (v.rhelBuild ?? 0) >= 327)) return 'ENETUNREACH';
      return 'EHOSTUNREACH';
    case 'blackhole':
      return 'EINVAL';
    case 'prohibit':
      return 'EACCES';
    default:
      return undefined;
  }
}

/**
 * Milliseconds until connect(2) gives up on a silent peer: net.ipv4.tcp_syn_retries doublings of one second, and since Linux 6.5 first
 * tcp_syn_linear_timeouts (4) attempts of one second each (Documentation/networking/ip-sysctl.rst).
 */
export function synTimeoutMs(v: KernelVersion | undefined, retries = 6): number {
  const doublings = 2 ** (Math.min(Math.max(retries, 0), 16) + 1) - 1;
  return (doublings + (v !== undefined && atLeast(v, 6, 5) ? 4 : 0)) * 1000;
}

/** Milliseconds until a neighbour that answers no ARP or ND request makes the connection fail: 3 tries, 1 s apart (arp(7) mcast_solicit). */
export const NEIGHBOUR_TIMEOUT_MS = 3000;
