import { formatIpv4, parseIpv4 } from './ipv4.ts';

/**
 * IPv6 text and bytes: eight groups of up to four hex digits, one '::', and an IPv4 tail. No zone, no brackets.
 * Sources: RFC 4291 section 2.2, glibc resolv/inet_pton.c and resolv/inet_ntop.c.
 */
export function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length < 2 || text.length > 45) return undefined;
  const bytes = new Uint8Array(16);
  let filled = 0;
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === 0x3a) {
    if (text.charCodeAt(1) !== 0x3a) return undefined;
    at = 1;
  }
  let groupStart = at;
  let value = 0;
  let digits = 0;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    const d = hexDigit(c);
    if (d >= 0) {
      if (digits === 4) return undefined;
      value = value * 16 + d;
      digits++;
    } else if (c === 0x3a) {
      groupStart = at + 1;
      if (digits === 0) {
        if (gap >= 0) return undefined;
        gap = filled;
        continue;
      }
      if (at + 1 === text.length || filled + 2 > 16) return undefined;
      bytes[filled++] = value >>> 8;
      bytes[filled++] = value & 0xff;
      value = 0;
      digits = 0;
    } else if (c === 0x2e && filled + 4 <= 16) {
      const tail = parseIpv4(text.slice(groupStart));
      if (tail === undefined) return undefined;
      bytes.set(tail, filled);
      filled += 4;
      digits = 0;
      break;
    } else return undefined;
  }
  if (digits > 0) {
    if (filled + 2 > 16) return undefined;
    bytes[filled++] = value >>> 8;
    bytes[filled++] = value & 0xff;
  }
  if (gap >= 0) {
    if (filled === 16) return undefined;
    const moved = filled - gap;
    bytes.copyWithin(16 - moved, gap, filled);
    bytes.fill(0, gap, 16 - moved);
  } else if (filled !== 16) return undefined;
  return bytes;
}

function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The text that inet_ntop makes: longest run of zeros shortened, IPv4 tail for ::a.b.c.d and ::ffff:a.b.c.d. */
export function formatIpv6(bytes: Uint8Array): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8;) {
    let end = i;
    while (end < 8 && words[end] === 0) end++;
    if (end - i > bestLength) {
      bestStart = i;
      bestLength = end - i;
    }
    i = end === i ? i + 1 : end;
  }
  let out = '';
  for (let i = 0; i < 8; i++) {
    if (bestStart >= 0 && i >= bestStart && i < bestStart + bestLength) {
      if (i === bestStart) out += ':';
      continue;
    }
    if (i > 0) out += ':';
    if (i === 6 && bestStart === 0 && (bestLength === 6 || (bestLength === 5 && words[5] === 0xffff))) return out + formatIpv4(bytes, 12);
    out += (words[i] ?? 0).toString(16);
  }
  if (bestStart >= 0 && bestStart + bestLength === 8) out += ':';
  return out;
}
