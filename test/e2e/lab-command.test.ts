/** `culprit lab` as a person types it. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { missingNeeds } from '../../src/lab/check-needs.ts';
import { runProgram } from '../../src/lab/program.ts';
import { describeNeeding } from '../support/privileges.ts';

vi.setConfig({ testTimeout: 60_000 });

const CULPRIT = fileURLToPath(new URL('../../culprit', import.meta.url));
const lab = (words: readonly string[], input = '') =>
  runProgram([CULPRIT, 'lab', ...words], { input, timeoutMs: 50_000, env: { ...process.env, LC_ALL: 'C', LANG: 'C' } });

interface ListedScenario {
  readonly id: string;
  readonly kind: 'failing' | 'healthy';
}

describe('culprit lab', () => {
  test('lists at least 45 failures and 20 healthy look-alikes', async () => {
    const result = await lab(['list', '--json']);
    expect(result.exitStatus).toBe(0);
    const { schema, scenarios } = JSON.parse(result.stdout) as { schema: string; scenarios: readonly ListedScenario[] };
    expect(schema).toBe('culprit/lab-list@1');
    expect(scenarios.filter((scenario) => scenario.kind === 'failing').length).toBeGreaterThanOrEqual(45);
    expect(scenarios.filter((scenario) => scenario.kind === 'healthy').length).toBeGreaterThanOrEqual(20);
    expect(scenarios.map((scenario) => scenario.id)).toEqual(expect.arrayContaining(['first-article', 'second-article']));
  });

  test('lists in Chinese', async () => {
    const result = await lab(['list', '--lang', 'zh']);
    expect(result.stdout).toMatch(/^first-article +故障/mu);
  });

  test.each([
    [['run', 'no-such-scenario'], /no scenario "no-such-scenario"/],
    [['run'], /Say what to do/],
    [['shell'], /Say what to do/],
    [['dance'], /Say what to do/],
    [['matrix', '--jobs', 'many'], /Say what to do/],
  ])('%j is a usage error', async (words, message) => {
    const result = await lab(words);
    expect(result.exitStatus).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(message);
  });

  test('without root, root is named as what is missing', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    expect(await missingNeeds(['docker'])).toEqual(['root']);
    vi.restoreAllMocks();
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq', 'telnet'], 'culprit lab, with a node', () => {
  test('run shows the programs failing, in words and as data', async () => {
    const words = await lab(['run', 'first-article']);
    expect(words.exitStatus).toBe(0);
    expect(words.stdout).toContain('Trying ::1...');
    expect(words.stdout).toContain('Cannot assign requested address');
    expect(words.stdout).not.toContain('not as expected');
    const data = await lab(['run', 'first-article', '--json']);
    const report = JSON.parse(data.stdout) as {
      schema: string;
      commands: readonly { command: string; exitStatus: number; surprises: readonly string[] }[];
    };
    expect(report.schema).toBe('culprit/lab@1');
    expect(report.commands.flatMap((command) => command.surprises)).toEqual([]);
    expect(report.commands.find((command) => command.command === 'telnet localhost 6443')?.exitStatus).toBe(1);
  });

  test('shell gives a shell on the broken node and takes it down after', async () => {
    const result = await lab(['shell', 'first-article'], 'hostname; grep -c . /etc/hosts; getent hosts localhost; exit\n');
    expect(result.exitStatus).toBe(0);
    expect(result.stdout).toMatch(/^node1$/m);
    expect(result.stdout).toMatch(/^::1 +localhost/m);
  });

  test('a signal during a run leaves no process of it', async () => {
    const script = '"$0" lab run nscd-hung >/dev/null 2>&1 & pid=$!; sleep 1.5; kill -TERM $pid; wait $pid; echo $?';
    const result = await runProgram(['bash', '-c', script, CULPRIT], { timeoutMs: 30_000 });
    expect(result.stdout.trim()).toBe('143');
    const left = await runProgram([
      'sh',
      '-c',
      'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline 2>/dev/null | grep -F culprit-lab; done',
    ]);
    expect(left.stdout).not.toContain('nscd-hung');
  });

  test('killed outright it leaves no process of its hosts, and none of their mounts on the machine', async () => {
    const mounts = async (): Promise<string> => (await runProgram(['sh', '-c', 'cut -d " " -f 4- /proc/self/mountinfo'])).stdout;
    const before = await mounts();
    // The program and whatever it started, by their common process group.
    const script = `set -m; "$0" lab run nscd-hung >/dev/null 2>&1 & pid=$!; i=0; hosts=''
while [ -z "$hosts" ] && [ $i -lt 100 ]; do
  sleep 0.1; i=$((i + 1))
  hosts=$(for p in /proc/[0-9]*; do read -r a b c d rest 2>/dev/null <$p/stat && [ "$b $d" = "(unshare) $pid" ] && echo \${p#/proc/}; done)
done
[ -n "$hosts" ] || echo 'no host'
kill -KILL $pid; wait $pid 2>/dev/null
i=0; while [ $i -lt 50 ]; do left=''; for h in $hosts; do [ -e /proc/$h ] && [ "$(cut -d ' ' -f 3 /proc/$h/stat)" != Z ] && left="$left $h"; done; [ -z "$left" ] && break; sleep 0.1; i=$((i + 1)); done
echo "left:$left"`;
    const result = await runProgram(['bash', '-c', script, CULPRIT], { timeoutMs: 30_000 });
    expect(result.stdout.trim()).toBe('left:');
    expect(await mounts()).toBe(before);
  });
});
