/** Nodes of the lab, collected and compared as people do it: the one fact in the first line, and nothing between healthy ones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findScenario, withScenario } from '../../src/lab/run-scenario.ts';
import { runProgram, type ProgramResult } from '../../src/lab/program.ts';
import { describeNeeding } from '../support/privileges.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CULPRIT = fileURLToPath(new URL('../../culprit', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'culprit-lab-nodes-'));
const saved = (id: string): string => join(folder, `${id}.tar.gz`);
const compare = (...ids: readonly string[]): Promise<ProgramResult> =>
  runProgram([CULPRIT, 'compare', ...ids.map(saved)], { timeoutMs: 60_000, env: { LANG: 'C.UTF-8', COLUMNS: '400' } });

describeNeeding(['root', 'namespaces', 'dnsmasq', 'nscd'], 'compare of nodes of the lab', () => {
  beforeAll(async () => {
    for (const id of [
      'healthy-node',
      'healthy-hosts-crlf',
      'healthy-kubernetes-node',
      'first-article',
      'swap-enabled',
      'second-article-namespaces',
    ])
      await withScenario(findScenario(id), async (lab) => {
        const { exitStatus, stderr } = await lab.node.exec([CULPRIT, 'collect', '-o', saved(id)], { timeoutMs: 60_000 });
        expect(exitStatus, stderr).toBe(0);
      });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  /** From its beginning, whatever the width of the page. */
  const firstLine = ({ stdout }: ProgramResult): string => stdout.trim().replaceAll(/\s+/gu, ' ');

  test.each([
    ['first-article', 'healthy-node', /^the difference is \/etc\/hosts: first-article\.tar\.gz has /u],
    ['healthy-node', 'first-article', /^the difference is \/etc\/hosts: first-article\.tar\.gz has /u],
    ['swap-enabled', 'healthy-kubernetes-node', /^the difference is a fault of swap-enabled\.tar\.gz alone: .*\[swap-enabled\]/u],
    ['second-article-namespaces', 'healthy-node', /\[nscd-socket-in-container-hosts-cache\], proved/u],
  ])('%s and %s', async (a, b, wanted) => {
    const result = await compare(a, b);
    expect(result.exitStatus, result.stderr).toBe(1);
    expect(firstLine(result)).toMatch(wanted);
  });

  test.each([
    ['healthy-node', 'healthy-hosts-crlf'],
    ['healthy-node', 'healthy-kubernetes-node'],
  ])('%s and %s: no difference in effect', async (a, b) => {
    const result = await compare(a, b);
    expect(result.exitStatus, result.stdout).toBe(0);
    expect(firstLine(result)).toMatch(/^no difference in effect/u);
  });

  test('of several nodes, each that departs is told', async () => {
    const result = await compare('healthy-node', 'healthy-hosts-crlf', 'first-article', 'healthy-kubernetes-node', 'swap-enabled');
    expect(result.exitStatus).toBe(1);
    expect(firstLine(result)).toMatch(/first-article\.tar\.gz has/u);
    expect(firstLine(result)).toMatch(/first-article\.tar\.gz departs most from what most of the 5 do/u);
    expect(firstLine(result)).toMatch(/swap-enabled\.tar\.gz departs as well: .*\[swap-enabled\]/u);
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq', 'nscd', 'strace'], 'a cache daemon that hangs', () => {
  test('is read from a trace: it accepts, and does not answer', () =>
    withScenario(findScenario('nscd-hung'), async (lab) => {
      const { stdout, stderr } = await lab.node.exec([CULPRIT, 'trace', '--', 'getent', 'ahosts', 'rancher-metadata'], {
        timeoutMs: 60_000,
      });
      expect(stdout, stderr).toMatch(/does not answer in (?:5|10) s/u);
      expect(stdout).toMatch(/time: (?:5|10) s for \/var\/run\/nscd\/socket/u);
      expect(stdout).toMatch(/points to nscd-hung/u);
      expect(stdout).toMatch(/the model predicts the same/u);
    }));
});
