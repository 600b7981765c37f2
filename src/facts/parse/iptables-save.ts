/**
 * `iptables-save -c` and `ip6tables-save -c` (iptables-extensions(8)).
 *
 *   *filter
 *   :INPUT ACCEPT [12:3400]
 *   [3:180] -A INPUT -d 127.0.0.1/32 -p tcp -m tcp --dport 6443 -j REJECT --reject-with icmp-port-unreachable
 *   COMMIT
 *
 * Only the filter table rejects. Conditions that are not understood stay with the rule, by name.
 */
import type { Family, RejectRule } from '../node-facts.ts';
import { localRejects, type FilterChain, type FilterRule } from './firewall-chains.ts';
import { linesOf } from './lines.ts';

export const parseIptablesSave = (text: string, family: Family): readonly RejectRule[] =>
  localRejects(parseFilterTable(text, family), family);

/** The chains of the table `filter`, by name. */
export function parseFilterTable(text: string, family: Family): ReadonlyMap<string, FilterChain> {
  const chains = new Map<string, FilterChain & { rules: FilterRule[] }>();
  let table = '';
  for (const line of linesOf(text)) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    if (table !== 'filter') continue;
    const chain = /^:([^ ]+) ([A-Z-]+)(?: \[(\d+):\d+\])?/u.exec(line);
    if (chain !== null) {
      const [, name = '', policy, packets] = chain;
      const hook = ({ INPUT: 'input', OUTPUT: 'output', FORWARD: 'forward' } as const)[name];
      chains.set(name, {
        name,
        ...(hook === undefined ? {} : { hook }),
        ...(policy === 'DROP' ? { policy: 'drop' } : policy === 'ACCEPT' ? { policy: 'accept' } : {}),
        ...(packets === undefined ? {} : { policyPackets: Number(packets) }),
        rules: [],
      });
      continue;
    }
    const rule = /^(?:\[(\d+):\d+\] )?-A ([^ ]+) (.*)$/u.exec(line);
    if (rule === null) continue;
    const [, packets, name = '', rest = ''] = rule;
    chains.get(name)?.rules.push({
      ...parseRule(rest, family),
      text: `-A ${name} ${rest}`,
      ...(packets === undefined ? {} : { packets: Number(packets) }),
    });
  }
  return chains;
}

/** Words; double quotes hold one together, as iptables-save writes comments. */
const splitWords = (text: string): readonly string[] =>
  (text.match(/"(?:[^"\\]|\\.)*"|[^ ]+/gu) ?? []).map((w) => (w.startsWith('"') ? w.slice(1, -1) : w));

const HARMLESS_MODULES = new Set(['tcp', 'udp', 'icmp', 'icmp6', 'ipv6-icmp', 'comment', 'conntrack', 'state', 'multiport']);

type Draft = { -readonly [K in keyof FilterRule]?: FilterRule[K] } & { unknown: string[] };

function parseRule(text: string, family: Family): Omit<FilterRule, 'text'> {
  const words = splitWords(text);
  const draft: Draft = { unknown: [] };
  let verdict = '';
  let not = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const value = words[i + 1] ?? '';
    if (word === '!') {
      not = '!';
      continue;
    }
    i += takeOption(draft, word, value, not, family);
    if (word === '-j') verdict = verdictOf(value, words, family);
    if (word === '-g') verdict = `goto:${value}`;
    if (word === '-j' || word === '-g') break;
    not = '';
  }
  return { ...draft, verdict };
}

/** Fills in one option; gives how many more words it took. */
function takeOption(draft: Draft, word: string, value: string, not: string, family: Family): number {
  switch (word) {
    case '-d':
      draft.destination = not + value;
      return 1;
    case '-s':
      draft.source = not + value;
      return 1;
    case '-p':
      draft.protocol = not + value;
      return 1;
    case '-i':
      draft.inDevice = not + value;
      return 1;
    case '-o':
      draft.outDevice = not + value;
      return 1;
    case '-m':
      if (!HARMLESS_MODULES.has(value)) draft.unknown.push(`-m ${value}`);
      return 1;
    case '--comment':
      return 1;
    case '--dport':
    case '--dports': {
      const ports = not === '' ? portsOf(value) : undefined;
      if (ports === undefined) draft.unknown.push(`${not === '' ? '' : '! '}${word} ${value}`);
      else draft.ports = ports;
      return 1;
    }
    case '--ctstate':
    case '--state':
      draft.states = value
        .toLowerCase()
        .split(',')
        .map((s) => not + s);
      return 1;
    case '--tcp-flags':
      draft.unknown.push(`${word} ${value}`);
      return 2;
    case '-j':
    case '-g':
      return 0;
    default:
      if (word.startsWith('--')) {
        draft.unknown.push(`${not === '' ? '' : '! '}${word}${value === '' || value.startsWith('-') ? '' : ` ${value}`}`);
        return value === '' || value.startsWith('-') ? 0 : 1;
      }
      if (word === '-f' || word.startsWith('-')) draft.unknown.push(`${word} (${family})`);
      return 0;
  }
}

/** '80', '80:82', '80,443'; undefined where the range is too wide to list. */
function portsOf(text: string): readonly number[] | undefined {
  const ports: number[] = [];
  for (const part of text.split(',')) {
    const [low = '', high = low] = part.split(':');
    const from = low === '' ? 0 : Number(low);
    const to = high === '' ? 65_535 : Number(high);
    if (!Number.isInteger(from) || !Number.isInteger(to) || to - from + ports.length > 64) return undefined;
    for (let p = from; p <= to; p++) ports.push(p);
  }
  return ports;
}

const NO_VERDICT = new Set([
  'LOG',
  'NFLOG',
  'MARK',
  'CONNMARK',
  'CT',
  'NOTRACK',
  'TRACE',
  'AUDIT',
  'SET',
  'TCPMSS',
  'CLASSIFY',
  'ULOG',
  'CHECKSUM',
  'DSCP',
  'SECMARK',
  'CONNSECMARK',
  'RATEEST',
  'TTL',
  'HL',
  'TOS',
  'LED',
]);

function verdictOf(target: string, words: readonly string[], family: Family): string {
  if (target === 'ACCEPT') return 'accept';
  if (target === 'DROP') return 'drop';
  if (target === 'RETURN') return 'return';
  if (target === 'REJECT') {
    const at = words.indexOf('--reject-with');
    return (at < 0 ? undefined : words[at + 1]) ?? (family === 'inet' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable');
  }
  // A queue's program decides: nobody can tell.
  if (target === 'NFQUEUE' || target === 'QUEUE') return 'accept';
  return NO_VERDICT.has(target) ? '' : `jump:${target}`;
}
