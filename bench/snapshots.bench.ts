/** The pure part alone: many snapshots of a node with 50 containers, diagnosed for localhost and ten names by two threads. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Bench, BenchRow } from './bench.ts';
import type { Task } from './support/many-snapshots.ts';

const THREADS = 2;
const COUNT = 10_000;
/** Of ten thousand nearly all run compiled; with fewer before them the first row pays for the compiler what all of them share. */
const WARM_UP = 300;
/** For each thread. */
const MEASURED = 300;

const ask = async (worker: Worker, task: Task): Promise<number> => {
  worker.postMessage(task);
  const [found] = (await once(worker, 'message')) as [number];
  return found;
};

export const bench: Bench = {
  name: 'snapshots',
  run: async () => {
    const file = fileURLToPath(new URL('support/many-snapshots.ts', import.meta.url));
    const workers = Array.from({ length: THREADS }, () => new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 256 } }));
    try {
      const rows: BenchRow[] = [];
      for (const [kind, what] of [
        ['alike', 'of one image'],
        ['own', 'each with its own hosts file'],
      ] as const) {
        await Promise.all(workers.map((worker) => ask(worker, { kind, from: 1, to: WARM_UP })));
        const started = process.cpuUsage();
        await Promise.all(workers.map((worker, i) => ask(worker, { kind, from: 1000 + i * MEASURED, to: 1000 + (i + 1) * MEASURED })));
        // CPU time of all threads, the collector's too, shared by two: the time on two cores that do nothing else.
        const { user, system } = process.cpuUsage(started);
        const seconds = ((user + system) / 1e6 / (MEASURED * THREADS)) * COUNT;
        rows.push({
          what: `${String(COUNT)} snapshots of 50 containers, 11 names, ${what}`,
          against: `CPU time of ${String(MEASURED * THREADS)} of them, two cores`,
          value: seconds / THREADS,
          unit: 'seconds',
          bar: 60,
        });
      }
      return [
        ...rows,
        { what: 'memory of the process', against: 'peak', value: process.resourceUsage().maxRSS / 1024, unit: 'MiB', bar: 1024 },
      ];
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  },
};
