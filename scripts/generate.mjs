// Writes every generated file, or with --check compares: node scripts/generate.mjs [--check] [part...]
// Parts: commands, causes, clients, scenarios, cause-words, cause-pages, schemas.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
// Pages are made from the causes' own definitions, so the indexes come first.
const parts = ['commands', 'causes', 'clients', 'scenarios', 'cause-words', 'cause-pages', 'schemas'];

/** @typedef {{ files: Map<string, string>, orphans: string[], problems?: string[] }} Generated paths from the root, and their text */

let outOfStep = 0;
for (const part of parts.filter((p) => wanted.length === 0 || wanted.includes(p))) {
  const { generate } = await import(`./generate/${part}.mjs`);
  /** @type {Generated} */
  const made = await generate(root);
  for (const problem of made.problems ?? []) {
    outOfStep++;
    console.error(`${part}: ${problem}`);
  }
  for (const [path, raw] of made.files) {
    const text = path.endsWith('.ts') ? await format(raw, { ...(await resolveConfig(join(root, path))), filepath: path }) : raw;
    if ((await readFile(join(root, path), 'utf8').catch(() => undefined)) === text) continue;
    outOfStep++;
    console.log(check ? `out of step: ${path}` : `written: ${path}`);
    if (check) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const path of made.orphans) {
    outOfStep++;
    console.log(check ? `nothing makes this any more: ${path}` : `removed: ${path}`);
    if (!check) await rm(join(root, path));
  }
}
if (check && outOfStep > 0) {
  console.error(`${String(outOfStep)} generated files are not in step with their sources. Run: npm run generate`);
  process.exitCode = 1;
}
if (!check && outOfStep === 0) console.log(`nothing to do in ${relative(process.cwd(), root) || '.'}`);
