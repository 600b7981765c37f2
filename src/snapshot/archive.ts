/**
 * Saving a snapshot as tar.gz, and reading one back. An archive comes from anywhere: nothing is unpacked to disk, links and devices are
 * passed over, and there are limits to how many entries, how long each, and how much in all once inflated.
 */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { createGunzip, createGzip, type Gunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { fail, ok, type Result } from '../shared/result.ts';
import type { Text, Values } from '../shared/text.ts';
import { MANIFEST, restoreTexts, toEntries } from './layout.ts';
import { SNAPSHOT_SCHEMA, type Snapshot } from './snapshot.ts';

export interface SnapshotError {
  readonly code:
    | 'snapshot-unreadable'
    | 'snapshot-not-an-archive'
    | 'snapshot-too-large'
    | 'snapshot-no-manifest'
    | 'snapshot-malformed'
    | 'snapshot-version';
  readonly text: Text;
  readonly values: Values;
}

export const ARCHIVE_LIMITS = {
  fileBytes: 128 * 1024 * 1024,
  entryBytes: 64 * 1024 * 1024,
  totalBytes: 192 * 1024 * 1024,
  entries: 50_000,
} as const;

const texts = {
  'snapshot-unreadable': { en: 'The snapshot {file} cannot be read: {detail}.', zh: '无法读取快照 {file}：{detail}。' },
  'snapshot-not-an-archive': {
    en: '{file} is no snapshot: it is not a tar or tar.gz archive ({detail}).',
    zh: '{file} 不是快照：它不是 tar 或 tar.gz 归档（{detail}）。',
  },
  'snapshot-too-large': {
    en: 'The archive {file} is larger than a snapshot may be ({detail}).',
    zh: '归档 {file} 超出快照允许的大小（{detail}）。',
  },
  'snapshot-no-manifest': {
    en: '{file} is an archive, but no snapshot: it holds no manifest.json.',
    zh: '{file} 是归档，但不是快照：其中没有 manifest.json。',
  },
  'snapshot-malformed': {
    en: 'The manifest of the snapshot {file} is not as it should be: {detail}.',
    zh: '快照 {file} 的清单格式不正确：{detail}。',
  },
  'snapshot-version': {
    en: 'The snapshot {file} has the form {detail}; this Culprit reads {known}.',
    zh: '快照 {file} 的格式为 {detail}；本版本的 Culprit 读取 {known}。',
  },
} as const satisfies Record<SnapshotError['code'], Text>;

const error = (code: SnapshotError['code'], file: string, detail = ''): SnapshotError => ({
  code,
  text: texts[code],
  values: { file, detail, known: SNAPSHOT_SCHEMA },
});

/** Written beside its place and then moved there: nobody finds half an archive. Readable by its owner only. */
export async function saveSnapshot(snapshot: Snapshot, file: string): Promise<void> {
  const archive = pack();
  const mtime = new Date(snapshot.takenAt);
  const entries = toEntries(snapshot);
  const beside = `${file}.${String(process.pid)}.part`;
  const handle = await open(beside, 'wx', 0o600);
  try {
    const written = pipeline(archive, createGzip({ level: 6 }), handle.createWriteStream());
    for (const { name, bytes } of entries)
      archive.entry({ name, mtime: Number.isNaN(mtime.getTime()) ? new Date(0) : mtime, mode: 0o644 }, bytes);
    archive.finalize();
    await written;
    await rename(beside, file);
  } catch (problem) {
    await rm(beside, { force: true });
    throw problem;
  }
}

/** `name`: what messages call it. */
export async function loadSnapshot(file: string, name = file): Promise<Result<Snapshot, SnapshotError>> {
  let bytes: Buffer;
  try {
    const found = await stat(file);
    if (!found.isFile()) return fail(error('snapshot-unreadable', name, 'not a regular file'));
    if (found.size > ARCHIVE_LIMITS.fileBytes) return fail(error('snapshot-too-large', name, `${String(found.size)} B`));
    bytes = await readFile(file);
  } catch (problem) {
    return fail(error('snapshot-unreadable', name, problem instanceof Error && 'code' in problem ? String(problem.code) : String(problem)));
  }
  return loadSnapshotBytes(bytes, name);
}

export async function loadSnapshotBytes(bytes: Uint8Array, name: string): Promise<Result<Snapshot, SnapshotError>> {
  const entries = await readEntries(bytes, name);
  if (!entries.ok) return entries;
  const manifest = entries.value.get(MANIFEST);
  if (manifest === undefined) return fail(error('snapshot-no-manifest', name));
  return readManifest(manifest.toString('utf8'), (entry) => entries.value.get(entry), name);
}

/** For readers of other archives that find a manifest in them: `read` gives the bytes of another entry. */
export async function readManifest(
  text: string,
  read: (name: string) => Buffer | undefined,
  name: string,
): Promise<Result<Snapshot, SnapshotError>> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text) as unknown;
  } catch (problem) {
    return fail(error('snapshot-malformed', name, problem instanceof Error ? problem.message.slice(0, 200) : 'no JSON'));
  }
  const schema = typeof manifest === 'object' && manifest !== null && 'schema' in manifest ? manifest.schema : undefined;
  if (schema !== SNAPSHOT_SCHEMA) {
    if (typeof schema === 'string' && schema.startsWith('culprit/snapshot@'))
      return fail(error('snapshot-version', name, schema.slice(0, 60)));
    return fail(error('snapshot-malformed', name, 'schema'));
  }
  restoreTexts(manifest, read);
  // zod takes longer to load than a snapshot to read: only where one is read.
  const { snapshotSchema } = await import('./schema.ts');
  const checked = snapshotSchema.safeParse(manifest);
  if (checked.success) return ok(checked.data);
  const [issue] = checked.error.issues;
  return fail(error('snapshot-malformed', name, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300)));
}

class TooLarge extends Error {}

async function readEntries(bytes: Uint8Array, name: string): Promise<Result<ReadonlyMap<string, Buffer>, SnapshotError>> {
  const entries = new Map<string, Buffer>();
  const reader = extract();
  let total = 0;
  let count = 0;
  reader.on('entry', (header, stream, next) => {
    const entryName = header.name.replace(/^(?:\.\/)+/u, '');
    const parts: Buffer[] = [];
    let size = 0;
    if (++count > ARCHIVE_LIMITS.entries) {
      reader.destroy(new TooLarge(`${String(count)} entries`));
      return;
    }
    stream.on('data', (chunk) => {
      const part = chunk as Buffer;
      size += part.length;
      total += part.length;
      if (size > ARCHIVE_LIMITS.entryBytes || total > ARCHIVE_LIMITS.totalBytes) {
        reader.destroy(new TooLarge(entryName.slice(0, 100)));
        return;
      }
      parts.push(part);
    });
    stream.on('error', () => undefined);
    stream.on('end', () => {
      // Links and devices have no content of their own; of two entries with one name the first counts.
      if (header.type === 'file' && isOurs(entryName) && !entries.has(entryName)) entries.set(entryName, Buffer.concat(parts, size));
      next();
    });
  });
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const source = Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]);
  try {
    if (packed) await pipeline(source, limited(createGunzip()), reader);
    else await pipeline(source, reader);
  } catch (problem) {
    if (problem instanceof TooLarge) return fail(error('snapshot-too-large', name, problem.message));
    return fail(error('snapshot-not-an-archive', name, problem instanceof Error ? problem.message.slice(0, 200) : String(problem)));
  }
  return ok(entries);
}

/** Padding between entries and headers of entries that are passed over inflate too. */
function limited(gunzip: Gunzip): Gunzip {
  let total = 0;
  gunzip.on('data', (part: Buffer) => {
    total += part.length;
    if (total > ARCHIVE_LIMITS.totalBytes + ARCHIVE_LIMITS.entries * 1024) gunzip.destroy(new TooLarge(`${String(total)} B`));
  });
  return gunzip;
}

const isOurs = (name: string): boolean => name === MANIFEST || name.startsWith('views/') || name.startsWith('logs/');
