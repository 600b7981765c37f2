/** A Go program that dials: net.Dial("tcp", "NAME:PORT") of package net (golang/go src/net/dial.go, dialParallel). */
import { valueOf } from '../../facts/fact.ts';
import type { ProgramFacts, ViewFacts } from '../../facts/node-facts.ts';
import { goErrnoText } from '../dial/errno-texts.ts';
import type { GoOptions } from '../go/lookup-order.ts';
import { goStack } from '../go/stack.ts';
import type { Call, ClientAnswer, ClientOptions, DialAttempt, Resolution, World } from '../types.ts';
import type { Run } from './_run.ts';
import { addressesOf, answer, bracketed, dialHappily, errnoOf, nothingDialled, programOf, startRun } from './_run.ts';

/** Dialer.FallbackDelay, in milliseconds. */
const FALLBACK_MS = 300;

export interface GoProgram extends GoOptions {
  readonly version: string;
}

/** The build of a program of the view: the container's main program when it has that name, else an installed one. */
export function buildOf(view: ViewFacts, name: string | undefined): ProgramFacts | undefined {
  const main = view.mainProgram === undefined ? undefined : valueOf(view.mainProgram);
  if (name === undefined || main?.name === name) return main;
  return programOf(view, name);
}

/** How that program was built; what is not known counts as `otherwise` says, and as the newest Go. */
export function goProgramOf(
  view: ViewFacts,
  name: string | undefined,
  otherwise: { readonly cgo: boolean },
  options: ClientOptions = {},
): GoProgram {
  const build = buildOf(view, name)?.go;
  return {
    version: options.version ?? build?.version ?? goStack.versions.to,
    cgo: options.flavour === 'cgo' || (options.flavour !== 'pure' && (build?.cgo ?? otherwise.cgo)),
    ...(build?.tags === undefined ? {} : { tags: build.tags }),
    ...(build?.godebug === undefined ? {} : { godebug: build.godebug }),
  };
}

export const goLookup = (run: Run, program: GoProgram): Resolution => {
  const { version, ...options } = program;
  const call: Call = { call: 'go-lookup', network: 'ip' };
  return { ...goStack.resolve(run.world, run.view, version, call, run.name, options), call };
};

/** The error of net.Dial as Go prints it; without a port where nobody named one. */
export function goDialError(attempt: DialAttempt, port: number | undefined): string {
  const call = attempt.stage === 'socket' ? 'socket' : 'connect';
  const target = port === undefined ? bracketed(attempt.address) : `${bracketed(attempt.address)}:${String(port)}`;
  return `dial tcp ${target}: ${call}: ${goErrnoText(errnoOf(attempt) ?? '')}`;
}

export function dialLikeGo(run: Run, program: GoProgram, resolution: Resolution = goLookup(run, program)): ClientAnswer {
  const version = `Go ${program.version}${program.cgo === true ? ' (cgo)' : ''}`;
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    return answer(run, resolution, nothingDialled, { prints: [`dial tcp: ${resolution.outcome.error.text}`] }, version);
  }
  const addresses = addressesOf(resolution);
  if (addresses.length === 0) {
    return answer(run, resolution, nothingDialled, { prints: [`dial tcp: address ${run.name}: no suitable address found`] }, version);
  }
  const dialled = dialHappily(run, addresses, FALLBACK_MS);
  const prints = dialled.reported === undefined ? [] : [goDialError(dialled.reported, run.port)];
  return answer(run, resolution, dialled, { prints }, version);
}

export function askGo(
  client: string,
  program: string | undefined,
  otherwise: { readonly cgo: boolean },
  world: World,
  view: ViewFacts,
  name: string,
  port: number | undefined,
  options?: ClientOptions,
): ClientAnswer {
  return dialLikeGo(startRun(client, undefined, world, view, name, port, options), goProgramOf(view, program, otherwise, options));
}

/** Is this program the view's main one, or installed in it? */
export function runsIn(view: ViewFacts, program: string): boolean | undefined {
  const main = view.mainProgram;
  if (main?.state === 'known' && main.value.name === program) return true;
  const fact = view.programs[program];
  if (fact?.state === 'known') return fact.value.installed;
  if (fact?.state === 'absent') return false;
  // A container whose main program is another one may still hold it; nobody has looked.
  return view.kind === 'container' && main?.state === 'known' ? false : undefined;
}
