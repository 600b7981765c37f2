/**
 * What a packet filter does with one kind of packet: a new connection from here to there. Walked as the kernel does; a rule that may or
 * may not take the packet makes the answer uncertain, unless everything after it comes to the same.
 */
import { holdsIpv4 } from './ipv4.ts';
import type { FilterChain, FilterRule } from './firewall-chains.ts';

export interface Packet {
  readonly hook: 'input' | 'forward';
  readonly family: 'inet' | 'inet6';
  readonly inDevice: string;
  readonly outDevice?: string;
  /** Absent: another machine, which one is not known. */
  readonly source?: string;
  readonly destination: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
}

export interface PacketAnswer {
  readonly verdict: 'accept' | 'drop' | 'reject' | 'unknown';
  /** The rule, or `policy DROP of FORWARD`. */
  readonly rule?: string;
}

const MAX_STEPS = 20_000;

/** One table; undefined where it has no chain of this hook. */
export function judgePacket(chains: ReadonlyMap<string, FilterChain>, packet: Packet): PacketAnswer | undefined {
  const base = [...chains.values()].find((chain) => chain.hook === packet.hook);
  if (base === undefined) return undefined;
  const walk: Walk = { chains, packet, steps: 0, unsure: new Set() };
  const end = walkChain(walk, base, 0);
  const policy = base.policy ?? 'accept';
  const answer: PacketAnswer =
    end === undefined || end === 'return' ? { verdict: policy, rule: `policy ${policy.toUpperCase()} of ${base.name}` } : end;
  const sure = [...walk.unsure].every((verdict) => verdict === answer.verdict);
  return sure ? answer : { verdict: 'unknown', ...(answer.rule === undefined ? {} : { rule: answer.rule }) };
}

interface Walk {
  readonly chains: ReadonlyMap<string, FilterChain>;
  readonly packet: Packet;
  steps: number;
  /** Verdicts of rules that may take the packet. */
  readonly unsure: Set<PacketAnswer['verdict']>;
}

function walkChain(walk: Walk, chain: FilterChain, depth: number): PacketAnswer | 'return' | undefined {
  for (const rule of chain.rules) {
    if (++walk.steps > MAX_STEPS || depth > 16) return { verdict: 'unknown' };
    const fits = matches(rule, walk.packet);
    if (fits === 'no' || rule.verdict === '') continue;
    const [verb = '', target = ''] = rule.verdict.split(':');
    if (verb === 'jump' || verb === 'goto') {
      const next = walk.chains.get(target);
      if (next === undefined) {
        walk.unsure.add('unknown');
        continue;
      }
      const end = walkChain(walk, next, depth + 1);
      if (fits === 'maybe') {
        if (end !== undefined && end !== 'return') walk.unsure.add(end.verdict);
        continue;
      }
      if (end !== undefined && end !== 'return') return end;
      if (verb === 'goto') return 'return';
      continue;
    }
    if (verb === 'return') {
      if (fits === 'yes') return 'return';
      // Left early or not: what follows may or may not be asked.
      walk.unsure.add('unknown');
      continue;
    }
    const verdict = verb === 'accept' ? 'accept' : verb === 'drop' ? 'drop' : 'reject';
    if (fits === 'yes') return { verdict, rule: rule.text };
    walk.unsure.add(verdict);
  }
  return undefined;
}

type Fits = 'yes' | 'no' | 'maybe';

function matches(rule: FilterRule, packet: Packet): Fits {
  if (rule.family !== undefined && rule.family !== packet.family) return 'no';
  const parts: readonly Fits[] = [
    device(rule.inDevice, packet.inDevice),
    packet.hook === 'input' ? (rule.outDevice === undefined ? 'yes' : 'no') : device(rule.outDevice, packet.outDevice),
    prefix(rule.source, packet.source),
    prefix(rule.destination, packet.destination),
    protocol(rule.protocol, packet.protocol),
    rule.ports === undefined ? 'yes' : packet.port === undefined ? 'no' : rule.ports.includes(packet.port) ? 'yes' : 'no',
    states(rule.states),
    rule.unknown.length === 0 ? 'yes' : 'maybe',
  ];
  return parts.includes('no') ? 'no' : parts.includes('maybe') ? 'maybe' : 'yes';
}

const inverted = (fits: Fits, not: boolean): Fits => (!not || fits === 'maybe' ? fits : fits === 'yes' ? 'no' : 'yes');

/** `eth0`, `br-+` (any that begins so), `!docker0`. */
function device(wanted: string | undefined, own: string | undefined): Fits {
  if (wanted === undefined) return 'yes';
  if (own === undefined) return 'maybe';
  const not = wanted.startsWith('!');
  const name = wanted.replace(/^! ?/u, '');
  const end = /[+*]$/u.test(name);
  const same = end ? own.startsWith(name.slice(0, -1)) : own === name;
  return inverted(same ? 'yes' : 'no', not);
}

function prefix(wanted: string | undefined, address: string | undefined): Fits {
  if (wanted === undefined || wanted === '0.0.0.0/0') return 'yes';
  if (address === undefined) return 'maybe';
  const not = wanted.startsWith('!');
  const held = holdsIpv4(wanted.replace(/^! ?/u, ''), address);
  return held === undefined ? 'maybe' : inverted(held ? 'yes' : 'no', not);
}

function protocol(wanted: string | undefined, own: string): Fits {
  if (wanted === undefined || wanted === 'all') return 'yes';
  const not = wanted.startsWith('!');
  return inverted(wanted.replace(/^! ?/u, '') === own ? 'yes' : 'no', not);
}

const states = (wanted: readonly string[] | undefined): Fits =>
  wanted === undefined || wanted.includes('new') || wanted.some((s) => s.startsWith('!') && s !== '!new') ? 'yes' : 'no';
