import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNamespaceContainer, type LabContainer } from '../../src/lab/container.ts';
import { startHost, type LabHost } from '../../src/lab/namespace-host.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { describeNeeding, needs } from '../support/privileges.ts';
import { collectInside, containerOf, hostOf, textOf, value } from './support/inside.ts';

/** What has to be the same whatever shell and programs read it. Times, sizes and process ids of the probe itself are no facts of the node. */
function essence(snapshot: Snapshot, pid: number): unknown {
  const views = [hostOf(snapshot), containerOf(snapshot, pid)].map((v) => ({
    files: v.files,
    mounts: v.mounts,
    libc: v.libc,
    nssModules: v.nssModules,
    sockets: v.sockets,
    env: v.env,
    hostname: v.hostname,
    installed: Object.keys(v.programs).filter((p) => value(v.programs[p])?.installed === true),
  }));
  const netns = snapshot.node.netns.map((n) => ({
    id: n.id,
    listeners: n.listeners,
    ipv6Socket: n.ipv6Socket,
    disableIpv6: n.disableIpv6,
    rules: n.rules,
    interfaces: value(n.interfaces)?.map(({ name, up, loopback, addresses }) => ({ name, up, loopback, addresses })),
    routes: value(n.routes)?.length,
  }));
  return { views, netns, problems: snapshot.node.problems };
}

describeNeeding(['root', 'namespaces'], 'the probe under every shell', () => {
  let host: LabHost;
  let container: LabContainer;
  let reference: unknown;

  beforeAll(async () => {
    host = await startHost('shells');
    await host.write('/etc/hosts', '::1 localhost\n127.0.0.1 other\r\n');
    await host.sh(
      'ip link add p0 type veth peer name p1; ip addr add 10.9.0.1/24 dev p0; ip link set p0 up; sysctl -qw net.ipv6.conf.p0.disable_ipv6=1',
    );
    container = await startNamespaceContainer(host, {
      name: 'c1',
      network: 'own',
      env: { RES_OPTIONS: 'ndots:2', SECRET: 'hunter2' },
      files: { '/etc/hosts': '127.0.0.1 localhost\n', '/etc/resolv.conf': 'nameserver 10.9.0.53\n' },
    });
    reference = essence((await collectInside(host, { shell: ['dash'] })).snapshot, container.pid);
  });
  afterAll(() => host.dispose());

  test('finds what is there', async () => {
    const { snapshot } = await collectInside(host);
    expect(snapshot.node.problems).toEqual([]);
    const inner = containerOf(snapshot, container.pid);
    expect(textOf(hostOf(snapshot), '/etc/hosts')).toBe('::1 localhost\n127.0.0.1 other\r\n');
    expect(textOf(inner, '/etc/resolv.conf')).toBe('nameserver 10.9.0.53\n');
    expect(value(inner.env)).toEqual({ RES_OPTIONS: 'ndots:2' });
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
    expect(value(snapshot.node.netns[0]?.interfaces)?.find((i) => i.name === 'p0')).toMatchObject({
      up: true,
      kind: 'veth',
      addresses: [{ family: 'inet', address: '10.9.0.1', prefixLength: 24 }],
    });
    expect(snapshot.node.netns[0]?.disableIpv6['p0']).toMatchObject({ value: true });
    expect(snapshot.node.netns[0]?.disableIpv6['lo']).toMatchObject({ value: false });
  });

  test.each([
    ['bash', { shell: ['bash'] }],
    ['bash as sh', { shell: ['bash', '--posix'] }],
    ['busybox ash', { shell: ['busybox', 'sh'] }],
  ])('%s brings the same facts as dash', async (_, options) => {
    if (!needs(options.shell[0] ?? '').ok) expect.unreachable(`no ${options.shell[0] ?? ''}`);
    expect(essence((await collectInside(host, options)).snapshot, container.pid)).toEqual(reference);
  });

  test('busybox and nothing else on the PATH brings files, addresses, routes and listeners', async () => {
    await host.sh('mkdir -p /run/bb; for a in $(busybox --list); do ln -sf "$(command -v busybox)" /run/bb/$a; done');
    const { snapshot } = await collectInside(host, { shell: ['/run/bb/sh'], path: '/run/bb' });
    const inner = containerOf(snapshot, container.pid);
    expect(textOf(inner, '/etc/hosts')).toBe('127.0.0.1 localhost\n');
    expect(value(inner.libc)?.kind).toBe('glibc');
    const own = snapshot.node.netns[0];
    expect(value(own?.interfaces)?.find((i) => i.name === 'p0')?.addresses).toEqual([
      { family: 'inet', address: '10.9.0.1', prefixLength: 24 },
    ]);
    expect(value(own?.routes)?.some((r) => r.destination === '10.9.0.0/24' && r.device === 'p0')).toBe(true);
    expect(own?.disableIpv6['p0']).toMatchObject({ value: true });
  });
});
