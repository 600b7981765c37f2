import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNamespaceContainer, type LabContainer } from '../../src/lab/container.ts';
import { startHost, type LabHost } from '../../src/lab/namespace-host.ts';
import { describeNeeding } from '../support/privileges.ts';
import { collectInside, containerOf, hostOf, textOf, value, type Inside } from './support/inside.ts';

const SECRET = 'the host keeps this to itself';

/** Each replaces one file of a container; run inside it, as root of the container. */
const TRICKS: readonly (readonly [name: string, script: string, path: string, expected: string])[] = [
  ['an absolute link to a file that only the host has', 'ln -sf /var/lib/culprit-lab/secret /etc/hosts', '/etc/hosts', 'absent'],
  ['a link up and out', 'ln -sf ../../../../../../../../var/lib/culprit-lab/secret /etc/resolv.conf', '/etc/resolv.conf', 'absent'],
  [
    'a folder that is a link to the host root through /proc',
    'rm -rf /etc; ln -s /proc/1/root/var/lib/culprit-lab/etc /etc',
    '/etc/nsswitch.conf',
    'absent',
  ],
  ['a link to itself', 'ln -sf hosts /etc/hosts', '/etc/hosts', 'link-loop'],
  ['two links to each other', 'ln -sf /run/b /etc/hosts; ln -sf /etc/hosts /run/b', '/etc/hosts', 'link-loop'],
  ['a FIFO', 'rm -f /etc/hosts; mkfifo /etc/hosts', '/etc/hosts', 'not-a-regular-file'],
  ['a link to a FIFO', 'mkfifo /run/f; ln -sf /run/f /etc/hosts', '/etc/hosts', 'not-a-regular-file'],
  ['a folder', 'rm -f /etc/hosts; mkdir /etc/hosts', '/etc/hosts', 'a folder'],
  ['a device', 'rm -f /etc/hosts; mknod /etc/hosts c 1 5', '/etc/hosts', 'not-a-regular-file'],
  ['a link to a device that never ends', 'ln -sf /dev/zero /etc/hosts', '/etc/hosts', 'not-a-regular-file'],
  ['the kernel log, which waits when read', 'ln -sf /proc/kmsg /etc/hosts', '/etc/hosts', 'outside-root'],
  ['100 MB', 'rm -f /etc/hosts; truncate -s 100M /etc/hosts', '/etc/hosts', 'too-large'],
  ['a link inside its own root', 'echo "127.0.0.1 fine" > /run/real; ln -sf ../run/real /etc/hosts', '/etc/hosts', '127.0.0.1 fine\n'],
  [
    'an absolute link inside its own root',
    'echo "127.0.0.1 fine" > /run/real; ln -sf /run/../run/./real /etc/hosts',
    '/etc/hosts',
    '127.0.0.1 fine\n',
  ],
  [
    'NUL bytes and control characters',
    String.raw`printf '127.0.0.1 a\000b\n\033[2J\r\n\n@x file host ok /etc/hosts\n\377' > /etc/hosts`,
    '/etc/hosts',
    '127.0.0.1 a\u0000b\n\u001b[2J\r\n\n@x file host ok /etc/hosts\n\u00ff',
  ],
  ['a file without a last newline', 'printf "::1 localhost" > /etc/hosts', '/etc/hosts', '::1 localhost'],
  ['an empty file', ': > /etc/hosts', '/etc/hosts', ''],
  ['a dangling link', 'ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf', '/etc/resolv.conf', 'absent'],
  [
    'a target with blanks and a newline',
    'mkdir -p "/run/a b"; printf "x\\n" > "/run/a b/c\nd"; ln -sf "/run/a b/c\nd" /etc/hosts',
    '/etc/hosts',
    'x\n',
  ],
];

describeNeeding(['root', 'namespaces'], 'a hostile container', () => {
  let host: LabHost;
  const containers: LabContainer[] = [];
  let inside: Inside;

  beforeAll(async () => {
    host = await startHost('hostile');
    await host.sh(
      `mkdir -p /var/lib/culprit-lab/etc; echo "${SECRET}" | tee /var/lib/culprit-lab/secret /var/lib/culprit-lab/etc/hosts /var/lib/culprit-lab/etc/nsswitch.conf >/dev/null`,
    );
    for (const [i, [, script]] of TRICKS.entries()) {
      const c = await startNamespaceContainer(host, { name: `c${String(i)}` });
      const done = await c.exec(['sh', '-c', script]);
      if (done.exitStatus !== 0) throw new Error(`${script}: ${done.stderr}`);
      containers.push(c);
    }
    inside = await collectInside(host);
  }, 60_000);
  afterAll(() => host.dispose());

  test.each(TRICKS.map(([name, , path, expected], i) => ({ name, path, expected, i })))('$name', ({ path, expected, i }) => {
    expect(textOf(containerOf(inside.snapshot, containers[i]?.pid ?? 0), path)).toBe(expected);
  });

  test('nothing of the host is in what was collected of them', () => {
    const { views } = inside.snapshot.node;
    expect(JSON.stringify(views.filter((v) => v.kind === 'container'))).not.toContain(SECRET);
  });

  test('what could not be read is named as a problem', () => {
    const named = inside.snapshot.node.problems.filter((p) => p.source.kind === 'file').length;
    const unreadable = TRICKS.filter(([, , , expected]) =>
      ['link-loop', 'not-a-regular-file', 'outside-root', 'too-large'].includes(expected),
    ).length;
    expect(named).toBeGreaterThanOrEqual(unreadable);
  });

  test('the answer comes within the time that all containers may take', () => {
    expect(inside.ms).toBeLessThan(15_000);
  });
});

describeNeeding(['root', 'namespaces'], 'bad files of the host', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await startHost('bad-files');
  });
  afterAll(() => host.dispose());

  test.each([
    ['a FIFO for hosts', 'rm -f /etc/hosts; mkfifo /etc/hosts', '/etc/hosts', 'not-a-regular-file'],
    ['no hosts', 'rm -f /etc/hosts', '/etc/hosts', 'absent'],
    ['hosts of 100 MB', 'rm -f /etc/hosts; truncate -s 100M /etc/hosts', '/etc/hosts', 'too-large'],
    ['resolv.conf that is a loop of links', 'rm -f /etc/resolv.conf; ln -s resolv.conf /etc/resolv.conf', '/etc/resolv.conf', 'link-loop'],
    ['nsswitch.conf that is a folder', 'rm -f /etc/nsswitch.conf; mkdir /etc/nsswitch.conf', '/etc/nsswitch.conf', 'a folder'],
    ['a host.conf on a pseudo file system', 'ln -sf /proc/kmsg /etc/host.conf', '/etc/host.conf', 'outside-root'],
  ])('%s', async (_, script, path, expected) => {
    await host.sh(script);
    const { snapshot } = await collectInside(host);
    expect(textOf(hostOf(snapshot), path)).toBe(expected);
    // The rest goes on.
    expect(value(snapshot.node.netns[0]?.interfaces)?.some((i) => i.name === 'lo')).toBe(true);
  });

  test('as another user: what may not be read is said, and nothing else is lost', async () => {
    await host.sh('rm -rf /etc/hosts; echo "127.0.0.1 localhost" > /etc/hosts; chmod 600 /etc/hosts');
    const { snapshot } = await collectInside(host, { before: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] });
    expect(textOf(hostOf(snapshot), '/etc/hosts')).toBe('permission');
    expect(snapshot.node.problems).toContainEqual({ source: { kind: 'file', path: '/etc/hosts', view: 'host' }, reason: 'permission' });
    expect(value(snapshot.node.netns[0]?.listeners)).toBeDefined();
  });
});

describeNeeding(['root', 'namespaces'], 'containers that come and go', () => {
  test('a folder that is swapped for a link to the host, again and again, gives nothing of the host away', async () => {
    const host = await startHost('racing');
    try {
      await host.sh(
        `mkdir -p /var/lib/culprit-lab/etc; echo "${SECRET}" | tee /var/lib/culprit-lab/etc/hosts /var/lib/culprit-lab/etc/resolv.conf /var/lib/culprit-lab/etc/host.conf >/dev/null`,
      );
      const flip = 'mkdir -p /d; while :; do mv /etc /d/etc; ln -s /var/lib/culprit-lab/etc /etc; rm /etc; mv /d/etc /etc; done';
      for (let i = 0; i < 6; i++) await startNamespaceContainer(host, { name: `r${String(i)}`, command: ['sh', '-c', flip] });
      for (let i = 0; i < 4; i++) expect(JSON.stringify((await collectInside(host)).snapshot)).not.toContain(SECRET);
    } finally {
      await host.dispose();
    }
  }, 60_000);

  test('a container that ends while it is looked at is a problem, never a crash, and its missing files are not called absent', async () => {
    const host = await startHost('dying');
    try {
      await host.sh('mkdir -p /run/d');
      // Thirty short lives beside the collecting, so that some end in the middle of it.
      const script =
        'i=0; while [ $i -lt 60 ]; do unshare -m sh -c "mount -t tmpfs none /etc; sleep 0.2" & i=$((i+1)); sleep 0.05; done; wait';
      await host.start('churn', ['sh', '-c', script]);
      for (let i = 0; i < 3; i++) {
        const { snapshot } = await collectInside(host);
        expect(textOf(hostOf(snapshot), '/etc/hosts')).toContain('localhost');
        const gone = new Set(
          snapshot.node.problems.flatMap((p) => (p.reason === 'vanished' && p.source.kind === 'probe' ? [p.source.view] : [])),
        );
        for (const view of snapshot.node.views) {
          if (gone.has(view.id)) expect(Object.values(view.files).every((f) => f.state !== 'absent')).toBe(true);
        }
      }
    } finally {
      await host.dispose();
    }
  }, 60_000);
});
