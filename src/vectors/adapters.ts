import type { VectorAdapter } from './adapter.ts';
import { glibcVectors } from './glibc.ts';
import { clientVectors } from './clients.ts';
import { goAdapter } from './go.ts';
import { kernelVectors } from './kernel.ts';
import { muslAdapter } from './musl.ts';

/** Asked in this order; the first that handles a vector runs it. A new format adds its file here. */
export const adapters: readonly VectorAdapter[] = [glibcVectors, kernelVectors, clientVectors, goAdapter, muslAdapter];
