/** The first article's case in a log that is nearly all noise; `npm run bench -- logs-first-show` does it with a gigabyte. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { firstShow } from '../../bench/support/first-show.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-first-show-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The program from its sources. */
function culprit(...args: readonly string[]): { readonly status: number | null; readonly report: unknown } {
  const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
  const { status, stdout } = spawnSync(process.execPath, [main, ...args, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { status, report: JSON.parse(stdout) };
}

interface Logs {
  readonly lines: number;
  readonly terminal: { readonly text: string; readonly kind: string; readonly linesAfter: number; readonly ledBy: readonly string[] };
  readonly symptoms: readonly { readonly what: string; readonly kind: string; readonly count: number; readonly lastTime: string }[];
  readonly templates: readonly { readonly text: string; readonly count: number; readonly sourceFile: string }[];
  readonly causes: readonly { readonly id: string }[];
}

describe('the first show', { timeout: 60_000 }, () => {
  const { log, folder: node, truth } = firstShow(folder, 4e6);

  it('logs: the line that ended it, the failed dial, the flood counted, and where it points', () => {
    const { status, report: given } = culprit('logs', log);
    const report = given as Logs;
    expect(status).toBe(1);
    expect(report.lines).toBe(truth.lines);
    expect(report.terminal).toMatchObject({ kind: 'klog-fatal', linesAfter: 0 });
    expect(report.terminal.text).toContain(truth.terminal);
    expect(report.terminal.ledBy.some((l) => l.includes('Failed to watch'))).toBe(true);
    const [dial] = report.symptoms;
    expect(dial).toMatchObject({ kind: 'dial-failed', count: truth.reflectors + 1 });
    expect(dial?.what).toContain('[::1]:6443 no route to host');
    const flood = report.templates.filter((t) => t.sourceFile === 'reflector.go:138');
    expect(flood.map((t) => t.count)).toEqual([truth.reflectors]);
    expect(report.causes.map((c) => c.id)).toContain('localhost-ipv6-only-lo-without-ipv6');
  });

  it('diagnose: proved, with the node and its log as evidence, which it cites', () => {
    const { status, report: given } = culprit('diagnose', '--evidence', node);
    const report = given as { verdicts: { cause: string; certainty: string; evidence: unknown }[] };
    expect(status).toBe(1);
    expect(report.verdicts[0]).toMatchObject({ cause: 'localhost-ipv6-only-lo-without-ipv6', certainty: 'proved' });
    const cited = JSON.stringify(report.verdicts[0]);
    expect(cited).toContain('/etc/hosts');
    expect(cited).toContain('controller.go:161');
  });
});
