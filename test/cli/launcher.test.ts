/** The launcher on a copy of this repository, in a folder with spaces: built once, then started from everywhere by everybody. */
import { execFile, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testNeeding } from '../support/privileges.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, words: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: 60_000, ...options });
  return { status, stdout, stderr };
}

describe('./culprit', () => {
  let folder = '';
  let copy = '';
  const start = (...words: string[]): Ran => run(join(copy, 'culprit'), words, { cwd: tmpdir() });
  const builds = (): string[] => readdirSync(join(copy, 'dist')).filter((name) => name.startsWith('build-'));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'culprit launcher '));
    chmodSync(folder, 0o755);
    copy = join(folder, 'a clone');
    mkdirSync(copy);
    for (const name of ['culprit', 'package.json', 'package-lock.json', 'src', 'scripts'])
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    // Several first starts at once: one builds, the others wait and use it.
    const first = await Promise.all([1, 2, 3].map(() => promisify(execFile)(join(copy, 'culprit'), ['--version'], { cwd: '/' })));
    expect(first.map(({ stdout }) => stdout)).toEqual(Array(3).fill(`${VERSION}\n`));
    expect(first.filter(({ stderr }) => stderr.includes('building'))).toHaveLength(1);
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('concurrent first starts leave one build', () => {
    expect(builds()).toHaveLength(1);
  });

  test('the second start says nothing and sets nothing up', () => {
    expect(start('--version')).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  test('through links, relative and absolute, and by PATH', () => {
    mkdirSync(join(folder, 'bin'));
    symlinkSync('../a clone/culprit', join(folder, 'bin', 'relative'));
    symlinkSync(join(folder, 'bin', 'relative'), join(folder, 'bin', 'culprit-link'));
    expect(run(join(folder, 'bin', 'culprit-link'), ['--version']).stdout).toBe(`${VERSION}\n`);
    const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
    expect(run('culprit-link', ['--version'], { env, cwd: '/' }).stdout).toBe(`${VERSION}\n`);
    expect(run('sh', ['culprit', '--version'], { cwd: copy }).stdout).toBe(`${VERSION}\n`);
  });

  test('a newer source is built at the next start', () => {
    const before = readFileSync(join(copy, 'dist', 'current'), 'utf8');
    const later = new Date(Date.now() + 2000);
    utimesSync(join(copy, 'src', 'cli', 'main.ts'), later, later);
    expect(start('--version').stderr).toContain('building');
    expect(readFileSync(join(copy, 'dist', 'current'), 'utf8')).not.toBe(before);
    const now = new Date();
    utimesSync(join(copy, 'src', 'cli', 'main.ts'), now, now);
  });

  test('a build that fails is said and is no result', () => {
    const path = join(copy, 'src', 'cli', 'streams.ts');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, 'this is no program (');
    const { status, stdout, stderr } = start('--version');
    writeFileSync(path, good);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('The build failed');
    expect(start('--version').stdout).toBe(`${VERSION}\n`);
  });

  test.each([
    { words: ['frobnicate'], says: 'no command "frobnicate"' },
    { words: ['diagnose', '--lang', 'zh', '--frob'], says: '没有“--frob”这个选项' },
  ])('bad input is one sentence, no trace: $words', ({ words, says }) => {
    const { status, stdout, stderr } = start(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a reader that goes away early is no failure', () => {
    const { stderr } = run('sh', ['-c', `${JSON.stringify(join(copy, 'culprit'))} --help | head -n 1 >/dev/null`]);
    expect(stderr).toBe('');
  });

  testNeeding(['namespaces', 'root'], 'in an empty network namespace', () => {
    expect(run('unshare', ['-n', join(copy, 'culprit'), '--version'])).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  testNeeding(['root', 'setpriv'], 'as another user, who may write nothing', () => {
    // The repository may lie where only root gets; a Node on the PATH does as well.
    mkdirSync(join(folder, 'node-bin'));
    copyFileSync(process.execPath, join(folder, 'node-bin', 'node'));
    const env = { ...process.env, PATH: `${join(folder, 'node-bin')}:${process.env['PATH'] ?? ''}`, HOME: '/nonexistent' };
    const words = ['--reuid=65534', '--regid=65534', '--clear-groups', join(copy, 'culprit'), '--version'];
    const later = new Date(Date.now() + 2000);
    utimesSync(join(copy, 'src', 'cli', 'main.ts'), later, later);
    expect(run('setpriv', words, { cwd: '/', env })).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
    start('--version');
  });

  testNeeding(['root', 'setpriv'], 'as another user before it is set up: one sentence', () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    for (const name of ['culprit', 'package.json', 'package-lock.json']) cpSync(join(ROOT, name), join(bare, name));
    const { status, stdout, stderr } = run(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', join(bare, 'culprit'), 'diagnose'],
      { cwd: '/' },
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^culprit: .*owns it\.\n$/u);
    expect(existsSync(join(bare, '.cache'))).toBe(false);
  });
});
