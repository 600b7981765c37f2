/** A thread of a search. */
import { parentPort, workerData } from 'node:worker_threads';
import { searchShare } from './search.ts';
import type { SearchTask } from './search.ts';

export interface SearchOrder {
  readonly tasks: readonly SearchTask[];
  readonly literals: readonly Uint8Array[];
  readonly counter: SharedArrayBuffer;
}

const order = workerData as SearchOrder;
const counter = new Int32Array(order.counter);
parentPort?.postMessage(searchShare(order.tasks, order.literals, () => Atomics.add(counter, 0, 1)));
