import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { fc, test as propertyTest } from '@fast-check/vitest';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, test } from 'vitest';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { saveSnapshot } from '../../src/snapshot/archive.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { read } from './support.ts';

const root = mkdtempSync(join(tmpdir(), 'evidence-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let made = 0;
function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const base = join(root, `d${String((made += 1))}`);
  mkdirSync(base);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(base, path, '..'), { recursive: true });
    writeFileSync(join(base, path), text);
  }
  return base;
}
const file = (name: string, bytes: string | Buffer): string => join(folder({ [name]: bytes }), name);
const given = (...paths: readonly string[]): Promise<Snapshot> =>
  readEvidence(
    paths.map((path) => ({ kind: 'path' as const, path })),
    [],
  );
const taken = (s: Snapshot): Readonly<Record<string, string>> => Object.fromEntries((s.pieces ?? []).map((p) => [p.name, p.takenFor]));

const HOSTS = '::1 localhost\n127.0.0.1 node1\n';
const DIAL =
  '{"log":"E0302 10:00:01.000000       1 reflector.go:127] Get \\"https://localhost:6443/api\\": dial tcp [::1]:6443: connect: no route to host\\n","stream":"stderr","time":"2026-03-02T10:00:01Z"}\n';
const FILES = {
  'etc/hosts': HOSTS,
  'etc/resolv.conf': 'nameserver 10.0.0.2\n',
  'ip-6-route.txt': '',
  'ip-addr.txt': '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n',
  'kube-apiserver.log': DIAL,
  'out/programs.txt': '$ getent ahosts localhost\n::1             STREAM localhost\n',
};

async function tar(
  files: Readonly<Record<string, string>>,
  extra: (p: ReturnType<typeof pack>) => void = () => undefined,
): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  extra(archive);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    locals.push(local, packed);
    directory.push(entry);
    offset += local.length + packed.length;
  }
  const size = directory.reduce((n, d) => n + d.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

function expectNode(s: Snapshot): void {
  const host = s.node.views.find((v) => v.id === 'host');
  expect(host?.files['/etc/hosts']).toMatchObject({ state: 'known', value: { text: HOSTS } });
  expect(s.node.netns[0]?.interfaces).toMatchObject({ state: 'known', value: [{ name: 'lo' }] });
  expect(s.symptoms).toMatchObject([{ kind: 'dial-failed', name: 'localhost', component: 'kube-apiserver' }]);
}

describe('evidence from files', () => {
  test('a folder, each file known by its name or its look', async () => {
    const s = await given(folder(FILES));
    expectNode(s);
    expect(s).toMatchObject({ schema: 'culprit/snapshot@1', fromEvidence: true });
    expect(taken(s)).toMatchObject({
      'etc/hosts': 'node-file',
      'ip-6-route.txt': 'ip-route',
      'ip-addr.txt': 'ip-address',
      'kube-apiserver.log': 'docker-json+klog log',
      'getent ahosts localhost': 'getent',
    });
  });

  test('tar, tar.gz and zip of it', async () => {
    const bytes = await tar(FILES);
    expectNode(await given(file('a.tar', bytes)));
    expectNode(await given(file('a.tgz', gzipSync(bytes))));
    expectNode(await given(file('a.zip', zip(FILES))));
    expectNode(await readEvidence([{ kind: 'text', name: '-', text: gzipSync(bytes) }], []));
  });

  test('a compressed log', async () => {
    const s = await given(file('kube-apiserver.log.gz', gzipSync(DIAL)));
    expect(s.symptoms).toHaveLength(1);
    expect(s.node.logs[0]?.component).toBe('kube-apiserver');
  });

  test('a journal in its export form', async () => {
    const s = await given(
      file(
        'journal.export',
        '__CURSOR=a\n__REALTIME_TIMESTAMP=1772445601000000\n_SYSTEMD_UNIT=kubelet.service\nMESSAGE=F0302 10:00:01.000001 1 a.go:1] dial tcp 10.0.0.1:6443: i/o timeout\n\n',
      ),
    );
    expect(s.symptoms).toMatchObject([{ kind: 'dial-failed', component: 'kubelet', terminal: true }]);
  });

  test('a large collection with headings is still split, and a long log in it read in one pass', async () => {
    const filler = 'I0302 10:00:01.000001 1 a.go:1] nothing to see in this line, which is only here to make the file large\n'.repeat(
      30_000,
    );
    const s = await given(
      file('all.txt', `==> /etc/hosts <==\n${HOSTS}\n==> kube-apiserver <==\n${filler}${DIAL}\n$ ip -6 route\n(empty)\n`),
    );
    expect(s.node.views[0]?.files['/etc/hosts']).toMatchObject({ value: { text: HOSTS } });
    expect(s.symptoms).toMatchObject([{ kind: 'dial-failed', component: 'kube-apiserver', evidence: [{ line: 30_006 }] }]);
    expect(s.node.netns[0]?.routes.state).toBe('known');
  });

  test('paths that lead out, links and devices are named and not followed', async () => {
    const bytes = await tar({ '../../etc/hosts': '10.0.0.1 localhost\n', 'x/../../etc/hosts': '10.0.0.2 localhost\n' }, (p) => {
      p.entry({ name: 'etc/hosts', type: 'symlink', linkname: '/etc/hosts' });
      p.entry({ name: 'etc/resolv.conf', type: 'fifo' });
    });
    const s = await given(file('evil.tar', bytes));
    expect(s.node.views.every((v) => Object.keys(v.files).length === 0)).toBe(true);
    expect(s.node.problems.map((p) => p.reason).sort()).toEqual(['not-a-regular-file', 'outside-root', 'outside-root']);
  });

  test('links in a folder are not followed', async () => {
    const base = folder({ 'a.txt': 'x\n' });
    symlinkSync('/etc/hostname', join(base, 'hosts'));
    symlinkSync('.', join(base, 'loop'));
    const s = await given(base);
    expect(s.node.views.every((v) => Object.keys(v.files).length === 0)).toBe(true);
  });

  test('a path that is not there is an error of the caller', async () => {
    await expect(given(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'evidence-unreadable' });
  });

  test('a saved snapshot is read back, with logs beside it', async () => {
    const saved = await given(folder(FILES));
    const path = join(root, 'saved.tar.gz');
    await saveSnapshot(saved, path);
    const again = await given(path);
    expectNode(again);
    const more = await given(path, file('kubelet.log', 'F0302 10:00:01.000001 1 a.go:1] kubelet died\n'));
    expect(more.symptoms.map((s) => s.kind)).toEqual(['dial-failed', 'terminated']);
  });
});

describe('bad input is named, never fatal', () => {
  test.each([
    ['random bytes', 'x.bin', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)), /not text/u],
    [
      'an archive that was cut',
      'x.tgz',
      gzipSync(Buffer.from('some text that is long enough to be cut')).subarray(0, 30),
      /damaged archive/u,
    ],
    ['a compression that is not read', 'x.tar.xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0]), /not read/u],
    ['a cut zip', 'x.zip', zip({ a: 'text' }).subarray(0, 40), /damaged archive/u],
  ] as const)('%s', async (_what, name, bytes, detail) => {
    const s = await given(file(name, bytes));
    expect(s.node.problems.map((p) => p.detail).join(' ')).toMatch(detail);
  });

  test('bytes that are not UTF-8 are counted', async () => {
    const s = await given(
      file(
        'kubelet.log',
        Buffer.concat([Buffer.from('dial tcp 10.0.0.1:6443: i/o timeout '), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('\n')]),
      ),
    );
    expect(s.symptoms).toHaveLength(1);
    expect(s.node.problems[0]?.detail).toMatch(/not UTF-8/u);
  });

  test('a hosts file keeps its bytes, whatever they are', async () => {
    const bom = await given(folder({ 'etc/hosts': Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('127.0.0.1 localhost\r\n')]) }));
    expect(bom.node.views[0]?.files['/etc/hosts']).toMatchObject({ value: { text: '\uFEFF127.0.0.1 localhost\r\n', encoding: 'utf8' } });
    const latin = await given(folder({ 'etc/hosts': Buffer.from([0x31, 0xe9, 0x0a]) }));
    expect(latin.node.views[0]?.files['/etc/hosts']).toMatchObject({ value: { text: '1\u00E9\n', encoding: 'latin1' } });
  });

  test('a huge hosts file is cut and said to be', async () => {
    const s = await given(folder({ 'etc/hosts': Buffer.alloc(5 * 2 ** 20, '10.0.0.1 a\n') }));
    expect(s.node.views[0]?.files['/etc/hosts']).toMatchObject({ value: { truncated: true } });
    expect(s.node.problems).toMatchObject([{ reason: 'too-large' }]);
  });

  test('UTF-16 as Windows saves it', async () => {
    const s = await read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('dial tcp 10.0.0.1:6443: i/o timeout\r\n', 'utf16le')]));
    expect(s.symptoms).toHaveLength(1);
  });

  test('a bomb stops at the limit', async () => {
    const path = file('big.log.gz', gzipSync(Buffer.alloc(8 * 2 ** 20, 0x61)));
    const s = await readEvidence([{ kind: 'path', path }], [], { limits: { totalBytes: 2 ** 20 } });
    expect(s.node.problems.map((p) => p.detail).join(' ')).toMatch(/too much data/u);
  });

  test('what nobody understands is listed', async () => {
    const s = await read('lorem ipsum dolor\nsit amet\n');
    expect(s.pieces).toEqual([{ name: 'text', takenFor: 'not understood', lines: 2, notUnderstood: 2 }]);
    expect(s.node.problems).toMatchObject([{ detail: 'not understood', source: { line: 1 } }]);
  });

  test('nothing at all', async () => {
    const s = await read('');
    expect(s.symptoms).toEqual([]);
    expect(s.node.netns[0]?.interfaces.state).toBe('unobserved');
  });

  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '$ ip addr',
      '$ ss -ltn',
      '==> /etc/hosts <==',
      '$ docker inspect x',
      '[{"Id":',
      '$ kubectl describe pod x',
      '==> facts <==',
      'NAME READY STATUS',
      '$ iptables-save',
      '$ etcdctl member list',
      '$ dig x',
      '==> config.toml <==',
      '[plugins."a"]',
    ),
  );
  propertyTest.prop([fc.array(line, { maxLength: 30 })], { numRuns: 300 })(
    'never throws on random lines under any heading, and counts every line',
    async (lines) => {
      const text = lines.join('\n');
      const s = await read(text);
      for (const p of s.pieces ?? []) expect(p.notUnderstood ?? 0).toBeLessThanOrEqual(p.lines);
      expect(s.node.problems.filter((p) => (p.detail ?? '').includes(': ') && /TypeError|undefined/u.test(p.detail ?? ''))).toEqual([]);
    },
  );

  propertyTest.prop([fc.uint8Array({ maxLength: 2000 })])('never throws on random bytes', async (bytes) => {
    await expect(readEvidence([{ kind: 'text', name: '-', text: Buffer.from(bytes) }], [])).resolves.toBeDefined();
  });
});
