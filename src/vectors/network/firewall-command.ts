/** iptables, ip6tables and nft command lines as reject rules (iptables(8), iptables-extensions(8), nft(8)). */
import type { Family, RejectRule } from '../../facts/node-facts.ts';
import type { SimulatedNetns } from './simulated-netns.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const HOOKS: Readonly<Record<string, 'input' | 'output'>> = { INPUT: 'input', OUTPUT: 'output' };

export function runIptables(netns: SimulatedNetns, family: Family, words: readonly string[]): void {
  const rule: Partial<Writable<RejectRule>> & { unknownConditions?: string[] } = {};
  let chain = '';
  let first = false;
  let target = '';
  let reject = family === 'inet' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable';
  let not = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const value = (): string => not + (words[++i] ?? '');
    if (word === '!') {
      not = '!';
      continue;
    }
    switch (word) {
      case '-t':
      case '--table':
      case '-w':
      case '-m':
      case '--match':
      case '--comment':
        i++;
        break;
      case '-P':
      case '--policy':
        chain = value();
        target = value();
        break;
      case '-A':
      case '--append':
        chain = value();
        break;
      case '-I':
      case '--insert':
        chain = value();
        first = true;
        if (/^\d+$/u.test(words[i + 1] ?? '')) i++;
        break;
      case '-p':
      case '--protocol':
        rule.protocol = value();
        break;
      case '-d':
      case '--destination':
        rule.destination = value();
        break;
      case '-s':
      case '--source':
        rule.source = value();
        break;
      case '-i':
      case '-o':
      case '--in-interface':
      case '--out-interface':
        rule.device = value();
        break;
      case '--dport':
      case '--destination-port':
        rule.port = Number(value());
        break;
      case '-j':
      case '--jump':
        target = value();
        break;
      case '--reject-with':
        reject = value();
        break;
      default:
        (rule.unknownConditions ??= []).push(word);
    }
    not = '';
  }
  const hook = HOOKS[chain];
  if (hook === undefined || (target !== 'REJECT' && target !== 'DROP')) return;
  const made: RejectRule = { ...rule, family, hook, verdict: target === 'DROP' ? 'drop' : reject, text: words.join(' ') };
  if (first) netns.rejects.unshift(made);
  else netns.rejects.push(made);
}

/** Chains by '<family> <table> <chain>'. */
export type NftChains = Map<string, 'input' | 'output'>;

const familyOf = (word: string): Family | 'both' => (word === 'ip6' ? 'inet6' : word === 'inet' ? 'both' : 'inet');

export function runNft(netns: SimulatedNetns, chains: NftChains, line: string): void {
  const words = line
    .replace(/[{};,]/gu, ' $& ')
    .split(/[ \t]+/u)
    .filter((w) => w !== '');
  const [verb, object, family = '', table = '', chain = '', ...rest] = words;
  if (verb !== 'add' && verb !== 'insert') throw new Error(`nft ${line}`);
  if (object === 'table') return;
  const key = `${family} ${table} ${chain}`;
  if (object === 'chain') {
    const hook = rest[rest.indexOf('hook') + 1];
    if (hook !== 'input' && hook !== 'output') return;
    chains.set(key, hook);
    if (rest[rest.indexOf('policy') + 1] === 'drop') netns.rejects.push({ family: familyOf(family), hook, verdict: 'drop', text: line });
    return;
  }
  const hook = chains.get(key);
  if (object !== 'rule' || hook === undefined) return;
  const made = nftRule(familyOf(family), hook, rest, line);
  if (made === undefined) return;
  if (verb === 'insert') netns.rejects.unshift(made);
  else netns.rejects.push(made);
}

function nftRule(family: Family | 'both', hook: 'input' | 'output', words: readonly string[], text: string): RejectRule | undefined {
  const rule: Partial<Writable<RejectRule>> & { unknownConditions?: string[] } = {};
  let of = family;
  let i = 0;
  const value = (): string => {
    if (words[i] !== '{') return words[i++] ?? '';
    const end = words.indexOf('}', i);
    const set = words
      .slice(i + 1, end)
      .filter((w) => w !== ',')
      .join(',');
    i = end + 1;
    return set;
  };
  while (i < words.length) {
    const word = words[i++] ?? '';
    if (word === 'ip' || word === 'ip6') {
      of = word === 'ip' ? 'inet' : 'inet6';
      const field = words[i++] ?? '';
      if (field === 'daddr') rule.destination = value();
      else if (field === 'saddr') rule.source = value();
      else if (field === 'protocol' || field === 'nexthdr') rule.protocol = value();
    } else if (word === 'meta') {
      const field = words[i++] ?? '';
      const given = value();
      if (field === 'l4proto') rule.protocol = given;
      else if (field === 'iif' || field === 'oif' || field === 'iifname' || field === 'oifname') rule.device = given;
    } else if (word === 'tcp' || word === 'udp') {
      rule.protocol = word;
      if (words[i++] === 'dport') rule.port = Number(value());
    } else if (['iif', 'oif', 'iifname', 'oifname'].includes(word)) rule.device = value().replaceAll('"', '');
    else if (word === 'counter') continue;
    else if (word === 'drop') return { ...rule, family: of, hook, verdict: 'drop', text };
    else if (word === 'accept') return undefined;
    else if (word === 'reject') return { ...rule, family: of, hook, verdict: nftReject(words.slice(i)), text };
    else (rule.unknownConditions ??= []).push(word);
  }
  return undefined;
}

/** `with icmp type host-prohibited` and the like; the words are nft's, the dial knows them. */
function nftReject(words: readonly string[]): string {
  if (words[0] !== 'with') return 'reject';
  if (words[1] === 'tcp') return 'tcp-reset';
  const type = words[2] === 'type' ? (words[3] ?? '') : (words[2] ?? '');
  return words[1] === 'icmpx' ? `icmpx-${type}` : type;
}
