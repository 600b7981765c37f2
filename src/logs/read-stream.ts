/** Logs that come as a stream: standard input, and what has to be unpacked. Loaded when there is one, because it needs much of Node. */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { BlockFeeder } from './block-feeder.ts';
import { JournalExport } from './journal-export.ts';
import { RecordRewriter, rewritingOf } from './rewrite-records.ts';
import type { Rewriting } from './rewrite-records.ts';
import { codeOf, packingOf } from './log-parts.ts';
import type { LogPart, Packing } from './log-parts.ts';
import { MOST_READ } from './block-reader.ts';
import type { BlockReader, OnTrouble, ReadProblem } from './block-reader.ts';
import { BLOCK_ROOM } from './triage.ts';

type Chunks = AsyncIterable<Buffer>;
type Take = (chunk: Uint8Array) => void;

/** A packing is told from so many bytes. */
const HEAD = 4096;
const READ = 128 * 1024;
/** What an unpacker was given when it found damage is lost: of standard input, which cannot be read twice, it is given little at a time. */
const CAREFUL_READ = 1024;

/** A stream of bytes as they come: standard input, and what has to be unpacked. `head`: what has been read of standard input already. */
export async function readStream(
  triage: BlockReader,
  part: LogPart,
  stdin: Readable,
  onTrouble: OnTrouble,
  head: Buffer = Buffer.alloc(0),
): Promise<void> {
  const feeder = new BlockFeeder({
    bytes: triage.bytes,
    room: BLOCK_ROOM,
    onBlock: (end) => {
      triage.block(end);
    },
    onOverlong: () => {
      triage.overlong();
    },
  });
  const take = (chunk: Uint8Array): void => {
    feed(feeder, triage, chunk);
  };
  const { unpacked, unpackedEnd } = rewritten(take);
  const trouble = (problem: ReadProblem, detail: string): void => {
    onTrouble({ shown: part.shown, problem, detail });
  };
  if (part.path === undefined) await readStdin(head, stdin, unpacked, trouble);
  else await readFile(part.path, part.packing, unpacked, trouble);
  unpackedEnd();
  feeder.end();
}

/** What comes out of a packed file may itself have to be written anew: told from its first bytes. */
function rewritten(take: Take): { readonly unpacked: Take; readonly unpackedEnd: () => void } {
  let first = Buffer.alloc(0);
  let rewriter: RecordRewriter | undefined;
  let isTold = false;
  const tell = (): void => {
    isTold = true;
    const kind = rewritingOf(first.subarray(0, HEAD));
    if (kind !== undefined) rewriter = new RecordRewriter(kind, take);
    if (first.length > 0) (rewriter?.take.bind(rewriter) ?? take)(first);
    first = Buffer.alloc(0);
  };
  return {
    unpacked: (chunk) => {
      if (!isTold) {
        first = Buffer.concat([first, chunk]);
        if (first.length >= HEAD || !MAY_BE_REWRITTEN.has(first[0] ?? 0)) tell();
      } else if (rewriter === undefined) take(chunk);
      else rewriter.take(chunk);
    },
    unpackedEnd: () => {
      if (!isTold) tell();
      rewriter?.end();
    },
  };
}

/** `{`, the letters of days, and the marks of UTF-16: everything else is used as it comes. */
const MAY_BE_REWRITTEN: ReadonlySet<number> = new Set([123, 0xff, 0xfe, ...Buffer.from('MTWFS')]);

function feed(feeder: BlockFeeder, triage: BlockReader, chunk: Uint8Array): void {
  for (let from = 0; from < chunk.length;) {
    const length = Math.min(chunk.length - from, feeder.space);
    triage.bytes.set(chunk.subarray(from, from + length), feeder.at);
    feeder.hold(length);
    from += length;
  }
}

type Trouble = (problem: ReadProblem, detail: string) => void;

async function readStdin(before: Buffer, stdin: Readable, take: Take, trouble: Trouble): Promise<void> {
  const chunks = stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  const head: Buffer[] = [before];
  for (let size = before.length; size < HEAD;) {
    const next = await chunks.next();
    if (next.done === true) break;
    const chunk = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
    head.push(chunk);
    size += chunk.length;
    // Plain text is not kept waiting: the first lines of a log that is still written count at once.
    if (packingOf(chunk.subarray(0, HEAD)) === 'none' && chunk.length >= 4 && !MAY_BE_REWRITTEN.has(chunk[0] ?? 0)) break;
  }
  const start = Buffer.concat(head);
  const packing = packingOf(start.subarray(0, HEAD));
  const all = (async function* (): Chunks {
    if (start.length > 0) yield start;
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) return;
      yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
    }
  })();
  if (packing === 'archive' || packing === 'binary' || packing === 'journal') {
    trouble(packing === 'journal' ? 'binary' : packing, packing);
    return;
  }
  if (packing === 'none' || isRewriting(packing)) for await (const chunk of all) take(chunk);
  else await unpack(all, packing, take, trouble, CAREFUL_READ);
}

async function readFile(path: string, packing: Packing, take: Take, trouble: Trouble): Promise<void> {
  if (packing === 'journal') {
    await runTool(['journalctl', '-o', 'json', '--no-pager', '--file', path], undefined, take, trouble);
    return;
  }
  let delivered = 0;
  const counted = (chunk: Uint8Array): void => {
    delivered += chunk.length;
    take(chunk);
  };
  const open = (): Chunks => createReadStream(path, { highWaterMark: packing === 'journal-export' ? MOST_READ : READ }) as Chunks;
  const unharmed = await unpack(open(), packing, counted, trouble, READ);
  const careful = unharmed ? undefined : unpackerFor(packing);
  if (careful === undefined) return;
  // Once more with small steps: what stands before the damage in the last step counts too.
  let skip = delivered;
  await throughUnpacker(createReadStream(path, { highWaterMark: CAREFUL_READ / 4 }) as Chunks, careful, CAREFUL_READ / 4, (chunk) => {
    if (skip < chunk.length) take(chunk.subarray(skip));
    skip = Math.max(0, skip - chunk.length);
  });
}

/** False where damage was found. */
async function unpack(chunks: Chunks, packing: Packing, take: Take, trouble: Trouble, step: number): Promise<boolean> {
  if (packing === 'journal-export') {
    const reader = new JournalExport(take);
    try {
      for await (const chunk of chunks) reader.take(chunk);
    } catch (error) {
      trouble('io-error', codeOf(error));
    }
    reader.end();
    return true;
  }
  if (isRewriting(packing)) {
    try {
      for await (const chunk of chunks) take(chunk);
    } catch (error) {
      trouble('io-error', codeOf(error));
    }
    return true;
  }
  const own = unpackerFor(packing);
  if (own === undefined) {
    await runTool(TOOLS[packing] ?? [packing], chunks, take, trouble);
    return true;
  }
  const failed = await throughUnpacker(chunks, own, step, take);
  if (failed !== undefined) trouble('damaged', codeOf(failed));
  return failed === undefined;
}

const isRewriting = (packing: Packing): packing is Rewriting =>
  packing.startsWith('utf16') || packing === 'container-json' || (packing.startsWith('journal-') && packing !== 'journal-export');

type Unpacker = zlib.Gunzip | zlib.ZstdDecompress;

function unpackerFor(packing: Packing): Unpacker | undefined {
  if (packing === 'gzip') return zlib.createGunzip({ chunkSize: READ });
  // Node has it from 22.15 on.
  if (packing === 'zstd' && 'createZstdDecompress' in zlib) return zlib.createZstdDecompress({ chunkSize: READ });
  return undefined;
}

/** Chunks are used as they come, so that an error at the end takes none of them back. */
async function throughUnpacker(chunks: Chunks, unpacker: Unpacker, step: number, take: Take): Promise<Error | undefined> {
  // A promise that is there from the start: the error may come while nobody waits for it.
  const outcome: { error?: Error } = {};
  const ended = new Promise<void>((resolve) => {
    unpacker.on('data', take);
    unpacker.on('end', resolve);
    unpacker.on('error', (error) => {
      outcome.error = error;
      resolve();
    });
  });
  const write = (bytes: Buffer): Promise<unknown> =>
    Promise.race([ended, new Promise<unknown>((resolve) => void unpacker.write(bytes, resolve))]);
  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length && outcome.error === undefined; from += step) await write(chunk.subarray(from, from + step));
      if (outcome.error !== undefined) break;
    }
  } catch (error) {
    unpacker.destroy();
    return error instanceof Error ? error : new Error(String(error));
  }
  unpacker.end();
  await ended;
  return outcome.error;
}

const TOOLS: Readonly<Partial<Record<Packing, readonly string[]>>> = {
  xz: ['xz', '-dcq'],
  bzip2: ['bzip2', '-dcq'],
  zstd: ['zstd', '-dcq'],
};

/** The tool reads `chunks` from its standard input, where there are any. */
const runTool = (argv: readonly string[], chunks: Chunks | undefined, take: Take, trouble: Trouble): Promise<void> =>
  new Promise((resolve) => {
    const [tool = '', ...args] = argv;
    const child = spawn(tool, args, { stdio: [chunks === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'] });
    child.stdout?.on('data', take);
    child.on('error', () => {
      trouble('no-tool', tool);
      resolve();
    });
    child.on('close', (status) => {
      if (status !== 0 && status !== null && status > 0) trouble('damaged', `${tool}: ${status}`);
      resolve();
    });
    const { stdin } = child;
    if (chunks === undefined || stdin === null) return;
    // A tool that finds damage stops reading.
    stdin.on('error', () => undefined);
    Readable.from(chunks)
      .on('error', (error) => {
        trouble('io-error', codeOf(error));
        stdin.end();
      })
      .pipe(stdin);
  });
