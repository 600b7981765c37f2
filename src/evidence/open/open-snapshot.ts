/** Recognises what Culprit itself saved, as an archive or unpacked, among the inputs. */
import { open, readFile, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { gunzipSync, constants } from 'node:zlib';
import { MANIFEST } from '../../snapshot/layout.ts';
import { loadSnapshot, readManifest } from '../../snapshot/archive.ts';
import { SNAPSHOT_SCHEMA, type Snapshot } from '../../snapshot/snapshot.ts';
import { CulpritError } from '../../shared/culprit-error.ts';
import type { EvidenceInput } from '../input.ts';
import { codeOf } from './opener.ts';

/** The saved snapshot that this path holds; undefined where it holds other evidence. A snapshot of another version is an error. */
export async function openSnapshot(path: string): Promise<Snapshot | undefined> {
  let kind;
  try {
    kind = await stat(path);
  } catch (error) {
    throw new CulpritError('evidence-unreadable', texts.unreadable, { path, detail: codeOf(error) }, { cause: error });
  }
  if (kind.isDirectory()) return openUnpacked(path);
  if (!kind.isFile() || !(await startsWithManifest(path))) return undefined;
  const loaded = await loadSnapshot(path);
  if (loaded.ok) return loaded.value;
  if (loaded.error.code === 'snapshot-no-manifest' || loaded.error.code === 'snapshot-not-an-archive') return undefined;
  throw new CulpritError(loaded.error.code, loaded.error.text, loaded.error.values);
}

const HEAD = 64 * 1024;

/** The manifest is the first entry of an archive of ours: its name stands at the very beginning of the tar. */
async function startsWithManifest(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    let head = buffer.subarray(0, bytesRead);
    if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) {
      try {
        head = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 2 ** 20 });
      } catch {
        return false;
      }
    }
    return head
      .toString('latin1', 0, 120)
      .replace(/^(?:\.\/)*/u, '')
      .startsWith(`${MANIFEST}\0`);
  } finally {
    await file.close();
  }
}

async function openUnpacked(folder: string): Promise<Snapshot | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST), 'utf8');
  } catch {
    return undefined;
  }
  if (!text.slice(0, 4096).includes('culprit/snapshot@')) return undefined;
  const { readFileSync } = await import('node:fs');
  const read = (name: string): Buffer | undefined => {
    const path = normalize(name);
    if (path.startsWith('..') || path.startsWith('/')) return undefined;
    try {
      return readFileSync(join(folder, path));
    } catch {
      return undefined;
    }
  };
  const loaded = await readManifest(text, read, folder);
  if (loaded.ok) return loaded.value;
  throw new CulpritError(loaded.error.code, loaded.error.text, loaded.error.values);
}

/** The first snapshot among the inputs, and the other inputs. */
export async function takeSnapshot(
  inputs: readonly EvidenceInput[],
): Promise<{ readonly snapshot: Snapshot | undefined; readonly rest: readonly EvidenceInput[] }> {
  let snapshot: Snapshot | undefined;
  const rest: EvidenceInput[] = [];
  for (const input of inputs) {
    const found = input.kind === 'path' ? await openSnapshot(input.path) : undefined;
    if (found === undefined) rest.push(input);
    else if (snapshot === undefined) snapshot = found;
    else throw new CulpritError('evidence-two-snapshots', texts.two, { schema: SNAPSHOT_SCHEMA });
  }
  return { snapshot, rest };
}

const texts = {
  unreadable: { en: 'the evidence {path} cannot be read: {detail}', zh: '无法读取证据 {path}：{detail}' },
  two: { en: 'two saved snapshots were given: one node at a time can be looked at', zh: '给出了两个快照：一次只能分析一个节点' },
} as const;
