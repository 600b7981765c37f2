import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUnscd } from '../../src/lab/cache-daemon.ts';
import { startNamespaceContainer, type LabContainer } from '../../src/lab/container.ts';
import { startDockerEngine } from '../../src/lab/docker-engine.ts';
import { startHost, type LabHost } from '../../src/lab/namespace-host.ts';
import { describeNeeding } from '../support/privileges.ts';
import { collectInside, containerOf, containersOf, hostOf, textOf, value } from './support/inside.ts';

describeNeeding(['root', 'namespaces'], 'which processes are views', () => {
  let host: LabHost;
  let container: LabContainer;
  let netOnly: number;
  let mountOnly: number;

  beforeAll(async () => {
    host = await startHost('views');
    container = await startNamespaceContainer(host, { name: 'c1', network: 'own', files: { '/etc/hosts': '127.0.0.1 c1\n' } });
    netOnly = (await host.start('net-only', ['unshare', '-n', 'sleep', '1000'], { ready: 'pgrep -x sleep' })).pid;
    mountOnly = (
      await host.start('mount-only', [
        'unshare',
        '-m',
        'sh',
        '-c',
        'echo "127.0.0.1 other" > /run/h; mount --bind /run/h /etc/hosts; exec sleep 1001',
      ])
    ).pid;
    // A mount namespace alone, with nothing in it that names come from: a service in a sandbox.
    await host.start('sandboxed', ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /tmp; exec sleep 1002']);
    await host.sh('sleep 0.3');
  });
  afterAll(() => host.dispose());

  test('namespaces of their own make a view, a private /tmp does not', async () => {
    const { snapshot } = await collectInside(host);
    expect(
      containersOf(snapshot)
        .map((v) => v.pid)
        .toSorted(),
    ).toEqual([container.pid, netOnly, mountOnly].toSorted());
    expect(textOf(containerOf(snapshot, container.pid), '/etc/hosts')).toBe('127.0.0.1 c1\n');
    expect(textOf(containerOf(snapshot, mountOnly), '/etc/hosts')).toBe('127.0.0.1 other\n');
    expect(containerOf(snapshot, mountOnly).netns).toBe('host');
    const net = containerOf(snapshot, netOnly);
    expect(net.files).toEqual(hostOf(snapshot).files);
    expect(net.netns).toMatch(/^net:\d+$/u);
    // lo of a new namespace is down and has no address.
    const lo = value(snapshot.node.netns.find((n) => n.id === net.netns)?.interfaces)?.find((i) => i.name === 'lo');
    expect(lo).toMatchObject({ up: false, addresses: [] });
  });

  test('only the container that was asked for, and the host', async () => {
    const { snapshot } = await collectInside(host, { containers: [String(mountOnly)] });
    expect(containersOf(snapshot).map((v) => v.pid)).toEqual([mountOnly]);
    expect(hostOf(snapshot).id).toBe('host');
  });

  test('a word that means no container is an error that says so', async () => {
    await expect(collectInside(host, { containers: ['nobody'] })).rejects.toThrow('nobody');
  });

  test('from a network of its own, the containers of the machine are not taken for ours', async () => {
    const { snapshot } = await collectInside(host, { before: ['unshare', '-n', '-m'] });
    expect(containersOf(snapshot)).toEqual([]);
    expect(value(snapshot.node.netns[0]?.interfaces)?.map((i) => i.name)).toEqual(['lo']);
  });

  test('from a mount namespace of its own but in the same network, they are', async () => {
    const { snapshot } = await collectInside(host, { before: ['unshare', '-m'] });
    expect(containersOf(snapshot).map((v) => v.pid)).toContain(container.pid);
  });

  test('with 200 processes more it stays within its budget', async () => {
    await host.sh('i=0; while [ $i -lt 200 ]; do sleep 900 >/dev/null 2>&1 & i=$((i+1)); done');
    const { snapshot, ms } = await collectInside(host);
    expect(snapshot.node.problems).toEqual([]);
    // The goal is far below; this is what a machine that is busy with other tests must keep.
    expect(ms).toBeLessThan(5000);
  });
});

describeNeeding(['root', 'namespaces', 'nscd'], 'sockets of a name cache', () => {
  let host: LabHost;
  let container: LabContainer;
  beforeAll(async () => {
    host = await startHost('sockets');
    await host.sh('mkdir -p /run/nscd');
    container = await startNamespaceContainer(host, { name: 'c1', network: 'own', mounts: [{ source: '/var/run', target: '/var/run' }] });
  });
  afterAll(() => host.dispose());

  const sockets = async () => {
    const { snapshot } = await collectInside(host);
    return { snapshot, host: value(hostOf(snapshot).sockets), inner: value(containerOf(snapshot, container.pid).sockets) };
  };

  test('none, then one that answers, then one that hangs, then a stale file', async () => {
    expect(await sockets()).toMatchObject({ host: [], inner: [], snapshot: { node: { daemons: [] } } });

    const daemon = await startUnscd(host, { hostsCache: true });
    const alive = await sockets();
    const id = `unscd:${String(daemon.pid)}`;
    expect(alive.snapshot.node.daemons).toMatchObject([
      { id, kind: 'unscd', view: 'host', configPath: '/etc/nscd.conf', version: { value: '0.54' } },
    ]);
    expect(alive.inner).toContainEqual({ service: 'nscd', path: '/var/run/nscd/socket', state: 'answering', daemon: id });
    expect(alive.host).toContainEqual({ service: 'nscd', path: '/run/nscd/socket', state: 'answering', daemon: id });

    await host.sh(`kill -STOP ${String(daemon.pid)}`);
    expect((await sockets()).inner).toContainEqual({ service: 'nscd', path: '/var/run/nscd/socket', state: 'silent', daemon: id });

    await host.sh(`kill -KILL ${String(daemon.pid)}; sleep 0.2`);
    const stale = await sockets();
    expect(stale.snapshot.node.daemons).toEqual([]);
    expect(stale.inner).toContainEqual({ service: 'nscd', path: '/var/run/nscd/socket', state: 'refused' });
  }, 60_000);

  test('a mount over the directory hides it from that container alone', async () => {
    await startUnscd(host, { hostsCache: true });
    await container.exec(['mount', '-t', 'tmpfs', 'none', '/run/nscd']);
    const { host: own, inner } = await sockets();
    expect(own).toHaveLength(2);
    expect(inner).toEqual([]);
    await container.exec(['umount', '/run/nscd']);
  });
});

describeNeeding(['root', 'namespaces', 'dockerd'], 'containers of a Docker engine', () => {
  test('have their names, image, files with origin on the host; an id, a prefix of it, a name and DOCKER_HOST find them', async () => {
    const host = await startHost('engine');
    try {
      const engine = await startDockerEngine(host);
      const c = await engine.run({
        name: 'kubelet',
        network: 'own',
        mounts: [{ source: '/var/run', target: '/var/run' }],
        env: { TOKEN: 'hunter2', HTTP_PROXY: 'http://me:hunter2@proxy.example:3128', NO_PROXY: '10.0.0.0/8' },
      });
      await engine.run({ name: 'other', network: 'own' });
      const { snapshot } = await collectInside(host);
      const view = containerOf(snapshot, c.pid);
      expect(view.names[0]).toBe('kubelet');
      expect(view).toMatchObject({ runtime: 'docker', image: 'culprit-lab:1', mainProgram: { value: { name: 'sleep', static: false } } });
      expect(textOf(view, '/etc/hosts')).toContain('localhost');
      expect(value(view.env)).toEqual({ HTTP_PROXY: '', NO_PROXY: '10.0.0.0/8' });
      expect(JSON.stringify(snapshot)).not.toContain('hunter2');
      const mounts = value(view.mounts) ?? [];
      expect(mounts.find((m) => m.target === '/run' || m.target === '/var/run')?.hostPath).toBe('/run');
      expect(mounts.find((m) => m.target === '/etc/hosts')?.hostPath).toMatch(/^\/var\/lib\/docker\/containers\/[0-9a-f]{64}\/hosts$/u);
      expect(snapshot.node.products).toContainEqual({
        name: 'docker',
        source: { kind: 'file', path: '/var/run/docker.sock', view: 'host' },
      });
      for (const word of ['kubelet', view.containerId ?? '', (view.containerId ?? '').slice(0, 6), String(c.pid)]) {
        expect(containersOf((await collectInside(host, { containers: [word] })).snapshot).map((v) => v.pid)).toEqual([c.pid]);
      }
      await host.sh('mkdir /run/elsewhere; ln -s /run/docker.sock /run/elsewhere/engine.sock');
      const elsewhere = await collectInside(host, { env: { DOCKER_HOST: 'unix:///run/elsewhere/engine.sock' }, containers: ['kubelet'] });
      expect(containersOf(elsewhere.snapshot)).toHaveLength(1);
      await engine.docker('stop', '-t', '0', 'other');
      await expect(collectInside(host, { containers: ['other'] })).rejects.toThrow('other');
      await engine.stop();
    } finally {
      await host.dispose();
    }
  }, 120_000);
});
