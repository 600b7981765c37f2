/** A number for what a line says without the times of its envelope and header, so that the lines of a crash loop are known again. */
const STREAM = Buffer.from('"stream":"');

/** 53 bits. Lines that differ in anything but their leading or trailing times have different numbers, as good as always. */
export function bodyHash(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  let to = end;
  if (bytes[start] === 123 && bytes[start + 1] === 34 && bytes[start + 2] === 108) {
    from = start + 8;
    const tail = Math.max(from, end - 160);
    const at = Buffer.from(bytes.buffer, bytes.byteOffset + tail, end - tail).lastIndexOf(STREAM);
    if (at >= 0) to = tail + at;
  } else if (isDigit(bytes[start]) && (bytes[start + 10] === 84 || bytes[start + 10] === 32)) {
    from = blankAfter(bytes, start + 11, Math.min(end, start + 40));
  }
  const first = bytes[from];
  if ((first === 73 || first === 87 || first === 69 || first === 70) && isDigit(bytes[from + 1]))
    from = blankAfter(bytes, from + 6, Math.min(end, from + 24));
  else if (first === 116 && bytes[from + 4] === 61) from = blankAfter(bytes, from + 5, Math.min(end, from + 40));
  else if (first !== undefined && first >= 65 && first <= 90 && bytes[from + 3] === 32 && bytes[from + 9] === 58) from += 15;
  let h1 = (first ?? 0) | 0;
  let h2 = (to - from) | 0;
  for (let i = from; i < to; i += 1) {
    const b = bytes[i] ?? 0;
    h1 = Math.imul(h1 ^ b, 0x0100_0193);
    h2 = Math.imul(h2, 31) + b;
  }
  h1 ^= h1 >>> 15;
  h2 = Math.imul(h2 ^ (h2 >>> 13), 0xc2b2_ae35 | 0);
  return (h1 >>> 0) * 2 ** 21 + (h2 >>> 11);
}

const isDigit = (b: number | undefined): boolean => b !== undefined && b >= 48 && b <= 57;

function blankAfter(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (bytes[at] === 32) return at;
  return from;
}
