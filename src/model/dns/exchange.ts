/**
 * One question to one DNS server, over UDP or TCP: what comes back, or that nobody knows. What the network itself decides (no route,
 * nothing listening on an address of this machine, no IPv6) is answered from the facts when the server was not asked.
 */
import { valueOf } from '../../facts/fact.ts';
import type { NetnsId } from '../../facts/fact.ts';
import type { DnsQuestion, DnsRecord, NetnsFacts } from '../../facts/node-facts.ts';
import { splitZone } from '../address/address.ts';
import { udpExchange } from '../dial/udp-exchange.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import type { Need, ResolvedAddress, World } from '../types.ts';

export type Exchange =
  | {
      readonly kind: 'answer';
      readonly rcode: string;
      readonly answers: readonly DnsRecord[];
      readonly aa: boolean;
      readonly ra: boolean;
      readonly tc: boolean;
      readonly ad: boolean;
      readonly additional: number;
      /** Time until the answer, in milliseconds, when it was measured. */
      readonly ms: number;
    }
  | { readonly kind: 'silent' }
  /** `local`: the socket call itself fails at once; else an ICMP message says so. */
  | { readonly kind: 'error'; readonly errno: string; readonly local: boolean }
  | { readonly kind: 'unknown'; readonly need: Need };

/** Name with or without a final dot; it is asked for as it stands, without search list. */
export function exchange(
  world: World,
  netns: NetnsId,
  server: string,
  name: string,
  type: string,
  transport: 'udp' | 'tcp',
  port?: number,
): Exchange {
  const question: DnsQuestion = {
    server,
    name: name.endsWith('.') ? name.slice(0, -1) : name,
    type,
    transport,
    ...(port === undefined ? {} : { port }),
  };
  const reply = world.dns(netns, question);
  if (reply === undefined) return withoutReply(world, netns, question);
  if (reply.kind === 'silent') return { kind: 'silent' };
  if (reply.kind === 'error')
    return { kind: 'error', errno: reply.errno, local: reply.errno !== 'ECONNREFUSED' && reply.errno !== 'EHOSTUNREACH' };
  return {
    kind: 'answer',
    rcode: reply.rcode,
    answers: reply.answers,
    aa: reply.aa ?? false,
    // Nearly every server that resolvers ask is recursive; a capture that does not say so is no lame server.
    ra: reply.ra ?? true,
    tc: reply.tc ?? false,
    ad: reply.ad ?? false,
    additional: reply.additional ?? 0,
    ms: reply.ms ?? 0,
  };
}

function withoutReply(world: World, netnsId: NetnsId, question: DnsQuestion): Exchange {
  const unknown: Exchange = { kind: 'unknown', need: { kind: 'dns', netns: netnsId, question } };
  const netns = world.netns(netnsId);
  if (netns === undefined || valueOf(netns.interfaces) === undefined) return unknown;
  const { address, zone } = splitZone(question.server);
  const target: ResolvedAddress = { family: address.includes(':') ? 'inet6' : 'inet', address, ...(zone === undefined ? {} : { zone }) };
  if (target.family === 'inet6' && ipv6SocketOf(world.node, netns) === false) return { kind: 'error', errno: 'EAFNOSUPPORT', local: true };
  const tried = udpExchange(world, netns, target, question.port ?? 53);
  if (tried.connect !== undefined && tried.connect !== 'OK') return { kind: 'error', errno: tried.connect, local: true };
  return tried.recv === 'ECONNREFUSED' && !isRedirected(netns, address) ? { kind: 'error', errno: 'ECONNREFUSED', local: false } : unknown;
}

/**
 * Docker's server listens on a port of its own at 127.0.0.11, and a rule in the container's namespace leads port 53 there (moby
 * daemon/libnetwork/resolver_unix.go setupNAT).
 */
const isRedirected = (netns: NetnsFacts, address: string): boolean =>
  address === '127.0.0.11' && valueOf(netns.listeners)?.some((listener) => listener.address === address) === true;

/** Follows CNAME records from `name` through the answer section, in the order given, to the last target. Lower case, no final dot. */
export function lastAlias(name: string, answers: readonly DnsRecord[]): string {
  let at = name.toLowerCase().replace(/\.$/u, '');
  for (let hops = 0; hops <= answers.length; hops++) {
    const next = answers.find((record) => record.type === 'CNAME' && record.name === at);
    if (next === undefined) return at;
    at = next.data.toLowerCase().replace(/\.$/u, '');
  }
  return at;
}
