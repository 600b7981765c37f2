/** The ways in which lo loses its ::1, as they are met on real nodes. */
import type { LabHost } from '../namespace-host.ts';

/** `sysctl -w net.ipv6.conf.NAME.disable_ipv6=1` for each name, in order. */
export const switchIpv6Off = (host: LabHost, ...names: readonly string[]): Promise<string> =>
  host.sh('for name in "$@"; do echo 1 > "/proc/sys/net/ipv6/conf/$name/disable_ipv6"; done', ...names);
