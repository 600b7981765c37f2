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
  const replies = firstReplies(asking, servers, name);
  if ('needs' in replies) return { kind: 'unknown', needs: replies.needs };
  const slots = talk(asking, replies, name);
  if ('needs' in slots) return { kind: 'unknown', needs: slots.needs };
  const waits = slots.some((slot) => slot.answer === undefined) && !slots.some((slot) => slot.abort === true);
  const ms = waits ? conf.timeoutMs : 0;
  return rules.pairMustAgree ? judgePair(asking, slots, name, ms) : judgeLoosely(asking, slots, name, ms);
}

interface Replied {
  readonly type: RecordType;
  readonly server: MuslServer;
  readonly reply: Known;
}

const ask = ({ world, view }: MuslDnsAsking, server: MuslServer, name: string, type: RecordType, transport: 'udp' | 'tcp'): Exchange =>
  askServer(world, view.netns, server.address, asciiLower(name), type, transport);

const sent = (asking: MuslDnsAsking, server: MuslServer, name: string, type: RecordType, transport: 'udp' | 'tcp' = 'udp'): void => {
  asking.queries.push({ server: server.address, name: `${name}.`, type, transport });
};

/** What each server says to each question; it says the same to one that is sent again. */
function firstReplies(
  asking: MuslDnsAsking,
  servers: readonly MuslServer[],
  name: string,
): readonly Replied[] | { readonly needs: readonly Need[] } {
  const replies: Replied[] = [];
  const needs: Need[] = [];
  for (const type of asking.types) {
    for (const server of servers) {
      const reply = ask(asking, server, name, type, 'udp');
      if (reply.kind === 'unknown') needs.push(reply.need);
      else replies.push({ type, server, reply });
    }
  }
  if (needs.length === 0) return replies;
  for (const type of asking.types) for (const server of servers) sent(asking, server, name, type);
  return { needs };
}

/**
 * res_msend: every interval, each question without an answer goes to all servers. The first NOERROR or NXDOMAIN to come in counts.
 * SERVFAIL has the question sent again at once, twice as often as there are questions in an interval; other rcodes are passed over.
 */
function talk(asking: MuslDnsAsking, replies: readonly Replied[], name: string): readonly Slot[] | { readonly needs: readonly Need[] } {
  const { conf, types } = asking;
  const slots = new Map<RecordType, Slot>();
  const rounds = Math.max(conf.attempts, 1);
  const interval = Math.floor(conf.timeoutMs / rounds) || conf.timeoutMs;
  const coming: { at: number; replied: Replied }[] = [];
  // What the division leaves over goes in waking up late.
  for (let round = 0; round < rounds && slots.size < types.length; round++) {
    const start = round * interval;
    const end = round === rounds - 1 ? conf.timeoutMs : start + interval;
    for (const replied of replies) {
      if (slots.has(replied.type)) continue;
      sent(asking, replied.server, name, replied.type);
      if (start === 0) tellOf(asking, replied, name);
      if (replied.reply.kind === 'answer') coming.push({ at: start + replied.reply.ms, replied });
    }
    let retries = 2 * types.length;
    for (let next = takeFirst(coming, end); next !== undefined && slots.size < types.length; next = takeFirst(coming, end)) {
      const { at, replied } = next;
      const { type, server, reply } = replied;
      if (reply.kind !== 'answer' || slots.has(type)) continue;
      if (reply.rcode === 'SERVFAIL' && retries > 0) {
        retries--;
        sent(asking, server, name, type);
        coming.push({ at: at + reply.ms, replied });
      }
      if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') continue;
      const slot = taken(asking, replied, reply, name);
      if ('needs' in slot) return slot;
      slots.set(type, slot);
      if (slot.abort === true) break;
    }
    if ([...slots.values()].some((slot) => slot.abort === true)) break;
  }
  return types.map((type) => slots.get(type) ?? { type, answer: undefined });
}

/** The earliest that comes before `end`; of those at one time the one that was asked first. */
function takeFirst(coming: { at: number; replied: Replied }[], end: number): { at: number; replied: Replied } | undefined {
  let first = -1;
  for (const [i, { at }] of coming.entries()) if (at < end && (first < 0 || at < (coming[first]?.at ?? 0))) first = i;
  return first < 0 ? undefined : coming.splice(first, 1)[0];
}

function tellOf({ steps }: MuslDnsAsking, { type, server, reply }: Replied, name: string): void {
  const values = { server: server.address, name, type };
  if (reply.kind !== 'answer')
    steps.push({ kind: muslSteps.silent, values: { ...values, why: reply.kind === 'error' ? reply.errno : 'timeout' } });
  else if (reply.rcode === 'SERVFAIL') steps.push({ kind: muslSteps.servfail, values });
  else if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN')
    steps.push({ kind: muslSteps.ignored, values: { ...values, rcode: reply.rcode } });
}

/** An answer that counts; a truncated one is asked for again over TCP, and not over UDP any more. */
function taken(asking: MuslDnsAsking, { type, server }: Replied, answer: Answer, name: string): Slot | { readonly needs: readonly Need[] } {
  if (!answer.tc || !asking.rules.tcp) return { type, answer, server };
  asking.steps.push({ kind: muslSteps.truncated, values: { server: server.address, name, type } });
  sent(asking, server, name, type, 'tcp');
  const reply = ask(asking, server, name, type, 'tcp');
  if (reply.kind === 'unknown') return { needs: [reply.need] };
  if (reply.kind === 'silent') return { type, answer: undefined };
  const good = reply.kind === 'answer' && (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN');
  return good ? { type, answer: reply, server } : { type, answer: undefined, abort: true };
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
