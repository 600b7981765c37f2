import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { leftControlGroups } from '../../src/lab/docker-engine.ts';
import { Lab } from '../../src/lab/lab.ts';
import { startHost } from '../../src/lab/namespace-host.ts';
import { switchIpv6Off } from '../../src/lab/stages/ipv6.ts';
import { describeNeeding, testNeeding } from '../support/privileges.ts';

const processExists = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** What of the machine a lab could change if it were careless. */
const machineState = (): Record<string, string> => ({
  hosts: readFileSync('/etc/hosts', 'utf8'),
  nsswitch: readFileSync('/etc/nsswitch.conf', 'utf8'),
  resolv: existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '',
  ipv6: readFileSync('/proc/sys/net/ipv6/conf/all/disable_ipv6', 'utf8'),
  mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
  devices: readFileSync('/proc/net/dev', 'utf8')
    .replaceAll(/\d+/g, '#')
    .split('\n')
    .map((line) => line.split(':')[0])
    .join(),
  run: readdirSync('/run').sort().join(),
  nscd: String(existsSync('/run/nscd')),
  hostname: readFileSync('/proc/sys/kernel/hostname', 'utf8'),
});

describeNeeding(['root', 'namespaces', 'dnsmasq'], 'a lab host', () => {
  test('changes nothing on the machine and leaves nothing behind', async () => {
    const before = machineState();
    const host = await startHost('node1');
    await host.write('/etc/hosts', '::1 localhost\n');
    await host.write('/etc/culprit-lab-test', 'x');
    await switchIpv6Off(host, 'all', 'default', 'lo');
    const sleeper = await host.start('sleeper', ['sleep', '1000']);
    expect(await host.sh('cat /etc/hosts')).toBe('::1 localhost\n');
    expect(await host.sh('hostname')).toBe('node1\n');
    expect(await host.sh('cat /proc/$1/comm', String(sleeper.pid))).toBe('sleep\n');
    expect(await host.sh('ls /sys/class/net')).toBe('lo\n');
    const outside = host.initPid;
    await host.dispose();
    expect(processExists(outside)).toBe(false);
    expect(existsSync('/etc/culprit-lab-test')).toBe(false);
    expect(machineState()).toEqual(before);
  });

  test('keeps the inode of a file that it writes', async () => {
    const host = await startHost('node1');
    try {
      await host.write('/etc/hosts', 'first\n');
      const before = await host.sh('stat -c %i /etc/hosts');
      await host.write('/etc/hosts', 'second\n', '600');
      expect(await host.sh('stat -c "%i %a" /etc/hosts')).toBe(`${before.trim()} 600\n`);
    } finally {
      await host.dispose();
    }
  });

  test('ends with the process that made it, even when that is killed', async () => {
    const module = fileURLToPath(new URL('../../src/lab/namespace-host.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
      const { startHost } = await import(${JSON.stringify(module)});
      const host = await startHost('node1');
      await host.start('sleeper', ['sleep', '1000']);
      console.log(host.initPid);
      setInterval(() => undefined, 1000);
    `,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = await new Promise<number>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => {
        resolve(Number(chunk.toString().trim()));
      }),
    );
    expect(processExists(pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => processExists(pid), { timeout: 5000 }).toBe(false);
  });

  test('a command that hangs is ended with its children', async () => {
    const host = await startHost('node1');
    try {
      const result = await host.exec(['sh', '-c', 'sleep 1000 & sleep 1000'], { timeoutMs: 300 });
      expect(result.timedOut).toBe(true);
      await expect.poll(() => host.sh('ps -C sleep -o pid= || :'), { timeout: 5000 }).toBe('');
    } finally {
      await host.dispose();
    }
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq'], 'the stage of every scenario', () => {
  test('is a node on which names and connections work', async () => {
    const lab = await Lab.start();
    try {
      expect(await lab.node.sh('getent ahosts localhost | sort')).toContain('127.0.0.1');
      expect(await lab.node.sh('dig +short node2')).toBe('10.240.0.35\n');
      expect(await lab.node.sh('getent hosts node1')).toContain('10.240.0.34');
      expect((await lab.run('getent hosts nobody.example.com')).exitStatus).toBe(2);
      expect((await lab.run('ping -c 1 -W 2 10.240.0.1')).exitStatus).toBe(0);
    } finally {
      await lab.dispose();
    }
  });

  test('a container has a root, names and mounts of its own', async () => {
    const lab = await Lab.start();
    try {
      await lab.node.sh('mkdir -p /run/shared; echo seen > /run/shared/file');
      const container = await lab.container({
        name: 'box',
        network: 'own',
        mounts: [{ source: '/var/run', target: '/var/run' }],
        files: { '/etc/hosts': '127.0.0.1 boxed\n' },
      });
      expect((await container.exec(['cat', '/etc/hosts'])).stdout).toBe('127.0.0.1 boxed\n');
      expect((await container.exec(['cat', '/var/run/shared/file'])).stdout).toBe('seen\n');
      expect((await container.exec(['hostname'])).stdout).toBe('box\n');
      expect((await container.exec(['ls', '/sys/class/net'])).stdout).toBe('lo\n');
      expect((await container.exec(['sh', '-c', 'cat /proc/1/comm'])).stdout).toBe('sleep\n');
      expect(await lab.node.sh('readlink /proc/$1/ns/mnt', String(container.pid))).not.toBe(await lab.node.sh('readlink /proc/1/ns/mnt'));
    } finally {
      await lab.dispose();
    }
  });

  testNeeding(
    ['dockerd'],
    'a private Docker engine runs containers and leaves no control group',
    async () => {
      const before = machineState();

      const lab = await Lab.start();
      try {
        const container = await lab.dockerContainer({ name: 'kubelet', mounts: [{ source: '/var/run', target: '/var/run' }] });
        expect((await container.exec(['getent', 'ahostsv4', 'localhost'])).stdout).toContain('127.0.0.1');
        expect((await lab.run('docker ps --format "{{.Names}}"')).stdout).toBe('kubelet\n');
        expect(await lab.node.sh('cat /proc/$1/comm', String(container.pid))).toBe('sleep\n');
        expect(statSync('/etc/hosts').isFile()).toBe(true);
      } finally {
        await lab.dispose();
      }
      expect(leftControlGroups().filter((path) => path.includes(`culprit-lab-${process.pid}-`))).toEqual([]);
      expect(machineState()).toEqual(before);
    },
    60_000,
  );
});
