/**
 * How dig, host and nslookup of BIND ask: servers in turn, tries over all of them, the search list. Sources: bind9 bin/dig/dighost.c at
 * 9.16, 9.18 and 9.20 (setup_lookup, next_origin, recv_done); all three versions run.
 */
import type { DnsRecord, ViewFacts } from '../../facts/node-facts.ts';
import { goErrnoText } from '../dial/errno-texts.ts';
import { exchange } from '../dns/exchange.ts';
import type { AskedQuery, Need, Step, World } from '../types.ts';
import { steps } from './dns-tool-steps.ts';

export interface BindSettings {
  readonly servers: readonly string[];
  readonly tries: number;
  readonly timeoutMs: number;
  /** A SERVFAIL goes to the next server (host, nslookup); dig takes it. */
  readonly nextOnServfail: boolean;
  /** Before 9.18 a refused query is noticed only as silence, and errors have no line of their own. */
  readonly before918: boolean;
}

export interface BindReply {
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  readonly aa: boolean;
  readonly answers: readonly DnsRecord[];
}

export interface BindAsked {
  readonly reply?: BindReply;
  /** Lines about servers that did not help: `;; communications error to …`. */
  readonly lines: readonly string[];
  /** Servers that said SERVFAIL on the way. */
  readonly servfails: readonly string[];
  readonly needs?: readonly Need[];
}

export interface BindRun {
  readonly world: World;
  readonly view: ViewFacts;
  readonly settings: BindSettings;
  readonly steps: Step[];
  readonly queries: AskedQuery[];
  elapsedMs: number;
}

/** Asks for one name and type, by all servers and tries. `name` without final dot. */
export function askBind(run: BindRun, name: string, type: string): BindAsked {
  const { servers, tries, timeoutMs, nextOnServfail, before918 } = run.settings;
  const lines: string[] = [];
  const servfails: string[] = [];
  let servfail: BindReply | undefined;
  for (let round = 0; round < tries; round++) {
    for (const server of servers) {
      const answer = exchange(run.world, run.view.netns, server, name, type, 'udp');
      if (answer.kind === 'unknown') return { lines, servfails, needs: [answer.need] };
      if (answer.kind === 'error' && !before918) {
        run.steps.push({ kind: steps.failed, values: { server, errno: answer.errno } });
        lines.push(answer.local ? `;; UDP setup with ${server}#53(${server}) for ${name} failed: ${bindError(answer.errno)}.` : `;; communications error to ${server}#53: ${bindError(answer.errno)}`);
        continue;
      }
      run.queries.push({ server, name, type, transport: 'udp', edns: true });
      if (answer.kind !== 'answer') {
        run.elapsedMs += timeoutMs;
        run.steps.push({ kind: steps.silent, values: { server, name, type, seconds: timeoutMs / 1000 }, ms: timeoutMs });
        lines.push(`;; communications error to ${server}#53: timed out`);
        continue;
      }
      const { rcode, answers, aa, tc } = answer.tc ? (overTcp(run, server, name, type) ?? answer) : answer;
      run.elapsedMs += answer.ms;
      const shown = answers.map((r) => r.data).join(', ');
      run.steps.push({ kind: steps.asked, values: { server, rcode: tc ? `${rcode} (tc)` : rcode, name, type, data: shown === '' ? '-' : shown } });
      const reply: BindReply = { server, name, type, rcode, aa, answers };
      if (rcode !== 'SERVFAIL' || !nextOnServfail) return { reply, lines, servfails };
      servfails.push(server);
      servfail = reply;
    }
    if (servfail !== undefined) return { reply: servfail, lines, servfails };
  }
  return { lines, servfails };
}

function overTcp(run: BindRun, server: string, name: string, type: string): Extract<ReturnType<typeof exchange>, { kind: 'answer' }> | undefined {
  run.queries.push({ server, name, type, transport: 'tcp', edns: true });
  const answer = exchange(run.world, run.view.netns, server, name, type, 'tcp');
  return answer.kind === 'answer' ? answer : undefined;
}

/** ISC's words for socket errors (lib/isc/result.c). */
const ISC_WORDS: Readonly<Record<string, string>> = {
  ENETUNREACH: 'network unreachable', EHOSTUNREACH: 'host unreachable', EADDRNOTAVAIL: 'address not available', EAFNOSUPPORT: 'address family not supported', EPERM: 'permission denied', EACCES: 'permission denied',
};
const bindError = (errno: string): string => ISC_WORDS[errno] ?? goErrnoText(errno);

/** What is said when no server helped. */
export const noServers = (asked: BindAsked, before918: boolean): string[] =>
  before918 ? [';; connection timed out; no servers could be reached'] : [...asked.lines, ';; no servers could be reached'];

/**
 * Names to try, in order: with enough dots, or without a search list, the name as it is and nothing else; otherwise every suffix, then
 * the name as it is (setup_lookup, next_origin). A name with a final dot is taken as it is.
 */
export function searchNames(name: string, search: readonly string[] | undefined, ndots: number): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const dots = name.split('.').length - 1;
  if (search === undefined || dots >= ndots) return [name];
  return [...search.map((suffix) => `${name}.${suffix}`), name];
}

/** Follows the list while the answer is NXDOMAIN. */
export function askWithSearch(run: BindRun, names: readonly string[], type: string): BindAsked {
  let asked: BindAsked = { lines: [], servfails: [] };
  for (const [i, name] of names.entries()) {
    asked = askBind(run, name, type);
    if (asked.needs !== undefined || asked.reply?.rcode !== 'NXDOMAIN' || i === names.length - 1) return asked;
    run.steps.push({ kind: steps.nextSuffix, values: { name } });
  }
  return asked;
}
