/** What a triage gives, and whom it tells. Everything can be sent between threads. */
import type { HistogramData } from './histogram.ts';
import type { LogLine } from './line-format.ts';

export interface ShapeTotal {
  readonly key: string;
  readonly count: number;
  /** Milliseconds since the epoch; NaN where lines have no time. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Coded with the task (TASK_LINES). */
  readonly firstLine: number;
  readonly lastLine: number;
  /** The first line of this shape, raw, clipped. */
  readonly example: string;
  readonly histogram: HistogramData;
}

export interface TerminalSeen {
  readonly line: LogLine;
  readonly atMs: number;
  readonly count: number;
  /** Raw lines before it, in order. */
  readonly before: readonly string[];
}

/** What one file of a share gave. */
export interface FileShare {
  readonly file: number;
  readonly lines: number;
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly shapes: readonly ShapeTotal[];
  readonly terminals: readonly TerminalSeen[];
  readonly format: string | undefined;
  readonly trouble: Trouble;
  readonly tasks: readonly (readonly [number, number])[];
  readonly hitLines: number;
}

/** Counts of what is wrong with the bytes or the order of lines. */
export interface Trouble {
  readonly overlong: number;
  readonly nulLines: number;
  readonly notUtf8Lines: number;
  readonly backwards: number;
  /** Pieces of records that were joined to the record they belong to. */
  readonly pieces: number;
  /** Lines that went uncounted by shape because there were too many shapes. */
  readonly unshaped: number;
}

export interface HitSink {
  /** A line that holds a literal, or ends a process. */
  readonly line: (line: LogLine, file: number) => void;
  /** `times` more lines that say the same as one before; this is the last of them. */
  readonly repeated: (raw: string, lineNumber: number, times: number, file: number) => void;
}

export interface Range {
  /** Milliseconds; lines outside are passed over. */
  readonly since: number;
  readonly until: number;
}
