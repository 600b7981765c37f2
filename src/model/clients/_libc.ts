/** Which C library the programs of a view use, and asking it. */
import { valueOf } from '../../facts/fact.ts';
import type { Libc, ViewFacts } from '../../facts/node-facts.ts';
import { glibcStack } from '../glibc/stack.ts';
import { muslStack } from '../musl/stack.ts';
import type { Call, Need, Resolution, Stack, World } from '../types.ts';

export interface LibcStack {
  readonly kind: Exclude<Libc['kind'], 'none'>;
  readonly version: string;
  readonly stack: Stack;
}

/** undefined: the view has no C library, or nobody has looked; a version nobody knows counts as the newest. */
export function libcStackOf(view: ViewFacts): LibcStack | undefined {
  const libc = valueOf(view.libc);
  if (libc === undefined || libc.kind === 'none') return undefined;
  const stack: Stack = libc.kind === 'musl' ? muslStack : glibcStack;
  return { kind: libc.kind, version: libc.version ?? stack.versions.to, stack };
}

/** True, false, or undefined when nobody has looked at the view's C library. */
export function hasLibc(view: ViewFacts): boolean | undefined {
  if (view.libc.state === 'absent') return false;
  const libc = valueOf(view.libc);
  return libc === undefined ? undefined : libc.kind !== 'none';
}

export const cannotResolve = (...needs: readonly Need[]): Resolution => ({ outcome: { kind: 'cannot-tell', needs }, steps: [], queries: [], elapsedMs: 0 });

/** One call of a program that is linked with the view's C library. */
export function callLibc(world: World, view: ViewFacts, call: Call, name: string): Resolution {
  const libc = libcStackOf(view);
  if (libc === undefined) return cannotResolve({ kind: 'view', view: view.id, fact: 'libc' });
  return libc.stack.resolve(world, view, libc.version, call, name);
}

/** 'glibc 2.36', for the answer's `version`. */
export const libcName = (view: ViewFacts): string | undefined => {
  const libc = libcStackOf(view);
  return libc === undefined ? undefined : `${libc.kind} ${libc.version}`;
};
