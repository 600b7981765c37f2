/**
 * `npm run vectors -- DIR…`: runs every vector of every `*.json` below the folders (or the files named) against the model.
 * Prints failures, one block each, and a last line `N passed, M failed`. Exit status 1 when any failed, 2 on bad input.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from './adapters.ts';
import type { JsonObject, Vector, VectorResult } from './adapter.ts';

function jsonFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return jsonFiles(join(path, entry.name));
      return entry.name.endsWith('.json') ? [join(path, entry.name)] : [];
    });
}

const isVector = (value: unknown): value is Vector =>
  typeof value === 'object' && value !== null && ['id', 'stack', 'given', 'when', 'expect'].every((key) => key in value);

export function runVector(vector: Vector): VectorResult {
  const adapter = adapters.find((candidate) => candidate.handles(vector));
  if (adapter === undefined) return { ok: false, expected: 'a stack that is modelled', got: `no adapter for ${vector.stack}` };
  try {
    return adapter.run(vector);
  } catch (error) {
    return {
      ok: false,
      expected: 'an answer',
      got: error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error),
    };
  }
}

const cut = (text: string): string => (text.length > 2000 ? `${text.slice(0, 2000)}…` : text);

function main(paths: readonly string[]): number {
  if (paths.length === 0) {
    process.stderr.write('usage: npm run vectors -- DIR… \n');
    return 2;
  }
  let passed = 0;
  let failed = 0;
  for (const file of paths.flatMap(jsonFiles)) {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!Array.isArray(content)) continue;
    let failedHere = 0;
    for (const item of content as readonly unknown[]) {
      if (!isVector(item)) {
        failedHere++;
        process.stdout.write(`FAIL ${file}: not a vector: ${cut(JSON.stringify(item))}\n`);
        continue;
      }
      const result = runVector(item);
      if (result.ok) {
        passed++;
        continue;
      }
      failedHere++;
      const version = result.version === undefined ? '' : ` (${result.version})`;
      process.stdout.write(`FAIL ${item.id}${version}\n  expected ${cut(result.expected)}\n  got      ${cut(result.got)}\n`);
    }
    failed += failedHere;
    if (failedHere > 0) process.stdout.write(`${file}: ${String(failedHere)} of ${String(content.length)} failed\n`);
  }
  process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`);
  return failed === 0 ? 0 : 1;
}

export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
