/**
 * The files of `strace -ff`, one a process, as one trace: lines in the order of their times, so that a question and its answer in another
 * thread stand where they belong. Without absolute times (-tt, -ttt) the files are read one after another.
 */
import { parseLine } from './parse-line.ts';

export interface MergedLine {
  /** Which file. */
  readonly file: number;
  /** From 1, in its file. */
  readonly number: number;
  readonly text: string;
}

interface Waiting {
  readonly file: number;
  readonly lines: AsyncIterator<string>;
  number: number;
  text: string;
  /** Of this line, or of the last one before it that had a time. */
  time: number;
}

const DAY_MS = 86_400_000;

/** Lines of all files by time; those of one file stay in their order. */
export async function* mergedLines(files: readonly AsyncIterable<string>[]): AsyncGenerator<MergedLine> {
  const waiting: Waiting[] = [];
  for (const [file, lines] of files.entries()) {
    const first: Waiting = { file, lines: lines[Symbol.asyncIterator](), number: 0, text: '', time: -Infinity };
    if (await advance(first)) waiting.push(first);
  }
  if (!waiting.every((w) => w.time > -Infinity)) {
    for (const w of waiting)
      do yield { file: w.file, number: w.number, text: w.text };
      while (await advance(w));
    return;
  }
  // A heap: two thousand processes are usual for a build.
  waiting.sort(before);
  for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
    yield { file: first.file, number: first.number, text: first.text };
    if (await advance(first)) sink(waiting);
    else {
      const last = waiting.pop();
      if (last !== undefined && last !== first) {
        waiting[0] = last;
        sink(waiting);
      }
    }
  }
}

const before = (a: Waiting, b: Waiting): number => a.time - b.time || a.file - b.file;

function sink(heap: Waiting[]): void {
  for (let at = 0; ;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let least = at;
    for (const child of [left, right]) {
      const [a, b] = [heap[child], heap[least]];
      if (a !== undefined && b !== undefined && before(a, b) < 0) least = child;
    }
    const [a, b] = [heap[at], heap[least]];
    if (least === at || a === undefined || b === undefined) return;
    heap[at] = b;
    heap[least] = a;
    at = least;
  }
}

/** False at the end of the file. */
async function advance(w: Waiting): Promise<boolean> {
  const next = await w.lines.next();
  if (next.done === true) return false;
  w.number += 1;
  w.text = next.value;
  const parsed = parseLine(w.text);
  if ('stamp' in parsed && parsed.stamp.time !== undefined && parsed.stamp.relative !== true) {
    // Times of the day pass midnight.
    const days = w.time === -Infinity ? 0 : Math.floor((w.time - parsed.stamp.time + DAY_MS / 2) / DAY_MS);
    w.time = parsed.stamp.time + Math.max(0, days) * DAY_MS;
  }
  return true;
}
