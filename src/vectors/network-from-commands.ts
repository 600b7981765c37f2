/** Facts of a network namespace from the command lines that set it up, without running them. */
import type { Listener, NetnsFacts } from '../facts/node-facts.ts';
import type { NftChains } from './network/firewall-command.ts';
import { runIptables, runNft } from './network/firewall-command.ts';
import { runIp } from './network/ip-command.ts';
import { SimulatedNetns } from './network/simulated-netns.ts';

export interface NetworkOptions {
  readonly id?: string;
  readonly ipv6Socket?: boolean;
  readonly listeners?: readonly Listener[];
}

/** Splits at blanks outside quotes, as sh does for such lines. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const c of line) {
    if (quote !== '') {
      if (c === quote) quote = '';
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === ' ' || c === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Throws on a command it does not know: a vector that needs it must not pass by luck. */
export function networkFromCommands(commands: readonly string[], options: NetworkOptions = {}): NetnsFacts {
  const netns = new SimulatedNetns();
  netns.ipv6Socket = options.ipv6Socket ?? true;
  const chains: NftChains = new Map();
  for (const command of commands) {
    const words = shellWords(command);
    const [program = '', ...rest] = words;
    if (program === 'ip') runIp(netns, rest);
    else if (program === 'sysctl') {
      for (const setting of rest.filter((w) => w.includes('='))) {
        const [key = '', value = ''] = setting.split('=');
        netns.sysctl(key.replaceAll('/', '.'), value);
      }
    } else if (program === 'sleep') netns.sleep(Number(rest[0] ?? '0'));
    else if (program === 'iptables') runIptables(netns, 'inet', rest);
    else if (program === 'ip6tables') runIptables(netns, 'inet6', rest);
    else if (program === 'nft') runNft(netns, chains, rest.join(' '));
    else throw new Error(`set-up command not understood: ${command}`);
  }
  netns.listeners.push(...(options.listeners ?? []));
  return netns.facts(options.id ?? 'host');
}
