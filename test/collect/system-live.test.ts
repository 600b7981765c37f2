/** The system's part of the probe on a real host: what leaves the machine, under every shell. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeScript } from '../../src/collect/probe-script.ts';
import { startHost, type LabHost } from '../../src/lab/namespace-host.ts';
import { describeNeeding, needs } from '../support/privileges.ts';
import { collectInside } from './support/inside.ts';

const NONCE = '0123456789abcdef';
const STEPS = [
  'kernel_state',
  'clock',
  'configurations',
  'places',
  'packet_filters',
  'denials',
  'inotify',
  'certificates',
  'chrony',
  'units',
  'disks',
];

/** Without what changes from one run to the next (times, room, numbers of control groups), and without the widths of columns. */
const steady = (text: string): string =>
  text
    .split(`\n@${NONCE} `)
    .filter((part) => !/^(?:time|df|inotify|rtc|oldest)\b/u.test(part))
    .join('\n')
    .replaceAll(/^(\/proc\/cgroups:[^\n]*\t)\d+(\t\d)$/gmu, '$1N$2')
    .replaceAll(/ +/gu, ' ');

describeNeeding(['root', 'namespaces', 'openssl'], 'the state of the machine', () => {
  let host: LabHost;
  let reference: string;

  const run = async (shell: readonly string[]): Promise<string> => {
    const script = probeScript(['view', 'host', 'system'], `prepare_views\ntools_ready own\n${STEPS.join('\n')}`, undefined);
    const result = await host.exec([...shell, '-s', '--', NONCE], { input: script, timeoutMs: 20_000 });
    expect(result.stderr).toBe('');
    expect(result.stdout).toContain(`@${NONCE} end`);
    return result.stdout;
  };

  beforeAll(async () => {
    host = await startHost('system');
    await host.sh(`mkdir -p /etc/kubernetes/pki /etc/kubernetes/ssl /etc/etcd /etc/docker /etc/systemd/system/docker.service.d /var/lib/etcd; chmod 700 /var/lib/etcd
cd /etc/kubernetes/pki
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=a -keyout a.key -out a.crt 2>/dev/null
cat a.key a.crt > /etc/etcd/both.pem
cat a.crt a.key > /etc/kubernetes/ssl/kube-node.pem
{ head -n 3 a.crt; cat a.key; } > /etc/etcd/cut.pem`);
    await host.write('/etc/docker/daemon.json', '{"log-driver":"journald","registry-mirrors":["https://user:hunter2@mirror.corp"]}');
    await host.write(
      '/etc/systemd/system/docker.service.d/proxy.conf',
      '[Service]\nEnvironment="HTTPS_PROXY=http://user:hunter2@10.0.0.60:3128"\n',
    );
    reference = await run(['dash']);
  });
  afterAll(() => host.dispose());

  test('a private key never leaves it, nor does a password of a URL', async () => {
    const key = (await host.sh("grep -v -e '-----' /etc/kubernetes/pki/a.key")).trim().split('\n');
    expect(key.length).toBeGreaterThan(1);
    for (const line of key) expect(reference).not.toContain(line);
    expect(reference).not.toContain('hunter2');
    expect(reference).toContain('HTTPS_PROXY=http://10.0.0.60:3128');
    expect(reference.split('-----BEGIN CERTIFICATE-----').length - 1).toBeGreaterThanOrEqual(3);
  });

  test.each([[['bash']], [['busybox', 'sh']]])('%j brings the same', async (shell) => {
    if (!needs(shell[0] ?? '').ok) expect.unreachable(`no ${shell[0] ?? ''}`);
    expect(steady(await run(shell))).toBe(steady(reference));
  });

  test('a machine that is no node tells nothing of certificates, and its disks', async () => {
    const { snapshot } = await collectInside(host);
    const keys = Object.keys(snapshot.node.observations);
    expect(keys.filter((key) => key.startsWith('cert.'))).toEqual([]);
    expect(keys.some((key) => /^disk\..+\.used-percent$/u.test(key))).toBe(true);
    expect(snapshot.node.observations['probe.collected-whole']).toMatchObject({ value: true });
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
  });
});
