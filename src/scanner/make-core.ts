/** The faster core where it runs, the other one elsewhere. */
import { samplingFor } from './core.ts';
import type { BuiltCore } from './ts-core.ts';
import { typescriptCore } from './ts-core.ts';
import { webassemblyCore } from './wasm-core.ts';

export type { BuiltCore } from './ts-core.ts';

/** `sample`: the first bytes of what will be read, to choose grams that are rare in it. */
export function makeCore(literals: readonly Uint8Array[], sample?: Uint8Array, only?: 'typescript'): BuiltCore {
  const sampling = samplingFor(literals.reduce((least, l) => Math.min(least, l.length), 64));
  const fast = only === undefined ? webassemblyCore(literals, sampling, sample) : undefined;
  return fast ?? typescriptCore(literals, sampling, sample);
}
