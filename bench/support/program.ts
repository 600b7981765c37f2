/** The built program as one command, without the launcher's look at the sources: somebody may be writing them while a benchmark runs. */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));

/** Builds it, and keeps a copy for this run. */
export function builtProgram(name: string): readonly string[] {
  spawnSync(join(root, 'culprit'), ['--version'], { stdio: 'ignore' });
  const build = readFileSync(join(root, 'dist', 'current'), 'utf8').trim();
  const copy = join(root, '.cache', 'bench-program', name);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(join(root, 'dist', build), copy, { recursive: true });
  return [process.execPath, join(copy, 'main.js')];
}
