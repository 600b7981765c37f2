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
import { isCutRecord } from './record-ends.ts';
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
  let at = cutAt(fd, bytes, start, part.size);
  const stop = cutAt(fd, bytes, end, part.size);
  const feeder = new BlockFeeder(
    {
      bytes,
      room: BLOCK_ROOM,
      onBlock: (length) => {
        triage.block(length);
      },
      onOverlong: () => {
        triage.overlong();
      },
    },
    at,
  );
  const size = readSizeFor(part.size);
  while (at < stop) {
    const got = readSync(fd, bytes, feeder.at, Math.min(feeder.space, size, stop - at), at);
    if (got === 0) {
      onTrouble({ shown: part.shown, problem: 'shrank', detail: String(stop - at) });
      break;
    }
    at += got;
    feeder.took(got);
  }
  feeder.end();
}

/** A runtime cuts records at 16 KiB; a longer line before a place is no piece of one. */
const PIECE = 64 * 1024;

/**
 * Where a file is cut near `place`: at the first line that begins there or later and does not go on a record in pieces. Both stretches
 * that meet there ask this, so that no record is torn.
 */
function cutAt(fd: number, bytes: Uint8Array, place: number, size: number): number {
  if (place <= 0) return 0;
  if (place >= size) return size;
  // From here on whatever is read begins with the line before the place, where that is not too long.
  const from = Math.max(0, place - PIECE);
  for (let room = 2 * PIECE; room <= BLOCK_ROOM; room *= 2) {
    const got = readSync(fd, bytes, 0, Math.min(room, size - from), from);
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, got);
    let newline = line.indexOf(NEWLINE, place - 1 - from);
    let begin = newline < 0 ? -1 : newline === 0 ? 0 : line.lastIndexOf(NEWLINE, newline - 1) + 1;
    while (newline >= 0 && isPiece(line, begin, newline)) {
      begin = newline + 1;
      newline = line.indexOf(NEWLINE, begin);
    }
    if (newline >= 0) return from + newline + 1;
    if (from + got >= size) return size;
  }
  // A line without end: it is cut as the feeder cuts it.
  return lineAfter(fd, bytes, from + BLOCK_ROOM, size);
}

/** Whether the line in [start, newline) is a piece of a record that goes on. */
const isPiece = (bytes: Buffer, start: number, newline: number): boolean =>
  bytes[start] === 123
    ? bytes.toString('latin1', start, start + 8) === '{"log":"' && isCutRecord(bytes, start, newline)
    : /^\d{4}-\d\d-\d\dT[^ ]{1,30} std(?:out|err) P/u.test(bytes.toString('latin1', start, Math.min(newline, start + 60)));

function lineAfter(fd: number, bytes: Uint8Array, place: number, size: number): number {
  for (let at = place; at < size;) {
    const got = readSync(fd, bytes, 0, Math.min(PIECE, size - at), at);
    if (got === 0) break;
    const newline = bytes.subarray(0, got).indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
    at += got;
  }
  return size;
}

/** Enough to tell how something is packed. */
const HEAD = 4096;

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
      if (packingOf(head.subarray(0, HEAD)) !== 'none') return Buffer.from(head);
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
