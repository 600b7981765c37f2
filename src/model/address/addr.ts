import type { Family } from '../../facts/node-facts.ts';
import { formatAddress, parseAddress } from './address.ts';

/** An address with its bytes and its normal text; made once where a file is parsed, then only passed on. */
export interface Addr {
  readonly family: Family;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Interface index or number of a link-local address, when one was given. */
  readonly zone?: string;
}

export const addrOf = (bytes: Uint8Array, zone?: string): Addr => {
  const family = bytes.length === 4 ? 'inet' : 'inet6';
  return zone === undefined ? { family, bytes, text: formatAddress(bytes) } : { family, bytes, text: formatAddress(bytes), zone };
};

/** Strict text (inet_pton) of either family. */
export function addrFrom(text: string): Addr | undefined {
  const parsed = parseAddress(text);
  return parsed === undefined ? undefined : addrOf(parsed.bytes);
}

export const LOOPBACK4 = addrOf(new Uint8Array([127, 0, 0, 1]));
export const LOOPBACK6 = addrOf(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
