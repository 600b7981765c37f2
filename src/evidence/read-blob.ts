/** Reads one file's bytes: a node's file kept as it is, a text split into pieces, or a log read in one pass. */
import { isUtf8 } from 'node:buffer';
import { JournalExport } from '../logs/journal-export.ts';
import type { LineFinder } from '../logs/line-finder.ts';
import { scanLog } from '../logs/scan-log.ts';
import type { EvidencePiece } from '../snapshot/snapshot.ts';
import type { EvidenceLimits } from './input.ts';
import type { Blob } from './open/opener.ts';
import { componentOf } from './pieces/components.ts';
import { HOST, lineCount, sourceOf, type Piece } from './pieces/piece.ts';
import { splitText } from './pieces/split-text.ts';
import { isRecognised, readPiece, type Reading } from './read-piece.ts';
import { nodePathOf, noteMachineFiles } from './recognisers/node-files.ts';
import { logSource } from './symptoms/extract-symptoms.ts';
import type { LineOrigin } from './symptoms/symptom-collector.ts';

const BINARY_SHARE = 0.02;

/** A file up to the limit is held whole and split; a larger one is a log, unless it begins with a heading. */
export async function readBlob(
  blob: Blob,
  reading: Reading,
  limits: EvidenceLimits,
  finder: () => LineFinder,
): Promise<readonly EvidencePiece[]> {
  const iterator = journalLines(blob.chunks)[Symbol.asyncIterator]();
  let { bytes: start, done } = await holdUpTo(iterator, limits.wholeBytes, []);
  // A collection of pieces with headings is worth more memory than a log.
  if (!done && isHeaded(start.toString('utf8', 0, 2000))) ({ bytes: start, done } = await holdUpTo(iterator, limits.headedBytes, [start]));
  if (isBinary(start)) {
    await iterator.return?.();
    reading.facts.problem({ kind: 'file', path: blob.name }, 'malformed', 'not text');
    return [{ name: blob.name, takenFor: 'not understood', lines: 0 }];
  }
  if (done) return readWhole(blob, start, reading, finder);
  if (nodePathOf(blob.path) !== undefined) {
    await iterator.return?.();
    reading.facts.problem({ kind: 'file', path: blob.name }, 'too-large', `only the first ${start.length} bytes were read`);
    return readWhole(blob, start, reading, finder, true);
  }
  const rest = async function* (): AsyncIterable<Buffer> {
    yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  };
  reading.given?.tooMuch();
  return [await readLargeLog(blob.name, rest(), reading, finder(), 0)];
}

/** Control characters that no text file holds, in its first part. */
function isBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 8192);
  // UTF-16 with its mark is text of Windows.
  if (head.length === 0 || (head[0] === 0xff && head[1] === 0xfe)) return false;
  let odd = 0;
  for (const b of head) if (b === 0 || (b < 32 && b !== 9 && b !== 10 && b !== 13 && b !== 12 && b !== 27 && b !== 8)) odd += 1;
  return odd > Math.max(8, head.length * BINARY_SHARE);
}

async function readWhole(
  blob: Blob,
  bytes: Buffer,
  reading: Reading,
  finder: () => LineFinder,
  truncated = false,
): Promise<readonly EvidencePiece[]> {
  const nodePath = nodePathOf(blob.path);
  if (nodePath !== undefined) return [readNodeFile(blob, nodePath, bytes, reading, truncated)];
  const text = decode(bytes, blob, reading);
  const isText = blob.path === blob.name && /^(?:-|text|standard input|stdin)$/u.test(blob.path);
  const pieces: EvidencePiece[] = [];
  for (const piece of splitBlob(text, blob.path, isText))
    pieces.push(
      piece.lines.length > LINES_OF_A_LOG && !isRecognised(piece)
        ? await readLargeLog(piece.name, [Buffer.from(`${piece.lines.join('\n')}\n`)], reading, finder(), piece.firstLine - 1)
        : readPiece(piece, reading),
    );
  return pieces;
}

/** A piece of more lines, and of no known kind, is read as a log, in one pass. */
const LINES_OF_A_LOG = 20_000;

interface Held {
  readonly bytes: Buffer;
  readonly done: boolean;
}

async function holdUpTo(iterator: AsyncIterator<Buffer>, most: number, before: readonly Buffer[]): Promise<Held> {
  const held = [...before];
  let size = held.reduce((n, b) => n + b.length, 0);
  while (size <= most) {
    const next = await iterator.next();
    if (next.done === true) return { bytes: together(held), done: true };
    held.push(next.value);
    size += next.value.length;
  }
  return { bytes: together(held), done: false };
}

const together = (buffers: readonly Buffer[]): Buffer =>
  buffers.length === 1 && buffers[0] !== undefined ? buffers[0] : Buffer.concat(buffers);

/** `journalctl -o export` is made of fields; everything else passes as it is. */
async function* journalLines(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let journal: JournalExport | undefined;
  let first = true;
  let out: Buffer[] = [];
  for await (const chunk of chunks) {
    if (first && /^__(?:CURSOR|REALTIME_TIMESTAMP)=/u.test(chunk.toString('latin1', 0, 40)))
      journal = new JournalExport((lines) => out.push(lines));
    first = false;
    if (journal === undefined) {
      yield chunk;
      continue;
    }
    journal.take(chunk);
    yield* out;
    out = [];
  }
  journal?.end();
  yield* out;
}

/** A file of the node is kept byte for byte: as UTF-8 where it is that, else one character a byte. */
function readNodeFile(blob: Blob, path: string, bytes: Buffer, { facts }: Reading, truncated: boolean): EvidencePiece {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(encoding);
  const lines = text.split('\n');
  const piece: Piece = {
    name: blob.path,
    kind: 'file',
    path,
    input: blob.path,
    where: HOST,
    lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines,
    firstLine: 1,
  };
  facts.file(HOST, path, text, sourceOf(piece), { encoding, size: bytes.length, ...(truncated ? { truncated: true } : {}) });
  if (path === '/etc/hostname' || path === '/etc/machine-id' || path === '/etc/crictl.yaml') noteMachineFiles(piece, path, facts);
  return { name: blob.path, takenFor: 'node-file', lines: lineCount(piece) };
}

/** UTF-8; where it is not, each wrong byte becomes a replacement character and is counted. UTF-16 with its mark is what Windows saves. */
function decode(bytes: Buffer, blob: Blob, reading: Reading): string {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').replace(/^\uFEFF/u, '');
  const text = bytes.toString('utf8');
  const wrong = text.split('\uFFFD').length - 1;
  if (wrong > 0) reading.facts.problem({ kind: 'file', path: blob.name }, 'malformed', `${wrong} bytes are not UTF-8`);
  return text;
}

const isHeaded = (start: string): boolean =>
  /^(?:[ \t]*\n)*(?:product: |==> .+ <==|\$ +[a-z]|\[[\w.-]+@[\w.-]+ [^\]]*\][#$] )/u.test(start);

/** A node's own file is one piece; a file that starts with headings is many; anything else is one piece named by its file. */
function splitBlob(text: string, path: string, isText: boolean): readonly Piece[] {
  if (isText) return splitText(text, path);
  if (isHeaded(text.slice(0, 2000))) return splitText(text, path);
  const lines = text.split(/\r\n|\n/u);
  if (lines.at(-1) === '') lines.pop();
  const component = componentOf(path);
  return [{ name: path, kind: 'file', input: path, where: HOST, lines, firstLine: 1, ...(component === undefined ? {} : { component }) }];
}

/** One pass; `linesBefore`: how many lines of the input stand before the first one. */
async function readLargeLog(
  name: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  { facts, symptoms }: Reading,
  finder: LineFinder,
  linesBefore: number,
): Promise<EvidencePiece> {
  const component = componentOf(name);
  const origin: LineOrigin = {
    source: (l) => logSource(name, { ...l, lineNumber: l.lineNumber + linesBefore }),
    ...(component === undefined ? {} : { component }),
  };
  const scan = await scanLog(chunks, {
    finder,
    onLine: (line) => {
      symptoms.addFromLog(line, origin);
    },
    isKnown: (raw, lineNumber) => symptoms.addKnown(raw, lineNumber, origin),
  });
  facts.logs.push({
    path: name,
    tail: scan.tail,
    firstLine: scan.tailFirstLine + linesBefore,
    sizeBytes: scan.sizeBytes,
    lineCount: scan.lineCount,
    ...(component === undefined ? {} : { component }),
    ...(scan.format === undefined ? {} : { format: scan.format }),
    ...(scan.firstTime === undefined ? {} : { firstTime: scan.firstTime }),
    ...(scan.lastTime === undefined ? {} : { lastTime: scan.lastTime }),
  });
  if (scan.overlongLines > 0)
    facts.problem(
      { kind: 'log', path: name },
      'too-large',
      `${scan.overlongLines} lines are longer than 1 MiB; only their beginnings were read`,
    );
  if (scan.nulBytes) facts.problem({ kind: 'log', path: name }, 'malformed', 'NUL bytes');
  return { name: name, takenFor: `${scan.format ?? 'plain'} log`, lines: scan.lineCount };
}
