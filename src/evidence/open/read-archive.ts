/** tar, tar.gz, gz and zip, in memory, entry by entry. Nothing is written; names with '..', links and devices are left out and named. */
import { createGunzip, inflateRawSync } from 'node:zlib';
import { Readable } from 'node:stream';
import type { Header } from 'tar-stream';
import { codeOf, once, type Blob, type Opener } from './opener.ts';

interface Budget {
  files: number;
}

/** A zip's directory stands at its end, so it is held whole: bundles of this kind are small. */
const MAX_ZIP = 256 * 2 ** 20;
const MAX_ZIP_ENTRY = 64 * 2 ** 20;

export async function readArchive(name: string, path: string, bytes: AsyncIterable<Buffer>, opener: Opener, budget: Budget): Promise<void> {
  try {
    const [head, all] = await peek(bytes, 512);
    if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) await readGzip(name, path, all, opener, budget);
    else if (head.length >= 4 && head.readUInt32BE(0) === 0x504b0304) await readZip(name, all, opener, budget);
    else if (head.length > 262 && head.toString('latin1', 257, 262) === 'ustar') await readTar(name, all, opener, budget);
    else opener.onTrouble({ name, reason: 'no-tool', detail: 'this kind of compression is not read; unpack it and give the folder' });
  } catch (error) {
    opener.onTrouble({ name, reason: 'malformed', detail: `damaged archive: ${codeOf(error)}` });
  }
}

async function readGzip(name: string, path: string, bytes: AsyncIterable<Buffer>, opener: Opener, budget: Budget): Promise<void> {
  const gunzip = createGunzip();
  const source = Readable.from(bytes);
  source.on('error', (e) => gunzip.destroy(e));
  const [head, all] = await peek(limited(source.pipe(gunzip) as AsyncIterable<Buffer>, opener.limits.totalBytes), 512);
  if (head.length > 262 && head.toString('latin1', 257, 262) === 'ustar') {
    await readTar(name, all, opener, budget);
    return;
  }
  const inner = path.replace(/\.gz$/iu, '');
  await opener.onBlob({ name, path: inner, chunks: all });
}

async function readTar(name: string, bytes: AsyncIterable<Buffer>, opener: Opener, budget: Budget): Promise<void> {
  const { extract } = await import('tar-stream');
  const tar = extract();
  const source = Readable.from(bytes);
  source.on('error', (e) => {
    tar.destroy(e);
  });
  source.pipe(tar);
  for await (const entry of tar) {
    const header = (entry as { header: Header }).header;
    const path = safePath(header.name);
    const shown = path ?? header.name;
    if (header.type === 'directory' || header.type === 'symlink' || header.type === 'link') {
      entry.resume();
      continue;
    }
    if (path === undefined || budget.files <= 0 || (header.type !== 'file' && header.type !== 'contiguous-file')) {
      entry.resume();
      opener.onTrouble({
        name: shown,
        reason: path === undefined ? 'outside-root' : budget.files <= 0 ? 'too-large' : 'not-a-regular-file',
      });
      continue;
    }
    budget.files -= 1;
    const blob: Blob = { name: shown, path, chunks: limited(entry as AsyncIterable<Buffer>, opener.limits.totalBytes) };
    if (/\.gz$/iu.test(path)) await readArchive(shown, path, blob.chunks, opener, budget);
    else await opener.onBlob(blob);
    entry.resume();
  }
  if (budget.files <= 0) opener.onTrouble({ name, reason: 'too-large', detail: 'too many files' });
}

/** The path without leading './' and '/', or undefined when it leads out. */
export function safePath(path: string): string | undefined {
  const parts = path.split('/').filter((p) => p !== '' && p !== '.');
  return parts.length === 0 || parts.includes('..') || path.includes('\0') ? undefined : parts.join('/');
}

/** Zip by its central directory: stored and deflated entries. Source: PKWARE APPNOTE 4.3.6 to 4.4. */
async function readZip(name: string, bytes: AsyncIterable<Buffer>, opener: Opener, budget: Budget): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(bytes, MAX_ZIP)) chunks.push(chunk);
  const zip = Buffer.concat(chunks);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length) throw new Error('no central directory');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < count && at + 46 <= zip.length && zip.readUInt32LE(at) === 0x02014b50; i += 1) {
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const size = zip.readUInt32LE(at + 24);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const entryName = zip.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (entryName.endsWith('/')) continue;
    const path = safePath(entryName);
    if (path === undefined || budget.files <= 0 || size > MAX_ZIP_ENTRY || local + 30 > zip.length) {
      opener.onTrouble({ name: entryName, reason: path === undefined ? 'outside-root' : 'too-large' });
      continue;
    }
    budget.files -= 1;
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const body = zip.subarray(from, from + packed);
    try {
      const plain = method === 0 ? body : method === 8 ? inflateRawSync(body, { maxOutputLength: MAX_ZIP_ENTRY }) : undefined;
      if (plain === undefined) opener.onTrouble({ name: path, reason: 'no-tool', detail: `zip method ${method}` });
      // Bundles of nodes hold an archive a node.
      else if (/\.(?:zip|tgz|tar\.gz|gz|tar)$/iu.test(path)) await readArchive(path, path, once(plain), opener, budget);
      else await opener.onBlob({ name: path, path, chunks: once(plain) });
    } catch (error) {
      opener.onTrouble({ name: path, reason: 'malformed', detail: codeOf(error) });
    }
  }
  if (count === 0) opener.onTrouble({ name, reason: 'malformed', detail: 'empty archive' });
}

/** The first bytes, and a stream that still has them. */
async function peek(bytes: AsyncIterable<Buffer>, length: number): Promise<readonly [Buffer, AsyncIterable<Buffer>]> {
  const iterator = bytes[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  let size = 0;
  while (size < length) {
    const next = await iterator.next();
    if (next.done === true) break;
    taken.push(next.value);
    size += next.value.length;
  }
  const all = async function* (): AsyncIterable<Buffer> {
    yield* taken;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  };
  return [Buffer.concat(taken).subarray(0, length), all()];
}

/** Ends with an error where a small archive would become an endless stream. */
async function* limited(bytes: AsyncIterable<Buffer>, most: number): AsyncIterable<Buffer> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most) throw new Error('too much data');
    yield chunk;
  }
}
