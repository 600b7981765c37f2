/**
 * What one lookup carries along: the world, the view it happens in, the rules of its libc, the state of its process, and what it
 * writes down. Modules of the name service switch read and extend it. A fact that is needed and not known ends the lookup with
 * `NeedsFacts`.
 */
import type { Fact, Source } from '../../facts/fact.ts';
import type { FileContent, NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { Values } from '../../shared/text.ts';
import type { GlibcRules } from '../glibc/versions.ts';
import type { AskedQuery, Call, Need, Resolution, Step, StepKind, World } from '../types.ts';

/** Names of netdb.h. */
export type HErrno = 'NETDB_SUCCESS' | 'HOST_NOT_FOUND' | 'TRY_AGAIN' | 'NO_RECOVERY' | 'NO_DATA' | 'NETDB_INTERNAL';

/** What a process keeps between lookups. A fresh one is the state of a program that has just started. */
export interface ProcessState {
  /** glibc's __nss_not_use_nscd_hosts: 0 asks nscd, a number counts lookups without. */
  notUseNscd: number;
  /** Lost answers made the resolver ask A and AAAA one after the other (up to 2.40 for the rest of the process). */
  singleRequest: boolean;
  singleRequestReopen: boolean;
  /** A server said FORMERR to EDNS (up to 2.25). */
  ednsFailed: boolean;
  /** Servers passed by `rotate` so far. */
  rotated: number;
  /** h_errno as the last call left it: some paths report it without setting it. */
  hErrno: HErrno;
  /** The process is the cache daemon itself: it never asks its own socket. */
  readonly isNscd: boolean;
}

export const freshProcess = (isNscd = false): ProcessState => ({
  notUseNscd: 0,
  singleRequest: false,
  singleRequestReopen: false,
  ednsFailed: false,
  rotated: 0,
  hErrno: 'NETDB_SUCCESS',
  isNscd,
});

/** A lookup by another process, in its own view: how a cache daemon answers. `unsorted`: in the order of the services. */
export type Evaluate = (world: World, view: ViewFacts, version: string, call: Call, name: string, unsorted: boolean) => Resolution;

export interface Run {
  readonly world: World;
  readonly evaluate: Evaluate;
  readonly view: ViewFacts;
  readonly version: string;
  readonly rules: GlibcRules;
  readonly process: ProcessState;
  /** Statically linked: modules are loaded from the system it runs on, or not at all. */
  readonly isStatic: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: Step[];
  readonly queries: AskedQuery[];
  readonly nscdRequests: string[];
  stderr: string;
  elapsedMs: number;
  /** errno as the code under way left it; '' is 0. */
  errno: string;
  /** h_errno as the resolver's own code left it: gethostbyname and its kin report it where nobody said anything else. */
  resolverHErrno: HErrno;
  /** `options inet6` counts here: in gethostbyname and its kin, not in getaddrinfo. */
  mapsToIpv6: boolean;
  /** host.conf was read already (it is read once a process). */
  hostConfRead: boolean;
}

/** Thrown where a fact that decides is not known; the entry point turns it into `cannot-tell`. */
export class NeedsFacts extends Error {
  readonly needs: readonly Need[];
  constructor(needs: readonly Need[]) {
    super('facts are missing');
    this.needs = needs;
  }
}

export const needFile = (run: Run, path: string): Need => ({ kind: 'file', view: run.view.id, path });
export const needNetns = (run: Run, fact: Extract<Need, { kind: 'netns' }>['fact']): Need => ({
  kind: 'netns',
  netns: run.view.netns,
  fact,
});
export const needView = (run: Run, fact: Extract<Need, { kind: 'view' }>['fact']): Need => ({ kind: 'view', view: run.view.id, fact });

/** A file that can be opened, a file that cannot, with the errno, or nothing known. */
export type OpenedFile = { readonly content: FileContent } | { readonly errno: 'ENOENT' | 'EACCES' | 'ELOOP' };

/** Opens a file of the view as the program would. Throws NeedsFacts when it was not looked at. */
export function openFile(run: Run, path: string): OpenedFile {
  const fact: Fact<FileContent> | undefined = run.view.files[path];
  if (fact !== undefined) {
    if (fact.state === 'known') return { content: fact.value };
    if (fact.state === 'absent') return { errno: 'ENOENT' };
    if (fact.reason === 'link-loop') return { errno: 'ELOOP' };
  }
  throw new NeedsFacts([needFile(run, path)]);
}

export function netnsOf(run: Run): NetnsFacts {
  const found = run.world.netns(run.view.netns);
  if (found === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  return found;
}

export function hostname(run: Run): string {
  const fact = run.view.hostname;
  if (fact.state !== 'known') throw new NeedsFacts([needView(run, 'hostname')]);
  return fact.value;
}

export function step(run: Run, kind: StepKind, values?: Values, at?: Source, ms?: number): void {
  const made: { kind: StepKind; values?: Values; at?: Source; ms?: number } = { kind };
  if (values !== undefined) made.values = values;
  if (at !== undefined) made.at = at;
  if (ms !== undefined && ms > 0) made.ms = ms;
  run.steps.push(made);
}

export function atLine(run: Run, path: string, line?: number, text?: string): Source {
  if (line === undefined) return { kind: 'file', path, view: run.view.id };
  return text === undefined ? { kind: 'file', path, view: run.view.id, line } : { kind: 'file', path, view: run.view.id, line, text };
}
