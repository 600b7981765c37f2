/** Shares of several threads put together: line numbers become those of the files, equal shapes one, troubles are added up. */
import { Histogram } from './histogram.ts';
import { terminalKey } from './record-ends.ts';
import { TASK_LINES } from './triage.ts';
import type { FileShare, TerminalSeen, Trouble } from './triage-types.ts';
import { least, most } from './templates.ts';
import type { FileShape } from './templates.ts';

export interface FileTotal {
  readonly file: number;
  readonly lines: number;
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly format: string | undefined;
  readonly trouble: Trouble;
  readonly hitLines: number;
  readonly shapes: readonly FileShape[];
  /** In the order of their lines. */
  readonly terminals: readonly TerminalSeen[];
}

/** Turns coded numbers of one file into its line numbers. */
export type LineNumbers = (coded: number) => number;

export function lineNumbers(shares: readonly FileShare[]): LineNumbers {
  const tasks = shares.flatMap((s) => s.tasks).sort((a, b) => a[0] - b[0]);
  const before = new Map<number, number>();
  let lines = 0;
  for (const [task, count] of tasks) {
    if (!before.has(task)) before.set(task, lines);
    lines += count;
  }
  return (coded) => (before.get(Math.floor(coded / TASK_LINES)) ?? 0) + (coded % TASK_LINES);
}

export function mergeShares(shares: readonly FileShare[]): readonly FileTotal[] {
  const byFile = new Map<number, FileShare[]>();
  for (const share of shares) {
    const known = byFile.get(share.file);
    if (known === undefined) byFile.set(share.file, [share]);
    else known.push(share);
  }
  return [...byFile].sort((a, b) => a[0] - b[0]).map(([file, parts]) => mergeFile(file, parts));
}

function mergeFile(file: number, parts: readonly FileShare[]): FileTotal {
  const numbers = lineNumbers(parts);
  const shapes = new Map<string, FileShape & { readonly all: Histogram }>();
  for (const shape of parts.flatMap((p) => p.shapes)) {
    const firstLine = numbers(shape.firstLine);
    const lastLine = numbers(shape.lastLine);
    const known = shapes.get(shape.key);
    const all = known?.all ?? new Histogram();
    all.merge(shape.histogram);
    const isFirst = known === undefined || firstLine < known.firstLine;
    shapes.set(shape.key, {
      file,
      key: shape.key,
      all,
      histogram: shape.histogram,
      count: (known?.count ?? 0) + shape.count,
      firstMs: least(known?.firstMs ?? NaN, shape.firstMs),
      lastMs: most(known?.lastMs ?? NaN, shape.lastMs),
      firstLine: isFirst ? firstLine : known.firstLine,
      lastLine: Math.max(known?.lastLine ?? 0, lastLine),
      example: isFirst ? shape.example : known.example,
    });
  }
  const sum = (of: (p: FileShare) => number): number => parts.reduce((a, p) => a + of(p), 0);
  return {
    file,
    lines: sum((p) => p.lines),
    bytes: sum((p) => p.bytes),
    hitLines: sum((p) => p.hitLines),
    firstMs: parts.reduce((a, p) => least(a, p.firstMs), NaN),
    lastMs: parts.reduce((a, p) => most(a, p.lastMs), NaN),
    format: parts.find((p) => p.format !== undefined)?.format,
    trouble: {
      overlong: sum((p) => p.trouble.overlong),
      nulLines: sum((p) => p.trouble.nulLines),
      notUtf8Lines: sum((p) => p.trouble.notUtf8Lines),
      backwards: sum((p) => p.trouble.backwards),
      pieces: sum((p) => p.trouble.pieces),
      unshaped: sum((p) => p.trouble.unshaped),
    },
    shapes: [...shapes.values()].map(({ all, ...s }) => ({ ...s, histogram: all.data() })),
    terminals: mergeTerminals(
      parts
        .flatMap((p) => p.terminals)
        .map((t) => ({ ...t, line: { ...t.line, lineNumber: numbers(t.line.lineNumber) } }))
        .sort((a, b) => a.line.lineNumber - b.line.lineNumber),
    ),
  };
}

/** What several threads saw of one text: the last one, and how many there are. In the order of their lines. */
function mergeTerminals(seen: readonly TerminalSeen[]): readonly TerminalSeen[] {
  const merged = new Map<string, TerminalSeen>();
  for (const t of seen) {
    const key = terminalKey(t.line);
    const known = merged.get(key);
    merged.delete(key);
    merged.set(key, { ...t, count: t.count + (known?.count ?? 0) });
  }
  return [...merged.values()];
}
