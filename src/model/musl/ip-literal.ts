/**
 * Which texts does musl take for an IP address? (src/network/lookup_ipliteral.c)
 * IPv4 by inet_aton (10.1, 010.0.0.1 in octal, 0x…), IPv6 with an optional %zone: a number, or an interface name for link-local ones.
 */
import type { ResolvedAddress } from '../types.ts';
import { parseIpv4Loose, formatIpv4 } from '../address/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../address/ipv6.ts';
import { isLinkLocal6, isLinkLocalMulticast6 } from '../address/special.ts';

/** 'bad-zone': an IPv6 address with a zone that cannot be. undefined: no address at all. */
export function parseMuslAddress(text: string): ResolvedAddress | 'bad-zone' | undefined {
  const four = parseIpv4Loose(text);
  if (four !== undefined) return { family: 'inet', address: formatIpv4(four) };
  const percent = text.indexOf('%');
  const cut = percent >= 0 && percent < 64;
  const six = parseIpv6(cut ? text.slice(0, percent) : text);
  if (six === undefined) return undefined;
  const address = formatIpv6(six);
  if (!cut) return { family: 'inet6', address };
  const zone = text.slice(percent + 1);
  if (/^\d+$/u.test(zone)) return Number(zone) > 0xffffffff ? 'bad-zone' : { family: 'inet6', address, zone };
  if (zone === '' || (!isLinkLocal6(six) && !isLinkLocalMulticast6(six))) return 'bad-zone';
  return { family: 'inet6', address, zone };
}
