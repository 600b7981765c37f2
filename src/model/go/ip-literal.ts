/**
 * Which texts does Go take for an IP address, and how does it print them?
 *
 *   IPv4   four decimal numbers; leading zeros up to 1.16 (decimal), an error since 1.17
 *   IPv6   RFC 4291 text, with an optional `%zone`
 *   print  ::ffff:a.b.c.d reads as a.b.c.d; ::a.b.c.d without a dotted tail
 *
 * Source: golang/go src/net/ip.go, src/net/netip (ParseAddr, String).
 */
import type { ResolvedAddress } from '../types.ts';
import { formatIpv4, parseIpv4 } from '../address/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../address/ipv6.ts';
import { isV4Mapped } from '../address/special.ts';

/** The address of a literal, or undefined. `leadingZeros`: 010.0.0.1 is 10.0.0.1. */
export function parseGoAddress(text: string, leadingZeros = false): ResolvedAddress | undefined {
  const first = text.charCodeAt(0) | 0x20;
  const mayBegin = (first >= 0x30 && first <= 0x3a) || (first >= 0x61 && first <= 0x66);
  if (!mayBegin) return undefined;
  if (!text.includes(':')) {
    const four = parseIpv4(leadingZeros ? withoutLeadingZeros(text) : text);
    return four === undefined ? undefined : { family: 'inet', address: formatIpv4(four) };
  }
  const percent = text.indexOf('%');
  const six = parseIpv6(percent < 0 ? text : text.slice(0, percent));
  if (six === undefined || percent === text.length - 1) return undefined;
  if (isV4Mapped(six)) return { family: 'inet', address: formatIpv4(six, 12) };
  const address = formatGoIpv6(six);
  return percent < 0 ? { family: 'inet6', address } : { family: 'inet6', address, zone: text.slice(percent + 1) };
}

/** netip's text of an IPv4-mapped address, which net.IP would print as IPv4; undefined for any other text. */
export function mappedAsWritten(text: string): ResolvedAddress | undefined {
  if (!text.includes(':') || text.includes('%')) return undefined;
  const six = parseIpv6(text);
  return six !== undefined && isV4Mapped(six) ? { family: 'inet6', address: `::ffff:${formatIpv4(six, 12)}` } : undefined;
}

const withoutLeadingZeros = (text: string): string => text.replace(/(?<!\d)0{1,3}(?=\d)/gu, '');

/** Unlike inet_ntop, Go writes ::a.b.c.d in groups. */
function formatGoIpv6(bytes: Uint8Array): string {
  const text = formatIpv6(bytes);
  if (!text.includes('.')) return text;
  const high = ((bytes[12] ?? 0) << 8) | (bytes[13] ?? 0);
  const low = ((bytes[14] ?? 0) << 8) | (bytes[15] ?? 0);
  return `::${high.toString(16)}:${low.toString(16)}`;
}

/** The printed form, with its zone. */
export const printAddress = (a: ResolvedAddress): string => (a.zone === undefined ? a.address : `${a.address}%${a.zone}`);

/** net.JoinHostPort: IPv6 in brackets. */
export const joinHostPort = (host: string, port: number | string): string =>
  host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
