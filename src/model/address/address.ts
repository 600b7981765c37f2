/**
 * One address as bytes and as text in its normal form (what inet_ntop prints). Strict forms only: see ipv4.ts for the loose ones.
 */
import type { Family } from '../../facts/node-facts.ts';
import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { formatIpv6, parseIpv6 } from './ipv6.ts';

/** 4 bytes for inet, 16 for inet6. */
export interface AddressBytes {
  readonly family: Family;
  readonly bytes: Uint8Array;
}

/** inet_pton for either family; no zone. */
export function parseAddress(text: string): AddressBytes | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return { family: 'inet', bytes: four };
  const six = parseIpv6(text);
  return six === undefined ? undefined : { family: 'inet6', bytes: six };
}

export const formatAddress = (bytes: Uint8Array): string => (bytes.length === 4 ? formatIpv4(bytes) : formatIpv6(bytes));

/** '0:0::1' → '::1'; undefined when it is no address. */
export function normalAddress(text: string): string | undefined {
  const parsed = parseAddress(text);
  return parsed === undefined ? undefined : formatAddress(parsed.bytes);
}

/** 'fe80::1%eth0' → address and zone; the zone is absent without '%'. */
export function splitZone(text: string): { readonly address: string; readonly zone?: string } {
  const at = text.indexOf('%');
  return at < 0 ? { address: text } : { address: text.slice(0, at), zone: text.slice(at + 1) };
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** ::ffff:a.b.c.d for the four bytes a.b.c.d. */
export function mapIpv4(four: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[10] = 0xff;
  bytes[11] = 0xff;
  bytes.set(four, 12);
  return bytes;
}

/** '192.0.2.1' → '1.2.0.192.in-addr.arpa'; IPv6 in nibbles under ip6.arpa (RFC 1035 section 3.5, RFC 3596 section 2.5). */
export function reverseName(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${[...bytes].reverse().join('.')}.in-addr.arpa`;
  const nibbles: string[] = [];
  for (let i = 15; i >= 0; i--) {
    const byte = bytes[i] ?? 0;
    nibbles.push((byte & 15).toString(16), (byte >>> 4).toString(16));
  }
  return `${nibbles.join('.')}.ip6.arpa`;
}
