import type { Family } from '../../facts/node-facts.ts';
import { parseAddress } from './address.ts';

/** A network such as 10.0.0.0/8, with the bits after the prefix as they were written. */
export interface Prefix {
  readonly family: Family;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** 'ADDRESS/LENGTH', or 'ADDRESS' alone for one host. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const parsed = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (parsed === undefined) return undefined;
  const most = parsed.bytes.length * 8;
  if (slash < 0) return { ...parsed, length: most };
  const digits = text.slice(slash + 1);
  if (digits === '' || digits.length > 3) return undefined;
  let length = 0;
  for (let i = 0; i < digits.length; i++) {
    const d = digits.charCodeAt(i) - 0x30;
    if (d < 0 || d > 9) return undefined;
    length = length * 10 + d;
  }
  return length > most ? undefined : { ...parsed, length };
}

/** Are the first `length` bits of both the same? Arrays of different length never match. */
export function sharesBits(a: Uint8Array, b: Uint8Array, length: number): boolean {
  return a.length === b.length && commonPrefixLength(a, b) >= length;
}

export const inPrefix = (bytes: Uint8Array, prefix: Prefix): boolean => sharesBits(bytes, prefix.bytes, prefix.length);

/** How many leading bits two addresses of one family share. */
export function commonPrefixLength(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) ^ (b[i] ?? 0);
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return a.length * 8;
}
