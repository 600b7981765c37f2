/**
 * How dig, host and nslookup of BIND ask: servers in turn, tries over all of them, the search list. Sources: bind9 bin/dig/dighost.c at
 * 9.16, 9.18 and 9.20 (setup_lookup, next_origin, recv_done); all three versions run.
 */
import type { DnsRecord, ViewFacts } from '../../facts/node-facts.ts';
import { splitZone } from '../address/address.ts';
import { goErrnoText } from '../dial/errno-texts.ts';
import { reach } from '../dial/reach.ts';
import { exchange } from '../dns/exchange.ts';
import type { AskedQuery, Need, Step, World } from '../types.ts';
import { steps } from './dns-tool-steps.ts';

export interface BindSettings {
  readonly servers: readonly string[];
  readonly tries: number;
  readonly timeoutMs: number;
  /** A SERVFAIL goes to the next server (host, nslookup); dig takes it. */
  readonly nextOnServfail: boolean;
  /** nslookup says so where it goes on after a SERVFAIL; from 9.18 on also after that of the last server. */
  readonly saysServfail: boolean;
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
  /** Tries that silent servers used up; the next name of the search list has only the rest. */
  readonly triesSpent?: number;
  readonly needs?: readonly Need[];
}

export interface BindRun {
  readonly world: World;
  readonly view: ViewFacts;
  readonly settings: BindSettings;
  readonly steps: Step[];
  readonly queries: AskedQuery[];
  /** The name as it was typed: some messages show it. */
  readonly typed: string;
  elapsedMs: number;
}

/**
 * The order of attempts. Since 9.18 the tries belong to the look-up: the first silent server uses them up, and each one after it gets
 * one. Before, every try went through all servers.
 */
function attemptsOf({
  servers,
  tries,
  before918,
}: BindSettings): (again: number, server: number) => { readonly server: number; readonly again: number } | undefined {
  if (before918) {
    return (again, server) =>
      server + 1 < servers.length ? { again, server: server + 1 } : again + 1 < tries ? { again: again + 1, server: 0 } : undefined;
  }
  return (again, server) =>
    again + 1 < tries ? { again: again + 1, server } : server + 1 < servers.length ? { again, server: server + 1 } : undefined;
}

/** Asks for one name and type, by all servers and tries. `name` without final dot; `typed`: as messages show it. */
export function askBind(run: BindRun, name: string, type: string, triesSpent = 0, typed = run.typed): BindAsked {
  const { servers, timeoutMs, nextOnServfail, before918 } = run.settings;
  const next = attemptsOf(run.settings);
  const lines: string[] = [];
  let servfail: BindReply | undefined;
  let retried: number | undefined;
  let at: ReturnType<typeof next> = servers.length === 0 ? undefined : { again: before918 ? 0 : triesSpent, server: 0 };
  while (at !== undefined) {
    const server = servers[at.server] ?? '';
    const answer = exchange(run.world, run.view.netns, server, name, type, 'udp');
    if (answer.kind === 'unknown') return { lines, needs: [answer.need] };
    if (answer.kind === 'error' && !before918) {
      run.steps.push({ kind: steps.failed, values: { server, errno: answer.errno } });
      const noSetup = answer.local || failsLocally(run, server);
      lines.push(
        noSetup
          ? `;; UDP setup with ${server}#53(${server}) for ${typed} failed: ${bindError(answer.errno)}.`
          : `;; communications error to ${server}#53: ${bindError(answer.errno)}`,
      );
      const after = next(at.again, at.server);
      // Where a server fails so early when it is tried again, the look-up is given up aloud, and the next server asked all the same.
      if (noSetup && after?.server !== at.server && retried === at.server) lines.push(NO_SERVERS);
      retried = at.server;
      at = after;
      continue;
    }
    run.queries.push({ server, name, type, transport: 'udp', edns: true });
    if (answer.kind !== 'answer') {
      run.elapsedMs += timeoutMs;
      run.steps.push({ kind: steps.silent, values: { server, name, type, seconds: timeoutMs / 1000 }, ms: timeoutMs });
      if (!before918) lines.push(`;; communications error to ${server}#53: timed out`);
      at = next(at.again, at.server);
      continue;
    }
    const { rcode, answers, aa, tc } = answer.tc ? (overTcp(run, server, name, type) ?? answer) : answer;
    run.elapsedMs += answer.ms;
    const shown = answers.map((r) => r.data).join(', ');
    run.steps.push({
      kind: steps.asked,
      values: { server, rcode: tc ? `${rcode} (tc)` : rcode, name, type, data: shown === '' ? '-' : shown },
    });
    // Servers give the owner back in the letters of the question.
    const asTyped = answers.map((r) => (r.name === name.toLowerCase() ? { ...r, name } : r));
    const reply: BindReply = { server, name, type, rcode, aa, answers: asTyped };
    if (rcode !== 'SERVFAIL' || !nextOnServfail) return { reply, lines, triesSpent: at.again };
    servfail = reply;
    const more = at.server + 1 < servers.length;
    if (run.settings.saysServfail && (more || !before918))
      lines.push(`;; Got SERVFAIL reply from ${server}${more ? ', trying next server' : ''}`);
    at = more ? { again: at.again, server: at.server + 1 } : undefined;
  }
  return servfail === undefined ? { lines } : { reply: servfail, lines };
}

/** Does connect(2) itself fail, before anything is sent? */
function failsLocally(run: BindRun, server: string): boolean {
  const netns = run.world.netns(run.view.netns);
  const { address, zone } = splitZone(server);
  const family = address.includes(':') ? 'inet6' : 'inet';
  return netns !== undefined && reach(run.world.node, netns, { family, address, ...(zone === undefined ? {} : { zone }) }).kind === 'errno';
}

function overTcp(
  run: BindRun,
  server: string,
  name: string,
  type: string,
): Extract<ReturnType<typeof exchange>, { kind: 'answer' }> | undefined {
  run.queries.push({ server, name, type, transport: 'tcp', edns: true });
  const answer = exchange(run.world, run.view.netns, server, name, type, 'tcp');
  return answer.kind === 'answer' ? answer : undefined;
}

/** ISC's words for socket errors (lib/isc/result.c). */
const ISC_WORDS: Readonly<Record<string, string>> = {
  ENETUNREACH: 'network unreachable',
  EHOSTUNREACH: 'host unreachable',
  EADDRNOTAVAIL: 'address not available',
  EAFNOSUPPORT: 'address family not supported',
  EPERM: 'permission denied',
  EACCES: 'permission denied',
};
const bindError = (errno: string): string => ISC_WORDS[errno] ?? goErrnoText(errno);

const NO_SERVERS = ';; no servers could be reached';

/** What is said when no server helped. */
export const noServers = (asked: BindAsked, before918: boolean): string[] =>
  before918 ? [';; connection timed out; no servers could be reached'] : [...asked.lines, NO_SERVERS];

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
  let asked: BindAsked = { lines: [] };
  const before: string[] = [];
  for (const [i, name] of names.entries()) {
    const one = askBind(run, name, type, asked.triesSpent);
    before.push(...one.lines);
    asked = { ...one, lines: before };
    if (asked.needs !== undefined || asked.reply?.rcode !== 'NXDOMAIN' || i === names.length - 1) return asked;
    run.steps.push({ kind: steps.nextSuffix, values: { name } });
  }
  return asked;
}
