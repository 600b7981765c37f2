/** Counts the lines of files that hold literals: the bare search, without templates or symptoms. On one thread, or on several with search-worker.ts. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { SLACK_BYTES } from './core.ts';
import { findLiterals } from './literals.ts';
import { makeCore } from './make-core.ts';

export interface SearchTask {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** Of the file: nothing follows the last task's end. */
  readonly size: number;
}

export interface SearchCounts {
  /** Lines with at least one literal. */
  readonly lines: number;
  /** Lines by literal, in the order given. */
  readonly byLiteral: readonly number[];
}

const NEWLINE = 10;
const READ = 256 * 1024;
const STRETCH = 8 * 2 ** 20;

export function searchTasks(paths: readonly string[]): readonly SearchTask[] {
  return paths.flatMap((path) => {
    const { size } = statSync(path);
    return Array.from({ length: Math.ceil(size / STRETCH) }, (_, i) => ({
      path,
      start: i * STRETCH,
      end: Math.min(size, (i + 1) * STRETCH),
      size,
    }));
  });
}

/** Lines that begin in a task's stretch are its own. `next`: the number of a task that nobody has yet. */
export function searchShare(
  tasks: readonly SearchTask[],
  literals: readonly Uint8Array[],
  next: () => number,
  only?: 'typescript',
): SearchCounts {
  let built: ReturnType<typeof makeCore> | undefined;
  let fd = -1;
  let open = '';
  let lines = 0;
  const byLiteral = new Array<number>(literals.length).fill(0);
  const lastEnd = new Int32Array(literals.length);
  let number = next();
  while (number < tasks.length) {
    const task = tasks[number];
    if (task === undefined) break;
    if (task.path !== open) {
      if (fd >= 0) closeSync(fd);
      fd = openSync(task.path, 'r');
      open = task.path;
    }
    if (built === undefined) {
      const sample = new Uint8Array(READ);
      built = makeCore(literals, sample.subarray(0, readSync(fd, sample, 0, READ, 0)), only);
    }
    const { core, table } = built;
    const room = core.bytes.length - SLACK_BYTES - READ;
    // One byte before the stretch tells whether a line begins at its start.
    let at = Math.max(0, task.start - 1);
    let skipping = task.start > 0;
    let fill = 0;
    let done = false;
    while (!done) {
      const got =
        at >= task.size ? 0 : readSync(fd, core.bytes, fill, at < task.end ? Math.min(READ, task.end - at) : Math.min(READ, 16 * 1024), at);
      at += got;
      fill += got;
      let from = 0;
      if (skipping) {
        const newline = core.bytes.subarray(0, fill).indexOf(NEWLINE);
        if (newline < 0 && got > 0) {
          // A line that fills the stretch is nobody's here.
          if (at >= task.end) break;
          fill = 0;
          continue;
        }
        from = newline + 1;
        if (at - fill + from >= task.end) break;
        skipping = false;
      }
      let end = got === 0 ? fill : core.bytes.subarray(0, fill).lastIndexOf(NEWLINE) + 1;
      if (end <= from && got > 0 && fill < room) {
        if (from > 0) {
          core.bytes.copyWithin(0, from, fill);
          fill -= from;
        }
        if (at - fill >= task.end) break;
        continue;
      }
      // A line without end: its parts are searched one by one.
      if (end <= from) end = fill;
      const base = at - fill;
      if (base + end >= task.end && got > 0) {
        const newline = core.bytes.indexOf(NEWLINE, Math.max(from, task.end - 1 - base));
        if (newline >= 0 && newline < end) {
          end = newline + 1;
          done = true;
        }
      }
      let lineEnd = -1;
      lastEnd.fill(-1);
      findLiterals(core, table, from, end, (literal, start) => {
        if (start > lineEnd) {
          lines += 1;
          const newline = core.bytes.indexOf(NEWLINE, start);
          lineEnd = newline < 0 ? end : newline;
        }
        if ((lastEnd[literal] ?? 0) < start) {
          byLiteral[literal] = (byLiteral[literal] ?? 0) + 1;
          lastEnd[literal] = lineEnd;
        }
      });
      if (got === 0) break;
      core.bytes.copyWithin(0, end, fill);
      fill -= end;
    }
    number = next();
  }
  if (fd >= 0) closeSync(fd);
  return { lines, byLiteral };
}
