import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { localTransport } from '../../src/transport/local.ts';

const local = localTransport();
const LIMITS = { timeoutMs: 10_000, maxBytes: 1024 * 1024 };
/** A process that ended but was not waited for is no longer alive. */
const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
};

describe('running on this machine', () => {
  test.each([
    ['success', 'printf out; printf err >&2', { exitStatus: 0, stderr: 'err' }, 'out'],
    ['an exit status', 'exit 7', { exitStatus: 7 }, ''],
    ['a signal', 'kill -TERM $$', { signal: 'SIGTERM' }, ''],
    ['arguments with blanks, quotes and newlines', 'printf "%s|" "$@"', { exitStatus: 0 }, "a b|it's|c\nd||"],
    ['no standard input', 'cat', { exitStatus: 0 }, ''],
  ])('%s', async (_, script, expected, out) => {
    const result = await local.runScript(script, ['a b', "it's", 'c\nd', ''], LIMITS);
    expect(result).toMatchObject({ ...expected, timedOut: false, truncated: false });
    expect(result.stdout.toString()).toBe(out);
    expect(result.startError).toBeUndefined();
  });

  test('standard input is given; a program that does not read it is no error', async () => {
    expect((await local.runScript('cat', [], LIMITS, 'x'.repeat(200_000))).stdout).toHaveLength(200_000);
    expect(await local.runScript('exit 3', [], LIMITS, 'x'.repeat(2_000_000))).toMatchObject({ exitStatus: 3 });
  });

  test('a time limit ends the whole group, and what came before is kept', async () => {
    const result = await local.runScript('sleep 100 & echo $!; wait', [], { ...LIMITS, timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
    const pid = Number(result.stdout.toString());
    expect(pid).toBeGreaterThan(1);
    await new Promise((r) => setTimeout(r, 100));
    expect(isAlive(pid)).toBe(false);
  });

  test('silence ends a run before its time is over; output keeps it alive', async () => {
    const hung = await local.runScript('echo begun; sleep 100', [], { ...LIMITS, stallMs: 300 });
    expect(hung).toMatchObject({ timedOut: true });
    expect(hung.ms).toBeLessThan(5000);
    const slow = await local.runScript('for i in 1 2 3 4 5; do echo $i; sleep 0.15; done', [], { ...LIMITS, stallMs: 3000 });
    expect(slow).toMatchObject({ timedOut: false, exitStatus: 0 });
  });

  test('endless output stops at the limit', async () => {
    const result = await local.runScript('yes', [], { ...LIMITS, maxBytes: 100_000 });
    expect(result.truncated).toBe(true);
    expect(result.stdout).toHaveLength(100_000);
  });

  test('what cannot be started says why', async () => {
    expect(await local.runProgram(['no-such-program-here'], LIMITS)).toMatchObject({ startError: 'ENOENT' });
    expect(await local.runProgram(['/etc/passwd'], LIMITS)).toMatchObject({ startError: 'EACCES' });
  });

  test("files of a person's shell are not read, and everything speaks one language", async () => {
    const hostile = localTransport({
      env: { PATH: process.env['PATH'], BASH_ENV: '/nonexistent', ENV: '/nonexistent', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' },
    });
    const result = await hostile.runScript(
      'echo "${BASH_ENV-unset} ${ENV-unset} $LC_ALL"; command -v ip >/dev/null && echo ip',
      [],
      LIMITS,
    );
    expect(result.stdout.toString()).toMatch(/^unset unset C\n/u);
  });
});
