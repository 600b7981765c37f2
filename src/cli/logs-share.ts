/** One thread's share of reading logs: takes tasks off a common counter until there are none. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { componentOf } from '../evidence/pieces/components.ts';
import { logSource } from '../evidence/symptoms/extract-symptoms.ts';
import { SymptomCollector, symptomAnchors } from '../evidence/symptoms/symptom-collector.ts';
import type { LineOrigin } from '../evidence/symptoms/symptom-collector.ts';
import type { Signature } from '../facts/signature.ts';
import type { Symptom } from '../facts/symptom.ts';
import type { LogPart } from '../logs/log-parts.ts';
import { lossIn } from '../logs/losses.ts';
import type { LossKind } from '../logs/losses.ts';
import type { LogLine } from '../logs/line-format.ts';
import { readLine } from '../logs/lines.ts';
import { changedSince, readDescriptor, readStretch } from '../logs/read-part.ts';
import type { ReadTrouble } from '../logs/block-reader.ts';
import { triageLiterals } from '../logs/triage-literals.ts';
import { Triage } from '../logs/triage.ts';
import type { FileShare, HitSink, Range } from '../logs/triage-types.ts';
import { makeCore } from '../scanner/make-core.ts';

export interface LogTask {
  /** Index of the part. */
  readonly file: number;
  /** A stretch of a plain file; absent for what is read as a stream. */
  readonly start?: number;
  readonly end?: number;
}

export interface LossSeen {
  readonly kind: LossKind;
  readonly file: number;
  readonly lines: number | undefined;
  readonly times: number;
  readonly text: string;
  /** Coded with the task. */
  readonly lineNumber: number;
}

export interface Share {
  readonly files: readonly FileShare[];
  /** The lines of their sources are coded with the task. */
  readonly symptoms: readonly Symptom[];
  readonly dropped: number;
  readonly losses: readonly LossSeen[];
  readonly troubles: readonly ReadTrouble[];
}

export interface ShareRequest {
  readonly parts: readonly LogPart[];
  readonly tasks: readonly LogTask[];
  readonly signatures: readonly Signature[];
  /** The number of the next task that nobody has. */
  readonly next: () => number;
  readonly range?: Range;
  /** In place of descriptor 0. */
  readonly stdin?: Readable;
  /** For tests and for machines without WebAssembly. */
  readonly core?: 'typescript';
  /** Each line of interest as it is read, for --follow. */
  readonly onLine?: (line: LogLine, file: number) => void;
}

const LOSSES_KEPT = 500;

export class LogSink implements HitSink {
  readonly collector: SymptomCollector;
  readonly losses: LossSeen[] = [];
  readonly #origins: readonly LineOrigin[];
  readonly #onLine: ((line: LogLine, file: number) => void) | undefined;

  constructor(parts: readonly LogPart[], signatures: readonly Signature[], onLine?: (line: LogLine, file: number) => void) {
    this.collector = new SymptomCollector(signatures);
    this.#onLine = onLine;
    this.#origins = parts.map((p) => {
      const component = p.container === undefined ? componentOf(p.shown) : (componentOf(p.container) ?? p.container);
      return { source: (line: LogLine) => logSource(p.shown, line), ...(component === undefined ? {} : { component }) };
    });
  }

  line(line: LogLine, file: number): void {
    const origin = this.#origins[file];
    if (origin === undefined) return;
    this.collector.addFromLog(line, origin);
    this.#lose(line, file, 1);
    this.#onLine?.(line, file);
  }

  repeated(raw: string, lineNumber: number, times: number, file: number): void {
    const origin = this.#origins[file];
    if (origin === undefined) return;
    let left = times;
    if (!this.collector.addKnown(raw, lineNumber, origin, left)) {
      const line = readLine(raw, lineNumber);
      this.collector.addFromLog(line, origin);
      left -= 1;
      if (left > 0 && !this.collector.addKnown(raw, lineNumber, origin, left)) for (; left > 0; left -= 1) this.collector.add(line, origin);
    }
    if (/uppressed|lost|dropped|missed|Missed|truncated|audit/u.test(raw)) this.#lose(readLine(raw, lineNumber), file, times);
  }

  #lose(line: LogLine, file: number, times: number): void {
    const loss = lossIn(line);
    if (loss === undefined || this.losses.length >= LOSSES_KEPT) return;
    this.losses.push({ ...loss, file, times, text: line.message.slice(0, 200), lineNumber: line.lineNumber });
  }
}

export async function readShare(request: ShareRequest): Promise<Share> {
  const { parts, tasks } = request;
  const sink = new LogSink(parts, request.signatures, request.onLine);
  const triage = new Triage(
    makeCore(triageLiterals(symptomAnchors(request.signatures)), sampleOf(parts), request.core),
    sink,
    request.range,
  );
  const troubles: ReadTrouble[] = [];
  const onTrouble = (t: ReadTrouble): void => {
    if (!troubles.some((o) => o.shown === t.shown && o.problem === t.problem)) troubles.push(t);
  };
  for (let number = request.next(); number < tasks.length; number = request.next()) {
    const task = tasks[number];
    const part = task === undefined ? undefined : parts[task.file];
    if (task === undefined || part === undefined) break;
    triage.begin(task.file, number, part.mtimeMs);
    if (task.start === undefined || task.end === undefined) {
      const head = part.path === undefined && request.stdin === undefined ? readDescriptor(triage, part, 0, onTrouble) : undefined;
      if (part.path === undefined && request.stdin === undefined && head === undefined) continue;
      const { readStream } = await import('../logs/read-stream.ts');
      await readStream(triage, part, request.stdin ?? process.stdin, onTrouble, head);
    } else {
      readStretch(triage, part, task.start, task.end, onTrouble);
      if (task.end >= part.size) changedSince(part, onTrouble);
    }
  }
  const files = triage.finish();
  return { files, symptoms: sink.collector.symptoms(), dropped: sink.collector.dropped, losses: sink.losses, troubles };
}

const SAMPLE = 128 * 1024;

/** From the middle of the largest plain file: what its lines look like, so that rare parts of the literals are looked for. */
function sampleOf(parts: readonly LogPart[]): Uint8Array {
  const largest = parts
    .filter((p) => p.path !== undefined && p.packing === 'none')
    .reduce<LogPart | undefined>((a, b) => (a === undefined || b.size > a.size ? b : a), undefined);
  const sample = new Uint8Array(SAMPLE);
  if (largest?.path === undefined) return sample.subarray(0, 0);
  try {
    const fd = openSync(largest.path, 'r');
    try {
      return sample.subarray(0, readSync(fd, sample, 0, SAMPLE, Math.max(0, Math.floor(largest.size / 2) - SAMPLE)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return sample.subarray(0, 0);
  }
}
