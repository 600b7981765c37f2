import { describe, expect, test } from 'vitest';
import { readDisks } from '../../../src/collect/collectors/system/disks.ts';
import { parseMountinfo } from '../../../src/facts/parse/mountinfo.ts';
import { plain, record } from './support.ts';

const mounts = (text: string): ReturnType<typeof parseMountinfo> => parseMountinfo(text);
const ROOT = '21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n';

describe('room', () => {
  const blocks = record(
    'df',
    ['blocks'],
    'Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/sda1        41152812 39000000    100000     100% /\ntmpfs                4096     4096         0     100% /var/lib/my data\n/dev/loop1          65536    65536         0     100% /opt/snap\n',
  );
  test('is told by mount point, blanks included, and not of images', () => {
    const found = plain(
      readDisks(
        [blocks],
        mounts(`${ROOT}30 21 7:1 / /opt/snap ro - squashfs /dev/loop1 ro\n31 21 0:40 / /var/lib/my\\040data rw - tmpfs tmpfs rw\n`),
      ),
    );
    expect(found).toMatchObject({ 'disk./.used-percent': 100, 'disk./.available-kb': 100_000, 'disk./var/lib/my data.used-percent': 100 });
    expect(Object.keys(found).some((key) => key.startsWith('disk./opt/snap'))).toBe(false);
  });
  test('inodes of a file system that counts none are not told', () => {
    const inodes = record(
      'df',
      ['inodes'],
      'Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 0 0 0 - /\n/dev/sdb1 64 64 0 100% /var/log\n',
    );
    expect(plain(readDisks([inodes], mounts(ROOT)))).toMatchObject({ 'disk./var/log.inodes-used-percent': 100 });
    expect(plain(readDisks([inodes], mounts(ROOT)))).not.toHaveProperty('disk./.inodes-used-percent');
  });
});

describe('read-only', () => {
  test.each([
    ['an error: the mount says rw, the file system ro', '21 1 8:1 / / rw - ext4 /dev/sda1 ro,errors=remount-ro\n', true, true],
    ['an immutable system', '21 1 8:1 / / ro - ext4 /dev/sda1 ro\n', false, undefined],
    ['as usual', ROOT, false, undefined],
  ])('the root: %s', (_, text, refuses, afterError) => {
    const found = plain(readDisks([], mounts(text)));
    expect(found['disk./.read-only']).toBe(refuses);
    expect(found['disk./.read-only-after-error']).toBe(afterError);
  });
  test('a folder that its owner writes counts, a folder of tools does not', () => {
    const found = plain(
      readDisks([], mounts(`${ROOT}30 21 8:2 / /var/lib/docker ro - ext4 /dev/sdb1 ro\n31 21 8:3 / /opt/tools ro - ext4 /dev/sdc1 ro\n`)),
    );
    expect(found['disk./var/lib/docker.read-only']).toBe(true);
    expect(found).not.toHaveProperty('disk./opt/tools.read-only');
  });
});

test('how mounts spread: shared, slave, private', () => {
  const text = `${ROOT}30 21 8:2 / /var/lib/kubelet rw master:3 - ext4 /dev/sdb1 rw\n31 21 8:3 / /var/lib/rancher rw - ext4 /dev/sdc1 rw\n`;
  expect(plain(readDisks([], mounts(text)))).toMatchObject({
    'mount./.propagation': 'shared',
    'mount./var/lib/kubelet.propagation': 'slave',
    'mount./var/lib/rancher.propagation': 'private',
  });
});
