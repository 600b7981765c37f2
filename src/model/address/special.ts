/**
 * Which addresses are special, and the scope of an address.
 * Sources: RFC 4291 section 2.5 and 2.7, RFC 3484 section 3.1 and 3.2 (IPv4 scopes as glibc and musl have them: no site-local).
 */
export const isLoopback4 = (b: Uint8Array): boolean => b.length === 4 && b[0] === 127;
export const isLoopback6 = (b: Uint8Array): boolean => b.length === 16 && b[15] === 1 && firstZero(b, 15);
export const isLoopback = (b: Uint8Array): boolean => isLoopback4(b) || isLoopback6(b);
export const isUnspecified = (b: Uint8Array): boolean => firstZero(b, b.length);
/** ::ffff:a.b.c.d */
export const isV4Mapped = (b: Uint8Array): boolean => b.length === 16 && b[10] === 0xff && b[11] === 0xff && firstZero(b, 10);
/** ::a.b.c.d, but neither :: nor ::1. */
export const isV4Compatible = (b: Uint8Array): boolean => b.length === 16 && firstZero(b, 12) && !isUnspecified(b) && !isLoopback6(b);
/** fe80::/10 */
export const isLinkLocal6 = (b: Uint8Array): boolean => b.length === 16 && b[0] === 0xfe && ((b[1] ?? 0) & 0xc0) === 0x80;
/** fec0::/10 */
export const isSiteLocal6 = (b: Uint8Array): boolean => b.length === 16 && b[0] === 0xfe && ((b[1] ?? 0) & 0xc0) === 0xc0;
export const isMulticast = (b: Uint8Array): boolean => (b.length === 16 ? b[0] === 0xff : ((b[0] ?? 0) & 0xf0) === 0xe0);
/** ffx2::/16 */
export const isLinkLocalMulticast6 = (b: Uint8Array): boolean => b.length === 16 && b[0] === 0xff && ((b[1] ?? 0) & 0x0f) === 2;
/** 169.254/16 */
export const isLinkLocal4 = (b: Uint8Array): boolean => b.length === 4 && b[0] === 169 && b[1] === 254;

export const SCOPE_LINK = 2;
export const SCOPE_SITE = 5;
export const SCOPE_GLOBAL = 14;

/** Scope by RFC 3484: 2 link-local, 5 site-local, 14 global; multicast carries its own. ULAs are global. */
export function addressScope(b: Uint8Array): number {
  if (b.length === 4) return isLoopback4(b) || isLinkLocal4(b) ? SCOPE_LINK : SCOPE_GLOBAL;
  if (b[0] === 0xff) return (b[1] ?? 0) & 0x0f;
  if (isLinkLocal6(b) || isLoopback6(b)) return SCOPE_LINK;
  return isSiteLocal6(b) ? SCOPE_SITE : SCOPE_GLOBAL;
}

function firstZero(b: Uint8Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (b[i] !== 0) return false;
  return true;
}
