/** A thread that reads its share of the logs. Started by logs-session.ts; built as a file of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { readShare } from './logs-share.ts';
import type { ShareRequest } from './logs-share.ts';

/** What a thread is given. */
export interface WorkerOrder extends Pick<ShareRequest, 'parts' | 'tasks' | 'range' | 'signatures'> {
  /** The numbers of the tasks that any thread may take, and how many of them are taken. */
  readonly shared: readonly number[];
  readonly counter: SharedArrayBuffer;
}

const order = workerData as WorkerOrder;
const counter = new Int32Array(order.counter);

parentPort?.postMessage(await readShare({ ...order, next: () => order.shared[Atomics.add(counter, 0, 1)] ?? order.tasks.length }));
