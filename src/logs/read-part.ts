/**
 * Puts the bytes of a plain file, or of a stretch of it, through a triage (others: read-stream.ts). What goes wrong on the way is told, and
 * the rest is used.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { BlockFeeder } from './block-feeder.ts';
import { codeOf, packingOf } from './log-parts.ts';
import type { LogPart } from './log-parts.ts';
import { MOST_READ } from './block-reader.ts';
import type { BlockReader, OnTrouble } from './block-reader.ts';
import { BLOCK_ROOM } from './triage.ts';

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

/** Enough to tell how something is packed. */
const HEAD = 512;

/**
 * Standard input straight from its descriptor: no stream, whose buffers would be the most of what a long log takes. Returns what it has
 * read where that is packed and needs to be unpacked.
 */
export function readDescriptor(triage: BlockReader, part: LogPart, fd: number, onTrouble: OnTrouble): Buffer | undefined {
  const { bytes } = triage;
  const feeder = new BlockFeeder({
    bytes,
    room: BLOCK_ROOM,
    onBlock: (end) => {
      triage.block(end);
    },
    onOverlong: () => {
      triage.overlong();
    },
  });
  let first = 0;
  for (;;) {
    const got = readAgain(fd, bytes, feeder.at, Math.min(feeder.space, PIPE_READ), part, onTrouble);
    if (first < HEAD) {
      first += got;
      if (got > 0 && first < HEAD) {
        // Too little to tell: it stays where it is, and more is read behind it.
        feeder.hold(got);
        continue;
      }
      const head = Buffer.from(bytes.buffer, bytes.byteOffset, first);
      if (packingOf(head.subarray(0, 4096)) !== 'none') return Buffer.from(head);
    }
    if (got === 0) break;
    feeder.hold(got);
  }
  feeder.end();
  return undefined;
}

const PIPE_READ = 64 * 1024;

/** A descriptor may be one that does not wait; then this does. 0 at the end. */
function readAgain(fd: number, bytes: Uint8Array, at: number, length: number, part: LogPart, onTrouble: OnTrouble): number {
  for (;;) {
    try {
      return readSync(fd, bytes, at, length, null);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (code !== 'EINTR') {
        if (code !== 'EOF') onTrouble({ shown: part.shown, problem: 'io-error', detail: code });
        return 0;
      }
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
  else await (await import('./read-stream.ts')).readStream(reader, part, process.stdin, () => undefined);
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

/** The inode and size of an open file, for --follow. */
export const stateOf = (fd: number): { readonly inode: number; readonly size: number } => {
  const { ino, size } = fstatSync(fd);
  return { inode: ino, size };
};
