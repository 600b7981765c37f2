/**
 * A log without end on standard input, as fast as it is taken, for CULPRIT_BENCH_SECONDS (two minutes): the memory must not grow, and no
 * line may be lost. Names that never come again make new kinds of lines all the time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import { escape, NOISE, Random } from './support/log-corpus.ts';
import { builtProgram } from './support/program.ts';

const SECONDS = Number(process.env['CULPRIT_BENCH_SECONDS'] ?? 120);
const BLOCK_LINES = 40_000;
const NEW_LINES = 200;

const word = (random: Random): string => Array.from({ length: 8 }, () => String.fromCharCode(97 + random.below(26))).join('');

export const bench: Bench = {
  name: 'logs-endless',
  run: async () => {
    const [node = '', main = ''] = builtProgram('endless');
    const random = new Random(11);
    const record = (text: string, at: number): string =>
      `{"log":"${escape(text.replace('TIME', '06:10:53.740231'))}\\n","stream":"stderr","time":"${new Date(at).toISOString()}"}\n`;
    let clock = Date.UTC(2021, 7, 8);
    const block = Buffer.from(
      Array.from({ length: BLOCK_LINES }, () => record(NOISE[random.below(NOISE.length)]?.(random) ?? '', (clock += 2))).join(''),
    );
    const news = (): Buffer =>
      Buffer.from(
        Array.from({ length: NEW_LINES }, () =>
          record(
            `E0808 TIME       1 ${word(random)}.go:1] pod ${word(random)} of ${word(random)}: dial tcp 10.0.0.${String(random.below(255))}:443: connect: connection refused`,
            (clock += 2),
          ),
        ).join(''),
      );
    const child = spawn(node, [main, 'logs', '-', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    const samples: number[] = [];
    const sampler = setInterval(() => samples.push(residentMiB(child.pid)), 500);
    let [lines, bytes] = [0, 0];
    const started = performance.now();
    while (performance.now() - started < SECONDS * 1000) {
      for (const chunk of [block, news()]) {
        bytes += chunk.length;
        if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
      }
      lines += BLOCK_LINES + NEW_LINES;
    }
    const took = (performance.now() - started) / 1000;
    clearInterval(sampler);
    child.stdin.end();
    await once(child, 'close');
    const report = JSON.parse(stdout) as { readonly lines: number };
    // The first fifth is for tables that fill.
    const settled = samples.slice(0, Math.ceil(samples.length / 2)).slice(Math.ceil(samples.length / 5));
    const late = samples.slice(-Math.ceil(samples.length / 4));
    return [
      {
        what: `lines: ${String(report.lines)} of ${String(lines)}, ${(bytes / 1e9).toFixed(1)} GB in ${took.toFixed(0)} s`,
        against: 'difference',
        value: Math.abs(report.lines - lines),
        unit: 'ratio',
        bar: 0,
      },
      { what: 'memory at the end', against: 'the same earlier', value: Math.max(...late) / Math.max(...settled), unit: 'ratio', bar: 1.1 },
      { what: 'memory while it runs', against: 'peak', value: Math.max(...samples), unit: 'MiB', bar: 100 },
    ];
  },
};

function residentMiB(pid: number | undefined): number {
  try {
    return Number(/VmRSS:[ \t]+(\d+)/u.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
