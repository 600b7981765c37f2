// npm run incidents -- DIR [--only ID[,ID]] [--cli COMMAND]
// Scores `culprit diagnose --evidence -` against a folder of incidents: one JSON file each ({input, node_facts, root_cause, ...}) and
// beside them the folder's own score.mjs, which defines the measures. Prints these, and a list of what was taken for what.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-')) {
  console.error('usage: npm run incidents -- DIR [options of DIR/score.mjs]');
  process.exit(2);
}
const dir = resolve(process.env.INIT_CWD ?? process.cwd(), folder);
const scorer = join(dir, 'score.mjs');
if (!existsSync(scorer)) {
  console.error(`${dir} holds no score.mjs: it must define the measures`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'culprit-incidents-'));
const out = join(scratch, 'scores.json');
// The scorer starts ./culprit, so it runs where that is; the first start builds it.
const run = spawnSync(process.execPath, [scorer, dir, '--json', out, '--verbose', ...rest], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
  maxBuffer: 64 * 2 ** 20,
});
try {
  const text = run.stdout ?? '';
  // Verbose lines come in pairs or triples before the tables; they are the material of the confusion list, not of the summary.
  const tables = text.slice(Math.max(0, text.search(/^all with a cause/m)));
  console.log(tables.trimEnd());
  if (existsSync(out)) printConfusions(JSON.parse(readFileSync(out, 'utf8')));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = run.status ?? 1;

function printConfusions(scores) {
  const results = Array.isArray(scores) ? scores : (scores.incidents ?? scores.results ?? []);
  const rows = results.flatMap((one) => {
    const measures = one.measures ?? {};
    const wrong =
      measures.top1 === false ||
      measures.top3 === false ||
      measures.falseAlarm === true ||
      (Array.isArray(measures.traps) && measures.traps[0] > 0);
    if (!wrong) return [];
    const label = one.label ?? one.incident?.root_cause?.label ?? 'healthy';
    const got = (one.facts?.verdicts ?? one.full?.verdicts ?? one.verdicts ?? []).slice(0, 3).map((v) => `${v.cause} (${v.certainty})`);
    return [`  ${one.id ?? one.incident?.id}: ${label} was taken for ${got.join(', ') || 'nothing'}`];
  });
  console.log(rows.length === 0 ? '\nno confusions' : `\nconfusions\n${rows.join('\n')}`);
}
