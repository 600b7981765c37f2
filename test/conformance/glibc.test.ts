/** The real glibc of this machine, in namespaces, against the model: a few dozen random cases of a fixed seed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeNeeding } from '../support/privileges.ts';

const run = fileURLToPath(new URL('../../src/conformance/run.ts', import.meta.url));

describeNeeding(['root', 'namespaces', 'gcc'], 'conformance of glibc', () => {
  test('60 random cases agree', { timeout: 120_000 }, () => {
    const done = spawnSync(process.execPath, [run, '--stack', 'glibc', '--cases', '60', '--seed', '5', '--jobs', '2'], {
      encoding: 'utf8',
      timeout: 110_000,
    });
    expect(done.stdout).toMatch(/60 of 60 agree|59 of 59 agree, 100\.00 %; 1 could not be run/u);
    expect(done.status).toBe(0);
  });
});

test('an unknown stack is a usage error', () => {
  const done = spawnSync(process.execPath, [run, '--stack', 'nonesuch', '--cases', '1'], { encoding: 'utf8' });
  expect([2, 3]).toContain(done.status);
});
