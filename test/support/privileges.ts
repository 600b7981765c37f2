/**
 * Tests that need a privilege or a program say so: `describeNeeding(['root', 'namespaces', 'dig'], 'the probe', () => { … })`.
 * Where it is missing they are skipped, and their names say why; with CI=true they fail instead, so that nothing is silently untested.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** 'root': uid 0. 'namespaces': new network and mount namespaces. 'docker': an engine of our own can be started. Else a program's name. */
export type Need = string;

export type Availability = { readonly ok: true; readonly reason: '' } | { readonly ok: false; readonly reason: string };

/** Programs that were unpacked rather than installed (scripts/test.sh), and where a user's PATH does not lead. */
const EXTRA_PATH = [fileURLToPath(new URL('../../.cache/debian/bin', import.meta.url)), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program, as the tests find it; undefined where it is not there. */
export function programPath(name: string): string | undefined {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), ...EXTRA_PATH]) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

const tried = new Map<Need, string>();

/** What is missing, or '' when it is there. Asked once a process. */
function missing(need: Need): string {
  const before = tried.get(need);
  if (before !== undefined) return before;
  const answer = look(need);
  tried.set(need, answer);
  return answer;
}

function look(need: Need): string {
  switch (need) {
    case 'root':
      return process.getuid?.() === 0 ? '' : 'not root';
    case 'namespaces': {
      const run = spawnSync('unshare', ['-n', '-m', 'true'], { encoding: 'utf8', timeout: 10_000 });
      return run.status === 0 ? '' : `no namespaces (${run.error?.message ?? run.stderr.trim()})`;
    }
    case 'docker': {
      // The client is a program here: as a need, its name means the engine.
      const programs = ['dockerd', 'docker', 'containerd', 'iptables'].map((name) => (programPath(name) === undefined ? `no ${name}` : ''));
      const lacks = [missing('root'), missing('namespaces'), ...programs].filter((m) => m !== '');
      return lacks.length === 0 ? '' : `no Docker engine (${lacks.join(', ')})`;
    }
    default:
      return programPath(need) === undefined ? `no ${need}` : '';
  }
}

export function needs(...all: readonly Need[]): Availability {
  const lacks = all.map(missing).filter((m) => m !== '');
  return lacks.length === 0 ? { ok: true, reason: '' } : { ok: false, reason: lacks.join(', ') };
}

const mustRun = process.env['CI'] === 'true';

/** describe() for tests that need all of these. */
export function describeNeeding(all: readonly Need[], name: string, body: () => void): void {
  const found = needs(...all);
  if (found.ok) {
    describe(name, body);
  } else if (mustRun) {
    test(name, () => {
      expect.unreachable(`with CI=true this must run, and here is ${found.reason}`);
    });
  } else {
    describe.skip(`${name} [skipped: ${found.reason}]`, body);
  }
}

/** test() for one that needs all of these. */
export function testNeeding(all: readonly Need[], name: string, body: () => void | Promise<void>, timeoutMs?: number): void {
  const found = needs(...all);
  if (found.ok) {
    test(name, body, timeoutMs);
  } else if (mustRun) {
    test(name, () => {
      expect.unreachable(`with CI=true this must run, and here is ${found.reason}`);
    });
  } else {
    test.skip(`${name} [skipped: ${found.reason}]`, body);
  }
}
