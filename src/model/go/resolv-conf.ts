/**
 * resolv.conf as Go reads it (golang/go src/net/dnsconfig_unix.go).
 *
 * A line whose first byte is `;` or `#` is a comment. Other lines are fields. `search` and `domain` replace the list, options add up.
 * No limit on the search list; three servers. Anything unknown is remembered: a program with cgo then asks the C library.
 */
import type { GoRules } from './version-rules.ts';
import { joinHostPort, parseGoAddress } from './ip-literal.ts';
import { goFields, goLines, goNumber } from './text.ts';

export interface GoServer {
  /** As Go prints it: '127.0.0.1:53', '[::1]:53'. */
  readonly shown: string;
  /** The literal in normal form, and its zone. */
  readonly address: string;
  readonly family: 'inet' | 'inet6';
  readonly line?: number;
}

export interface GoResolvConf {
  readonly servers: readonly GoServer[];
  /** Absolute names; empty when the file names none (the host name's domain is used then). */
  readonly search: readonly string[];
  readonly searchLine?: number;
  readonly ndots: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly rotate: boolean;
  readonly singleRequest: boolean;
  readonly tcp: boolean;
  readonly trustAd: boolean;
  readonly noReload: boolean;
  /** Words of OpenBSD's `lookup`; read, and not used on Linux. */
  readonly lookup: readonly string[];
  /** The first word that Go does not know. */
  readonly unknown?: { readonly word: string; readonly line: number };
  readonly lines: readonly string[];
}

export const DEFAULT_SERVERS: readonly GoServer[] = [
  { shown: '127.0.0.1:53', address: '127.0.0.1', family: 'inet' },
  { shown: '[::1]:53', address: '::1', family: 'inet6' },
];

export const DEFAULT_RESOLV_CONF: GoResolvConf = {
  servers: DEFAULT_SERVERS,
  search: [],
  ndots: 1,
  timeoutMs: 5000,
  attempts: 2,
  rotate: false,
  singleRequest: false,
  tcp: false,
  trustAd: false,
  noReload: false,
  lookup: [],
  lines: [],
};

const rooted = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

export function parseGoResolvConf(text: string, rules: GoRules): GoResolvConf {
  const lines = goLines(text);
  const servers: GoServer[] = [];
  let search: readonly string[] = [];
  let searchLine: number | undefined;
  let unknown: { word: string; line: number } | undefined;
  let lookup: readonly string[] = [];
  const options = {
    ndots: 1,
    timeoutMs: 5000,
    attempts: 2,
    rotate: false,
    singleRequest: false,
    tcp: false,
    trustAd: false,
    noReload: false,
  };
  for (const [i, line] of lines.entries()) {
    if (line.startsWith(';') || line.startsWith('#')) continue;
    const fields = goFields(line);
    const [keyword, first] = fields;
    if (keyword === undefined) continue;
    switch (keyword) {
      case 'nameserver': {
        if (first === undefined || servers.length >= 3) break;
        const address = parseGoAddress(first, rules.leadingZeros);
        if (address !== undefined)
          servers.push({ shown: joinHostPort(first, 53), address: address.address, family: address.family, line: i + 1 });
        break;
      }
      case 'domain':
        if (first === undefined) break;
        search = [rooted(first)];
        searchLine = i + 1;
        break;
      case 'search':
        search = fields
          .slice(1)
          .map(rooted)
          .filter((name) => name !== '.' || !rules.knowsEdns0Option);
        searchLine = i + 1;
        break;
      case 'options':
        for (const word of fields.slice(1)) if (!readOption(word, options, rules)) unknown ??= { word, line: i + 1 };
        break;
      case 'lookup':
        lookup = fields.slice(1);
        break;
      default:
        unknown ??= { word: keyword, line: i + 1 };
    }
  }
  return {
    servers: servers.length === 0 ? DEFAULT_SERVERS : servers,
    search,
    ...(searchLine === undefined ? {} : { searchLine }),
    ...options,
    lookup,
    ...(unknown === undefined ? {} : { unknown }),
    lines,
  };
}

interface Options {
  ndots: number;
  timeoutMs: number;
  attempts: number;
  rotate: boolean;
  singleRequest: boolean;
  tcp: boolean;
  trustAd: boolean;
  noReload: boolean;
}

/** False when Go does not know the word. A number that is missing or bad counts as 0. */
function readOption(word: string, options: Options, rules: GoRules): boolean {
  if (word.startsWith('ndots:')) options.ndots = Math.min(goNumber(word.slice(6)), 15);
  else if (word.startsWith('timeout:')) options.timeoutMs = Math.max(goNumber(word.slice(8)), 1) * 1000;
  else if (word.startsWith('attempts:')) options.attempts = Math.max(goNumber(word.slice(9)), 1);
  else if (word === 'rotate') options.rotate = true;
  else if (word === 'single-request' || word === 'single-request-reopen') options.singleRequest = true;
  else if (word === 'use-vc' || word === 'usevc' || word === 'tcp') options.tcp = true;
  else if (rules.knowsEdns0Option && word === 'trust-ad') options.trustAd = true;
  else if (rules.knowsEdns0Option && word === 'no-reload') options.noReload = true;
  else return rules.knowsEdns0Option && word === 'edns0';
  return true;
}

/** The search list when resolv.conf names none: the host name's part after its first dot (dnsDefaultSearch). */
export function defaultSearch(hostname: string): readonly string[] {
  const dot = hostname.indexOf('.');
  return dot >= 0 && dot < hostname.length - 1 ? [rooted(hostname.slice(dot + 1))] : [];
}
