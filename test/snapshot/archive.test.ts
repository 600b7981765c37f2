import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, test } from 'vitest';
import { absent, known, NOT_COLLECTED } from '../../src/facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../../src/facts/node-facts.ts';
import { ARCHIVE_LIMITS, loadSnapshot, loadSnapshotBytes, saveSnapshot } from '../../src/snapshot/archive.ts';
import { toEntries } from '../../src/snapshot/layout.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-snapshot-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const source = (path: string) => ({ kind: 'file', path, view: 'host' }) as const;
const host: ViewFacts = {
  id: 'host',
  kind: 'host',
  names: ['n1'],
  netns: 'host',
  hostname: known('n1', source('/proc/sys/kernel/hostname')),
  files: {
    '/etc/hosts': known(
      { text: '\u{feff}127.0.0.1\u{a0}localhost\r\n::1 localhost\u0000', encoding: 'utf8', mode: 0o644 },
      source('/etc/hosts'),
    ),
    '/etc/resolv.conf': known({ text: 'nameserver 10.0.0.1 # \xe9\xff\n', encoding: 'latin1' }, source('/etc/resolv.conf')),
    '/etc/gai.conf': absent(source('/etc/gai.conf')),
    '/etc/nscd.conf': { state: 'unobserved', reason: 'permission' },
  },
  mounts: NOT_COLLECTED,
  sockets: known([{ service: 'nscd', path: '/var/run/nscd/socket', state: 'answering', daemon: 'unscd:7' }], {
    kind: 'probe',
    probe: 'sockets',
  }),
  libc: known({ kind: 'glibc', version: '2.36' }, source('/lib/x86_64-linux-gnu/libc.so.6')),
  nssModules: NOT_COLLECTED,
  env: NOT_COLLECTED,
  programs: {},
};
const node: NodeFacts = {
  hostname: host.hostname,
  kernelRelease: NOT_COLLECTED,
  bootParameters: NOT_COLLECTED,
  osRelease: NOT_COLLECTED,
  products: [],
  netns: [],
  views: [host, { ...host, id: 'container:0123456789ab', kind: 'container' }],
  daemons: [],
  dns: [],
  runs: [],
  dials: [],
  logs: [{ path: '/var/log/../x/kubelet.log', tail: ['E1 first', '', '\u001b[31mlast'] }],
  observations: { 'swap.enabled': known(true, source('/proc/swaps')) },
  problems: [],
};
const snapshot: Snapshot = {
  schema: 'culprit/snapshot@1',
  takenAt: '2024-01-02T03:04:05.000Z',
  target: 'this machine',
  fromEvidence: false,
  node,
  symptoms: [],
};

interface Item {
  readonly name: string;
  readonly content?: string;
  readonly type?: 'file' | 'symlink' | 'link' | 'directory';
  readonly linkname?: string;
}
async function tar(items: readonly Item[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, type = 'file', linkname } of items)
    archive.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) }, content ?? '');
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
const manifestOf = (): string => toEntries(snapshot)[0]?.bytes.toString('utf8') ?? '';
const codeOf = async (bytes: Uint8Array): Promise<string> => {
  const result = await loadSnapshotBytes(bytes, 'x.tar.gz');
  return result.ok ? 'ok' : result.error.code;
};

describe('a saved snapshot', () => {
  test('comes back byte for byte, odd bytes in files included', async () => {
    const file = join(folder, 'a.tar.gz');
    await saveSnapshot(snapshot, file);
    expect(await loadSnapshot(file)).toEqual({ ok: true, value: snapshot });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('holds the captured files under their own paths', () => {
    expect(toEntries(snapshot).map((e) => e.name)).toEqual([
      'manifest.json',
      'views/host/etc/hosts',
      'views/host/etc/resolv.conf',
      'views/container-0123456789ab/etc/hosts',
      'views/container-0123456789ab/etc/resolv.conf',
      'logs/0-kubelet.log',
    ]);
  });

  test('is read when a person packed it again with plain tar and a leading ./', async () => {
    const again = await tar(toEntries(snapshot).map((e) => ({ name: `./${e.name}`, content: e.bytes.toString('latin1') })));
    expect(await codeOf(again)).toBe('ok');
  });

  test('says that a captured file is not known where the archive lost it', async () => {
    const result = await loadSnapshotBytes(gzipSync(await tar([{ name: 'manifest.json', content: manifestOf() }])), 'x');
    expect(result.ok && result.value.node.views[0]?.files['/etc/hosts']).toEqual({
      state: 'unobserved',
      reason: 'vanished',
      source: source('/etc/hosts'),
    });
  });
});

describe('an archive that is no snapshot', () => {
  test.each([
    ['random bytes', Buffer.from('hello, this is no archive at all'.repeat(40)), 'snapshot-not-an-archive'],
    ['a damaged gzip stream', gzipSync(Buffer.alloc(5000)).subarray(0, 20), 'snapshot-not-an-archive'],
    ['nothing', Buffer.alloc(0), 'snapshot-no-manifest'],
  ])('%s', async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  test.each<readonly [string, readonly Item[], string]>([
    ['no manifest', [{ name: 'views/host/etc/hosts', content: 'x' }], 'snapshot-no-manifest'],
    [
      'a manifest that is a link to a file of the reader',
      [{ name: 'manifest.json', type: 'symlink', linkname: '/etc/passwd' }],
      'snapshot-no-manifest',
    ],
    ['a manifest above the archive', [{ name: '../manifest.json', content: '{}' }], 'snapshot-no-manifest'],
    ['no JSON', [{ name: 'manifest.json', content: '{"schema":' }], 'snapshot-malformed'],
    ['another JSON', [{ name: 'manifest.json', content: '[1,2,3]' }], 'snapshot-malformed'],
    ['a later form', [{ name: 'manifest.json', content: '{"schema":"culprit/snapshot@9"}' }], 'snapshot-version'],
    ['facts of the wrong type', [{ name: 'manifest.json', content: JSON.stringify({ ...snapshot, takenAt: 7 }) }], 'snapshot-malformed'],
    [
      'views that are no list',
      [{ name: 'manifest.json', content: JSON.stringify({ ...snapshot, node: { ...node, views: { files: 1 } } }) }],
      'snapshot-malformed',
    ],
  ])('%s', async (_, items, code) => {
    expect(await codeOf(await tar(items))).toBe(code);
  });

  test('a bomb is stopped by its inflated size', async () => {
    const zeros = Buffer.alloc(ARCHIVE_LIMITS.entryBytes + 1024 * 1024);
    const archive = pack();
    archive.entry({ name: 'views/host/etc/hosts' }, zeros);
    archive.finalize();
    const parts: Buffer[] = [];
    for await (const part of archive) parts.push(part as Buffer);
    const bomb = gzipSync(Buffer.concat(parts), { level: 1 });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(await codeOf(bomb)).toBe('snapshot-too-large');
  });

  test.each([
    ['a missing file', join(folder, 'none.tar.gz')],
    ['a folder', folder],
  ])('%s', async (_, path) => {
    const result = await loadSnapshot(path);
    expect(result.ok ? 'ok' : result.error.code).toBe('snapshot-unreadable');
  });

  test('a name of the manifest that leads out of the archive finds nothing', async () => {
    const outside = join(folder, 'secret');
    writeFileSync(outside, 'secret');
    const hostile = manifestOf().replaceAll('views/host/etc/hosts', outside);
    const result = await loadSnapshotBytes(await tar([{ name: 'manifest.json', content: hostile }]), 'x');
    expect(result.ok && result.value.node.views[0]?.files['/etc/hosts']?.state).toBe('unobserved');
  });
});
