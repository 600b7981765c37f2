/** Both articles, rebuilt live and diagnosed by the program as a person starts it. */
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { diagnoseIn } from '../../src/lab/matrix.ts';
import { findScenario, withScenario, wordsIn } from '../../src/lab/run-scenario.ts';
import { describeNeeding } from '../support/privileges.ts';

vi.setConfig({ testTimeout: 60_000 });

const CULPRIT = fileURLToPath(new URL('../../culprit', import.meta.url));

interface Remedy {
  readonly id: string;
  readonly commands?: readonly string[];
  readonly verify?: readonly string[];
  readonly undo?: readonly string[];
}

interface Report {
  readonly schema: string;
  readonly verdicts: readonly {
    readonly cause: string;
    readonly certainty: string;
    readonly evidence: readonly unknown[];
    readonly remedies: readonly Remedy[];
  }[];
}

const diagnose = (id: string, words?: readonly string[]): Promise<{ status: number | undefined; report: Report; milliseconds: number }> => {
  const scenario = findScenario(id);
  return withScenario(scenario, async (lab) => {
    const result = await diagnoseIn(lab, [CULPRIT], wordsIn(lab, words ?? scenario.target));
    return { status: result.exitStatus, report: JSON.parse(result.stdout) as Report, milliseconds: result.durationMs };
  });
};

const LOCALHOST_IPV6_ONLY = ['localhost-ipv6-only-lo-without-ipv6', 'localhost-ipv6-only-sysctl-persisted', 'lo-missing-ipv6-address'];

describeNeeding(['root', 'namespaces', 'dnsmasq'], 'the first article', () => {
  test.each([
    ['first-article'],
    ['localhost-ipv6-only-sysctl-all'],
    ['localhost-ipv6-only-sysctl-lo'],
    ['localhost-ipv6-only-address-deleted'],
    ['localhost-ipv6-only-no-route-to-host'],
  ])('%s is proved, with the hosts line and the smallest fix', async (id) => {
    const { status, report } = await diagnose(id);
    expect(report.schema).toBe('culprit/report@1');
    const first = report.verdicts[0];
    expect(LOCALHOST_IPV6_ONLY).toContain(first?.cause);
    expect(first?.certainty).toBe('proved');
    expect(status).toBe(1);
    const evidence = JSON.stringify(first?.evidence);
    expect(evidence).toContain('/etc/hosts');
    expect(evidence).toContain('::1');
    expect(JSON.stringify(first?.remedies[0])).toContain('localhost');
  });

  test('its smallest fix, pasted into a shell, mends it and can be taken back', () =>
    withScenario(findScenario('first-article'), async (lab) => {
      const ask = async (): Promise<{ status: number | undefined; report: Report }> => {
        const result = await diagnoseIn(lab, [CULPRIT], ['localhost:6443']);
        return { status: result.exitStatus, report: JSON.parse(result.stdout) as Report };
      };
      const paste = async (commands: readonly string[] = []): Promise<void> => {
        for (const command of commands) expect((await lab.run(command)).exitStatus, command).toBe(0);
      };
      const before = await lab.node.sh('cat /etc/hosts; stat -c "%i %a %U" /etc/hosts');
      const remedy = (await ask()).report.verdicts[0]?.remedies[0];
      expect(remedy?.commands?.length).toBeGreaterThan(0);
      await paste(remedy?.commands);
      expect(await lab.node.sh('grep -w 127.0.0.1 /etc/hosts')).toMatch(/^127\.0\.0\.1[ \t]+localhost[ \t]/);
      expect((await lab.run('telnet localhost 6443 </dev/null')).stdout).toContain('Connected to localhost');
      expect(await ask()).toMatchObject({ status: 0, report: { verdicts: [] } });
      await paste(remedy?.undo);
      expect(await lab.node.sh('cat /etc/hosts; stat -c "%i %a %U" /etc/hosts')).toBe(before);
      expect((await ask()).status).toBe(1);
    }));

  test('IPv6 off beside a good IPv4 line is no fault', async () => {
    const { status, report } = await diagnose('healthy-ipv6-off');
    expect(report.verdicts).toEqual([]);
    expect(status).toBe(0);
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq', 'nscd'], 'the second article', () => {
  test.each([
    ['second-article-namespaces', undefined],
    ['second-article-namespaces', []],
  ] as const)('%s is proved, asked with %j', async (id, words) => {
    const { status, report } = await diagnose(id, words);
    expect(report.verdicts[0]).toMatchObject({ cause: 'nscd-socket-in-container-hosts-cache', certainty: 'proved' });
    expect(status).toBe(1);
  });

  test('its smallest fix, pasted into a shell, lets the container find the name', () =>
    withScenario(findScenario('second-article-namespaces'), async (lab) => {
      const words = wordsIn(lab, ['rancher-metadata', '--container', '{pid:kubelet}']);
      const first = await diagnoseIn(lab, [CULPRIT], words);
      const remedy = (JSON.parse(first.stdout) as Report).verdicts[0]?.remedies[0];
      expect(remedy?.commands?.length).toBeGreaterThan(0);
      for (const command of remedy?.commands ?? []) expect((await lab.run(command)).exitStatus, command).toBe(0);
      expect((await lab.run('ping -c 1 -W 2 rancher-metadata', 'kubelet')).exitStatus).toBe(0);
      expect((await diagnoseIn(lab, [CULPRIT], words)).exitStatus).toBe(0);
    }));

  test.each([
    ['healthy-hosts-cache-off'],
    ['healthy-var-run-without-daemon'],
    ['healthy-cache-without-mount'],
    ['healthy-stale-cache-socket'],
  ])('%s gives no verdict', async (id) => {
    const { status, report } = await diagnose(id);
    expect(report.verdicts).toEqual([]);
    expect(status).toBe(0);
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq', 'nscd', 'dockerd'], 'the second article in a Docker engine', () => {
  test.each([
    ['by its name', undefined],
    ['by nothing at all', []],
  ] as const)('the container is found %s', async (_how, words) => {
    const { status, report } = await diagnose('second-article', words);
    expect(report.verdicts[0]).toMatchObject({ cause: 'nscd-socket-in-container-hosts-cache', certainty: 'proved' });
    expect(status).toBe(1);
  });
});
