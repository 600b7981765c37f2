/**
 * `nft -n list ruleset` (nft(8)).
 *
 *   table inet filter {
 *     chain input {
 *       type filter hook input priority filter; policy drop;
 *       iifname "lo" accept
 *       tcp dport { 22, 6443 } counter packets 0 bytes 0 reject with icmpx port-unreachable
 *     }
 *   }
 *
 * A verdict in any base chain of a hook that is not `accept` is final, so each base chain is read alone.
 */
import type { Family, RejectRule } from '../node-facts.ts';
import { localRejects, type FilterChain, type FilterRule } from './firewall-chains.ts';
import { linesOf } from './lines.ts';

/** `shownByIptables`: families whose table `filter` was read from iptables-save already. */
export const parseNftRuleset = (text: string, shownByIptables: ReadonlySet<string> = new Set()): readonly RejectRule[] =>
  parseNftTables(text, shownByIptables).flatMap(({ chains, family }) => localRejects(chains, family));

export interface FilterTable {
  readonly name: string;
  readonly family: Family | 'both';
  readonly chains: ReadonlyMap<string, FilterChain>;
}

/** The tables of IP packets, each with its chains. */
export function parseNftTables(text: string, shownByIptables: ReadonlySet<string> = new Set()): readonly FilterTable[] {
  const tables: FilterTable[] = [];
  let tableName = '';
  let family: Family | 'both' | undefined;
  let chains = new Map<string, FilterChain>();
  let chain: Building | undefined;
  const flush = (): void => {
    if (family !== undefined) tables.push({ name: tableName, family, chains });
    chains = new Map();
    family = undefined;
  };
  for (const raw of linesOf(text)) {
    const line = raw.replace(/^[ \t]+/u, '');
    const table = /^table ([a-z][a-z0-9]*) ([^ ]+) \{/u.exec(line);
    if (table !== null) {
      flush();
      const [, kind, name = ''] = table;
      tableName = name;
      family = kind === 'ip' ? 'inet' : kind === 'ip6' ? 'inet6' : kind === 'inet' ? 'both' : undefined;
      if (name === 'filter' && family !== undefined && shownByIptables.has(family)) family = undefined;
      continue;
    }
    if (family === undefined) continue;
    const opened = /^chain ([^ ]+) \{/u.exec(line);
    if (opened?.[1] !== undefined) {
      chain = { name: opened[1], rules: [] };
      continue;
    }
    if (chain === undefined) {
      // Sets, maps and flow tables: nothing to read.
      continue;
    }
    if (line === '}') {
      chains.set(chain.name, chain);
      chain = undefined;
    } else readLine(chain, line, family);
  }
  flush();
  return tables;
}

type Building = { -readonly [K in keyof FilterChain]: FilterChain[K] } & { rules: FilterRule[] };

function readLine(chain: Building, line: string, family: Family | 'both'): void {
  const base = /^type filter hook ([a-z]+) [^;]*;(?: policy (accept|drop);)?/u.exec(line);
  if (base !== null) {
    const [, hook, policy] = base;
    if (hook === 'input' || hook === 'output' || hook === 'forward') chain.hook = hook;
    if (policy === 'drop' || policy === 'accept') chain.policy = policy;
    return;
  }
  if (line === '' || line.startsWith('type ') || line.startsWith('comment ') || line.startsWith('#')) return;
  chain.rules.push({ ...parseRule(line, family), text: line });
}

type Draft = { -readonly [K in keyof FilterRule]?: FilterRule[K] } & { unknown: string[] };

/** Words; a set in braces and a quoted name are one word each. */
const splitWords = (text: string): readonly string[] => text.match(/"[^"]*"|\{[^}]*\}|[^ \t"{]+/gu) ?? [];

function parseRule(line: string, family: Family | 'both'): Omit<FilterRule, 'text'> {
  const words = splitWords(line.replace(/ # handle \d+$/u, ''));
  const draft: Draft = { unknown: [] };
  let verdict = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === 'counter') {
      if (words[i + 1] === 'packets') {
        draft.packets = Number(words[i + 2]);
        i += 4;
      }
    } else if (word === 'comment') i++;
    else if (word === 'log') {
      while (words[i + 1] === 'prefix' || words[i + 1] === 'level' || words[i + 1] === 'flags' || words[i + 1] === 'group') i += 2;
    } else if (word === 'accept' || word === 'drop' || word === 'return') verdict = word;
    else if (word === 'jump' || word === 'goto') verdict = `${word}:${words[++i] ?? ''}`;
    else if (word === 'reject') {
      verdict = rejectType(words.slice(i + 1), family);
      break;
    } else if (word === 'queue') verdict = 'accept';
    else i += takeCondition(draft, words, i);
  }
  return { ...draft, verdict };
}

/** Reads the condition that begins at `at`; gives how many more words it took. */
function takeCondition(draft: Draft, words: readonly string[], at: number): number {
  const word = words[at] ?? '';
  const key = words[at + 1] ?? '';
  const negated = words[at + 2] === '!=' || words[at + 1] === '!=';
  const unquoted = (text: string | undefined): string => (text ?? '').replace(/"/gu, '');
  if (word === 'iifname' || word === 'oifname' || word === 'iif' || word === 'oif') {
    const value = (negated ? '!' : '') + unquoted(negated ? words[at + 2] : key);
    if (value.includes('{')) draft.unknown.push(`${word} ${value}`);
    else if (word.startsWith('i')) draft.inDevice = value;
    else draft.outDevice = value;
    return negated ? 2 : 1;
  }
  if ((word === 'ip' || word === 'ip6') && (key === 'daddr' || key === 'saddr')) {
    const value = words[at + (negated ? 3 : 2)] ?? '';
    draft.family = word === 'ip' ? 'inet' : 'inet6';
    if (value.startsWith('{') || value.startsWith('@') || value.includes('-')) draft.unknown.push(`${word} ${key} ${value}`);
    else if (key === 'daddr') draft.destination = (negated ? '!' : '') + value;
    else draft.source = (negated ? '!' : '') + value;
    return negated ? 3 : 2;
  }
  if ((word === 'tcp' || word === 'udp' || word === 'th') && key === 'dport') {
    if (word !== 'th') draft.protocol = word;
    const value = words[at + (negated ? 3 : 2)] ?? '';
    const ports = negated ? undefined : portsOf(value);
    if (ports === undefined) draft.unknown.push(`${word} dport ${negated ? '!= ' : ''}${value}`);
    else draft.ports = ports;
    return negated ? 3 : 2;
  }
  if ((word === 'meta' && key === 'l4proto') || (word === 'ip' && key === 'protocol') || (word === 'ip6' && key === 'nexthdr')) {
    const value = words[at + (negated ? 3 : 2)] ?? '';
    draft.protocol = (negated ? '!' : '') + value.replace(/[{}]/gu, '').trim();
    if (word !== 'meta') draft.family = word === 'ip' ? 'inet' : 'inet6';
    return negated ? 3 : 2;
  }
  if (word === 'meta' && key === 'nfproto') {
    if (words[at + 2] === 'ipv4' || words[at + 2] === '2') draft.family = 'inet';
    else if (words[at + 2] === 'ipv6' || words[at + 2] === '10') draft.family = 'inet6';
    return 2;
  }
  if (word === 'ct' && key === 'state') {
    const value = words[at + (negated ? 3 : 2)] ?? '';
    draft.states = value
      .replace(/[{} ]/gu, '')
      .split(',')
      .map((s) => (negated ? `!${s}` : (STATE_BITS[s] ?? s)));
    return negated ? 3 : 2;
  }
  // Take it up to the verdict: what is left belongs to a condition that is not understood.
  let end = at + 1;
  while (end < words.length && !ENDS.has(words[end] ?? '')) end++;
  draft.unknown.push(words.slice(at, end).join(' '));
  return end - at - 1;
}

const ENDS = new Set(['counter', 'accept', 'drop', 'reject', 'return', 'jump', 'goto', 'log', 'comment', 'queue']);
/** `nft -n` prints the states as bits (linux/netfilter/nf_conntrack_common.h). */
const STATE_BITS: Readonly<Record<string, string>> = {
  '0x1': 'invalid',
  '0x2': 'established',
  '0x4': 'related',
  '0x8': 'new',
  '0x40': 'untracked',
};

function portsOf(text: string): readonly number[] | undefined {
  const ports: number[] = [];
  for (const part of text.replace(/[{}]/gu, '').split(',')) {
    const match = /^ *(\d+)(?:-(\d+))? *$/u.exec(part);
    if (match === null) return undefined;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to - from + ports.length > 64) return undefined;
    for (let p = from; p <= to; p++) ports.push(p);
  }
  return ports;
}

function rejectType(words: readonly string[], family: Family | 'both'): string {
  if (words[0] !== 'with')
    return family === 'inet6' ? 'icmp6-port-unreachable' : family === 'inet' ? 'icmp-port-unreachable' : 'icmpx-port-unreachable';
  if (words[1] === 'tcp') return 'tcp-reset';
  const kind = words[1] === 'icmpv6' ? 'icmp6' : (words[1] ?? 'icmp');
  const at = words[2] === 'type' || words[2] === 'code' ? 3 : 2;
  const type = words[at] ?? 'port-unreachable';
  // iptables' spelling of the same types.
  if (type === 'prot-unreachable') return `${kind}-proto-unreachable`;
  return type === 'admin-prohibited' && kind === 'icmp6' ? 'icmp6-adm-prohibited' : `${kind}-${type}`;
}
