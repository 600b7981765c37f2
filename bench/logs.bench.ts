/**
 * Search and triage of logs beside ripgrep, as whole processes on the same files and literals. Counts are compared with the generator's
 * truth before anything is timed. CULPRIT_BENCH_MIB makes the corpora smaller for a quick look (the figures then hold little).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Bench, BenchRow } from './bench.ts';
import { alternate, run } from './measure.ts';
import { cache, corpus, literals } from './support/log-corpus.ts';
import { builtProgram } from './support/program.ts';

const scale = Number(process.env['CULPRIT_BENCH_MIB'] ?? 1024) / 1024;
const search = join(cache, 'search-files.js');
const ROUNDS = 5;

const node = (threads: number, file: string, files: readonly string[]): readonly string[] => [
  process.execPath,
  search,
  String(threads),
  file,
  ...files,
];
const rg = (threads: number, file: string, files: readonly string[]): readonly string[] => [
  'rg',
  `-j${String(threads)}`,
  '-c',
  '-F',
  '-f',
  file,
  ...files,
];

const total = (stdout: string): number =>
  stdout
    .split('\n')
    .filter((l) => l !== '')
    .reduce((sum, l) => sum + Number(l.slice(l.lastIndexOf(':') + 1)), 0);

function check(what: string, found: number, truth: number): BenchRow {
  return {
    what: `${what}: count beside the truth (${String(found)} of ${String(truth)})`,
    against: 'difference',
    value: Math.abs(found - truth),
    unit: 'ratio',
    bar: 0,
  };
}

export const bench: Bench = {
  name: 'logs',
  needs: ['rg'],
  run: async () => {
    const rows: BenchRow[] = [];
    const culprit = builtProgram('logs');
    // As the program is: bundled, without types to strip at the start.
    await build({
      entryPoints: [
        join(import.meta.dirname, 'support', 'search-files.ts'),
        join(import.meta.dirname, '..', 'src', 'scanner', 'search-worker.ts'),
      ],
      outdir: cache,
      entryNames: '[name]',
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
    });
    const docker = corpus({ name: 'docker', format: 'docker', mib: Math.ceil(1024 * scale), files: 1, hits: 0.0001 });
    const cri = corpus({ name: 'cri', format: 'cri', mib: Math.ceil(1024 * scale), files: 1, hits: 0.0001 });
    const many = corpus({ name: 'many', format: 'docker', mib: Math.ceil(3072 * scale), files: 100, hits: 0.0001 });
    const storm = corpus({ name: 'storm', format: 'docker', mib: Math.ceil(256 * scale), files: 1, hits: 0.3 });
    const f300 = join(cache, 'literals-300.txt');
    const f1000 = join(cache, 'literals-1000.txt');
    writeFileSync(
      f300,
      `${literals(300)
        .filter((l) => !/["&\\]/u.test(l))
        .join('\n')}\n`,
    );
    writeFileSync(
      f1000,
      `${literals(1000)
        .filter((l) => !/["&\\]/u.test(l))
        .join('\n')}\n`,
    );

    for (const [name, c] of Object.entries({ docker, cri, many, storm })) {
      rows.push(check(`${name}, rg`, total((await run(rg(1, f300, c.files))).stdout), c.truth.hitLines));
      rows.push(check(`${name}, search on two threads`, total((await run(node(2, f300, c.files))).stdout), c.truth.hitLines));
    }
    const triage = async (c: typeof docker): Promise<{ readonly lines: number; readonly hits: number }> => {
      const report = JSON.parse((await run([...culprit, 'logs', ...c.files, '--json'])).stdout) as {
        lines: number;
        templates: { text: string; count: number }[];
      };
      return {
        lines: report.lines,
        hits: report.templates.filter((t) => t.text.includes('it is over')).reduce((sum, t) => sum + t.count, 0),
      };
    };
    for (const [name, c] of Object.entries({ docker, cri, many, storm })) {
      const { lines, hits } = await triage(c);
      rows.push(
        check(`${name}, triage: lines`, lines, c.truth.lines),
        check(`${name}, triage: records with a literal`, hits, c.truth.hitRecords),
      );
    }

    const ratio = async (what: string, against: string, ours: readonly string[], theirs: readonly string[], bar: number): Promise<void> => {
      const [a = 0, b = 1] = await alternate([{ argv: ours }, { argv: theirs }], ROUNDS);
      rows.push({ what, against: `${against}, ${b.toFixed(2)} s`, value: a / b, unit: 'ratio', bar });
    };
    await ratio('search of 300, one file, one thread', 'rg -j1', node(1, f300, docker.files), rg(1, f300, docker.files), 0.3);
    await ratio('search of 300, one file, two threads', 'rg -j1', node(2, f300, docker.files), rg(1, f300, docker.files), 0.2);
    await ratio('search of 300, CRI, one thread', 'rg -j1', node(1, f300, cri.files), rg(1, f300, cri.files), 0.35);
    await ratio('search of 300, 100 files, two threads', 'rg -j2', node(2, f300, many.files), rg(2, f300, many.files), 0.35);
    await ratio('search of 1000, one file, one thread', 'our 300', node(1, f1000, docker.files), node(1, f300, docker.files), 1.15);
    await ratio('search of 300, 30 % hit lines, one thread', 'rg -j1', node(1, f300, storm.files), rg(1, f300, storm.files), 0.6);
    await ratio(
      'full triage, one file',
      'rg -j1 search alone',
      [...culprit, 'logs', ...docker.files, '--json'],
      rg(1, f300, docker.files),
      0.7,
    );
    const memory = await run([...culprit, 'logs', ...docker.files, '--json'], { memory: true });
    const searchMemory = await run(node(2, f300, docker.files), { memory: true });
    rows.push(
      { what: 'memory of the full triage', against: 'peak', value: memory.peakMiB, unit: 'MiB', bar: 100 },
      { what: 'memory of the search on two threads', against: 'peak', value: searchMemory.peakMiB, unit: 'MiB', bar: 100 },
    );
    return rows;
  },
};
