/** What the benchmark bundles and runs as a process: `node search-files.js THREADS LITERALS FILE…`; prints the lines that hold a literal. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { searchShare, searchTasks } from '../../src/scanner/search.ts';
import type { SearchCounts } from '../../src/scanner/search.ts';

const [threads = '1', file = '', ...paths] = process.argv.slice(2);
const literals = readFileSync(file, 'utf8')
  .split('\n')
  .filter((l) => l !== '')
  .map((l) => Buffer.from(l));
const tasks = searchTasks(paths);
const counter = new SharedArrayBuffer(4);
const view = new Int32Array(counter);
const workers = Array.from({ length: Number(threads) - 1 }, () => {
  const worker = new Worker(new URL('search-worker.js', import.meta.url), { workerData: { tasks, literals, counter } });
  return new Promise<SearchCounts>((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
  });
});
const own = searchShare(
  tasks,
  literals,
  () => Atomics.add(view, 0, 1),
  process.env['CULPRIT_CORE'] === 'typescript' ? 'typescript' : undefined,
);
const all = [own, ...(await Promise.all(workers))];
process.stdout.write(`${String(all.reduce((sum, c) => sum + c.lines, 0))}\n`);
process.exit(0);
