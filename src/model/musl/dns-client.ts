/**
 * musl's DNS client (src/network/res_msend.c, name_from_dns of lookup_name.c).
 *
 *   A and AAAA go at once to all servers; repeated every timeout/attempts until `timeout` is over
 *   the first NOERROR or NXDOMAIN for each type counts, whichever server sent it; SERVFAIL is asked again at once, other codes ignored
 */
import type { NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { AskedQuery, Need, ResolvedAddress, Step, World } from '../types.ts';
import { parseAddress, formatAddress } from '../address/address.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { type Exchange, exchange as askServer } from '../dns/exchange.ts';
import { asciiLower } from '../go/text.ts';
import { isValidHostname, MAX_ADDRESSES } from './hosts.ts';
import type { MuslResolvConf, MuslServer } from './resolv-conf.ts';
import { muslSteps } from './steps.ts';
import type { MuslRules } from './version-rules.ts';

export interface MuslDnsAsking {
  readonly world: World;
  readonly view: ViewFacts;
  readonly netns: NetnsFacts | undefined;
  readonly rules: MuslRules;
  readonly conf: MuslResolvConf;
  readonly types: readonly RecordType[];
  readonly steps: Step[];
  readonly queries: AskedQuery[];
}

export type RecordType = 'A' | 'AAAA';

/** next: this name does not exist, the walk may go on. */
export type NameResult =
  | { readonly kind: 'addresses'; readonly addresses: readonly ResolvedAddress[]; readonly canonicalName?: string; readonly ms: number }
  | { readonly kind: 'next'; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly ms: number }
  | { readonly kind: 'unknown'; readonly needs: readonly Need[] };

type Answer = Extract<Exchange, { kind: 'answer' }>;
type Known = Exclude<Exchange, { kind: 'unknown' }>;

/** Can res_mkquery make a query of it? broken: until 1.2.3 it makes one that nobody can read. */
function queryForm(name: string): 'good' | 'bad' | 'broken' {
  const one = name.endsWith('.') ? name.slice(0, -1) : name;
  if (one.length > 253) return 'bad';
  if (one === '') return 'good';
  const labels = one.split('.');
  const endsInDot = labels.at(-1) === '';
  if (endsInDot) labels.pop();
  if (!labels.every((label) => label.length > 0 && label.length <= 63)) return 'bad';
  return endsInDot ? 'broken' : 'good';
}

/** Asks DNS for one absolute name (a final dot makes no difference). */
export function askName(asking: MuslDnsAsking, name: string): NameResult {
  const { rules, conf, steps } = asking;
  const form = queryForm(name);
  if (form !== 'good' && rules.skipsBadCandidate) {
    steps.push({ kind: muslSteps.badCandidate, values: { name } });
    return { kind: 'next', ms: 0 };
  }
  if (form === 'bad') {
    steps.push({ kind: muslSteps.badCandidateEnds, values: { name } });
    return { kind: 'error', code: 'EAI_NONAME', ms: 0 };
  }
  if (conf.attempts === 0 && !rules.zeroAttempts) {
    steps.push({ kind: muslSteps.divisionByZero });
    return { kind: 'error', code: 'SIGFPE', ms: 0 };
  }
  const servers = usableServers(asking);
  if (servers === 'unknown') return { kind: 'unknown', needs: [{ kind: 'netns', netns: asking.view.netns, fact: 'ipv6Socket' }] };
  if (servers === 'none') {
    steps.push({ kind: muslSteps.noIpv6Socket });
    return { kind: 'error', code: 'EAI_SYSTEM', ms: 0 };
  }
  if (form === 'broken') {
    steps.push({ kind: muslSteps.brokenQuery, values: { name, seconds: conf.timeoutMs / 1000 }, ms: conf.timeoutMs });
    return { kind: 'error', code: 'EAI_AGAIN', ms: conf.timeoutMs };
  }
  if (conf.timeoutMs === 0) {
    steps.push({ kind: muslSteps.timedOut, values: { seconds: 0 } });
    return { kind: 'error', code: 'EAI_AGAIN', ms: 0 };
  }
  return exchange(asking, servers, name.endsWith('.') ? name.slice(0, -1) : name);
}

/** One socket serves all servers: of family AF_INET6 as soon as one of them is IPv6. */
function usableServers({ world, netns, conf, rules }: MuslDnsAsking): readonly MuslServer[] | 'none' | 'unknown' {
  if (conf.servers.every((s) => s.family === 'inet')) return conf.servers;
  const socket = netns === undefined ? undefined : ipv6SocketOf(world.node, netns);
  if (socket === undefined) return 'unknown';
  if (socket) return conf.servers;
  const four = conf.servers.filter((s) => s.family === 'inet');
  return rules.keepsIpv4Servers && four.length > 0 ? four : 'none';
}

/** What came of one type. */
interface Slot {
  readonly type: RecordType;
  readonly answer: Answer | undefined;
  readonly server?: MuslServer;
  /** A failed TCP exchange ends everything at once. */
  readonly abort?: boolean;
}

function exchange(asking: MuslDnsAsking, servers: readonly MuslServer[], name: string): NameResult {
  const { conf, types, steps, rules } = asking;
  steps.push({ kind: muslSteps.asked, values: { name, types: types.join(', '), servers: servers.map((s) => s.address).join(', ') } });
  const rounds = send(asking, servers, name);
  if ('needs' in rounds) return { kind: 'unknown', needs: rounds.needs };
  const slots: Slot[] = [];
  for (const type of types) {
    const slot = firstAnswer(
      asking,
      rounds.replies.filter((r) => r.type === type),
      name,
      type,
    );
    if ('needs' in slot) return { kind: 'unknown', needs: slot.needs };
    slots.push(slot);
  }
  const waits = slots.some((slot) => slot.answer === undefined) && !slots.some((slot) => slot.abort === true);
  if (waits) repeat(asking, servers, name, slots);
  const ms = waits ? conf.timeoutMs : 0;
  return rules.pairMustAgree ? judgePair(asking, slots, name, ms) : judgeLoosely(asking, slots, name, ms);
}

interface Replied {
  readonly type: RecordType;
  readonly server: MuslServer;
  readonly reply: Known;
}

const ask = (asking: MuslDnsAsking, server: MuslServer, name: string, type: RecordType, transport: 'udp' | 'tcp'): Exchange => {
  asking.queries.push({ server: server.address, name: `${name}.`, type, transport });
  return askServer(asking.world, asking.view.netns, server.address, asciiLower(name), type, transport);
};

/** The first round: each question to each server. What nobody knows matters only where no other server's answer can settle it. */
function send(
  asking: MuslDnsAsking,
  servers: readonly MuslServer[],
  name: string,
): { readonly replies: readonly Replied[] } | { readonly needs: readonly Need[] } {
  const replies: Replied[] = [];
  const needs: Need[] = [];
  for (const type of asking.types) {
    for (const server of servers) {
      const reply = ask(asking, server, name, type, 'udp');
      if (reply.kind === 'unknown') needs.push(reply.need);
      else replies.push({ type, server, reply });
    }
  }
  return needs.length > 0 ? { needs } : { replies };
}

function firstAnswer(
  asking: MuslDnsAsking,
  replies: readonly Replied[],
  name: string,
  type: RecordType,
): Slot | { readonly needs: readonly Need[] } {
  const { conf, rules, steps } = asking;
  let best: { readonly server: MuslServer; readonly answer: Answer } | undefined;
  let retries = 2 * asking.types.length;
  for (const { server, reply } of replies) {
    const values = { server: server.address, name, type };
    if (reply.kind !== 'answer')
      steps.push({ kind: muslSteps.silent, values: { ...values, why: reply.kind === 'error' ? reply.errno : 'timeout' } });
    else if (reply.rcode === 'SERVFAIL') {
      steps.push({ kind: muslSteps.servfail, values });
      for (; retries > 0; retries--) asking.queries.push({ server: server.address, name: `${name}.`, type, transport: 'udp' });
    } else if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN')
      steps.push({ kind: muslSteps.ignored, values: { ...values, rcode: reply.rcode } });
    else if (reply.ms < conf.timeoutMs && (best === undefined || reply.ms < best.answer.ms)) best = { server, answer: reply };
  }
  if (best === undefined) return { type, answer: undefined };
  if (!best.answer.tc || !rules.tcp) return { type, answer: best.answer, server: best.server };
  steps.push({ kind: muslSteps.truncated, values: { server: best.server.address, name, type } });
  const reply = ask(asking, best.server, name, type, 'tcp');
  if (reply.kind === 'unknown') return { needs: [reply.need] };
  if (reply.kind === 'silent') return { type, answer: undefined };
  const good = reply.kind === 'answer' && (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN');
  return good ? { type, answer: reply, server: best.server } : { type, answer: undefined, abort: true };
}

/** Questions without an answer are sent again in each further interval. */
function repeat({ conf, queries }: MuslDnsAsking, servers: readonly MuslServer[], name: string, slots: readonly Slot[]): void {
  const interval = Math.floor(conf.timeoutMs / Math.max(conf.attempts, 1));
  if (interval === 0) return;
  for (let t = interval; t < conf.timeoutMs; t += interval) {
    for (const { type, answer } of slots) {
      if (answer === undefined)
        for (const server of servers) queries.push({ server: server.address, name: `${name}.`, type, transport: 'udp' });
    }
  }
}

/** Since 1.2.1 each type in turn: no answer, then NXDOMAIN, decide before any address does. */
function judgePair(asking: MuslDnsAsking, slots: readonly Slot[], name: string, ms: number): NameResult {
  const { steps, conf, rules } = asking;
  for (const { type, answer, server } of slots) {
    if (answer === undefined) {
      steps.push({ kind: muslSteps.timedOut, values: { seconds: conf.timeoutMs / 1000 }, ms });
      return { kind: 'error', code: 'EAI_AGAIN', ms };
    }
    if (answer.rcode === 'NXDOMAIN') {
      steps.push({ kind: muslSteps.noSuchName, values: { server: server?.address ?? '', name, type } });
      if (slots.some((slot) => slot.answer?.rcode === 'NOERROR')) steps.push({ kind: muslSteps.pairDisagrees });
      return { kind: 'next', ms };
    }
  }
  return collect(asking, slots, name, ms) ?? { kind: 'error', code: rules.nodata ? 'EAI_NODATA' : 'EAI_NONAME', ms };
}

/** Until 1.2.0 any address is enough; without one the first question's answer decides. */
function judgeLoosely(asking: MuslDnsAsking, slots: readonly Slot[], name: string, ms: number): NameResult {
  const { steps, conf, rules } = asking;
  const found = collect(asking, slots, name, ms);
  if (found !== undefined) return found;
  const first = slots[0];
  if (first?.answer === undefined) {
    steps.push({ kind: muslSteps.timedOut, values: { seconds: conf.timeoutMs / 1000 }, ms });
    return { kind: 'error', code: 'EAI_AGAIN', ms };
  }
  if (first.answer.rcode !== 'NXDOMAIN') return { kind: 'error', code: rules.search ? 'EAI_NONAME' : 'EAI_FAIL', ms };
  steps.push({ kind: muslSteps.noSuchName, values: { server: first.server?.address ?? '', name, type: first.type } });
  return rules.search ? { kind: 'next', ms } : { kind: 'error', code: 'EAI_NONAME', ms };
}

function collect(asking: MuslDnsAsking, slots: readonly Slot[], name: string, ms: number): NameResult | undefined {
  const { steps, rules } = asking;
  const addresses: ResolvedAddress[] = [];
  let canonicalName: string | undefined;
  for (const { type, answer, server } of rules.aaaaFirst ? slots.toReversed() : slots) {
    if (answer?.rcode !== 'NOERROR') continue;
    const taken: ResolvedAddress[] = [];
    for (const record of answer.answers) {
      if (record.type === 'CNAME' && isValidHostname(record.data)) canonicalName = record.data;
      // Before 1.2.4 addresses of both types were taken from either answer.
      else if (record.type === type || (!rules.aaaaFirst && (record.type === 'A' || record.type === 'AAAA'))) {
        const parsed = parseAddress(record.data);
        if (parsed !== undefined) taken.push({ family: parsed.family, address: formatAddress(parsed.bytes) });
      }
    }
    const values = { server: server?.address ?? '', name, type };
    if (taken.length === 0) steps.push({ kind: muslSteps.noData, values });
    else steps.push({ kind: muslSteps.answered, values: { ...values, addresses: taken.map((a) => a.address).join(', ') } });
    addresses.push(...taken);
  }
  if (addresses.length === 0) return undefined;
  return { kind: 'addresses', addresses: addresses.slice(0, MAX_ADDRESSES), ...(canonicalName === undefined ? {} : { canonicalName }), ms };
}
