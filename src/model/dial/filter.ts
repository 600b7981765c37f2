/**
 * Firewall rules on the way of a connection to this machine itself: OUTPUT, then INPUT on lo, and the answer the same way back.
 * errno by reject type: net/ipv4/icmp.c icmp_err_convert and net/ipv6/icmp.c icmpv6_err_convert, read by tcp_v4_err, tcp_v6_err,
 * udp_err and udpv6_err; measured on Linux 6.18.
 */
import type { Family, NetnsFacts, RejectRule } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import type { AddressBits } from './address-bits.ts';
import { inPrefix, parsePrefix } from '../address/prefix.ts';

export interface Packet {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly source: AddressBits;
  readonly destination: AddressBits;
  /** Destination port; undefined for ICMP and for a port nobody can name in a rule (the client's own). */
  readonly port: number | undefined;
}

export type Match = 'yes' | 'no' | 'maybe';

const PROTOCOL_NAMES: Readonly<Record<Packet['protocol'], readonly string[]>> = {
  tcp: ['tcp', '6'],
  udp: ['udp', '17'],
  icmp: ['icmp', '1', 'icmpv6', 'ipv6-icmp', 'icmp6', '58'],
};

const negated = (condition: string): [not: boolean, value: string] =>
  condition.startsWith('!') ? [true, condition.slice(1).trim()] : [false, condition];

function matchesAddress(condition: string | undefined, bits: AddressBits): Match {
  if (condition === undefined) return 'yes';
  const [not, value] = negated(condition);
  const prefix = parsePrefix(value);
  if (prefix === undefined) return 'maybe';
  return inPrefix(bits, prefix) === not ? 'no' : 'yes';
}

function matchesWord(condition: string | undefined, words: readonly string[]): Match {
  if (condition === undefined || condition === 'all') return 'yes';
  const [not, value] = negated(condition);
  const some = value.split(/[ ,{}]+/u).some((word) => words.includes(word));
  return some === not ? 'no' : 'yes';
}

/** Does this rule take this packet, seen on the loopback interface? */
export function ruleMatches(rule: RejectRule, packet: Packet): Match {
  if (rule.family !== 'both' && rule.family !== packet.family) return 'no';
  const parts: Match[] = [
    matchesWord(rule.protocol, PROTOCOL_NAMES[packet.protocol]),
    matchesWord(rule.device, ['lo']),
    matchesAddress(rule.destination, packet.destination),
    matchesAddress(rule.source, packet.source),
    rule.port === undefined || rule.port === packet.port ? 'yes' : 'no',
  ];
  if (parts.includes('no')) return 'no';
  return parts.includes('maybe') || (rule.unknownConditions ?? []).length > 0 ? 'maybe' : 'yes';
}

interface Errors {
  readonly tcp: string;
  /** What recv on a connected UDP socket gives; undefined: nothing arrives. */
  readonly udp?: string;
}

const REJECT_ERRORS: Readonly<Record<string, Errors>> = {
  'icmp-port-unreachable': { tcp: 'ECONNREFUSED', udp: 'ECONNREFUSED' },
  'icmp-net-unreachable': { tcp: 'ENETUNREACH' },
  'icmp-host-unreachable': { tcp: 'EHOSTUNREACH' },
  'icmp-proto-unreachable': { tcp: 'ENOPROTOOPT', udp: 'ENOPROTOOPT' },
  'icmp-net-prohibited': { tcp: 'ENETUNREACH', udp: 'ENETUNREACH' },
  'icmp-host-prohibited': { tcp: 'EHOSTUNREACH', udp: 'EHOSTUNREACH' },
  'icmp-admin-prohibited': { tcp: 'EHOSTUNREACH', udp: 'EHOSTUNREACH' },
  'icmp6-no-route': { tcp: 'ENETUNREACH' },
  'icmp6-adm-prohibited': { tcp: 'EACCES', udp: 'EACCES' },
  'icmp6-addr-unreachable': { tcp: 'EHOSTUNREACH' },
  'icmp6-port-unreachable': { tcp: 'ECONNREFUSED', udp: 'ECONNREFUSED' },
  'icmp6-policy-fail': { tcp: 'EACCES', udp: 'EACCES' },
  'icmp6-reject-route': { tcp: 'EACCES', udp: 'EACCES' },
  'tcp-reset': { tcp: 'ECONNREFUSED' },
};

/** nft's words and iptables' short forms for the same types. */
const SAME_TYPE: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  inet: {
    'port-unreachable': 'icmp-port-unreachable',
    'net-unreachable': 'icmp-net-unreachable',
    'host-unreachable': 'icmp-host-unreachable',
    'prot-unreachable': 'icmp-proto-unreachable',
    'proto-unreachable': 'icmp-proto-unreachable',
    'net-prohibited': 'icmp-net-prohibited',
    'host-prohibited': 'icmp-host-prohibited',
    'admin-prohibited': 'icmp-admin-prohibited',
    'icmp-admin-prohib': 'icmp-admin-prohibited',
    'icmp-prot-unreachable': 'icmp-proto-unreachable',
    'tcp-rst': 'tcp-reset',
    'no-route': 'icmp-net-unreachable',
    'icmpx-port-unreachable': 'icmp-port-unreachable',
    'icmpx-no-route': 'icmp-net-unreachable',
    'icmpx-host-unreachable': 'icmp-host-unreachable',
    'icmpx-admin-prohibited': 'icmp-admin-prohibited',
    reject: 'icmp-port-unreachable',
  },
  inet6: {
    'port-unreachable': 'icmp6-port-unreachable',
    'no-route': 'icmp6-no-route',
    'admin-prohibited': 'icmp6-adm-prohibited',
    'adm-prohibited': 'icmp6-adm-prohibited',
    'addr-unreachable': 'icmp6-addr-unreachable',
    'policy-fail': 'icmp6-policy-fail',
    'reject-route': 'icmp6-reject-route',
    'tcp-rst': 'tcp-reset',
    'icmp-port-unreachable': 'icmp6-port-unreachable',
    'icmpx-port-unreachable': 'icmp6-port-unreachable',
    'icmpx-no-route': 'icmp6-no-route',
    'icmpx-host-unreachable': 'icmp6-addr-unreachable',
    'icmpx-admin-prohibited': 'icmp6-adm-prohibited',
    'host-unreachable': 'icmp6-addr-unreachable',
    reject: 'icmp6-port-unreachable',
  },
};

/** The reject type as iptables spells it, or 'drop'. */
export const verdictName = (verdict: string, family: Family): string => {
  const plain = verdict.toLowerCase();
  return SAME_TYPE[family][plain] ?? plain;
};

export type FilterResult =
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'blocked';
      readonly rule: RejectRule;
      readonly hook: 'input' | 'output';
      readonly tcp: string;
      readonly send: string;
      readonly recv: string;
    }
  | { readonly kind: 'maybe'; readonly rule: RejectRule };

const first = (rules: readonly RejectRule[], hook: 'input' | 'output', packet: Packet): { rule: RejectRule; match: Match } | undefined => {
  for (const rule of rules) {
    if (rule.hook !== hook) continue;
    const match = ruleMatches(rule, packet);
    if (match !== 'no') return { rule, match };
  }
  return undefined;
};

/** The rule that swallows an answer on its way back to the sender, if there is one; a rejected answer is as lost as a dropped one. */
function swallowsAnswer(
  rules: readonly RejectRule[],
  packet: Packet,
  protocol: Packet['protocol'],
): { rule: RejectRule; match: Match } | undefined {
  const answer: Packet = { family: packet.family, protocol, source: packet.destination, destination: packet.source, port: undefined };
  return first(rules, 'output', answer) ?? first(rules, 'input', answer);
}

/**
 * What the rules do to a connection over lo. `tcp` is what connect gives ('TIMEOUT' for silence); `send` and `recv` are what a connected
 * UDP socket gives.
 */
export function filterLocal(netns: NetnsFacts, packet: Packet): FilterResult {
  const rules = valueOf(netns.rejects) ?? [];
  for (const hook of ['output', 'input'] as const) {
    const hit = first(rules, hook, packet);
    if (hit === undefined) continue;
    if (hit.match === 'maybe') return { kind: 'maybe', rule: hit.rule };
    const verdict = verdictName(hit.rule.verdict, packet.family);
    if (verdict !== 'drop' && REJECT_ERRORS[verdict] === undefined) return { kind: 'maybe', rule: hit.rule };
    const swallowed = swallowsAnswer(rules, packet, verdict === 'tcp-reset' ? 'tcp' : 'icmp')?.match === 'yes';
    const errors = verdict === 'drop' || swallowed ? undefined : REJECT_ERRORS[verdict];
    return {
      kind: 'blocked',
      rule: hit.rule,
      hook,
      tcp: errors?.tcp ?? 'TIMEOUT',
      send: hook === 'output' ? 'EPERM' : 'OK',
      recv: errors?.udp ?? 'TIMEOUT',
    };
  }
  // The peer's own answer: SYN-ACK or reset for TCP, an ICMP error of a closed UDP port, an echo reply.
  const lost = swallowsAnswer(rules, packet, packet.protocol === 'tcp' ? 'tcp' : 'icmp');
  if (lost === undefined) return { kind: 'pass' };
  if (lost.match === 'maybe') return { kind: 'maybe', rule: lost.rule };
  return { kind: 'blocked', rule: lost.rule, hook: lost.rule.hook, tcp: 'TIMEOUT', send: 'OK', recv: 'TIMEOUT' };
}
