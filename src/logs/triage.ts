/**
 * One pass over logs in bounded memory: lines are folded into shapes and counted, lines that may tell something are read, and the
 * rest is never looked at again. Works on one thread's share; merge-triage.ts puts shares together.
 */
import { isUtf8 } from 'node:buffer';
import { ENDS_IN_EOF, FATAL, LONG, NUL, OVERFLOW_SLOT, PARTIAL } from '../scanner/core.ts';
import { findLiterals } from '../scanner/literals.ts';
import type { BuiltCore } from '../scanner/make-core.ts';
import { bodyHash } from './body-hash.ts';
import { Histogram } from './histogram.ts';
import type { LogLine } from './line-format.ts';
import { lineReader } from './lines.ts';
import type { LineReader } from './lines.ts';
import { parseTime, timeOfLine } from './log-time.ts';
import { endsUnseen, isCutRecord, terminalKey } from './record-ends.ts';
import type { FileShare, HitSink, Range, TerminalSeen } from './triage-types.ts';

/** Bytes of a core's buffer that blocks are read into; behind them lies a place for records put together from pieces. */
export const BLOCK_ROOM = 3 * 2 ** 19;
const SCRATCH_FROM = BLOCK_ROOM + 64;
/** Line numbers of a share count from its task's first line: they are written as task * TASK_LINES + line until all shares are there. */
export const TASK_LINES = 2 ** 27;

const NEWLINE = 10;
const EXAMPLE_BYTES = 4096;
/** Lines that are known again; when there are more, all are forgotten, and those that still come are read once more. */
const KNOWN_BODIES = 4_000;
/** Beginnings of files in which every line's time is compared with the one before. */
const ORDER_CHECKED_BYTES = 4 * 2 ** 20;
const LINES_BEFORE = 12;
const LONG_TEXT = 8000;

interface Shape {
  count: number;
  firstMs: number;
  lastMs: number;
  firstLine: number;
  lastLine: number;
  example: string;
  histogram: Histogram;
  key: string;
  /** Lines of this shape end a process, and only the reader of lines sees it: no mark and no literal shows it to the scanner. */
  terminal: boolean;
}

interface Body {
  times: number;
  start: number;
  line: number;
  /** Under which it is kept, where it ends a process. */
  terminal: string | undefined;
}

const TERMINALS_KEPT = 64;

export class Triage {
  readonly #built: BuiltCore;
  readonly #sink: HitSink;
  readonly #range: Range | undefined;
  readonly #shares: FileShare[] = [];
  #file = -1;
  #hint = 0;
  #task = 0;
  #shapes = new Map<number, Shape>();
  #bodies = new Map<number, Body>();
  /** By what they say, numbers taken out; the one seen last comes last. */
  #terminals = new Map<string, TerminalSeen>();
  #reader: LineReader = lineReader();
  #lines = 0;
  #taskLines = 0;
  #tasks: [number, number][] = [];
  #bytes = 0;
  #firstMs = NaN;
  #lastMs = NaN;
  #orderMs = NaN;
  #format: string | undefined;
  #hitLines = 0;
  #trouble = { overlong: 0, nulLines: 0, notUtf8Lines: 0, backwards: 0, pieces: 0, unshaped: 0 };

  constructor(built: BuiltCore, sink: HitSink, range?: Range) {
    this.#built = built;
    this.#sink = sink;
    this.#range = range;
  }

  get bytes(): Uint8Array {
    return this.#built.core.bytes;
  }

  /** `hint`: when the file was last written, for lines without a year. */
  begin(file: number, task: number, hint: number): void {
    if (file !== this.#file) {
      this.#finishFile();
      this.#file = file;
    } else this.#finishTask();
    this.#task = task;
    this.#hint = hint;
    this.#orderMs = NaN;
  }

  overlong(): void {
    this.#trouble.overlong += 1;
  }

  /** Whole lines in [0, end) of the core's buffer. */
  block(end: number): void {
    this.#bytes += end;
    if (this.#range === undefined) {
      this.#part(0, end);
      return;
    }
    for (const [from, to, lines] of this.#inRange(end, this.#range)) {
      if (from < to) this.#part(from, to);
      else {
        this.#lines += lines;
        this.#taskLines += lines;
      }
    }
  }

  /** Parts of the block in and out of the range; a line without a time belongs to the one before. */
  *#inRange(end: number, range: Range): Generator<readonly [number, number, number]> {
    const { bytes } = this;
    let at = 0;
    let from = 0;
    let skipped = 0;
    let inside = this.#inside;
    while (at < end) {
      const newline = bytes.indexOf(NEWLINE, at);
      const ms = timeOfLine(bytes, at, newline, this.#hint);
      const now = Number.isNaN(ms) ? inside : ms >= range.since && ms <= range.until;
      if (now !== inside) {
        if (inside) yield [from, at, 0];
        else yield [0, 0, skipped];
        from = at;
        skipped = 0;
        inside = now;
      }
      skipped += 1;
      at = newline + 1;
    }
    if (inside) yield [from, end, 0];
    else yield [0, 0, skipped];
    this.#inside = inside;
  }

  #inside = false;

  #part(from: number, end: number): void {
    const { core } = this.#built;
    const specials: number[] = [];
    let lines = 0;
    const ending = new Set<number>();
    for (let at = from; at < end;) {
      const folded = core.fold(at, end);
      for (let i = 0; i < folded.specials; i += 1) {
        const flags = core.specials[i * 4 + 2] ?? 0;
        if ((flags & NUL) !== 0) this.#trouble.nulLines += 1;
        if ((flags & ~NUL) !== 0)
          specials.push(core.specials[i * 4] ?? 0, core.specials[i * 4 + 1] ?? 0, flags, lines + (core.specials[i * 4 + 3] ?? 0));
      }
      for (let i = 0; i < folded.touched; i += 1) {
        const index = core.touched[i] ?? 0;
        this.#touch(index, lines);
        if (this.#shapes.get(index)?.terminal === true) ending.add(index);
      }
      lines += folded.lines;
      at = folded.end;
    }
    this.#checkText(from, end);
    this.#hits(from, end, specials, ending);
    this.#lines += lines;
    this.#taskLines += lines;
  }

  #touch(index: number, linesBefore: number): void {
    const { core } = this.#built;
    const slot = core.slot(index);
    const lastMs = this.#timeAt(slot.last);
    const firstMs = slot.first === slot.last || this.#shapes.has(index) ? lastMs : this.#timeAt(slot.first);
    this.#add(
      index,
      slot.count,
      slot.first,
      [firstMs, lastMs],
      [this.#coded(linesBefore + slot.firstLine), this.#coded(linesBefore + slot.lastLine)],
    );
  }

  /** `at`: where a line of this shape stands. Times and line numbers: of the first of these lines and the last one. */
  #add(
    index: number,
    count: number,
    at: number,
    [firstMs, lastMs]: readonly [number, number],
    [firstLine, lastLine]: readonly [number, number],
  ): void {
    let shape = this.#shapes.get(index);
    if (shape === undefined) {
      const example = this.#text(at, EXAMPLE_BYTES);
      shape = {
        count: 0,
        firstMs,
        lastMs,
        firstLine,
        lastLine,
        example,
        histogram: new Histogram(),
        key: this.#built.core.shapeKey(index),
        terminal: index !== OVERFLOW_SLOT && endsUnseen(example) && this.#literalAt(example) < 0,
      };
      this.#shapes.set(index, shape);
      if (this.#format === undefined) {
        const read = lineReader().read(example, 1);
        if (read !== undefined && read.formats.length > 0) this.#format = read.formats.join('+');
      }
    }
    if (index === OVERFLOW_SLOT) this.#trouble.unshaped += count;
    shape.count += count;
    if (!Number.isNaN(lastMs)) {
      // Two calls to Math.min and max with NaN in them would stay NaN.
      shape.lastMs = Number.isNaN(shape.lastMs) ? lastMs : Math.max(shape.lastMs, lastMs);
      if (Number.isNaN(shape.firstMs)) shape.firstMs = lastMs;
      this.#firstMs = Number.isNaN(this.#firstMs) ? shape.firstMs : Math.min(this.#firstMs, shape.firstMs);
      this.#lastMs = Number.isNaN(this.#lastMs) ? lastMs : Math.max(this.#lastMs, lastMs);
    }
    shape.lastLine = lastLine;
    shape.histogram.add(lastMs, count);
  }

  #coded(line: number): number {
    return this.#task * TASK_LINES + this.#taskLines + line + 1;
  }

  #timeAt(start: number): number {
    const { bytes } = this;
    const newline = bytes.indexOf(NEWLINE, start);
    const ms = timeOfLine(bytes, start, newline, this.#hint);
    return Number.isNaN(ms) && !Number.isNaN(this.#orderMs) ? this.#orderMs : ms;
  }

  #text(start: number, most: number): string {
    const newline = this.bytes.indexOf(NEWLINE, start);
    const end = Math.min(newline, start + most);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString('utf8');
  }

  /** Invalid UTF-8, and times that go backwards. */
  #checkText(from: number, end: number): void {
    const { bytes } = this;
    const valid = isUtf8(bytes.subarray(from, end));
    const everyLine = this.#bytes <= ORDER_CHECKED_BYTES || !valid;
    for (let at = from; at < end;) {
      const newline = bytes.indexOf(NEWLINE, at);
      const ms = timeOfLine(bytes, at, newline, this.#hint);
      // Threads of a program write a little out of order; a second is more than that.
      if (ms < this.#orderMs - 1000) this.#trouble.backwards += 1;
      if (!Number.isNaN(ms)) this.#orderMs = ms;
      if (!everyLine) break;
      if (!valid && !isUtf8(bytes.subarray(at, newline))) this.#trouble.notUtf8Lines += 1;
      at = newline + 1;
    }
  }

  /** Lines with literals or flags, in order; pieces of records are put together first. */
  #hits(from: number, end: number, specials: readonly number[], ending: ReadonlySet<number>): void {
    const { bytes } = this;
    const wanted = new Set<number>();
    const partial = new Set<number>();
    for (let i = 0; i < specials.length; i += 4) {
      const [start = 0, newline = 0, flags = 0] = [specials[i], specials[i + 1], specials[i + 2]];
      if ((flags & PARTIAL) !== 0 || ((flags & LONG) !== 0 && isCutRecord(bytes, start, newline))) partial.add(start);
      else if ((flags & (FATAL | ENDS_IN_EOF)) !== 0) wanted.add(start);
    }
    if (ending.size > 0) this.#endings(from, end, ending, wanted);
    let lineEnd = from - 1;
    findLiterals(this.#built.core, this.#built.table, from, end, (_literal, _start, at) => {
      if (at <= lineEnd) return;
      wanted.add(startOfLine(bytes, at, from));
      lineEnd = bytes.indexOf(NEWLINE, at);
    });
    if (partial.size > 0 || this.#reader.open() > 0) this.#records(from, end, partial, wanted);
    if (wanted.size === 0) return;
    const touched: Body[] = [];
    let counted = from;
    let line = 0;
    for (const start of [...wanted].sort((a, b) => a - b)) {
      while (counted < start) {
        counted = bytes.indexOf(NEWLINE, counted) + 1;
        line += 1;
      }
      this.#hit(start, line, from, touched);
    }
    for (const body of touched) this.#repeat(body);
    if (this.#bodies.size > KNOWN_BODIES) this.#bodies.clear();
  }

  /** Lines of shapes that end a process: the scanner knows their marks only where a text begins as it expects. */
  #endings(from: number, end: number, ending: ReadonlySet<number>, wanted: Set<number>): void {
    const { core } = this.#built;
    for (let at = from; at < end;) {
      const newline = this.bytes.indexOf(NEWLINE, at);
      if (!wanted.has(at) && core.fold(at, newline + 1).touched === 1 && ending.has(core.touched[0] ?? 0)) wanted.add(at);
      at = newline + 1;
    }
  }

  #hit(start: number, line: number, from: number, touched: Body[]): void {
    const { bytes } = this;
    this.#hitLines += 1;
    const newline = bytes.indexOf(NEWLINE, start);
    const hash = bodyHash(bytes, start, newline);
    const known = this.#bodies.get(hash);
    if (known !== undefined) {
      if (known.times === 0) touched.push(known);
      known.times += 1;
      known.start = start;
      known.line = line;
      return;
    }
    const read = this.#reader.read(this.#text(start, 1 << 20), this.#coded(line));
    if (read === undefined) return;
    const terminal = this.#deliver(read, start, from);
    this.#bodies.set(hash, { times: 0, start, line, terminal });
  }

  #repeat(body: Body): void {
    const raw = this.#text(body.start, EXAMPLE_BYTES);
    const lineNumber = this.#coded(body.line);
    this.#sink.repeated(raw, lineNumber, body.times, this.#file);
    if (body.terminal !== undefined) {
      const read = lineReader().read(raw, lineNumber);
      if (read !== undefined)
        this.#seeTerminal(body.terminal, {
          line: read,
          atMs: this.#timeAt(body.start),
          count: body.times,
          before: this.#before(body.start, 0),
        });
    }
    body.times = 0;
  }

  #deliver(line: LogLine, start: number, from: number): string | undefined {
    this.#sink.line(this.#around(line), this.#file);
    if (line.terminal === undefined) return undefined;
    const key = terminalKey(line);
    this.#seeTerminal(key, { line, atMs: parseTime(line.time, this.#hint), count: 1, before: this.#before(start, from) });
    return key;
  }

  #seeTerminal(key: string, seen: TerminalSeen): void {
    const known = this.#terminals.get(key);
    this.#terminals.delete(key);
    // The first ones and the last ones are of use.
    if (this.#terminals.size >= TERMINALS_KEPT) this.#terminals.delete([...this.#terminals.keys()][TERMINALS_KEPT / 2] ?? '');
    this.#terminals.set(key, { ...seen, line: { ...seen.line, raw: '' }, count: seen.count + (known?.count ?? 0) });
  }

  #before(start: number, from: number): readonly string[] {
    const lines: string[] = [];
    for (let end = start - 1; end > from && lines.length < LINES_BEFORE;) {
      const begin = startOfLine(this.bytes, end - 1, from);
      lines.push(this.#text(begin, 2000));
      end = begin - 1;
    }
    return lines.reverse();
  }

  /** Reads from the first piece to the last one; the pieces after the first are no lines of their own. */
  #records(from: number, end: number, partial: ReadonlySet<number>, wanted: Set<number>): void {
    const { bytes } = this;
    let line = 0;
    for (let at = from; at < end; line += 1) {
      const newline = bytes.indexOf(NEWLINE, at);
      const start = at;
      at = newline + 1;
      const open = this.#reader.open();
      if (open === 0 && !partial.has(start)) continue;
      const read = this.#reader.read(
        Buffer.from(bytes.buffer, bytes.byteOffset + start, newline - start).toString('utf8'),
        this.#coded(line),
      );
      const waiting = this.#reader.open();
      // A whole record of the other stream came in between: it is an ordinary line.
      if (read !== undefined && waiting === open) continue;
      wanted.delete(start);
      // A piece has a shape of its own; what counts is the shape of the whole record.
      this.#uncount(start, newline + 1);
      if (open > 0 && waiting <= open) this.#trouble.pieces += 1;
      if (read !== undefined) this.#record(read, start, from);
    }
  }

  #uncount(start: number, end: number): void {
    const folded = this.#built.core.fold(start, end);
    const shape = folded.touched === 1 ? this.#shapes.get(this.#built.core.touched[0] ?? 0) : undefined;
    if (shape !== undefined) shape.count -= 1;
  }

  #record(read: LogLine, start: number, from: number): void {
    this.#countRecord(read);
    if (read.terminal === undefined && this.#literalAt(read.text) < 0) return;
    this.#hitLines += 1;
    this.#deliver(read, start, from);
  }

  /** What waits for its end when there is no more. */
  #flushRecords(): void {
    for (let rest = this.#reader.flush(); rest !== undefined; rest = this.#reader.flush()) this.#record(rest, 0, 0);
  }

  /** A record that was put together from pieces, under the shape that its whole text has. */
  #countRecord(read: LogLine): void {
    const { core } = this.#built;
    const { bytes } = core;
    const scratch = Buffer.from(bytes.buffer, bytes.byteOffset + SCRATCH_FROM, bytes.length - SCRATCH_FROM - 64);
    // Only the beginning makes the shape; a newline in it would make it two lines.
    const length = scratch.write(read.text.slice(0, EXAMPLE_BYTES).replaceAll('\n', ' '));
    if (length === 0) return;
    scratch[length] = NEWLINE;
    const folded = core.fold(SCRATCH_FROM, SCRATCH_FROM + length + 1);
    const ms = parseTime(read.time, this.#hint);
    const at = Number.isNaN(ms) ? this.#orderMs : ms;
    if (folded.touched === 1) this.#add(core.touched[0] ?? 0, 1, SCRATCH_FROM, [at, at], [read.lineNumber, read.lineNumber]);
  }

  /** Of a very long line the part about its first literal: what reads failures from lines looks at no more. */
  #around(line: LogLine): LogLine {
    if (line.text.length <= LONG_TEXT) return line;
    const at = this.#literalAt(line.text);
    if (at < LONG_TEXT / 2) return line;
    const part = line.text.slice(Math.max(0, at - LONG_TEXT / 2), at + LONG_TEXT / 2);
    return { ...line, text: part, message: part };
  }

  /** About where the first literal stands in the text, or -1. */
  #literalAt(text: string): number {
    const { core, table } = this.#built;
    const scratch = Buffer.from(core.bytes.buffer, core.bytes.byteOffset + SCRATCH_FROM, core.bytes.length - SCRATCH_FROM - 64);
    const length = scratch.write(text);
    let first = -1;
    findLiterals(core, table, SCRATCH_FROM, SCRATCH_FROM + length, (_literal, start) => {
      if (first < 0) first = start - SCRATCH_FROM;
    });
    return first;
  }

  #finishTask(): void {
    this.#flushRecords();
    if (this.#taskLines > 0) this.#tasks.push([this.#task, this.#taskLines]);
    this.#taskLines = 0;
  }

  #finishFile(): void {
    if (this.#file < 0) return;
    this.#finishTask();
    this.#shares.push({
      file: this.#file,
      lines: this.#lines,
      bytes: this.#bytes,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      format: this.#format,
      tasks: this.#tasks,
      hitLines: this.#hitLines,
      terminals: [...this.#terminals.values()],
      trouble: this.#trouble,
      shapes: [...this.#shapes.values()].filter((s) => s.count > 0).map((s) => ({ ...s, histogram: s.histogram.data() })),
    });
    this.#shapes = new Map();
    this.#bodies = new Map();
    this.#terminals = new Map();
    this.#reader = lineReader();
    this.#lines = 0;
    this.#bytes = 0;
    this.#tasks = [];
    this.#firstMs = NaN;
    this.#lastMs = NaN;
    this.#orderMs = NaN;
    this.#format = undefined;
    this.#hitLines = 0;
    this.#inside = false;
    this.#trouble = { overlong: 0, nulLines: 0, notUtf8Lines: 0, backwards: 0, pieces: 0, unshaped: 0 };
  }

  finish(): readonly FileShare[] {
    this.#finishFile();
    this.#file = -1;
    return this.#shares;
  }
}

function startOfLine(bytes: Uint8Array, at: number, from: number): number {
  let start = at;
  while (start > from && bytes[start - 1] !== NEWLINE) start -= 1;
  return start;
}
