import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNamespaceContainer } from '../../src/lab/container.ts';
import { startHost, type LabHost } from '../../src/lab/namespace-host.ts';
import { describeNeeding } from '../support/privileges.ts';
import { collectInside } from './support/inside.ts';

/** Calls that change a file system, whatever their arguments. Opening to write is looked for apart. */
const CHANGING = [
  'creat',
  'mkdir',
  'mkdirat',
  'rmdir',
  'unlink',
  'unlinkat',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'mknod',
  'mknodat',
  'chmod',
  'fchmodat',
  'fchmodat2',
  'chown',
  'lchown',
  'fchownat',
  'truncate',
  'utime',
  'utimes',
  'utimensat',
  'setxattr',
  'lsetxattr',
  'removexattr',
  'mount',
  'umount2',
  'pivot_root',
  'swapon',
  'acct',
  'move_mount',
  'mount_setattr',
  'init_module',
  'finit_module',
  'delete_module',
  'fchmod',
  'fchown',
  'ftruncate',
  'fallocate',
];

describeNeeding(['root', 'namespaces', 'strace'], 'the probe leaves no trace', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await startHost('traces');
    await startNamespaceContainer(host, { name: 'c1', network: 'own' });
    await host.sh('iptables -A INPUT -d 127.0.0.9 -j REJECT || true');
  });
  afterAll(() => host.dispose());

  test.each([['dash'], ['bash'], ['busybox']])(
    'under %s: nothing is opened to write and nothing is changed',
    async (shell) => {
      const calls = ['open', 'openat', 'openat2', ...CHANGING];
      const trace = `/run/trace-${shell}`;
      await collectInside(host, {
        shell: shell === 'busybox' ? ['busybox', 'sh'] : [shell],
        before: ['strace', '-f', '-qq', '-s', '200', '-e', 'signal=none', '-e', `trace=?${calls.join(',?')}`, '-o', trace],
      });
      const lines = (await host.sh(`cat ${trace}`)).split('\n');
      expect(lines.length).toBeGreaterThan(500);
      expect(lines.some((line) => line.includes('/root/etc/hosts'))).toBe(true);
      const writes = lines.filter((line) => {
        const [, call = ''] = /^\d+ +([a-z0-9_]+)\(/u.exec(line) ?? [];
        if (call === '' || line.includes(' = -1 ')) return false;
        if (CHANGING.includes(call)) return true;
        // bash asks for its terminal, which is not there; strace may write the answer on another line.
        return (
          /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE/u.test(line) &&
          !/"\/dev\/null"|"\/dev\/tty"|"\/proc\/self\/task\/\d+\/comm"/u.test(line)
        );
      });
      expect(writes).toEqual([]);
    },
    60_000,
  );

  test('on a root where nothing can be written it brings the same', async () => {
    const { snapshot } = await collectInside(host, {
      before: [
        'unshare',
        '-m',
        'sh',
        '-c',
        // Bound read-only as they are: the checkout itself may lie below one of them.
        'for d in /tmp /var/tmp; do mount --bind $d $d && mount -o remount,bind,ro $d; done; mount -o remount,bind,ro /etc; exec "$@"',
        'sh',
      ],
    });
    expect(snapshot.node.problems).toEqual([]);
    expect(Object.values(snapshot.node.views[0]?.files ?? {}).filter((f) => f.state === 'known').length).toBeGreaterThan(4);
  });
});
