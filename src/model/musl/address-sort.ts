/**
 * In which order does musl hand out addresses? A sort key of RFC 3484's rules 1, 2, 5, 6, 8 and 9 (src/network/lookup_name.c):
 * usable, same scope as the source, same label, precedence, smaller scope, common prefix, then the order of arrival.
 */
import { mapIpv4, parseAddress } from '../address/address.ts';
import { commonPrefixLength } from '../address/prefix.ts';
import { addressScope, isV4Mapped } from '../address/special.ts';

/** First match counts; prefix as whole and masked bytes. */
function policyOf(six: Uint8Array): { readonly precedence: number; readonly label: number } {
  if (six[15] === 1 && six.subarray(0, 15).every((b) => b === 0)) return { precedence: 50, label: 0 };
  if (isV4Mapped(six)) return { precedence: 35, label: 4 };
  if (six[0] === 0x20 && six[1] === 2) return { precedence: 30, label: 2 };
  if (six[0] === 0x20 && six[1] === 1 && six[2] === 0 && six[3] === 0) return { precedence: 5, label: 5 };
  if (((six[0] ?? 0) & 0xfe) === 0xfc) return { precedence: 3, label: 13 };
  return { precedence: 40, label: 1 };
}

const sixteen = (text: string): Uint8Array => {
  const bytes = parseAddress(text)?.bytes ?? new Uint8Array(16);
  return bytes.length === 4 ? mapIpv4(bytes) : bytes;
};

/** `source`: of a UDP connect to the address; undefined where it fails. `index`: place in the unsorted list. */
export function sortKey(address: string, source: string | undefined, index: number): number {
  const to = sixteen(address);
  const scope = addressScope(to);
  const { precedence, label } = policyOf(to);
  let key = precedence * 0x100000 + (15 - scope) * 0x10000 + (48 - index);
  if (source === undefined) return key;
  const from = sixteen(source);
  key += 0x40000000 + commonPrefixLength(from, to) * 0x100;
  if (addressScope(from) === scope) key += 0x20000000;
  if (policyOf(from).label === label) key += 0x10000000;
  return key;
}
