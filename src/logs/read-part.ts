/** Puts the bytes of one file, or of a stretch of it, through a triage. What goes wrong on the way is told, and the rest is used. */
import { spawn } from 'node:child_process';
import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { BlockFeeder } from './block-feeder.ts';
import { JournalExport } from './journal-export.ts';
import { codeOf, packingOf } from './log-parts.ts';
import type { LogPart, Packing } from './log-parts.ts';
import { BLOCK_ROOM } from './triage.ts';

export type ReadProblem = 'io-error' | 'vanished' | 'permission' | 'damaged' | 'no-tool' | 'shrank' | 'grew' | 'replaced';

export interface ReadTrouble {
  readonly shown: string;
  readonly problem: ReadProblem;
  readonly detail?: string;
}

/** Who takes the blocks: a triage, or somebody who looks again. */
export interface BlockReader {
  readonly bytes: Uint8Array;
  readonly block: (end: number) => void;
  readonly overlong: () => void;
}

export type OnTrouble = (trouble: ReadTrouble) => void;

const MOST_READ = 512 * 1024;
const LEAST_READ = 16 * 1024;
/** Small files are taken in small bites, so that counts over time have steps. */
const readSizeFor = (size: number): number => Math.min(MOST_READ, Math.max(LEAST_READ, Math.ceil(size / 64 / 4096) * 4096));

const NEWLINE = 10;

/** Lines that begin in [start, end) of a plain file. Returns false when the file is not as long as it was. */
export function readStretch(triage: BlockReader, part: LogPart, start: number, end: number, onTrouble: OnTrouble): void {
  let fd: number;
  try {
    fd = openSync(part.path ?? '', 'r');
  } catch (error) {
    const code = codeOf(error);
    onTrouble({ shown: part.shown, problem: code === 'ENOENT' ? 'vanished' : code === 'EACCES' ? 'permission' : 'io-error', detail: code });
    return;
  }
  try {
    stretch(fd, triage, part, start, end, onTrouble);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    onTrouble({ shown: part.shown, problem: 'io-error', detail: codeOf(error) });
  } finally {
    closeSync(fd);
  }
}

function stretch(fd: number, triage: BlockReader, part: LogPart, start: number, end: number, onTrouble: OnTrouble): void {
  const { bytes } = triage;
  let done = false;
  let at = start;
  if (start > 0) {
    const first = firstLineFrom(fd, bytes, start - 1, end);
    if (first === undefined) return;
    at = first;
  }
  const feeder = new BlockFeeder(
    {
      bytes,
      room: BLOCK_ROOM,
      onBlock: (length, offset) => {
        if (done) return;
        if (offset + length < end) {
          triage.block(length);
          return;
        }
        done = true;
        // The line that holds the last byte of the stretch is the last one that begins in it.
        const mine = end - offset - 1;
        if (mine >= 0) triage.block(bytes.indexOf(NEWLINE, mine) + 1);
      },
      onOverlong: () => {
        triage.overlong();
      },
    },
    at,
  );
  const size = readSizeFor(part.size);
  // Set by the blocks.
  const isDone = (): boolean => done;
  for (;;) {
    // Behind the stretch only the rest of its last line is wanted.
    const want = Math.min(feeder.space, at < end ? Math.min(size, Math.max(end - at, 4096)) : 64 * 1024);
    const got = readSync(fd, bytes, feeder.at, want, at);
    if (got === 0) {
      if (at < end) onTrouble({ shown: part.shown, problem: 'shrank', detail: String(end - at) });
      feeder.end();
      break;
    }
    at += got;
    feeder.took(got);
    if (isDone()) break;
    if (at >= part.size && at >= end) {
      feeder.end();
      break;
    }
  }
}

/** Where the first line begins after the byte at `from`; undefined where there is none before `end`. */
function firstLineFrom(fd: number, bytes: Uint8Array, from: number, end: number): number | undefined {
  for (let at = from; at < end;) {
    const got = readSync(fd, bytes, 0, Math.min(64 * 1024, end - at), at);
    if (got === 0) return undefined;
    const newline = bytes.subarray(0, got).indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1 < end ? at + newline + 1 : undefined;
    at += got;
  }
  return undefined;
}

/** The same bytes once more, for a second look: whole lines in [0, end) of `bytes`. */
export async function eachBlock(bytes: Uint8Array, part: LogPart, onBlock: (end: number) => void): Promise<void> {
  const reader = { bytes, block: onBlock, overlong: () => undefined };
  if (part.packing === 'none') readStretch(reader, part, 0, part.size, () => undefined);
  else await readStream(reader, part, process.stdin, () => undefined);
}

/** Whether the file is still the one that was listed, once it has been read. */
export function changedSince(part: LogPart, onTrouble: OnTrouble): void {
  if (part.path === undefined) return;
  try {
    const now = statSync(part.path);
    if (now.ino !== part.inode) onTrouble({ shown: part.shown, problem: 'replaced' });
    else if (now.size > part.size) onTrouble({ shown: part.shown, problem: 'grew', detail: String(now.size - part.size) });
    else if (now.size < part.size) onTrouble({ shown: part.shown, problem: 'shrank', detail: String(part.size - now.size) });
  } catch (error) {
    onTrouble({ shown: part.shown, problem: 'vanished', detail: codeOf(error) });
  }
}

/** A stream of bytes as they come: standard input, and what has to be unpacked. */
export async function readStream(triage: BlockReader, part: LogPart, stdin: Readable, onTrouble: OnTrouble): Promise<void> {
  const feeder = feederFor(triage);
  if (part.path === undefined) {
    await readStdin(feeder, triage, stdin, part, onTrouble);
    feeder.end();
    return;
  }
  await unpack(part, feeder, triage, onTrouble);
  feeder.end();
}

const feederFor = (triage: BlockReader): BlockFeeder =>
  new BlockFeeder({
    bytes: triage.bytes,
    room: BLOCK_ROOM,
    onBlock: (end) => {
      triage.block(end);
    },
    onOverlong: () => {
      triage.overlong();
    },
  });

/** In bites, so that counts over time have steps. */
function feed(feeder: BlockFeeder, triage: BlockReader, chunk: Uint8Array): void {
  for (let from = 0; from < chunk.length;) {
    const length = Math.min(chunk.length - from, feeder.space);
    triage.bytes.set(chunk.subarray(from, from + length), feeder.at);
    feeder.took(length);
    from += length;
  }
}

async function readStdin(feeder: BlockFeeder, triage: BlockReader, stdin: Readable, part: LogPart, onTrouble: OnTrouble): Promise<void> {
  let sink: ((chunk: Buffer) => void) | undefined;
  let unpacker: ReturnType<typeof unpackerFor>;
  const held: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    for (const chunk of joined(held)) feed(feeder, triage, chunk);
    held.length = 0;
    size = 0;
  };
  for await (const piece of stdin) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer);
    if (sink === undefined) {
      const packing = packingOf(chunk.subarray(0, 4096));
      if (packing === 'journal-export') {
        const reader = new JournalExport((lines) => {
          feed(feeder, triage, lines);
        });
        sink = (c) => {
          reader.take(c);
        };
      } else if (packing === 'gzip' || packing === 'zstd') {
        const made = unpackerFor(packing);
        if (made === undefined) {
          onTrouble({ shown: part.shown, problem: 'no-tool', detail: packing });
          return;
        }
        made.on('data', (c: Buffer) => {
          feed(feeder, triage, c);
        });
        made.on('error', (e: Error) => {
          onTrouble({ shown: part.shown, problem: 'damaged', detail: codeOf(e) });
        });
        unpacker = made;
        sink = (c) => void made.write(c);
      } else {
        // A pipe gives 64 KiB at a time: more of it in one block is less work.
        sink = (c) => {
          held.push(c);
          size += c.length;
          if (size >= 256 * 1024) flush();
        };
      }
    }
    sink(chunk);
  }
  flush();
  const last = unpacker;
  if (last !== undefined) {
    await new Promise<void>((resolve) => {
      last.on('close', resolve);
      last.end();
    });
  }
}

const joined = (chunks: readonly Buffer[]): readonly Buffer[] => (chunks.length <= 1 ? chunks : [Buffer.concat(chunks)]);

function unpackerFor(packing: Packing, careful = false): zlib.Gunzip | zlib.ZstdDecompress | undefined {
  if (packing === 'gzip')
    return zlib.createGunzip({ chunkSize: 128 * 1024, ...(careful ? { finishFlush: zlib.constants.Z_SYNC_FLUSH, chunkSize: 1024 } : {}) });
  // Node has it from 22.15 on.
  if (packing === 'zstd' && 'createZstdDecompress' in zlib) return zlib.createZstdDecompress({ chunkSize: careful ? 1024 : 128 * 1024 });
  return undefined;
}

const TOOLS: Readonly<Partial<Record<Packing, readonly string[]>>> = {
  xz: ['xz', '-dcq'],
  bzip2: ['bzip2', '-dcq'],
  zstd: ['zstd', '-dcq'],
};

async function unpack(part: LogPart, feeder: BlockFeeder, triage: BlockReader, onTrouble: OnTrouble): Promise<void> {
  const path = part.path ?? '';
  let delivered = 0;
  const take = (chunk: Buffer): void => {
    delivered += chunk.length;
    feed(feeder, triage, chunk);
  };
  if (part.packing === 'journal-export') {
    const reader = new JournalExport((lines) => {
      feed(feeder, triage, lines);
    });
    const failed = await drain(createReadStream(path, { highWaterMark: MOST_READ }), (c) => {
      reader.take(c);
    });
    reader.end();
    if (failed !== undefined) onTrouble({ shown: part.shown, problem: 'io-error', detail: codeOf(failed) });
    return;
  }
  const own = unpackerFor(part.packing);
  if (own === undefined) {
    const argv: readonly string[] =
      part.packing === 'journal' ? ['journalctl', '-o', 'json', '--no-pager', '--file', path] : [...(TOOLS[part.packing] ?? []), path];
    await runTool(argv[0] ?? '', argv.slice(1), part, take, onTrouble);
    return;
  }
  const failed = await drain(createReadStream(path, { highWaterMark: 128 * 1024 }).pipe(own), take);
  if (failed === undefined) return;
  onTrouble({ shown: part.shown, problem: 'damaged', detail: codeOf(failed) });
  // Once more with small steps: what stands before the damage in the last step counts too.
  const careful = unpackerFor(part.packing, true);
  if (careful === undefined) return;
  let skip = delivered;
  await drain(createReadStream(path, { highWaterMark: 256 }).pipe(careful), (chunk) => {
    if (skip >= chunk.length) skip -= chunk.length;
    else {
      take(chunk.subarray(skip));
      skip = 0;
    }
  });
}

/** Chunks are used as they come, so that an error at the end takes none of them back. */
const drain = (stream: Readable, take: (chunk: Buffer) => void): Promise<Error | undefined> =>
  new Promise((resolve) => {
    stream.on('data', take);
    stream.on('error', resolve);
    stream.on('end', () => {
      resolve(undefined);
    });
  });

const runTool = (
  tool: string,
  args: readonly string[],
  part: LogPart,
  take: (chunk: Buffer) => void,
  onTrouble: OnTrouble,
): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', take);
    child.on('error', () => {
      onTrouble({ shown: part.shown, problem: 'no-tool', detail: tool });
      resolve();
    });
    child.on('close', (status) => {
      if (status !== 0 && status !== null && status > 0) onTrouble({ shown: part.shown, problem: 'damaged', detail: `${tool}: ${status}` });
      resolve();
    });
  });

/** The inode and size of an open file, for --follow. */
export const stateOf = (fd: number): { readonly inode: number; readonly size: number } => {
  const { ino, size } = fstatSync(fd);
  return { inode: ino, size };
};
