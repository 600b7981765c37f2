/**
 * In which order does Go hand out addresses? RFC 6724 section 6 with its policy table; rules 3, 4 and 7 are left out, rule 9 holds for
 * IPv6 only and for the first 64 bits. gai.conf is not read. Source: golang/go src/net/addrselect.go.
 */
import { parseAddress } from '../address/address.ts';
import { commonPrefixLength, inPrefix, parsePrefix, type Prefix } from '../address/prefix.ts';
import { addressScope, isV4Mapped } from '../address/special.ts';
import { mapIpv4 } from '../address/address.ts';

export interface Policy {
  readonly text: string;
  readonly precedence: number;
  readonly label: number;
}

/** RFC 6724 section 2.1, longest prefix first. */
const POLICIES: readonly (Policy & { readonly prefix: Prefix })[] = (
  [
    ['::1/128', 50, 0],
    ['::ffff:0:0/96', 35, 4],
    ['::/96', 1, 3],
    ['2001::/32', 5, 5],
    ['2002::/16', 30, 2],
    ['3ffe::/16', 1, 12],
    ['fec0::/10', 1, 11],
    ['fc00::/7', 3, 13],
    ['::/0', 40, 1],
  ] as const
).flatMap(([text, precedence, label]) => {
  const prefix = parsePrefix(text);
  return prefix === undefined ? [] : [{ text, precedence, label, prefix }];
});

const LAST: Policy = { text: '::/0', precedence: 40, label: 1 };

/** The policy of an address; IPv4 counts as ::ffff:a.b.c.d. */
export function policyOf(bytes: Uint8Array): Policy {
  const six = bytes.length === 4 ? mapIpv4(bytes) : bytes;
  return POLICIES.find(({ prefix }) => inPrefix(six, prefix)) ?? LAST;
}

/** Bits that both share: of the first 64 for IPv6, none between the families. */
export function goCommonPrefixLength(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length ? commonPrefixLength(a.subarray(0, 8), b.subarray(0, 8)) : 0;
}

const plain = (bytes: Uint8Array): Uint8Array => (isV4Mapped(bytes) ? bytes.subarray(12) : bytes);

interface Attributes {
  readonly bytes: Uint8Array;
  readonly source: Uint8Array | undefined;
  readonly scope: number;
  readonly sourceScope: number;
  readonly policy: Policy;
  readonly sourceLabel: number;
}

/** Is a the better destination? */
function better(a: Attributes, b: Attributes): boolean {
  // Rule 1: an address without a source cannot be used; two of them are equal.
  if (b.source === undefined) return a.source !== undefined;
  if (a.source === undefined) return false;
  const rules: readonly (readonly [number, number])[] = [
    [Number(a.scope === a.sourceScope), Number(b.scope === b.sourceScope)],
    [Number(a.policy.label === a.sourceLabel), Number(b.policy.label === b.sourceLabel)],
    [a.policy.precedence, b.policy.precedence],
    [-a.scope, -b.scope],
  ];
  for (const [x, y] of rules) if (x !== y) return x > y;
  if (a.bytes.length === 16 && b.bytes.length === 16)
    return goCommonPrefixLength(a.source, a.bytes) > goCommonPrefixLength(b.source, b.bytes);
  return false;
}

/**
 * Indexes of `addresses` in sorted order. `sources`: the source address of a UDP connect to each; undefined where it fails.
 * The order of equal ones stays.
 */
export function sortByRfc6724(addresses: readonly string[], sources: readonly (string | undefined)[]): readonly number[] {
  const attributes = addresses.map((address, i): Attributes => {
    const bytes = plain(parseAddress(address)?.bytes ?? new Uint8Array(16));
    const sourceText = sources[i];
    const source = sourceText === undefined ? undefined : parseAddress(sourceText)?.bytes;
    return {
      bytes,
      source: source === undefined ? undefined : plain(source),
      scope: addressScope(bytes),
      sourceScope: source === undefined ? 0 : addressScope(plain(source)),
      policy: policyOf(bytes),
      sourceLabel: source === undefined ? 0 : policyOf(plain(source)).label,
    };
  });
  // Insertion sort, as sort.Stable does for up to 20 elements: the rules are no strict order, so another way could end elsewhere.
  const order = addresses.map((_, i) => i);
  for (let i = 1; i < order.length; i++) {
    for (let j = i; j > 0; j--) {
      const [left, right] = [order[j - 1] ?? 0, order[j] ?? 0];
      const [l, r] = [attributes[left], attributes[right]];
      if (l === undefined || r === undefined || !better(r, l)) break;
      order[j - 1] = right;
      order[j] = left;
    }
  }
  return order;
}

/** 'link-local', 'site-local', 'global' or the number: how Go names a scope. */
export function scopeName(address: string): string {
  const bytes = parseAddress(address)?.bytes;
  const scope = bytes === undefined ? 14 : addressScope(plain(bytes));
  return scope === 2 ? 'link-local' : scope === 5 ? 'site-local' : scope === 14 ? 'global' : String(scope);
}
