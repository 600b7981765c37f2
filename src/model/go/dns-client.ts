/**
 * Go's own DNS client (golang/go src/net/dnsclient_unix.go).
 *
 *   for each candidate name: A and AAAA at the same time, each on a socket of its own (single-request: one after the other)
 *     for each attempt, for each server: ask, wait `timeout`; NXDOMAIN and NODATA end it; anything else goes on to the next server
 *   the first candidate with any address ends the walk; an error of the name as typed counts more than others
 */
import type { NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { AskedQuery, Need, ResolvedAddress, Step, World } from '../types.ts';
import { reach } from '../dial/reach.ts';
import { type Exchange, exchange as askServer } from '../dns/exchange.ts';
import { type ExchangeError, NO_SUCH_HOST, readTimeout, socketError } from './errors.ts';
import { parseGoAddress } from './ip-literal.ts';
import type { GoResolvConf, GoServer } from './resolv-conf.ts';
import { sourceAddress } from './source-address.ts';
import { goSteps } from './steps.ts';
import { asciiLower } from './text.ts';
import type { GoRules } from './version-rules.ts';

export interface DnsAsking {
  readonly world: World;
  readonly view: ViewFacts;
  readonly netns: NetnsFacts | undefined;
  readonly rules: GoRules;
  readonly conf: GoResolvConf;
  readonly search: readonly string[];
  readonly edns: boolean;
  readonly sixFirst?: (what: 'asks' | 'answers', candidate: number) => boolean;
}

export interface DnsResult {
  readonly addresses: readonly ResolvedAddress[];
  readonly canonicalName?: string;
  readonly error?: ExchangeError;
  readonly needs: readonly Need[];
  readonly steps: readonly Step[];
  readonly queries: readonly AskedQuery[];
  readonly elapsedMs: number;
}

type RecordType = 'A' | 'AAAA';

/** Names that may be sent to DNS at all: letters, digits, `-`, `_`; labels of 1 to 63; something besides digits (isDomainName). */
export function isDomainName(name: string, rules: GoRules): boolean {
  if (name === '.') return rules.rootIsName;
  if (name.length === 0 || name.length > 254 || (name.length === 254 && !name.endsWith('.'))) return false;
  if (!/^[\w.-]+$/u.test(name) || !/[A-Za-z_-]/u.test(name)) return false;
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  return labels.every((label) => label.length > 0 && label.length <= 63 && !label.startsWith('-') && !label.endsWith('-'));
}

const isOnion = (name: string): boolean => asciiLower(name.endsWith('.') ? name.slice(0, -1) : name).endsWith('.onion');

/** The absolute names to ask for, in turn (nameList). Unlike musl, the search list is used for names with many dots too. */
export function candidateNames(name: string, conf: GoResolvConf, search: readonly string[], rules: GoRules): readonly string[] {
  const rooted = name.endsWith('.');
  if (!rules.onionByCandidate && isOnion(name)) return [];
  if (name.length > 254 || (name.length === 254 && (rules.onionByCandidate ? !rooted : rooted))) return [];
  const wanted = (one: string): boolean => !rules.onionByCandidate || !isOnion(one);
  if (rooted) return [name].filter(wanted);
  const asTyped = `${name}.`;
  const suffixed = search.map((suffix) => asTyped + suffix).filter((one) => one.length <= 254);
  const dots = name.split('.').length - 1;
  return (dots >= conf.ndots ? [asTyped, ...suffixed] : [...suffixed, asTyped]).filter(wanted);
}

/** One type of one candidate: what came of it, after how long. */
interface Lane {
  readonly type: RecordType;
  readonly ms: number;
  readonly steps: readonly Step[];
  readonly queries: readonly (AskedQuery & { readonly at: number })[];
  readonly needs: readonly Need[];
  readonly addresses: readonly ResolvedAddress[];
  readonly canonicalName?: string;
  readonly error?: ExchangeError;
}

/** Asks DNS for all candidates in turn. `types`: both, or one for tcp4 and tcp6. */
export function askDns(asking: DnsAsking, name: string, types: readonly RecordType[]): DnsResult {
  const steps: Step[] = [];
  const queries: AskedQuery[] = [];
  let elapsedMs = 0;
  let error: ExchangeError | undefined;
  let offset = 0;
  const { sixFirst } = asking;
  for (const [candidate, fqdn] of candidateNames(name, asking.conf, asking.search, asking.rules).entries()) {
    const asked = sixFirst?.('asks', candidate) === true ? types.toReversed() : types;
    const lanes = asked.map((type) => askType(asking, fqdn, type, asking.conf.rotate ? offset++ : 0));
    const sequential = asking.conf.singleRequest;
    queries.push(...merge(lanes, sequential));
    for (const lane of lanes) steps.push(...lane.steps);
    elapsedMs += lanes.reduce((ms, lane) => (sequential ? ms + lane.ms : Math.max(ms, lane.ms)), 0);
    const needs = lanes.flatMap((lane) => lane.needs);
    if (needs.length > 0) return { addresses: [], needs, steps, queries, elapsedMs };
    // Results count in the order in which they arrive.
    const inTurn = sixFirst !== undefined && sixFirst('answers', candidate) !== sixFirst('asks', candidate) ? lanes.toReversed() : lanes;
    const arrived = sequential
      ? lanes
      : inTurn.toSorted((a, b) => a.ms - b.ms || (sixFirst === undefined ? a.queries.length - b.queries.length : 0));
    for (const lane of arrived) if (lane.error !== undefined && (error === undefined || fqdn === `${name}.`)) error = lane.error;
    const addresses = arrived.flatMap((lane) => lane.addresses);
    if (addresses.length > 0) {
      const canonicalName = arrived.find((lane) => lane.canonicalName !== undefined)?.canonicalName;
      return { addresses, ...(canonicalName === undefined ? {} : { canonicalName }), needs, steps, queries, elapsedMs };
    }
  }
  return { addresses: [], ...(error === undefined ? {} : { error }), needs: [], steps, queries, elapsedMs };
}

/** Queries of both lanes in the order sent. */
function merge(lanes: readonly Lane[], sequential: boolean): readonly AskedQuery[] {
  const all = lanes.flatMap((lane) => lane.queries);
  const ordered = sequential ? all : all.toSorted((a, b) => a.at - b.at);
  return ordered.map(({ at: _, ...query }) => query);
}

/** A search suffix may make a name that no DNS message can hold: an empty label, or one of more than 63 bytes. */
const canBeSent = (fqdn: string): boolean =>
  fqdn === '.' ||
  fqdn
    .slice(0, -1)
    .split('.')
    .every((label) => label.length > 0 && label.length <= 63);

function askType(asking: DnsAsking, fqdn: string, type: RecordType, offset: number): Lane {
  const { conf } = asking;
  const lane = { type, ms: 0, steps: [] as Step[], queries: [] as (AskedQuery & { at: number })[] };
  let error: ExchangeError | undefined;
  if (!canBeSent(fqdn)) {
    const server = conf.servers[(offset + conf.servers.length - 1) % conf.servers.length];
    error = { code: 'cannot-marshal', text: 'cannot marshal DNS message', ...(server === undefined ? {} : { server: server.shown }) };
    return { ...lane, steps: [{ kind: goSteps.cannotBeSent, values: { name: fqdn } }], needs: [], addresses: [], error };
  }
  for (let attempt = 0; attempt < conf.attempts; attempt++) {
    for (let i = 0; i < conf.servers.length; i++) {
      const server = conf.servers[(offset + i) % conf.servers.length];
      if (server === undefined) continue;
      const got = exchange(asking, server, fqdn, type, lane);
      if (got.kind === 'unknown') return { ...lane, needs: got.needs, addresses: [] };
      if (got.kind === 'error') {
        error = got.error;
        continue;
      }
      const judged = judge(asking, server, fqdn, type, got.reply);
      lane.steps.push(judged.step);
      if (judged.kind === 'addresses') {
        return {
          ...lane,
          needs: [],
          addresses: judged.addresses,
          ...(judged.canonicalName === undefined ? {} : { canonicalName: judged.canonicalName }),
        };
      }
      error = judged.error;
      if (judged.kind === 'final') return { ...lane, needs: [], addresses: [], error };
    }
  }
  return { ...lane, needs: [], addresses: [], ...(error === undefined ? {} : { error }) };
}

type Answer = Extract<Exchange, { kind: 'answer' }>;
type Exchanged =
  | { readonly kind: 'reply'; readonly reply: Answer }
  | { readonly kind: 'error'; readonly error: ExchangeError }
  | { readonly kind: 'unknown'; readonly needs: readonly Need[] };

/** One question to one server: UDP, and TCP when the answer is cut short; with use-vc TCP only. Each has the whole timeout. */
function exchange(
  asking: DnsAsking,
  server: GoServer,
  fqdn: string,
  type: RecordType,
  lane: { ms: number; steps: Step[]; queries: (AskedQuery & { at: number })[] },
): Exchanged {
  const { world, view, conf, rules } = asking;
  const name = fqdn.endsWith('.') ? fqdn.slice(0, -1) : fqdn;
  const networks = conf.tcp ? (['tcp'] as const) : (['udp', 'tcp'] as const);
  for (const network of networks) {
    lane.queries.push({
      server: server.address,
      name: fqdn,
      type,
      transport: network,
      edns: asking.edns,
      ...(conf.trustAd ? { ad: true } : {}),
      at: lane.ms,
    });
    const reply = askServer(world, view.netns, server.address, asciiLower(name), type, network);
    if (reply.kind === 'unknown') return { kind: 'unknown', needs: [reply.need] };
    if (reply.kind === 'silent' || (reply.kind === 'answer' && reply.ms >= conf.timeoutMs)) {
      lane.ms += conf.timeoutMs;
      lane.steps.push({
        kind: goSteps.silent,
        values: { server: server.shown, name: fqdn, type, seconds: conf.timeoutMs / 1000 },
        ms: conf.timeoutMs,
      });
      return { kind: 'error', error: readTimeout(network, sourceOf(asking, server), server.shown) };
    }
    if (reply.kind === 'error') {
      lane.steps.push({ kind: goSteps.unreachable, values: { server: server.shown, name: fqdn, type, errno: reply.errno } });
      return { kind: 'error', error: failedCall(asking, server, network, reply.errno) };
    }
    const cut = reply.tc && (network === 'udp' || !rules.usesTruncatedTcp);
    if (!cut) return { kind: 'reply', reply };
    lane.steps.push({ kind: goSteps.truncated, values: { server: server.shown, name: fqdn, type } });
  }
  return { kind: 'error', error: { code: 'no-answer', text: 'no answer from DNS server', server: server.shown } };
}

function sourceOf({ world, netns }: DnsAsking, server: GoServer): string | undefined {
  const source = netns === undefined ? undefined : sourceAddress(world.node, netns, server);
  return source?.kind === 'source' ? source.address : undefined;
}

/** connect(2) fails where the kernel has no way; otherwise the error comes back with read(2), or at once from a filter. */
function failedCall(asking: DnsAsking, server: GoServer, network: 'udp' | 'tcp', said: string): ExchangeError {
  const { world, netns } = asking;
  const reached = netns === undefined ? undefined : reach(world.node, netns, server);
  const errno = reached?.kind === 'errno' ? reached.errno : said;
  const before = reached?.kind === 'errno' || ['ENETUNREACH', 'EADDRNOTAVAIL', 'EINVAL', 'EACCES', 'EAFNOSUPPORT'].includes(errno);
  const call = errno === 'EAFNOSUPPORT' ? 'socket' : network === 'tcp' || before ? 'connect' : errno === 'EPERM' ? 'write' : 'read';
  return socketError(network, call, errno, sourceOf(asking, server), server.shown);
}

type Judged =
  | { readonly kind: 'addresses'; readonly addresses: readonly ResolvedAddress[]; readonly canonicalName?: string; readonly step: Step }
  /** final: no other server is asked. */
  | { readonly kind: 'final' | 'next'; readonly error: ExchangeError; readonly step: Step };

function judge(asking: DnsAsking, server: GoServer, fqdn: string, type: RecordType, reply: Answer): Judged {
  const on = server.shown;
  const values = { server: on, name: fqdn, type };
  if (reply.rcode === 'NXDOMAIN')
    return { kind: 'final', error: { ...NO_SUCH_HOST, server: on }, step: { kind: goSteps.noSuchName, values } };
  const empty = reply.answers.length === 0;
  const additional = asking.rules.additionalMeansNotLame && reply.additional > 0;
  if (reply.rcode === 'NOERROR' && !reply.aa && !reply.ra && empty && !additional) {
    return { kind: 'next', error: { code: 'lame-referral', text: 'lame referral', server: on }, step: { kind: goSteps.lame, values } };
  }
  if (reply.rcode !== 'NOERROR') {
    const error = { code: 'server-misbehaving', text: 'server misbehaving', server: on, temporary: reply.rcode === 'SERVFAIL' };
    return { kind: 'next', error, step: { kind: goSteps.misbehaving, values: { ...values, rcode: reply.rcode } } };
  }
  const first = reply.answers.findIndex((record) => record.type === type);
  if (first < 0) return { kind: 'final', error: { ...NO_SUCH_HOST, server: on }, step: { kind: goSteps.noData, values } };
  // From the first record of the asked type on, addresses of both types are taken, whatever their owner.
  const taken = reply.answers.slice(first).filter((record) => record.type === 'A' || record.type === 'AAAA');
  const addresses = taken.flatMap((record) => parseGoAddress(record.data) ?? []);
  const owner = taken[0]?.name;
  return {
    kind: 'addresses',
    addresses,
    ...(owner === undefined ? {} : { canonicalName: `${owner}.` }),
    step: { kind: goSteps.answered, values: { ...values, addresses: addresses.map((a) => a.address).join(', ') } },
  };
}
