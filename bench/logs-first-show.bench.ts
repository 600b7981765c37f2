/** The first article's three log lines in a gigabyte of noise: what is found, how long it takes beside ripgrep, and what it needs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchRow } from './bench.ts';
import { alternate, run } from './measure.ts';
import { firstShow } from './support/first-show.ts';
import { cache, literals } from './support/log-corpus.ts';
import { builtProgram } from './support/program.ts';

const BYTES = Number(process.env['CULPRIT_BENCH_MIB'] ?? 1024) * 2 ** 20;

interface Logs {
  readonly lines: number;
  readonly terminal?: { readonly text: string };
  readonly symptoms: readonly { readonly what: string; readonly count: number }[];
  readonly templates: readonly { readonly count: number; readonly sourceFile?: string }[];
  readonly causes: readonly { readonly id: string }[];
}
const CAUSE = 'localhost-ipv6-only-lo-without-ipv6';

export const bench: Bench = {
  name: 'logs-first-show',
  needs: ['rg'],
  run: async () => {
    const culprit = builtProgram('first-show');
    const { log, folder, truth } = firstShow(cache, BYTES);
    const logs = await run([...culprit, 'logs', log, '--json'], { memory: true });
    const report = JSON.parse(logs.stdout) as Logs;
    const diagnosis = await run([...culprit, 'diagnose', '--evidence', folder, '--json'], { memory: true });
    const { verdicts } = JSON.parse(diagnosis.stdout) as { verdicts: readonly { readonly cause: string; readonly certainty: string }[] };
    const holds = (what: string, isSo: boolean): BenchRow => ({ what, against: 'the truth', value: isSo ? 0 : 1, unit: 'ratio', bar: 0 });
    const differs = (what: string, found: number, wanted: number): BenchRow => ({
      what: `${what}: ${String(found)} of ${String(wanted)}`,
      against: 'difference',
      value: Math.abs(found - wanted),
      unit: 'ratio',
      bar: 0,
    });
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    const file = join(cache, 'literals-first-show.txt');
    writeFileSync(file, `${literals(300).join('\n')}\n`);
    const [ours = 0, theirs = 1] = await alternate(
      [{ argv: [...culprit, 'logs', log, '--json'] }, { argv: ['rg', '-j1', '-c', '-F', '-f', file, log] }],
      5,
    );
    return [
      differs('lines', report.lines, truth.lines),
      holds('the F line is terminal', report.terminal?.text.includes(truth.terminal) === true),
      holds('the failed dial is the first symptom', report.symptoms[0]?.what.startsWith('[::1]:6443 no route to host') === true),
      differs('failed dials', report.symptoms[0]?.count ?? 0, truth.reflectors + 1),
      differs('the flood', sum(report.templates.filter((t) => t.sourceFile === 'reflector.go:138').map((t) => t.count)), truth.reflectors),
      differs(
        'kinds of lines that the flood is folded into',
        report.templates.filter((t) => t.sourceFile === 'reflector.go:138').length,
        1,
      ),
      holds(
        'points to the cause',
        report.causes.some((c) => c.id === CAUSE),
      ),
      holds('proved, with the files of the node', verdicts[0]?.cause === CAUSE && verdicts[0].certainty === 'proved'),
      // One line in five is a failed dial here; ripgrep counts lines and reads none of them.
      { what: 'triage, a fifth of the lines are failures', against: `rg -j1, ${theirs.toFixed(2)} s`, value: ours / theirs, unit: 'ratio' },
      { what: 'memory of logs', against: 'peak', value: logs.peakMiB, unit: 'MiB', bar: 100 },
      { what: 'diagnose with the log among the evidence', against: 'wall time', value: diagnosis.seconds, unit: 'seconds' },
      { what: 'its memory', against: 'peak', value: diagnosis.peakMiB, unit: 'MiB', bar: 200 },
    ];
  },
};
