import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { isStatic, parseElf, type ReadAt } from '../../../src/facts/parse/elf.ts';
import { parseGoBuildInfo, settingsOf } from '../../../src/facts/parse/go-build-info.ts';
import { parseLibcStrings } from '../../../src/facts/parse/libc-version.ts';
import { mountsOfView, originOf, parseMountinfo } from '../../../src/facts/parse/mountinfo.ts';
import { parseOsRelease } from '../../../src/facts/parse/os-release.ts';
import { parseProcStat } from '../../../src/facts/parse/proc-stat.ts';
import { programPath } from '../../support/privileges.ts';

const HOST = parseMountinfo(`22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:22 / /run rw shared:2 - tmpfs tmpfs rw
24 22 0:23 / /proc rw - proc proc rw
25 22 254:1 / /var/lib/docker rw - xfs /dev/vdb rw
26 22 0:30 / /mnt/a\\040b rw - tmpfs tmpfs rw
27 23 0:31 / /run/secret rw - tmpfs tmpfs rw
`);

describe('mountinfo', () => {
  test('fields, escapes, optional fields', () => {
    expect(HOST[0]).toEqual({
      id: 22,
      parent: 1,
      device: '254:0',
      root: '/',
      target: '/',
      options: 'rw,relatime',
      fsType: 'ext4',
      source: '/dev/vda',
      superOptions: 'rw',
      propagation: ['shared:1'],
    });
    expect(HOST[4]?.target).toBe('/mnt/a b');
  });

  test("where a container's mounts come from", () => {
    const own = parseMountinfo(`90 80 0:99 / / rw - overlay overlay rw
91 90 0:22 / /var/run rw master:2 - tmpfs tmpfs rw
92 90 254:1 /containers/abc/hosts /etc/hosts rw - xfs /dev/vdb rw
93 90 254:0 /etc/resolv.conf /etc/resolv.conf ro - ext4 /dev/vda rw
94 90 0:23 / /proc rw - proc proc rw
95 90 0:77 / /own rw - tmpfs tmpfs rw
96 90 0:22 /secret /shown rw - tmpfs tmpfs rw
`);
    expect(mountsOfView(own, HOST).map((m) => [m.target, m.hostPath])).toEqual([
      ['/', undefined],
      ['/var/run', '/run'],
      ['/etc/hosts', '/var/lib/docker/containers/abc/hosts'],
      ['/etc/resolv.conf', '/etc/resolv.conf'],
      ['/proc', undefined],
      ['/own', undefined],
      // Another mount covers that place on the host.
      ['/shown', undefined],
    ]);
    expect(originOf(own, '/var/run/nscd/socket')).toEqual(originOf(HOST, '/run/nscd/socket'));
    expect(originOf(own, '/etc/hosts')).not.toEqual(originOf(HOST, '/etc/hosts'));
  });

  test('of two mounts on one place the later one is seen', () => {
    const two = parseMountinfo('1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /etc rw - ext4 b rw\n3 1 8:3 / /etc rw - ext4 c rw\n');
    expect(originOf(two, '/etc/hosts')?.device).toBe('8:3');
  });
});

describe('/proc/PID/stat', () => {
  test.each([
    ['1 (systemd) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 42 170000000 99', 'systemd', 0, 42],
    ['77 (a) b (c) R 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 1 1', 'a) b (c', 7, 99],
    ['78 (x\n9/stat:9 (init) S 0) S 5 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 1 1', 'x\n9/stat:9 (init) S 0', 5, 100],
  ])('%j', (text, comm, ppid, startTicks) => {
    expect(parseProcStat(text)).toMatchObject({ comm, ppid, startTicks });
  });
  test.each(['', '1', '1 (x', 'x (y) S', '1 (x) S'])('%j is nothing', (text) => {
    expect(parseProcStat(text)).toBeUndefined();
  });
});

test('os-release: quotes, escapes, comments, and no name that harms', () => {
  expect(
    parseOsRelease('# x\nID=debian\nNAME="Debian \\"GNU\\" \\$x"\nVERSION=\'12 (bookworm)\'\r\nEMPTY=\n bad line\n__proto__=x\n'),
  ).toEqual({ ID: 'debian', NAME: 'Debian "GNU" $x', VERSION: '12 (bookworm)', EMPTY: '' });
});

test.each([
  ['GNU C Library (Debian GLIBC 2.36-9+deb12u10) stable release version 2.36.\n', { kind: 'glibc', version: '2.36' }],
  ['GNU C Library (GNU libc) stable release version 2.17, by Roland McGrath et al.\n', { kind: 'glibc', version: '2.17' }],
  ['x\n1.2.4\nmusl libc (x86_64)\n', { kind: 'musl', version: '1.2.4' }],
  ['1.2.4_git20230717\n', undefined],
  ['1.1.24-git-1-gabc\n', { kind: 'musl', version: '1.1.24' }],
  ['nothing', undefined],
])('libc of %j', (text, expected) => {
  expect(parseLibcStrings(text)).toEqual(expected);
});

const reader = (path: string): { read: ReadAt; close: () => void } => {
  const fd = openSync(path, 'r');
  return {
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
    },
    close: () => {
      closeSync(fd);
    },
  };
};
const inspect = (path: string) => {
  const { read, close } = reader(path);
  try {
    const elf = parseElf(read);
    return elf === undefined ? undefined : { static: isStatic(elf), go: parseGoBuildInfo(elf, read) };
  } finally {
    close();
  }
};

describe('programs', () => {
  test('a program of the system is dynamic and not of Go; Node too', () => {
    expect(inspect(realpathSync('/bin/sleep'))).toEqual({ static: false, go: undefined });
    expect(inspect(process.execPath)?.go).toBeUndefined();
  });

  const docker = programPath('docker');
  test.skipIf(docker === undefined)("Docker's client says of itself what its bytes say", () => {
    const told =
      /Go version: +go([0-9.]+)/u.exec(spawnSync(docker ?? '', ['version'], { encoding: 'utf8' }).stdout)?.[1] ?? /go([0-9.]+)/u.exec('');
    const found = inspect(realpathSync(docker ?? ''));
    expect(found?.go?.version).toMatch(/^1\.\d+/u);
    if (typeof told === 'string') expect(found?.go?.version).toBe(told);
  });

  test('busybox-static, where it is there, is static', () => {
    for (const path of ['/bin/busybox', '/usr/bin/busybox'])
      if (existsSync(path)) expect(typeof inspect(realpathSync(path))?.static).toBe('boolean');
  });

  test('the settings of a build', () => {
    expect(
      settingsOf(
        'path\tk8s.io/kubernetes\nbuild\t-tags=netgo,osusergo,providerless\nbuild\tCGO_ENABLED=0\nbuild\tDefaultGODEBUG=netdns=go,madvdontneed=1\n',
      ),
    ).toEqual({ tags: ['netgo', 'osusergo', 'providerless'], cgo: false, godebug: 'netdns=go,madvdontneed=1' });
    expect(settingsOf('path\tx\n')).toEqual({});
  });

  test('both forms of the build facts: inline (Go 1.18 and newer) and by pointer (before)', () => {
    for (const inline of [true, false]) {
      const image = goProgram(inline);
      const read: ReadAt = (offset, length) => image.subarray(offset, offset + length);
      const elf = parseElf(read);
      expect(elf === undefined ? undefined : parseGoBuildInfo(elf, read)).toEqual({ version: '1.17.13', cgo: true });
    }
  });

  property.prop([fc.uint8Array({ maxLength: 300 })])('bytes that are no program, or a broken one, are nothing', (tail) => {
    const image = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), tail]);
    let asked = 0;
    const read: ReadAt = (offset, length) => {
      asked += Math.min(length, image.length);
      return image.subarray(offset, offset + length);
    };
    const elf = parseElf(read);
    if (elf !== undefined) parseGoBuildInfo(elf, read);
    expect(asked).toBeLessThan(1_000_000);
  });
});

/** A small 64-bit program with one writable segment, at 0x400000, that holds Go's build facts. */
function goProgram(inline: boolean): Buffer {
  const image = Buffer.alloc(4096);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0);
  image.writeBigUInt64LE(64n, 32);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(1, 64);
  image.writeUInt32LE(6, 68);
  image.writeBigUInt64LE(1024n, 72);
  image.writeBigUInt64LE(0x400000n, 80);
  image.writeBigUInt64LE(3000n, 96);
  const blob = 1024 + 32;
  image.write('\xff Go buildinf:', blob, 'latin1');
  const modules = `${'m'.repeat(16)}path\tx\nbuild\tCGO_ENABLED=1\n${'e'.repeat(16)}`;
  if (inline) {
    image[blob + 14] = 0;
    image[blob + 15] = 2;
    image[blob + 32] = 8;
    image.write('go1.17.13'.slice(0, 9), blob + 33, 'latin1');
    image[blob + 32] = 9;
    image[blob + 42] = modules.length;
    image.write(modules, blob + 43, 'latin1');
    return image;
  }
  image[blob + 14] = 8;
  image[blob + 15] = 0;
  const string = (at: number, header: number, text: string): void => {
    image.write(text, at, 'latin1');
    image.writeBigUInt64LE(BigInt(0x400000 + at - 1024), header);
    image.writeBigUInt64LE(BigInt(text.length), header + 8);
  };
  string(2000, 1500, 'go1.17.13');
  string(2100, 1600, modules);
  image.writeBigUInt64LE(BigInt(0x400000 + 1500 - 1024), blob + 16);
  image.writeBigUInt64LE(BigInt(0x400000 + 1600 - 1024), blob + 24);
  return image;
}
