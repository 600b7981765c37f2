/**
 * glibc as a stack: from a call in a view to what the program gets, with every step on the way.
 * Rules by version: versions.ts. Sources: docs/model/glibc.md.
 */
import type { ViewFacts } from '../../facts/node-facts.ts';
import { addrFrom, type Addr } from '../address/addr.ts';
import { freshProcess, NeedsFacts, step, type Evaluate, type ProcessState, type Run } from '../nss/run.ts';
import type { Call, Resolution, ResolutionOutcome, ResolvedAddress, ResolveError, Stack, World } from '../types.ts';
import { gaiError, hostError } from './errors.ts';
import { getaddrinfo, type GaiRequest } from './getaddrinfo.ts';
import { hostByAddress, hostByName, type HostResult } from './gethostby.ts';
import { environmentOf } from './res-state.ts';
import { glibcSteps } from './steps.ts';
import { NEWEST, OLDEST, rulesFor } from './versions.ts';

export interface GlibcOptions {
  /** State that a process keeps between lookups; absent: a program that has just started. It is changed by the lookup. */
  readonly process?: ProcessState;
  /** Statically linked program. */
  readonly isStatic?: boolean;
  /** In the order of the services: what nscd keeps. */
  readonly unsorted?: boolean;
  /** getaddrinfo with a NULL name: `name` is ignored. */
  readonly nullName?: boolean;
  readonly badFamily?: boolean;
  readonly badSocktype?: boolean;
}

const evaluate: Evaluate = (world, view, version, call, name, unsorted) =>
  resolve(world, view, version, call, name, { process: freshProcess(true), unsorted });

function startRun(world: World, view: ViewFacts, version: string, call: Call, options: GlibcOptions | undefined): Run {
  return {
    world,
    evaluate,
    view,
    version,
    rules: rulesFor(version),
    process: options?.process ?? freshProcess(),
    isStatic: options?.isStatic ?? false,
    env: environmentOf(view.env),
    steps: [],
    queries: [],
    nscdRequests: [],
    stderr: '',
    elapsedMs: 0,
    errno: '',
    resolverHErrno: 'NETDB_SUCCESS',
    mapsToIpv6: call.call !== 'getaddrinfo',
    hostConfRead: false,
  };
}

const shown = (a: Addr): ResolvedAddress =>
  a.zone === undefined || a.zone === '0' ? { family: a.family, address: a.text } : { family: a.family, address: a.text, zone: a.zone };

function resolve(world: World, view: ViewFacts, version: string, call: Call, name: string, options?: GlibcOptions): Resolution {
  const run = startRun(world, view, version, call, options);
  if (run.rules.insteadOf !== undefined) step(run, glibcSteps.otherVersion, { version, used: run.rules.insteadOf });
  let outcome: ResolutionOutcome;
  try {
    outcome = answer(run, call, name, options);
  } catch (error) {
    if (!(error instanceof NeedsFacts)) throw error;
    outcome = { kind: 'cannot-tell', needs: error.needs };
  }
  if (outcome.kind === 'error') step(run, glibcSteps.failed, { code: outcome.error.code, text: outcome.error.text });
  else if (outcome.kind === 'addresses') step(run, glibcSteps.found, { addresses: outcome.addresses.map((a) => a.address).join(' ') });
  return {
    outcome,
    steps: run.steps,
    queries: run.queries,
    elapsedMs: run.elapsedMs,
    ...(run.nscdRequests.length === 0 ? {} : { nscdRequests: run.nscdRequests }),
    ...(run.stderr === '' ? {} : { stderr: run.stderr }),
  };
}

function answer(run: Run, call: Call, name: string, options: GlibcOptions | undefined): ResolutionOutcome {
  switch (call.call) {
    case 'getaddrinfo': {
      const request: GaiRequest = {
        call,
        name: options?.nullName === true ? null : name,
        ...(options?.badFamily === true ? { badFamily: true } : {}),
        ...(options?.badSocktype === true ? { badSocktype: true } : {}),
        ...(options?.unsorted === true ? { unsorted: true } : {}),
      };
      const result = getaddrinfo(run, request);
      if (!result.ok) return { kind: 'error', error: gaiError(result.code, result.errno) };
      return {
        kind: 'addresses',
        addresses: result.addresses.map(shown),
        ...(result.canonical === undefined ? {} : { canonicalName: result.canonical }),
      };
    }
    case 'gethostbyname':
      return hostOutcome(run, hostByName(run, name, 'inet', 'gethostbyname'));
    case 'gethostbyname2':
      return hostOutcome(run, hostByName(run, name, call.family, 'gethostbyname2'));
    case 'gethostbyaddr': {
      const address = addrFrom(name);
      return address === undefined ? { kind: 'error', error: hostError('HOST_NOT_FOUND') } : hostOutcome(run, hostByAddress(run, address));
    }
    default:
      throw new TypeError(`glibc has no ${call.call}`);
  }
}

function hostOutcome(run: Run, { host }: HostResult): ResolutionOutcome {
  if (host !== undefined)
    return { kind: 'addresses', addresses: host.addresses.map(shown), canonicalName: host.name, aliases: host.aliases };
  const { hErrno } = run.process;
  const error: ResolveError = hostError(hErrno === 'NETDB_SUCCESS' ? run.resolverHErrno : hErrno, run.errno);
  return { kind: 'error', error };
}

export const glibc: Stack<GlibcOptions> = {
  id: 'glibc',
  title: { en: 'GNU C library', zh: 'GNU C 库' },
  versions: { from: OLDEST, to: NEWEST },
  resolve,
};

/** The same function under a name of its own, for callers that know what they want. */
export const resolveGlibc = resolve;
