/**
 * /etc/resolv.conf, LOCALDOMAIN and RES_OPTIONS as the stub resolver reads them.
 *
 *   nameserver ADDR      first 3 count; IPv4 by inet_aton with anything after white space; IPv6 with an optional %zone
 *   search A B ...       the last of search and domain wins; no comments inside; to 2.25 at most 6 names and 255 characters
 *   domain A
 *   sortlist NET[/MASK]...
 *   options WORD ...     lines add up; words are matched by their beginning; unknown words are passed over
 *
 * A keyword stands in column 1 and is followed by a space or tab. ';' or '#' as the first character makes a comment.
 * Sources: resolv.conf(5), glibc resolv/res_init.c at 2.12, 2.17, 2.25 (fixed buffers), 2.26 and later.
 * Not modelled: programs that fill _res themselves; debug and the long dead byte string options.
 */
import { formatAddress, splitZone } from '../address/address.ts';
import { parseIpv4Loose } from '../address/ipv4.ts';
import { parseIpv6 } from '../address/ipv6.ts';
import { isLinkLocal6, isLinkLocalMulticast6 } from '../address/special.ts';
import { isSpaceCode, lines } from '../nss/ascii.ts';
import type { GlibcRules } from './versions.ts';

export interface SortNet {
  readonly net: Uint8Array;
  readonly mask: Uint8Array;
}

export interface ResolvConf {
  /** At most 3; IPv6 with its zone as 'fe80::1%2'. */
  readonly servers: readonly { readonly address: string; readonly line?: number }[];
  readonly search: readonly string[];
  /** Line of the search or domain line in force. */
  readonly searchLine?: number;
  readonly ndots: number;
  /** Seconds, as configured: 0 acts as 1. */
  readonly timeout: number;
  readonly attempts: number;
  readonly options: ReadonlySet<string>;
  readonly sortlist: readonly SortNet[];
}

export interface ResolvConfInput {
  /** undefined: missing or unreadable, which is as good as empty. */
  readonly text: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Called only when neither search nor domain is set. */
  readonly hostname: () => string;
  /** Index of an interface, for zones given by name. */
  readonly interfaceIndex: (name: string) => number | undefined;
}

export function parseResolvConf(input: ResolvConfInput, rules: GlibcRules): ResolvConf {
  const servers: { address: string; line?: number }[] = [];
  const sortlist: SortNet[] = [];
  const settings = new OptionWords(rules);
  let search: string[] = [];
  let searchLine: number | undefined;
  const fromEnv = input.env['LOCALDOMAIN'];
  if (fromEnv !== undefined) search = splitDomains(fromEnv.split('\n')[0] ?? '', rules, true);
  let number = 0;
  for (const line of lines(input.text ?? '')) {
    number++;
    if (line.startsWith(';') || line.startsWith('#')) continue;
    const keyword = KEYWORDS.find((word) => line.startsWith(word) && (line[word.length] === ' ' || line[word.length] === '\t'));
    if (keyword === undefined) continue;
    const rest = line.slice(keyword.length).replace(/^[ \t]+/u, '');
    if (keyword === 'nameserver') {
      const address = serverAddress(rest, input, rules);
      if (address !== undefined && servers.length < 3) servers.push({ address, line: number });
    } else if (keyword === 'options') settings.read(rest);
    else if (keyword === 'sortlist') sortlist.push(...sortNets(rest));
    else if (fromEnv === undefined && rest !== '') {
      search = keyword === 'domain' ? [rest.split(/[ \t]/u, 1)[0] ?? ''] : splitDomains(rest, rules, false);
      searchLine = number;
    }
  }
  if (servers.length === 0 && rules.defaultServer) servers.push({ address: '127.0.0.1' });
  if (search.length === 0 || (rules.oldSearchList && search[0] === '')) {
    const name = input.hostname();
    const dot = name.indexOf('.');
    const domain = dot < 0 ? '' : name.slice(dot + 1);
    search = dot < 0 && !rules.oldSearchList ? [] : [domain];
    searchLine = undefined;
  }
  const options = input.env['RES_OPTIONS'];
  if (options !== undefined) settings.read(options);
  return {
    servers,
    search,
    ...(searchLine === undefined ? {} : { searchLine }),
    ndots: settings.ndots,
    timeout: settings.timeout,
    attempts: settings.attempts,
    options: settings.flags,
    sortlist: sortlist.slice(0, 10),
  };
}

const KEYWORDS = ['nameserver', 'search', 'domain', 'options', 'sortlist'] as const;

/** Names between spaces and tabs. LOCALDOMAIN keeps an empty first name. */
function splitDomains(text: string, rules: GlibcRules, keepEmptyFirst: boolean): string[] {
  const kept = rules.oldSearchList ? text.slice(0, 255) : text;
  const names = kept.split(/[ \t]+/u);
  if (names.at(-1) === '' && names.length > 1) names.pop();
  if (!keepEmptyFirst && names[0] === '') names.shift();
  return rules.oldSearchList ? names.slice(0, 6) : names;
}

function serverAddress(rest: string, input: ResolvConfInput, rules: GlibcRules): string | undefined {
  const word = rest.split(/[ \t]/u, 1)[0] ?? '';
  // A carriage return at the end of the line is white space to the old inet_aton, and part of a bad address to the strict one.
  const four = rules.strictNumeric ? parseIpv4Loose(word) : parseIpv4Loose(rest, 'space-and-anything');
  if (four !== undefined) return formatAddress(four);
  const { address, zone } = splitZone(word);
  const bytes = parseIpv6(address);
  if (bytes === undefined) return undefined;
  const scope = zone === undefined ? 0 : (zoneNumber(bytes, zone, input.interfaceIndex, rules) ?? 0);
  return scope === 0 ? formatAddress(bytes) : `${formatAddress(bytes)}%${String(scope)}`;
}

/**
 * The number of a zone: an interface name for link-local addresses, else digits. undefined: refused.
 * Up to 2.24 an empty zone was 0 (strtoul); inet/inet6_scopeid_pton.c since.
 */
export function zoneNumber(
  bytes: Uint8Array,
  zone: string,
  indexOf: (name: string) => number | undefined,
  rules: GlibcRules,
): number | undefined {
  if (isLinkLocal6(bytes) || isLinkLocalMulticast6(bytes)) {
    const index = indexOf(zone);
    if (index !== undefined) return index;
  }
  if (!rules.strictZone && zone === '') return 0;
  if (!/^\d{1,20}$/u.test(zone)) return undefined;
  const number = Number(zone);
  return number <= 0xffffffff ? number : undefined;
}

function sortNets(rest: string): SortNet[] {
  const nets: SortNet[] = [];
  for (const word of (rest.split(';', 1)[0] ?? '').split(/[ \t]+/u)) {
    const [net = '', mask] = word.split(/[/&]/u, 2);
    const address = parseIpv4Loose(net);
    if (address === undefined) continue;
    nets.push({ net: address, mask: (mask === undefined ? undefined : parseIpv4Loose(mask)) ?? classMask(address) });
  }
  return nets;
}

const classMask = (b: Uint8Array): Uint8Array => {
  const first = b[0] ?? 0;
  return new Uint8Array([255, first >= 128 ? 255 : 0, first >= 192 ? 255 : 0, 0]);
};

/** Longer words first: `single-request-reopen` begins with `single-request`. */
const FLAGS = [
  'single-request-reopen',
  'single-request',
  'no_tld_query',
  'no-tld-query',
  'no-reload',
  'no-aaaa',
  'use-vc',
  'trust-ad',
  'strict-error',
  'rotate',
  'edns0',
  'inet6',
] as const;

class OptionWords {
  ndots = 1;
  timeout = 5;
  attempts = 2;
  readonly flags = new Set<string>();
  readonly #rules: GlibcRules;

  constructor(rules: GlibcRules) {
    this.#rules = rules;
  }

  read(text: string): void {
    for (const word of text.split(/[ \t]+/u)) {
      if (word.startsWith('ndots:')) this.ndots = clip(atoi(word.slice(6)), 15) & 15;
      else if (word.startsWith('timeout:')) this.timeout = clip(atoi(word.slice(8)), 30);
      else if (word.startsWith('attempts:')) this.attempts = clip(atoi(word.slice(9)), 5);
      else this.#flag(word);
    }
  }

  #flag(word: string): void {
    const minus = this.#rules.minusOptions && word.startsWith('-');
    const text = minus ? word.slice(1) : word;
    const flag = FLAGS.find((name) => text.startsWith(name) && this.#rules.options.includes(name));
    if (flag === undefined || (flag === 'inet6' && !this.#rules.inet6Option)) return;
    const stored = flag === 'no_tld_query' ? 'no-tld-query' : flag;
    if (minus) this.flags.delete(stored);
    else this.flags.add(stored);
  }
}

const clip = (value: number, most: number): number => Math.min(value, most);

/** C's atoi: white space, a sign, digits; 0 without digits. */
function atoi(text: string): number {
  let at = 0;
  while (at < text.length && isSpaceCode(text.charCodeAt(at))) at++;
  const match = /^[+-]?\d{1,12}/u.exec(text.slice(at));
  return match === null ? 0 : Number(match[0]);
}

/** Orders IPv4 addresses by the first net of `sortlist` that holds them; others stay behind, in their order (addrsort). */
export function applySortlist<T extends { readonly bytes: Uint8Array }>(
  addresses: readonly T[],
  sortlist: readonly SortNet[],
): readonly T[] {
  if (sortlist.length === 0 || addresses.length < 2) return addresses;
  const rank = (b: Uint8Array): number => {
    const found = sortlist.findIndex(({ net, mask }) => net.every((byte, i) => byte === ((b[i] ?? 0) & (mask[i] ?? 0))));
    return found < 0 ? sortlist.length : found;
  };
  return addresses
    .map((address, index) => ({ address, index, rank: rank(address.bytes) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ address }) => address);
}
