/**
 * `npm run bench [-- SUITE…]`: every suite of this folder, or those named ('logs' means 'logs-endless' and the like too). Prints ratios; exit
 * status 1 when a bar is missed.
 */
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { Bench, BenchRow } from './bench.ts';
import { passes } from './bench.ts';

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname).filter((f) => f.endsWith('.bench.ts'));
const rows: (BenchRow & { readonly suite: string })[] = [];
let failed = 0;

for (const file of files.sort()) {
  const { bench } = (await import(`./${file}`)) as { readonly bench: Bench };
  if (wanted.length > 0 && !wanted.some((w) => bench.name === w || bench.name.startsWith(`${w}-`))) continue;
  const missing = (bench.needs ?? []).filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length > 0) {
    process.stdout.write(`${bench.name}: not run, missing ${missing.join(', ')}\n`);
    if (process.env['CI'] === 'true') failed++;
    continue;
  }
  process.stderr.write(`${bench.name} …\n`);
  for (const row of await bench.run()) {
    rows.push({ ...row, suite: bench.name });
    const ok = passes(row);
    if (!ok) failed++;
    process.stdout.write(
      `${ok ? 'ok  ' : 'MISS'} ${bench.name.padEnd(12)} ${row.what.padEnd(58)} ${format(row).padStart(14)}  ${row.bar === undefined ? '' : `bar ${String(row.bar)}`}  (${row.against})\n`,
    );
  }
}
process.stdout.write(`${String(rows.length - failed)} bars held, ${String(failed)} missed\n`);
process.exitCode = failed > 0 ? 1 : 0;

function format({ value, unit }: BenchRow): string {
  switch (unit) {
    case 'ratio':
      return `${value.toFixed(2)} x`;
    case 'seconds':
      return `${value.toFixed(2)} s`;
    case 'MiB':
      return `${value.toFixed(0)} MiB`;
    case 'per second':
      return `${Math.round(value).toLocaleString('en')}/s`;
  }
}
