/** Which C library the programs of a view use, and asking it. */
import { valueOf } from '../../facts/fact.ts';
import type { Libc, ViewFacts } from '../../facts/node-facts.ts';
import { glibc as glibcStack } from '../glibc/stack.ts';
import { muslStack } from '../musl/stack.ts';
import type { Call, Need, Resolution, World } from '../types.ts';

export interface ViewLibc {
  readonly kind: Exclude<Libc['kind'], 'none'>;
  readonly version: string;
}

/** undefined: the view has no C library, or nobody has looked; a version nobody knows counts as the newest. */
export function libcOf(view: ViewFacts): ViewLibc | undefined {
  const libc = valueOf(view.libc);
  if (libc === undefined || libc.kind === 'none') return undefined;
  const newest = libc.kind === 'musl' ? muslStack.versions.to : glibcStack.versions.to;
  return { kind: libc.kind, version: libc.version ?? newest };
}

/** True, false, or undefined when nobody has looked at the view's C library. */
export function hasLibc(view: ViewFacts): boolean | undefined {
  if (view.libc.state === 'absent') return false;
  const libc = valueOf(view.libc);
  return libc === undefined ? undefined : libc.kind !== 'none';
}

export const cannotResolve = (...needs: readonly Need[]): Resolution => ({
  outcome: { kind: 'cannot-tell', needs },
  steps: [],
  queries: [],
  elapsedMs: 0,
});

/** One call of a program that is linked with the view's C library. */
export function callLibc(world: World, view: ViewFacts, call: Call, name: string, isStatic = false): Resolution {
  const libc = libcOf(view);
  if (libc === undefined) return cannotResolve({ kind: 'view', view: view.id, fact: 'libc' });
  return libc.kind === 'musl'
    ? muslStack.resolve(world, view, libc.version, call, name)
    : glibcStack.resolve(world, view, libc.version, call, name, { isStatic });
}

/** 'glibc 2.36', for the answer's `version`. */
export const libcName = (view: ViewFacts): string | undefined => {
  const libc = libcOf(view);
  return libc === undefined ? undefined : `${libc.kind} ${libc.version}`;
};
