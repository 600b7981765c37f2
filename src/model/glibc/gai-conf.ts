/**
 * /etc/gai.conf: the policy tables of address sorting.
 *
 *   label PREFIX/BITS VALUE       precedence PREFIX/BITS VALUE       scopev4 PREFIX/BITS VALUE       reload yes|no      # comment
 *
 * Keywords in lower case. The first line of a kind replaces the whole built-in table of that kind; a missing ::/0 is added (label 1,
 * precedence 40; scope 14). A line whose prefix or numbers cannot be read is passed over; a missing value is 0. A prefix without
 * a length is passed over for label and precedence (the library reads an unset pointer there).
 * Source: gai.conf(5), glibc getaddrinfo.c gaiconf_init at 2.12 to 2.43.
 */
import type { FileContent } from '../../facts/node-facts.ts';
import { mapIpv4 } from '../address/address.ts';
import { parseIpv4 } from '../address/ipv4.ts';
import { parseIpv6 } from '../address/ipv6.ts';
import { sharesBits } from '../address/prefix.ts';
import { isV4Mapped } from '../address/special.ts';
import { memoByIdentity } from '../memo.ts';
import { lines, words } from '../nss/ascii.ts';

export interface PolicyEntry {
  /** 16 bytes. */
  readonly prefix: Uint8Array;
  readonly bits: number;
  readonly value: number;
}

export interface GaiConf {
  readonly labels: readonly PolicyEntry[];
  readonly precedences: readonly PolicyEntry[];
  /** Scopes of IPv4 addresses, as mapped prefixes of at least 96 bits. */
  readonly scopes: readonly PolicyEntry[];
}

const entry = (text: string, bits: number, value: number): PolicyEntry => {
  const four = parseIpv4(text);
  const prefix = four === undefined ? parseIpv6(text) : mapIpv4(four);
  return { prefix: prefix ?? new Uint8Array(16), bits, value };
};

export const DEFAULT_LABELS: readonly PolicyEntry[] = [
  entry('::1', 128, 0),
  entry('2002::', 16, 2),
  entry('::', 96, 3),
  entry('::ffff:0:0', 96, 4),
  entry('fec0::', 10, 5),
  entry('fc00::', 7, 6),
  entry('2001::', 32, 7),
  entry('::', 0, 1),
];
export const DEFAULT_PRECEDENCES: readonly PolicyEntry[] = [
  entry('::1', 128, 50),
  entry('2002::', 16, 30),
  entry('::', 96, 20),
  entry('::ffff:0:0', 96, 10),
  entry('::', 0, 40),
];
const LINK_SCOPES = [entry('169.254.0.0', 112, 2), entry('127.0.0.0', 104, 2)];
const GLOBAL_SCOPE = entry('0.0.0.0', 96, 14);
export const DEFAULT_SCOPES: readonly PolicyEntry[] = [...LINK_SCOPES, GLOBAL_SCOPE];
/** 2.12: RFC 1918 networks are site-local. */
export const OLD_SCOPES: readonly PolicyEntry[] = [
  ...LINK_SCOPES,
  entry('10.0.0.0', 104, 5),
  entry('172.16.0.0', 108, 5),
  entry('192.168.0.0', 112, 5),
  GLOBAL_SCOPE,
];

export const DEFAULT_GAI_CONF: GaiConf = { labels: DEFAULT_LABELS, precedences: DEFAULT_PRECEDENCES, scopes: DEFAULT_SCOPES };

const decimal = (text: string): number | undefined => (/^\d{0,10}$/u.test(text) ? Number(text) : undefined);

export const parseGaiConf = memoByIdentity((content: FileContent): GaiConf => {
  const labels: PolicyEntry[] = [];
  const precedences: PolicyEntry[] = [];
  const scopes: PolicyEntry[] = [];
  for (const text of lines(content.text)) {
    const hash = text.indexOf('#');
    const [keyword, prefixText = '', valueText = ''] = words(hash < 0 ? text : text.slice(0, hash));
    const value = decimal(valueText);
    if (value === undefined || value > 0x7fffffff) continue;
    const [address = '', length] = prefixText.split('/', 2);
    const bits = length === undefined ? undefined : decimal(length);
    if (keyword === 'label' || keyword === 'precedence') {
      const prefix = parseIpv6(address);
      if (prefix === undefined || bits === undefined || bits > 128) continue;
      (keyword === 'label' ? labels : precedences).push({ prefix, bits, value });
    } else if (keyword === 'scopev4') {
      const scope = scopeEntry(address, bits, value);
      if (scope !== undefined) scopes.push(scope);
    }
  }
  return {
    labels: table(labels, DEFAULT_LABELS, entry('::', 0, 1), 0),
    precedences: table(precedences, DEFAULT_PRECEDENCES, entry('::', 0, 40), 0),
    scopes: table(scopes, DEFAULT_SCOPES, GLOBAL_SCOPE, 96),
  };
});

function scopeEntry(address: string, bits: number | undefined, value: number): PolicyEntry | undefined {
  if (bits === undefined) return undefined;
  const six = parseIpv6(address);
  if (six !== undefined) return isV4Mapped(six) && bits >= 96 && bits <= 128 ? { prefix: six, bits, value } : undefined;
  const four = parseIpv4(address);
  return four !== undefined && bits <= 32 ? { prefix: mapIpv4(four), bits: bits + 96, value } : undefined;
}

/** User lines in file order, most bits first; lines of equal length keep their order. */
function table(own: readonly PolicyEntry[], builtIn: readonly PolicyEntry[], rest: PolicyEntry, restBits: number): readonly PolicyEntry[] {
  if (own.length === 0) return builtIn;
  const all = own.some((e) => e.bits === restBits) ? [...own] : [...own, rest];
  return all
    .map((e, index) => ({ e, index }))
    .sort((a, b) => b.e.bits - a.e.bits || a.index - b.index)
    .map(({ e }) => e);
}

/** Value of the first entry whose prefix holds the address (16 bytes). */
export const policyValue = (entries: readonly PolicyEntry[], address: Uint8Array): number =>
  entries.find((e) => sharesBits(address, e.prefix, e.bits))?.value ?? 0;
