// Runs a measure over a folder and holds it against .ci/bars.json: node scripts/bars.mjs vectors|incidents DIR [--raise]
// A measure below its bar fails. A better one passes and says so; --raise writes it down. Bars are never lowered by this script.
// vectors: the number that pass, by folder. incidents: the fractions of the line `top1 x/n (…), … false alarms x/n, traps x/n`.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [measure, folder] = process.argv.slice(2);
const raise = process.argv.includes('--raise');
const root = fileURLToPath(new URL('..', import.meta.url));
const barsPath = join(root, '.ci/bars.json');
const bars = JSON.parse(readFileSync(barsPath, 'utf8'));

/** Output of an npm script of this repository. Its own status does not count: the bars do. */
function run(script, argument) {
  const made = spawnSync('npm', ['run', '--silent', script, '--', argument], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  process.stderr.write(made.stderr.slice(-4000));
  return made.stdout;
}

/** @returns {Record<string, number>} measures by name; greater is better */
function vectors() {
  const measures = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const last = run('vectors', join(folder, entry.name)).trimEnd().split('\n').at(-1) ?? '';
    console.log(`vectors ${entry.name}: ${last}`);
    measures[entry.name] = Number(/^(\d+) passed/.exec(last)?.[1] ?? 0);
  }
  return measures;
}

/** Fractions in percent. Of false alarms and traps fewer are better, so what is left to 100 counts. */
function incidents() {
  // The confusion list may follow.
  const last = /^top1 .*$/m.exec(run('incidents', folder))?.[0] ?? '';
  console.log(`incidents ${basename(folder)}: ${last}`);
  const measures = {};
  for (const [, name, hits, of] of last.matchAll(/([a-z0-9][a-z0-9 -]*?) (\d+)\/(\d+)/g)) {
    const percent = Number(of) === 0 ? 0 : (100 * Number(hits)) / Number(of);
    const better = name === 'false alarms' || name === 'traps' ? 100 - percent : percent;
    measures[name] = Math.round(better * 10) / 10;
  }
  return measures;
}

const measured = { vectors, incidents }[measure]();
let passed = 0;
let failed = 0;
const known = (bars[measure] ??= {});
for (const name of new Set([...Object.keys(known), ...Object.keys(measured)])) {
  const now = measured[name] ?? 0;
  const bar = known[name] ?? 0;
  if (now < bar) {
    failed++;
    console.log(`below the bar: ${measure} ${name} is ${now}, and was ${bar}`);
  } else {
    passed++;
    if (now > bar) console.log(`above the bar: ${measure} ${name} is ${now}, the bar is ${bar}${raise ? '; raised' : ''}`);
    if (raise) known[name] = now;
  }
}
if (raise) writeFileSync(barsPath, `${JSON.stringify(bars, null, 2)}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
