/**
 * IPv4 text and bytes.
 *
 *   strict (inet_pton):  four decimal numbers 0..255 without leading zeros
 *   loose  (inet_aton):  one to four parts; decimal, 0octal or 0xhex; the last part fills the bytes that are left
 *
 * Sources: POSIX inet_pton, inet_addr(3), glibc resolv/inet_pton.c and resolv/inet_addr.c (2.29: whole text or nothing).
 */

/** Four bytes of a strict dotted quad, or undefined. */
export function parseIpv4(text: string): Uint8Array | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  const bytes = new Uint8Array(4);
  let part = 0;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x2e) {
      if (value < 0 || part === 3) return undefined;
      bytes[part++] = value;
      value = -1;
    } else if (c >= 0x30 && c <= 0x39) {
      if (value === 0) return undefined;
      value = (value < 0 ? 0 : value * 10) + c - 0x30;
      if (value > 255) return undefined;
    } else return undefined;
  }
  if (part !== 3 || value < 0) return undefined;
  bytes[3] = value;
  return bytes;
}

export const formatIpv4 = (bytes: Uint8Array, from = 0): string =>
  `${String(bytes[from])}.${String(bytes[from + 1])}.${String(bytes[from + 2])}.${String(bytes[from + 3])}`;

const MAX_LAST_PART = [0xffffffff, 0xffffff, 0xffff, 0xff] as const;
const isSpace = (c: number): boolean => c === 0x20 || (c >= 0x09 && c <= 0x0d);

/**
 * Four bytes by the rules of inet_aton, or undefined. `trailing`: what may follow the address: nothing, or white space and then
 * anything (inet_aton itself, and getaddrinfo up to glibc 2.28).
 */
export function parseIpv4Loose(text: string, trailing: 'nothing' | 'space-and-anything' = 'nothing'): Uint8Array | undefined {
  const parts: number[] = [];
  let at = 0;
  for (;;) {
    const number = readNumber(text, at);
    if (number === undefined || number.value > 0xffffffff) return undefined;
    parts.push(number.value);
    at = number.end;
    if (text.charCodeAt(at) !== 0x2e) break;
    if (parts.length === 4 || number.value > 0xff) return undefined;
    at++;
  }
  if (at < text.length && (trailing === 'nothing' || !isSpace(text.charCodeAt(at)))) return undefined;
  const last = parts.pop() ?? 0;
  const max = MAX_LAST_PART[parts.length];
  if (max === undefined || last > max) return undefined;
  const bytes = new Uint8Array([last >>> 24, last >>> 16, last >>> 8, last]);
  for (let i = 0; i < parts.length; i++) bytes[i] = parts[i] ?? 0;
  return bytes;
}

/** A C integer constant as strtoul(base 0) reads it; it must begin with a digit. */
function readNumber(text: string, start: number): { value: number; end: number } | undefined {
  const first = text.charCodeAt(start);
  if (!(first >= 0x30 && first <= 0x39)) return undefined;
  let base = 10;
  let at = start;
  if (first === 0x30) {
    const x = text.charCodeAt(start + 1) | 0x20;
    if (x === 0x78 && digit(text.charCodeAt(start + 2), 16) >= 0) {
      base = 16;
      at = start + 2;
    } else base = 8;
  }
  let value = 0;
  for (; at < text.length; at++) {
    const d = digit(text.charCodeAt(at), base);
    if (d < 0) break;
    // Kept small so that a long text cannot lose precision; the caller refuses it anyway.
    value = Math.min(value * base + d, 0x1_0000_0000_0000);
  }
  return { value, end: at };
}

function digit(c: number, base: number): number {
  let d = -1;
  if (c >= 0x30 && c <= 0x39) d = c - 0x30;
  else if ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66) d = (c | 0x20) - 0x57;
  return d < base ? d : -1;
}
