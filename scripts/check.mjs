// npm run check [part...]: every check but the tests, each also alone. One line a part; of a part that fails, what it said.
// Only looks: nothing is rewritten. `npm run format:write` and `npm run generate` mend two of them.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;

/** @type {Record<string, { what: string, run: readonly string[], mend?: string }>} */
const parts = {
  types: { what: 'TypeScript at its strictest', run: [bin('tsc'), '--noEmit'] },
  lint: { what: 'eslint', run: [bin('eslint'), '.', '--max-warnings=0', '--cache', '--cache-location', '.cache/eslint/'] },
  format: {
    what: 'prettier',
    run: [bin('prettier'), '--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier', '.'],
    mend: 'npm run format:write',
  },
  layers: { what: 'imports go one way', run: [bin('depcruise'), 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'] },
  unused: { what: 'no unused files, exports or dependencies', run: [bin('knip'), '--no-progress'] },
  generated: { what: 'generated files in step', run: [process.execPath, 'scripts/generate.mjs', '--check'], mend: 'npm run generate' },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`npm run check: no part "${unknown.join('", "')}"; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

function execute([program, ...words]) {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', NODE_NO_WARNINGS: '1' },
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', (error) => resolve({ good: false, said: error.message }));
    child.on('close', (status) => resolve({ good: status === 0, said }));
  });
}

let failed = 0;
const names = wanted.length > 0 ? wanted : Object.keys(parts);
for (const name of names) {
  const { what, run, mend } = parts[name];
  const from = performance.now();
  const { good, said } = await execute(run);
  if (!good) {
    failed++;
    console.log(said.trimEnd());
  }
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  console.log(
    `${good ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.padStart(5)} s  ${what}${!good && mend ? `; mend with: ${mend}` : ''}`,
  );
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
