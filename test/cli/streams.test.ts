import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('what is longer than a pipe is written whole, though its reader is slow', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-streams-'));
  try {
    const word = (n: number): string => [...n.toString(10)].map((d) => 'abcdefghij'[Number(d)]).join('');
    const log = join(folder, 'many-kinds.log');
    writeFileSync(log, Array.from({ length: 500 }, (_, i) => `one ${word(i)} two ${word(i * 7)} three ${word(i * 11)}\n`).join(''));
    const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
    const { stdout: text } = spawnSync('sh', ['-c', '"$0" "$1" logs "$2" --json | (sleep 2; cat)', process.execPath, main, log], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(text.length).toBeGreaterThan(70_000);
    expect((JSON.parse(text) as { readonly lines: number }).lines).toBe(500);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
