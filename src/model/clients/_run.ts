/** What all clients share: the program that is asked, the ways to try addresses, and putting an answer together. */
import { valueOf } from '../../facts/fact.ts';
import type { Fact } from '../../facts/fact.ts';
import type { Libc, NetnsFacts, ProgramFacts, ViewFacts } from '../../facts/node-facts.ts';
import { dialAddress } from '../dial/dial.ts';
import { errnoText } from '../dial/errno-texts.ts';
import type { Call, ClientAnswer, ClientOptions, DialAttempt, Need, Resolution, ResolvedAddress, World } from '../types.ts';
import { callLibc, libcOf } from './_libc.ts';

/** One question to one client. */
export interface Run {
  readonly client: string;
  readonly world: World;
  readonly view: ViewFacts;
  readonly netns: NetnsFacts | undefined;
  readonly name: string;
  readonly port: number | undefined;
  readonly args: readonly string[];
  /** Flavour and version: those asked for, else the installed program's. */
  readonly flavour: string | undefined;
  readonly version: string | undefined;
  readonly libc: Libc['kind'];
  readonly isStatic: boolean;
}

export function startRun(
  client: string,
  program: string | undefined,
  world: World,
  view: ViewFacts,
  name: string,
  port: number | undefined,
  options: ClientOptions = {},
): Run {
  const installed = program === undefined ? undefined : programOf(view, program);
  const flavour = options.flavour ?? installed?.flavour;
  return {
    client,
    world,
    view,
    name,
    port,
    netns: world.netns(view.netns),
    args: options.args ?? [],
    flavour,
    version: options.version ?? (options.flavour === undefined || options.flavour === installed?.flavour ? installed?.version : undefined),
    libc: libcOf(view)?.kind ?? 'glibc',
    isStatic: installed?.static ?? false,
  };
}

export const programOf = (view: ViewFacts, program: string): ProgramFacts | undefined => {
  const fact: Fact<ProgramFacts> | undefined = view.programs[program];
  return fact === undefined ? undefined : valueOf(fact);
};

/** presentIn for a tool: installed, known not to be, or nobody looked. */
export function installed(view: ViewFacts, program: string): boolean | undefined {
  const fact: Fact<ProgramFacts> | undefined = view.programs[program];
  if (fact === undefined || fact.state === 'unobserved') return undefined;
  return fact.state === 'known' && fact.value.installed;
}

export const lookup = (run: Run, call: Call, name = run.name): Resolution => ({
  ...callLibc(run.world, run.view, call, name, run.isStatic),
  call,
});

export const addressesOf = (resolution: Resolution): readonly ResolvedAddress[] =>
  resolution.outcome.kind === 'addresses' ? resolution.outcome.addresses : [];

export const strerror = (run: Run, errno: string): string => errnoText(errno, run.libc);

/** 'fe80::1%eth0', '::1'. */
export const shownAddress = (a: ResolvedAddress): string => (a.zone === undefined ? a.address : `${a.address}%${a.zone}`);
export const bracketed = (a: ResolvedAddress): string => (a.family === 'inet6' ? `[${shownAddress(a)}]` : a.address);

export const dial = (run: Run, address: ResolvedAddress): DialAttempt => dialAddress(run.world, run.netns, address, run.port, 'tcp');

/** The errno a program sees for an attempt; undefined for success and where it cannot be told. */
export function errnoOf(attempt: DialAttempt | undefined): string | undefined {
  if (attempt?.outcome.kind === 'errno') return attempt.outcome.errno;
  return attempt?.outcome.kind === 'timeout' ? 'ETIMEDOUT' : undefined;
}

/** True when connect(2) itself says no at once, before any packet is sent. */
export const failsAtOnce = (attempt: DialAttempt): boolean =>
  attempt.outcome.kind === 'errno' && (attempt.stage === 'socket' || attempt.stage === 'address') && attempt.elapsedMs === 0;

export interface Dialled {
  /** In the order in which they began. */
  readonly attempts: readonly DialAttempt[];
  readonly elapsedMs: number;
  readonly winner?: DialAttempt;
  /** Where nothing connected: the attempt whose error the program reports. */
  readonly reported?: DialAttempt;
  readonly needs?: readonly Need[];
  /** When each attempt began and ended, in milliseconds, where several run at a time. */
  readonly times?: readonly Timed[];
}

const NOTHING: Dialled = { attempts: [], elapsedMs: 0 };

/** One address after the other, as connect(2) in a loop does; the last error is reported, or the first. */
export function dialInTurn(run: Run, addresses: readonly ResolvedAddress[], report: 'last' | 'first' = 'last'): Dialled {
  const attempts: DialAttempt[] = [];
  let elapsedMs = 0;
  for (const address of addresses) {
    const attempt = dial(run, address);
    attempts.push(attempt);
    elapsedMs += attempt.elapsedMs;
    if (attempt.outcome.kind === 'connected') return { attempts, elapsedMs, winner: attempt };
    if (attempt.outcome.kind === 'cannot-tell') return { attempts, elapsedMs, needs: attempt.outcome.needs };
  }
  const reported = report === 'last' ? attempts.at(-1) : attempts[0];
  return reported === undefined ? NOTHING : { attempts, elapsedMs, reported };
}

export const dialFirst = (run: Run, addresses: readonly ResolvedAddress[]): Dialled => dialInTurn(run, addresses.slice(0, 1));

export interface Timed {
  readonly at: number;
  readonly end: number;
  readonly attempt: DialAttempt;
}

/** Attempts in sequence from a start time, up to the first that connects or cannot be told. */
function timeline(run: Run, addresses: readonly ResolvedAddress[], start: number): Timed[] {
  const timed: Timed[] = [];
  let at = start;
  for (const address of addresses) {
    const attempt = dial(run, address);
    const end = at + attempt.elapsedMs;
    timed.push({ at, end, attempt });
    if (attempt.outcome.kind === 'connected' || attempt.outcome.kind === 'cannot-tell') break;
    at = end;
  }
  return timed;
}

/**
 * Happy eyeballs (RFC 6555, RFC 8305): the addresses of the first one's family in turn; the others begin after `delayMs`, or as soon as
 * the first family has failed. The earliest connection wins; of two failures the first family's is reported (`report: 'first'` its first
 * error, 'last' its last).
 */
export function dialHappily(run: Run, addresses: readonly ResolvedAddress[], delayMs: number, report: 'last' | 'first' = 'first'): Dialled {
  const [only] = addresses;
  if (only === undefined) return NOTHING;
  if (addresses.length === 1) return dialOnly(run, only);
  const { family } = only;
  const first = timeline(
    run,
    addresses.filter((a) => a.family === family),
    0,
  );
  const firstEnd = first.at(-1)?.end ?? 0;
  const firstOutcome = first.at(-1)?.attempt.outcome.kind;
  const others = addresses.filter((a) => a.family !== family);
  const early = firstOutcome === 'connected' && firstEnd <= delayMs;
  const second =
    early || others.length === 0
      ? []
      : timeline(run, others, firstOutcome === 'connected' || firstOutcome === 'cannot-tell' ? delayMs : Math.min(firstEnd, delayMs));
  const all = [...first, ...second];
  const winner = all.filter((t) => t.attempt.outcome.kind === 'connected').toSorted((a, b) => a.end - b.end)[0];
  // What began after the winner had connected was never tried.
  const times = (winner === undefined ? all : all.filter((t) => t.at <= winner.end)).toSorted((a, b) => a.at - b.at);
  const tried = times.map((t) => t.attempt);
  const unknown = tried.find((t) => t.outcome.kind === 'cannot-tell');
  if (unknown?.outcome.kind === 'cannot-tell') return { attempts: tried, elapsedMs: 0, needs: unknown.outcome.needs };
  if (winner !== undefined) return { attempts: tried, times, elapsedMs: winner.end, winner: winner.attempt };
  const reported = report === 'first' ? first[0] : first.at(-1);
  return {
    attempts: tried,
    times,
    elapsedMs: Math.max(firstEnd, second.at(-1)?.end ?? 0),
    ...(reported === undefined ? {} : { reported: reported.attempt }),
  };
}

/**
 * Happy eyeballs as curl has it since 8.16 (lib/cf-ip-happy.c): IPv6 first, then the families in turn; the next address is tried after
 * `delayMs`, or as soon as all before it have failed. The earliest connection wins.
 */
export function dialInterleaved(run: Run, addresses: readonly ResolvedAddress[], delayMs: number): Dialled {
  const six = addresses.filter((a) => a.family === 'inet6');
  const four = addresses.filter((a) => a.family === 'inet');
  const times: Timed[] = [];
  let at = 0;
  let ended = 0;
  let next = six.shift() ?? four.shift();
  while (next !== undefined) {
    const attempt = dial(run, next);
    const end = at + attempt.elapsedMs;
    times.push({ at, end, attempt });
    if (attempt.outcome.kind === 'cannot-tell') {
      return { attempts: times.map((t) => t.attempt), elapsedMs: 0, needs: attempt.outcome.needs };
    }
    ended = Math.max(ended, end);
    at = Math.min(at + delayMs, ended);
    if (times.some((t) => t.attempt.outcome.kind === 'connected' && t.end <= at)) break;
    next = next.family === 'inet' || four.length === 0 ? (six.shift() ?? four.shift()) : four.shift();
  }
  const attempts = times.map((t) => t.attempt);
  const winner = times.filter((t) => t.attempt.outcome.kind === 'connected').toSorted((a, b) => a.end - b.end)[0];
  if (winner !== undefined) return { attempts, times, elapsedMs: winner.end, winner: winner.attempt };
  const reported = attempts[0];
  return { attempts, times, elapsedMs: ended, ...(reported === undefined ? {} : { reported }) };
}

/** What dialHappily makes of a single address: there is nothing to race. */
function dialOnly(run: Run, address: ResolvedAddress): Dialled {
  const attempt = dial(run, address);
  const end = attempt.elapsedMs;
  if (attempt.outcome.kind === 'cannot-tell') return { attempts: [attempt], elapsedMs: 0, needs: attempt.outcome.needs };
  const times = [{ at: 0, end, attempt }];
  return attempt.outcome.kind === 'connected'
    ? { attempts: [attempt], times, elapsedMs: end, winner: attempt }
    : { attempts: [attempt], times, elapsedMs: end, reported: attempt };
}

export interface Said {
  readonly prints: readonly string[];
  readonly exitStatus?: number;
}

/** Puts an answer together; `attempts` and the outcome follow from what was dialled. */
export function answer(run: Run, resolution: Resolution, dialled: Dialled, said: Said, version?: string): ClientAnswer {
  return {
    client: run.client,
    ...(version === undefined ? {} : { version }),
    view: run.view.id,
    name: run.name,
    ...(run.port === undefined ? {} : { port: run.port }),
    resolution,
    attempts: dialled.attempts,
    outcome: outcomeOf(resolution, dialled),
    prints: said.prints,
    ...(said.exitStatus === undefined ? {} : { exitStatus: said.exitStatus }),
    elapsedMs: resolution.elapsedMs + dialled.elapsedMs,
  };
}

function outcomeOf(resolution: Resolution, dialled: Dialled): ClientAnswer['outcome'] {
  if (dialled.winner !== undefined) return { kind: 'works', address: dialled.winner.address };
  if (dialled.needs !== undefined) return { kind: 'cannot-tell', needs: dialled.needs };
  if (dialled.reported !== undefined) {
    const errno = errnoOf(dialled.reported);
    return { kind: 'fails', stage: dialled.reported.stage, address: dialled.reported.address, ...(errno === undefined ? {} : { errno }) };
  }
  switch (resolution.outcome.kind) {
    case 'cannot-tell':
      return { kind: 'cannot-tell', needs: resolution.outcome.needs };
    case 'error':
      return { kind: 'fails', stage: 'resolve', error: resolution.outcome.error };
    case 'addresses': {
      const address = resolution.outcome.addresses[0];
      // A client that only looks names up has done its work with an address.
      return address === undefined ? { kind: 'fails', stage: 'resolve' } : { kind: 'works', address };
    }
  }
}

/** A client that fails before, or instead of, connecting for a reason of its own. */
export function refuse(
  run: Run,
  resolution: Resolution,
  stage: 'resolve' | DialAttempt['stage'],
  errno: string | undefined,
  said: Said,
  version?: string,
): ClientAnswer {
  const base = answer(run, resolution, NOTHING, said, version);
  return { ...base, outcome: { kind: 'fails', stage, ...(errno === undefined ? {} : { errno }) } };
}

export const nothingDialled = NOTHING;

/** Compares dotted versions: negative when a is older. 's20160308' and '20160308' are the same. */
export function compareVersions(a: string, b: string): number {
  const parts = (text: string): number[] => (/\d+(?:\.\d+)*/u.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A version nobody knows counts as the newest. */
export const isBefore = (version: string | undefined, bound: string): boolean =>
  version !== undefined && compareVersions(version, bound) < 0;
