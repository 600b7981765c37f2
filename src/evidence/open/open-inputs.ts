/**
 * Turns inputs into named streams of bytes. Folders and archives are walked with bounds; nothing is unpacked to disk; links, devices and
 * paths that lead out are named and not followed.
 */
import { createReadStream } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { UnobservedReason } from '../../facts/fact.ts';
import type { EvidenceInput } from '../input.ts';
import { codeOf, once, type Opener } from './opener.ts';
import { readArchive } from './read-archive.ts';

const CHUNK = 256 * 1024;
const ARCHIVE_NAME = /\.(?:tar|tgz|tar\.gz|tar\.xz|txz|tar\.bz2|tbz2?|zip|gz)$/iu;

interface Budget {
  files: number;
}

export async function openInputs(inputs: readonly EvidenceInput[], opener: Opener): Promise<void> {
  const budget: Budget = { files: opener.limits.files };
  for (const input of inputs) {
    if (input.kind === 'text') {
      const bytes = typeof input.text === 'string' ? Buffer.from(input.text, 'utf8') : input.text;
      if (looksCompressed(bytes)) await readArchive(input.name, input.name, once(bytes), opener, budget);
      else await opener.onBlob({ name: input.name, path: input.name, chunks: once(bytes) });
    } else await openPath(input.path, basename(input.path), opener, budget, 0);
  }
}

/** Magic numbers of gzip, zip, xz and bzip2, and of tar at its offset. */
export function looksCompressed(head: Buffer): boolean {
  if (head.length < 4) return false;
  const magic = head.readUInt32BE(0);
  return (
    head.readUInt16BE(0) === 0x1f8b ||
    magic === 0x504b0304 ||
    magic === 0xfd377a58 ||
    head.toString('latin1', 0, 3) === 'BZh' ||
    (head.length > 262 && head.toString('latin1', 257, 262) === 'ustar')
  );
}

async function openPath(path: string, shown: string, opener: Opener, budget: Budget, depth: number): Promise<void> {
  let stat;
  try {
    stat = depth === 0 ? await statThrough(path) : await lstat(path);
  } catch (error) {
    opener.onTrouble({ name: shown, reason: reasonOf(error), detail: codeOf(error) });
    return;
  }
  if (stat.isDirectory()) {
    await openFolder(path, shown, opener, budget, depth);
    return;
  }
  if (!stat.isFile()) {
    // A link inside a folder may lead anywhere; what it names is usually in the folder under its own path.
    if (!stat.isSymbolicLink()) opener.onTrouble({ name: shown, reason: 'not-a-regular-file' });
    return;
  }
  if (budget.files <= 0) {
    opener.onTrouble({ name: shown, reason: 'too-large', detail: 'too many files' });
    return;
  }
  budget.files -= 1;
  try {
    const head = await headOf(path);
    if (looksCompressed(head) || (ARCHIVE_NAME.test(path) && head.length === 0)) {
      await readArchive(shown, shown, createReadStream(path, { highWaterMark: CHUNK }), opener, budget);
      return;
    }
    await opener.onBlob({ name: shown, path: shown, chunks: createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer> });
  } catch (error) {
    opener.onTrouble({ name: shown, reason: reasonOf(error), detail: codeOf(error) });
  }
}

/** What a person names may be a link. */
async function statThrough(path: string): Promise<Awaited<ReturnType<typeof lstat>>> {
  const { stat } = await import('node:fs/promises');
  return stat(path);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(512);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openFolder(path: string, shown: string, opener: Opener, budget: Budget, depth: number): Promise<void> {
  if (depth >= opener.limits.depth) {
    opener.onTrouble({ name: shown, reason: 'too-large', detail: 'folders too deep' });
    return;
  }
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    opener.onTrouble({ name: shown, reason: reasonOf(error), detail: codeOf(error) });
    return;
  }
  for (const name of names.sort()) await openPath(join(path, name), depth === 0 ? name : `${shown}/${name}`, opener, budget, depth + 1);
}

function reasonOf(error: unknown): UnobservedReason {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return 'permission';
  if (code === 'ENOENT') return 'vanished';
  if (code === 'ELOOP') return 'link-loop';
  return 'io-error';
}
