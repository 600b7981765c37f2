/** Addresses as /proc writes them, to the text that inet_ntop makes. */

/** Bytes to text: the longest run of two or more zero groups, the first of equals, becomes '::' (RFC 5952, as inet_ntop does). */
export function formatIpv6Groups(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((g) => g.toString(16))
      .join(':');
  // glibc's inet_ntop writes an IPv4-mapped address with its dotted quad.
  if (start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff)) && !(length === 6 && groups[6] === 0)) {
    const [a = 0, b = 0] = groups.slice(6);
    return `${length === 5 ? '::ffff:' : '::'}${String(a >> 8)}.${String(a & 255)}.${String(b >> 8)}.${String(b & 255)}`;
  }
  return start < 0 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

/** 32 hex digits in network order, as in /proc/net/if_inet6 and ipv6_route. */
export function ipv6FromHex(hex: string): string | undefined {
  if (!/^[0-9a-f]{32}$/iu.test(hex)) return undefined;
  return formatIpv6Groups(Array.from({ length: 8 }, (_, i) => Number.parseInt(hex.slice(i * 4, i * 4 + 4), 16)));
}

/**
 * An address of /proc/net/tcp, udp, route: 32-bit words printed as numbers of this machine. `bigEndian` where the node's processor
 * stores the first byte first (s390x); everything else that runs Kubernetes is little-endian.
 */
export function addressFromWords(hex: string, bigEndian = false): string | undefined {
  if (!/^(?:[0-9a-f]{8}){1,4}$/iu.test(hex)) return undefined;
  let ordered = '';
  for (let at = 0; at < hex.length; at += 8) {
    const word = hex.slice(at, at + 8);
    ordered += bigEndian ? word : (word.match(/../gu) ?? []).toReversed().join('');
  }
  if (ordered.length === 8)
    return Array.from({ length: 4 }, (_, i) => String(Number.parseInt(ordered.slice(i * 2, i * 2 + 2), 16))).join('.');
  return ordered.length === 32 ? ipv6FromHex(ordered) : undefined;
}
