import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startUnscd } from '../../src/lab/cache-daemon.ts';
import { startNamespaceContainer } from '../../src/lab/container.ts';
import { startDnsServer } from '../../src/lab/dns-server.ts';
import { startHost, type LabHost } from '../../src/lab/namespace-host.ts';
import { describeNeeding } from '../support/privileges.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Report {
  readonly verdicts: readonly { readonly cause: string; readonly certainty: string }[];
}

async function culprit(host: LabHost, ...args: readonly string[]) {
  const command = [process.execPath, '--experimental-strip-types', '--disable-warning=ExperimentalWarning', MAIN, ...args];
  return host.exec(command, { timeoutMs: 60_000, maxBytes: 32 * 1024 * 1024 });
}
async function verdicts(host: LabHost, ...args: readonly string[]) {
  const result = await culprit(host, 'diagnose', '--json', ...args);
  return (JSON.parse(result.stdout) as Report).verdicts.map((v) => `${v.cause} ${v.certainty}`);
}

describeNeeding(['root', 'namespaces', 'nscd', 'dnsmasq'], 'a saved snapshot', () => {
  test('gives the verdict of the machine it was taken on: the second article', async () => {
    const host = await startHost('saved-second');
    try {
      await startUnscd(host, { hostsCache: true });
      await host.sh('ip addr add 169.254.169.250/32 dev lo');
      await startDnsServer(host, { addresses: ['169.254.169.250'], records: [['rancher-metadata', '169.254.169.250']] });
      await startNamespaceContainer(host, {
        name: 'kubelet',
        mounts: [{ source: '/var/run', target: '/var/run' }],
        files: {
          '/etc/resolv.conf': 'nameserver 169.254.169.250\n',
          '/etc/nsswitch.conf': 'hosts: files dns\n',
          '/etc/hosts': '127.0.0.1 localhost\n',
        },
      });
      const live = await verdicts(host);
      expect(live[0]).toBe('nscd-socket-in-container-hosts-cache proved');
      expect((await culprit(host, 'collect', '-o', '/run/n.tar.gz')).exitStatus).toBe(0);
      expect((await verdicts(host, '--evidence', '/run/n.tar.gz'))[0]).toBe(live[0]);
    } finally {
      await host.dispose();
    }
  }, 120_000);

  test('and the first article, on a machine that is healthy', async () => {
    const sick = await startHost('saved-first');
    const healthy = await startHost('saved-elsewhere');
    try {
      await sick.write('/etc/hosts', '127.0.0.1 n1\n::1 localhost\n');
      await sick.sh('sysctl -qw net.ipv6.conf.lo.disable_ipv6=1');
      const live = await verdicts(sick, 'localhost');
      expect(live[0]).toMatch(/^localhost-ipv6-only-[a-z0-9-]+ proved$/u);
      await culprit(sick, 'collect', 'localhost', '-o', '/run/n.tar.gz');
      const bytes = (await sick.exec(['base64', '-w0', '/run/n.tar.gz'])).stdout;
      await healthy.write('/run/n.tar.gz', Buffer.from(bytes, 'base64'));
      expect((await verdicts(healthy, 'localhost', '--evidence', '/run/n.tar.gz'))[0]).toBe(live[0]);
    } finally {
      await sick.dispose();
      await healthy.dispose();
    }
  }, 120_000);

  test('where it cannot be written, one sentence and exit status 2', async () => {
    const host = await startHost('unwritable');
    try {
      const result = await culprit(host, 'collect', '-o', '/proc/nowhere/x.tar.gz');
      expect(result.exitStatus).toBe(2);
      expect(result.stderr).toContain('/proc/nowhere/x.tar.gz');
      expect(result.stderr).not.toContain('    at ');
    } finally {
      await host.dispose();
    }
  }, 60_000);
});
