/** Logs that come as a stream: standard input, and what has to be unpacked. Loaded when there is one, because it needs much of Node. */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
/** What an unpacker was given when it found damage is lost: it is given less and less from there on, so that nothing before it is. */
const CAREFUL_STEPS: readonly number[] = [1024, 1];

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
  else if (unpackerFor(packing) === undefined) await unpack(all, packing, take, trouble);
  else {
    // It may have to be read once more from where it is damaged.
    const folder = await mkdtemp(join(tmpdir(), 'culprit-stdin-'));
    try {
      const path = join(folder, 'stdin');
      await pipeline(all, createWriteStream(path, { mode: 0o600 }));
      await readFile(path, packing, take, trouble);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
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
  const chunks = (size: number): Chunks => createReadStream(path, { highWaterMark: size }) as Chunks;
  let damage = await unpack(chunks(packing === 'journal-export' ? MOST_READ : READ), packing, counted, trouble);
  for (const step of CAREFUL_STEPS) {
    const unpacker = damage === undefined ? undefined : unpackerFor(packing);
    if (damage === undefined || unpacker === undefined) return;
    const from = damage.at;
    let skip = delivered;
    const outcome = await throughUnpacker(
      chunks(READ),
      unpacker,
      (at) => (at < from ? Math.min(READ, from - at) : step),
      (chunk) => {
        if (skip < chunk.length) counted(chunk.subarray(skip));
        skip = Math.max(0, skip - chunk.length);
      },
    );
    damage = outcome.damage;
  }
}

/** Where the step began in which damage was found. */
interface Damage {
  readonly at: number;
}

/** Undefined where there is no damage, or nothing is to be gained by looking again. */
async function unpack(chunks: Chunks, packing: Packing, take: Take, trouble: Trouble): Promise<Damage | undefined> {
  if (packing === 'journal-export') {
    const reader = new JournalExport(take);
    try {
      for await (const chunk of chunks) reader.take(chunk);
    } catch (error) {
      trouble('io-error', codeOf(error));
    }
    reader.end();
    return undefined;
  }
  if (isRewriting(packing)) {
    try {
      for await (const chunk of chunks) take(chunk);
    } catch (error) {
      trouble('io-error', codeOf(error));
    }
    return undefined;
  }
  const own = unpackerFor(packing);
  if (own === undefined) {
    await runTool(TOOLS[packing] ?? [packing], chunks, take, trouble);
    return undefined;
  }
  const { error, damage, unread } = await throughUnpacker(chunks, own, () => READ, take);
  if (error !== undefined) trouble('damaged', codeOf(error));
  else if (unread > 0) trouble('damaged', `${String(unread)} bytes behind the end`);
  return damage;
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

interface Unpacked {
  readonly error?: Error;
  readonly damage?: Damage;
  /** Bytes that the unpacker left, because what is packed ended before them. */
  readonly unread: number;
}

/** Chunks are used as they come, so that an error at the end takes none of them back. `stepAt`: how much is given at once from there on. */
async function throughUnpacker(chunks: Chunks, unpacker: Unpacker, stepAt: (at: number) => number, take: Take): Promise<Unpacked> {
  // A promise that is there from the start: the error may come while nobody waits for it.
  const outcome: { error?: Error; isEnded: boolean } = { isEnded: false };
  let at = 0;
  const ended = new Promise<void>((resolve) => {
    const finish = (error?: Error): void => {
      if (error !== undefined) outcome.error = error;
      outcome.isEnded = true;
      resolve();
    };
    unpacker.on('data', take);
    unpacker.on('end', () => {
      finish();
    });
    unpacker.on('error', finish);
  });
  const write = (bytes: Buffer): Promise<unknown> =>
    Promise.race([ended, new Promise<unknown>((resolve) => void unpacker.write(bytes, resolve))]);
  const failed = (error: Error): Unpacked => ({ error, damage: { at }, unread: 0 });
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      for (let from = 0; from < chunk.length && !outcome.isEnded;) {
        const step = stepAt(at);
        const piece = chunk.subarray(from, from + step);
        await write(piece);
        if (outcome.error !== undefined) return failed(outcome.error);
        at += piece.length;
        from += piece.length;
      }
    }
  } catch (error) {
    unpacker.destroy();
    return { error: error instanceof Error ? error : new Error(String(error)), unread: 0 };
  }
  if (!outcome.isEnded) unpacker.end();
  await ended;
  if (outcome.error !== undefined) return { error: outcome.error, unread: 0 };
  return { unread: Math.max(0, size - unpacker.bytesWritten) };
}

const TOOLS: Readonly<Partial<Record<Packing, readonly string[]>>> = {
  xz: ['xz', '-dcq'],
  bzip2: ['bzip2', '-dc'],
  zstd: ['zstd', '-dcq'],
};

/** The tool reads `chunks` from its standard input, where there are any. */
const runTool = (argv: readonly string[], chunks: Chunks | undefined, take: Take, trouble: Trouble): Promise<void> =>
  new Promise((resolve) => {
    const [tool = '', ...args] = argv;
    const child = spawn(tool, args, { stdio: [chunks === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(0, 400)));
    child.stdout?.on('data', take);
    child.on('error', () => {
      trouble('no-tool', tool);
      resolve();
    });
    child.on('close', (status) => {
      if (status !== 0 && status !== null && status > 0) trouble('damaged', `${tool}: ${status}`);
      else if (/garbage|corrupt|damaged/iu.test(said)) trouble('damaged', said.trim().split('\n')[0] ?? tool);
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
