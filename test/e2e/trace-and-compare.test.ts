/** Traces of real programs in the lab's second article, told and compared by the program as a person starts it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Lab } from '../../src/lab/lab.ts';
import { runProgram, type ProgramResult } from '../../src/lab/program.ts';
import { findScenario, withScenario } from '../../src/lab/run-scenario.ts';
import { METADATA_RESOLV_CONF } from '../../src/lab/stages/rancher-metadata.ts';
import { describeNeeding } from '../support/privileges.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

// What the programs print is compared letter by letter, also where the runner asks for colours.
process.env['NO_COLOR'] = '1';
delete process.env['FORCE_COLOR'];

const CULPRIT = fileURLToPath(new URL('../../culprit', import.meta.url));
const NAME = 'rancher-metadata';
const culprit = (...words: readonly string[]): Promise<ProgramResult> =>
  runProgram([CULPRIT, ...words], { timeoutMs: 60_000, env: { ...process.env, LC_ALL: 'C', LANG: 'C' } });
const told = (text: string): readonly string[] => text.trimEnd().split('\n');

describeNeeding(['root', 'namespaces', 'dnsmasq', 'nscd', 'strace'], 'the second article in traces', () => {
  let folder = '';
  const file = (name: string): string => join(folder, `${name}.txt`);
  const record = async (lab: Lab, name: string, container: string, command: string, options = '-f -s 256'): Promise<void> => {
    writeFileSync(file(name), (await lab.run(`strace ${options} ${command} 2>&1`, container)).stdout);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'culprit-traces-'));
    await withScenario(findScenario('second-article-namespaces'), async (lab) => {
      await lab.container({ name: 'good', files: { '/etc/resolv.conf': METADATA_RESOLV_CONF } });
      await record(lab, 'sick', 'kubelet', `getent ahosts ${NAME}`);
      await record(lab, 'sick-article', 'kubelet', `ping -c 1 ${NAME}`, '');
      await record(lab, 'sick-threads', 'kubelet', `curl -sS -m 5 http://${NAME}/`, '-f -ttt -yy -s 64');
      await record(lab, 'well', 'good', `getent ahosts ${NAME}`);
      await record(lab, 'well-article', 'good', `ping -c 1 ${NAME}`, '');
      await record(lab, 'dig', 'kubelet', `dig +short ${NAME}`);
    });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['sick', 'sick-article', 'sick-threads'])('%s is told in five lines at most and names the cause', async (name) => {
    const { exitStatus, stdout } = await culprit('trace', file(name));
    expect(exitStatus).toBe(1);
    expect(told(stdout).length).toBeLessThanOrEqual(5);
    expect(stdout).toMatch(/asks the cache daemon at \/var\/run\/nscd\/socket for rancher-metadata/);
    expect(stdout).toMatch(/no such host; that is final, so DNS is never asked/);
    expect(stdout).toMatch(/^ +\d+ +points to nscd-socket-in-container-hosts-cache$/m);
  });

  test.each(['well', 'well-article'])('%s is told in five lines at most and names no cause', async (name) => {
    const { exitStatus, stdout } = await culprit('trace', file(name), '--json');
    const report = JSON.parse(stdout) as {
      lookups: readonly { name: string; addresses: readonly string[]; by: string }[];
      pointsTo: readonly unknown[];
    };
    expect(exitStatus).toBe(0);
    expect(report.lookups[0]).toMatchObject({ name: NAME, addresses: ['169.254.169.250'], by: 'dns' });
    expect(report.pointsTo).toEqual([]);
    if (name === 'well') expect(told((await culprit('trace', file(name))).stdout).length).toBeLessThanOrEqual(5);
  });

  test('dig asks DNS and no daemon', async () => {
    const { stdout } = await culprit('trace', file('dig'));
    expect(stdout).toMatch(/169\.254\.169\.250/);
    expect(stdout).not.toMatch(/cache daemon/);
  });

  test.each([
    ['sick', 'well'],
    ['sick-article', 'well-article'],
  ])('%s and %s: the cache socket is the first difference', async (sick, well) => {
    const { exitStatus, stdout } = await culprit('compare', file(sick), file(well));
    expect(exitStatus).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /first difference for rancher-metadata: .* asks the cache daemon at \/var\/run\/nscd\/socket for rancher-metadata .* there is no cache daemon/,
    );
    expect(stdout).toContain('nscd-socket-in-container-hosts-cache');
  });

  test('a trace of its own kind has no difference', async () => {
    expect((await culprit('compare', file('sick'), file('sick-article'))).stdout).not.toMatch(/points to/);
    expect((await culprit('compare', file('well'), file('sick-article'))).exitStatus).toBe(1);
  });

  test('diagnose takes the trace as evidence and cites its line', async () => {
    const sick = await culprit('diagnose', '--evidence', file('sick'), '--json');
    const report = JSON.parse(sick.stdout) as { verdicts: readonly { cause: string; certainty: string }[] };
    expect(report.verdicts[0]).toMatchObject({ cause: 'nscd-socket-in-container-hosts-cache', certainty: 'likely' });
    expect(sick.stdout).toMatch(/sick\.txt:\d+/);
    expect((await culprit('diagnose', '--evidence', file('well'), '--json')).stdout).not.toContain(
      '"cause":"nscd-socket-in-container-hosts-cache","title":"The host\'s name cache answers for a container","certainty"',
    );
  });

  test('live: traced in each container, the model predicts what the trace shows; the containers differ in the socket', () =>
    withScenario(findScenario('second-article-namespaces'), async (lab) => {
      const good = await lab.container({ name: 'good', files: { '/etc/resolv.conf': METADATA_RESOLV_CONF } });
      const sick = lab.containers.get('kubelet')!;
      const inside = (...words: readonly string[]): Promise<ProgramResult> => lab.node.exec([CULPRIT, ...words], { timeoutMs: 60_000 });
      for (const container of [sick, good]) {
        const { stdout } = await inside('trace', '--container', String(container.pid), '--json', '--', 'getent', 'ahosts', NAME);
        expect((JSON.parse(stdout) as { check: { outcome: string } }).check.outcome, stdout).toBe('agree');
        if (container === sick)
          expect(stdout).toMatch(/"daemon":"\/var\/run\/nscd\/socket is the host’s: (?:unscd|nscd) \(\d+\) of the host answers/u);
      }
      const compared = await inside('compare', `container:${sick.pid}`, `container:${good.pid}`, '--name', NAME);
      expect(compared.exitStatus).toBe(1);
      expect(told(compared.stdout)[0]).toMatch(/sockets/);
      expect((await inside('compare', `container:${good.pid}`, 'host', '--name', 'localhost', '--json')).stdout).toContain(
        'culprit/compare@1',
      );
    }));
});

describeNeeding(['root', 'namespaces', 'dnsmasq', 'nscd', 'strace', 'musl-gcc', 'go'], 'programs that never ask the socket', () => {
  test('Go and musl ask DNS beside a live daemon, as the model predicts', () =>
    withScenario(findScenario('second-article-namespaces'), async (lab) => {
      const sick = lab.containers.get('kubelet')!;
      const musl = await lab.container({
        name: 'alpine',
        libc: 'musl',
        mounts: [{ source: '/var/run', target: '/var/run' }],
        files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
      });
      const program = 'package main\nimport ("fmt"; "net"; "os")\nfunc main() { fmt.Println(net.LookupHost(os.Args[1])) }\n';
      await lab.node.write('/run/lookup.go', program);
      const built = await lab.node.exec(['go', 'build', '-o', '/run/lookup', '/run/lookup.go'], {
        timeoutMs: 60_000,
        env: { CGO_ENABLED: '0', GOCACHE: '/run/go-cache', GOPATH: '/run/go', GOTOOLCHAIN: 'local' },
      });
      expect(built.exitStatus, built.stderr).toBe(0);
      for (const [container, path] of [
        [musl, '/bin/lookup'],
        [sick, '/run/lookup'],
      ] as const) {
        const { stdout } = await lab.node.exec([CULPRIT, 'trace', '--container', String(container.pid), '--json', '--', path, NAME], {
          timeoutMs: 60_000,
        });
        const report = JSON.parse(stdout) as {
          lookups: readonly { brief: readonly { id: string }[]; addresses: readonly string[] }[];
          pointsTo: readonly unknown[];
          check: { outcome: string };
        };
        expect(report).toMatchObject({ lookups: [{ addresses: ['169.254.169.250'] }], pointsTo: [], check: { outcome: 'agree' } });
        expect(report.lookups[0]?.brief.map((s) => s.id)).toEqual(['strace.notInHosts', 'strace.answeredAll']);
      }
    }));
});

test.each([
  [['trace', '/nowhere/at-all'], /there is no file/],
  [['compare', '/nowhere/at-all', '/nowhere/else'], /there is no file or folder/],
  [['compare', '.'], /./],
  [['trace', CULPRIT], /is no output of strace/],
])('%j is an input error in one sentence', async (words, message) => {
  const result = await culprit(...words);
  expect(result.exitStatus).toBe(2);
  expect(result.stdout).toBe('');
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toMatch(/^ +at /m);
});
