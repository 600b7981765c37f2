/**
 * Reads a log of any size once, in bounded memory, and gives the lines that may matter, parsed. Lines that hold none of the finder's
 * literals are counted and not parsed, except the first and last ones (for times and format) and pieces of long records.
 */
import type { LineFinder } from './line-finder.ts';
import type { LogLine } from './line-format.ts';
import { lineReader, readLine } from './lines.ts';

export interface LogScan {
  readonly lineCount: number;
  readonly sizeBytes: number;
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** Formats of the first line that has one, joined by '+': 'docker-json+klog'. */
  readonly format?: string;
  readonly tail: readonly string[];
  /** Number of the first line of the tail, from 1. */
  readonly tailFirstLine: number;
  /** Lines longer than the limit, of which only the beginning was read. */
  readonly overlongLines: number;
  /** Lines with NUL bytes. */
  readonly nulBytes: boolean;
}

export interface ScanOptions {
  readonly finder: LineFinder;
  readonly onLine: (line: LogLine) => void;
  /** True: this line needs no reading, one like it has been read before. Not asked for pieces of records. */
  readonly isKnown?: (raw: string, lineNumber: number) => boolean;
  readonly tailLines?: number;
}

const NEWLINE = 10;
/** A longer line is cut: nobody reads it, and it must not fill the memory. */
const MAX_LINE = 1 << 20;
/** docker cuts at 16 KiB, CRI-O at 8 KiB: only lines of that length can be pieces of a record. */
const PIECE_LENGTH = 8000;
const EDGE_LINES = 25;
const TAIL_BYTES = 64 * 1024;

/** The same memory however long the file. */
export async function scanLog(chunks: AsyncIterable<Buffer> | Iterable<Buffer>, options: ScanOptions): Promise<LogScan> {
  const scanner = new Scanner(options);
  for await (const chunk of chunks) scanner.take(chunk);
  return scanner.end();
}

class Scanner {
  readonly #options: ScanOptions;
  readonly #reader = lineReader();
  #carry: Buffer = Buffer.alloc(0);
  /** Set while the rest of an overlong line is thrown away. */
  #skipping = false;
  #lines = 0;
  #size = 0;
  #overlong = 0;
  #nul = false;
  #head: string[] = [];
  #tail: Buffer = Buffer.alloc(0);
  #inRecord = false;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): void {
    this.#size += chunk.length;
    if (!this.#nul && chunk.includes(0)) this.#nul = true;
    let rest = chunk;
    if (this.#skipping) {
      const end = rest.indexOf(NEWLINE);
      if (end < 0) return;
      this.#skipping = false;
      rest = rest.subarray(end + 1);
    }
    const whole = this.#carry.length === 0 ? rest : Buffer.concat([this.#carry, rest]);
    const last = whole.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#hold(whole);
      return;
    }
    this.#lineBlock(whole.subarray(0, last + 1));
    this.#hold(whole.subarray(last + 1));
  }

  #hold(rest: Buffer): void {
    if (rest.length <= MAX_LINE) {
      // A copy: the chunk's memory may be used again by whoever reads the file.
      this.#carry = Buffer.from(rest);
      return;
    }
    this.#overlong += 1;
    this.#skipping = true;
    this.#carry = Buffer.alloc(0);
    this.#lineBlock(Buffer.concat([rest.subarray(0, MAX_LINE), Buffer.from('\n')]));
  }

  /** Whole lines, each with its newline. */
  #lineBlock(block: Buffer): void {
    const starts: number[] = [];
    for (let at = 0; at < block.length;) {
      const end = block.indexOf(NEWLINE, at);
      starts.push(end - at > PIECE_LENGTH ? -at - 1 : at);
      at = end + 1;
    }
    const startOf = (i: number): number => {
      const s = starts[i] ?? block.length;
      return s < 0 ? -s - 1 : s;
    };
    if (this.#head.length < EDGE_LINES) {
      for (let i = 0; i < starts.length && this.#head.length < EDGE_LINES; i += 1)
        this.#head.push(block.toString('utf8', startOf(i), Math.min(startOf(i + 1) - 1, startOf(i) + PIECE_LENGTH)));
    }
    const wanted = new Set<number>();
    let from = 0;
    this.#options.finder.find(block, (start) => {
      // Hits come in order, so the search for the line's number goes forward only.
      while (from + 1 < starts.length && startOf(from + 1) <= start) from += 1;
      wanted.add(from);
    });
    for (let i = 0; i < starts.length; i += 1) if ((starts[i] ?? 0) < 0) wanted.add(i);
    if (wanted.size > 0 || this.#inRecord) this.#deliver(block, starts.length, startOf, wanted);
    this.#lines += starts.length;
    const tail =
      block.length >= TAIL_BYTES ? block.subarray(block.length - TAIL_BYTES) : Buffer.concat([this.#tail, block]).subarray(-TAIL_BYTES);
    this.#tail = Buffer.from(tail);
  }

  #deliver(block: Buffer, count: number, startOf: (i: number) => number, wanted: ReadonlySet<number>): void {
    const order = [...wanted].sort((a, b) => a - b);
    const queue = this.#inRecord ? [0, ...order] : order;
    let done = -1;
    for (const first of queue) {
      let i = first;
      do {
        if (i <= done) {
          i += 1;
          continue;
        }
        const raw = block.toString('utf8', startOf(i), startOf(i + 1) - 1);
        done = i;
        if (!this.#inRecord && this.#options.isKnown?.(raw, this.#lines + i + 1) === true) {
          i += 1;
          continue;
        }
        const line = this.#reader.read(raw, this.#lines + i + 1);
        this.#inRecord = line === undefined;
        if (line !== undefined) this.#options.onLine(line);
        i += 1;
        // The pieces of a record follow each other: go on until it is complete.
      } while (this.#inRecord && i < count);
    }
  }

  end(): LogScan {
    if (this.#carry.length > 0) this.#lineBlock(Buffer.concat([this.#carry, Buffer.from('\n')]));
    const open = this.#reader.flush();
    if (open !== undefined) this.#options.onLine(open);
    const wanted = this.#options.tailLines ?? 50;
    const tail = this.#tail.toString('utf8').split('\n').slice(0, -1).slice(-wanted);
    const head = this.#head.map((l, i) => readLine(l, i + 1));
    const ends = tail.slice(-EDGE_LINES).map((l) => readLine(l));
    const firstTime = head.find((l) => l.time !== undefined)?.time;
    const lastTime = ends.findLast((l) => l.time !== undefined)?.time;
    const format = head.find((l) => l.formats.length > 0)?.formats.join('+');
    return {
      lineCount: this.#lines,
      sizeBytes: this.#size,
      tail,
      tailFirstLine: this.#lines - tail.length + 1,
      overlongLines: this.#overlong,
      nulBytes: this.#nul,
      ...(firstTime === undefined ? {} : { firstTime }),
      ...(lastTime === undefined ? {} : { lastTime }),
      ...(format === undefined ? {} : { format }),
    };
  }
}
