/** Addresses as the dial reads them: bytes of model/address, remembered by text, since the same few are asked for again and again. */
import { parseAddress } from '../address/address.ts';
import { formatIpv4 } from '../address/ipv4.ts';
import { isV4Mapped } from '../address/special.ts';

/** 4 bytes for IPv4, 16 for IPv6. */
export type AddressBits = Uint8Array;

const REMEMBERED = 8192;
const seen = new Map<string, AddressBits | undefined>();

/** The bytes of a literal address without zone, or undefined when the text is none. */
export function addressBits(text: string): AddressBits | undefined {
  if (seen.has(text)) return seen.get(text);
  const bits = parseAddress(text)?.bytes;
  if (seen.size >= REMEMBERED) seen.clear();
  seen.set(text, bits);
  return bits;
}

/** The IPv4 bytes inside ::ffff:a.b.c.d, else undefined. */
export const mappedIpv4 = (bits: AddressBits): AddressBits | undefined => (isV4Mapped(bits) ? bits.subarray(12) : undefined);

export const ipv4Text = (bits: AddressBits): string => formatIpv4(bits);
