/**
 * IP addresses as bytes: 4 of them for IPv4, 16 for IPv6. Text forms follow inet_pton(3) (RFC 4291 section 2.2): dotted quads without
 * leading zeros, and IPv6 with at most one `::` and an optional dotted tail. Zones (`%eth0`) are not part of an address here.
 */
export type AddressBits = readonly number[];

const REMEMBERED = 8192;
const seen = new Map<string, AddressBits | undefined>();

/** The bytes of a literal address, or undefined when the text is none. */
export function addressBits(text: string): AddressBits | undefined {
  if (seen.has(text)) return seen.get(text);
  const bits = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (seen.size >= REMEMBERED) seen.clear();
  seen.set(text, bits);
  return bits;
}

function parseIpv4(text: string): AddressBits | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/u.test(part)) return undefined;
    const value = Number(part);
    if (value > 255) return undefined;
    bytes.push(value);
  }
  return bytes;
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    if (group.includes('.')) {
      const tail = i === groups.length - 1 ? parseIpv4(group) : undefined;
      if (tail === undefined) return undefined;
      bytes.push(...tail);
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/u.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
}

function parseIpv6(text: string): AddressBits | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const left = groupsOf(halves[0] ?? '');
  if (left === undefined) return undefined;
  if (halves.length === 1) return left.length === 16 ? left : undefined;
  const right = groupsOf(halves[1] ?? '');
  if (right === undefined || left.length + right.length > 14) return undefined;
  return [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right];
}

/** True when both have the same length and their first `prefixLength` bits are the same. */
export function samePrefix(a: AddressBits, b: AddressBits, prefixLength: number): boolean {
  if (a.length !== b.length) return false;
  const whole = prefixLength >> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false;
  const rest = prefixLength & 7;
  if (rest === 0) return true;
  const mask = (0xff00 >> rest) & 0xff;
  return ((a[whole] ?? 0) & mask) === ((b[whole] ?? 0) & mask);
}

export const sameAddress = (a: AddressBits, b: AddressBits): boolean => samePrefix(a, b, a.length * 8);

export interface Prefix {
  readonly bits: AddressBits;
  readonly length: number;
}

/** '10.0.0.0/8', '::/0', or a lone address (full length); undefined when it is neither. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const bits = addressBits(slash < 0 ? text : text.slice(0, slash));
  if (bits === undefined) return undefined;
  if (slash < 0) return { bits, length: bits.length * 8 };
  const length = text.slice(slash + 1);
  if (!/^[0-9]{1,3}$/u.test(length) || Number(length) > bits.length * 8) return undefined;
  return { bits, length: Number(length) };
}

export const inPrefix = (bits: AddressBits, prefix: Prefix): boolean => samePrefix(bits, prefix.bits, prefix.length);

export const isUnspecified = (bits: AddressBits): boolean => bits.every((b) => b === 0);
export const isIpv4Loopback = (bits: AddressBits): boolean => bits.length === 4 && bits[0] === 127;
export const isIpv6Loopback = (bits: AddressBits): boolean => bits.length === 16 && bits[15] === 1 && bits.slice(0, 15).every((b) => b === 0);
export const isIpv6LinkLocal = (bits: AddressBits): boolean => bits.length === 16 && bits[0] === 0xfe && ((bits[1] ?? 0) & 0xc0) === 0x80;
export const isMulticast = (bits: AddressBits): boolean => (bits.length === 4 ? ((bits[0] ?? 0) & 0xf0) === 0xe0 : bits[0] === 0xff);

/** The IPv4 bytes inside ::ffff:a.b.c.d, else undefined. */
export function mappedIpv4(bits: AddressBits): AddressBits | undefined {
  if (bits.length !== 16 || bits[10] !== 0xff || bits[11] !== 0xff) return undefined;
  return bits.slice(0, 10).every((b) => b === 0) ? bits.slice(12) : undefined;
}

export const ipv4Text = (bits: AddressBits): string => bits.join('.');
