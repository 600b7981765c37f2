/** What the shapes of lines say: a text with its numbers taken out, a level, and equal ones put together. */
import { countBetween } from './histogram.ts';
import { Histogram } from './histogram.ts';
import type { HistogramData } from './histogram.ts';
import type { Level } from './line-format.ts';
import { readLine } from './lines.ts';

/** A shape of one file, with its lines' numbers put right. */
export interface FileShape {
  readonly file: number;
  readonly key: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly example: string;
  readonly histogram: HistogramData;
}

export interface Template {
  /** The text with `<*>` for what differs. */
  readonly text: string;
  readonly level?: Level;
  /** 'reflector.go:138' */
  readonly sourceFile?: string;
  readonly component?: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly file: number;
  readonly firstLine: number;
  readonly files: number;
  /** The first line, without its envelope. */
  readonly example: string;
  readonly histogram: HistogramData;
  /** Which shapes it is made of: file and key. */
  readonly members: readonly (readonly [number, string])[];
}

const HOLE = '<*>';
/** So many texts that differ in one word only are one text. */
const ENOUGH_ALIKE = 4;
const TEXT_KEPT = 400;
/** Delimiters as the scanner has them (core.ts): a token with a digit is a hole. */
const TOKEN = /[^ \t\r,:;=()[\]{}<>|'`"\\]+/gu;

const masked = (text: string): string =>
  text.replaceAll(TOKEN, (t) => (/\d/u.test(t) ? HOLE : t)).replaceAll(/<\*>(?:[.:,]?<\*>)+/gu, HOLE);

interface Building extends Omit<Template, 'members' | 'histogram' | 'files'> {
  histogram: Histogram;
  members: (readonly [number, string])[];
  fileSet: Set<number>;
}

export function makeTemplates(shapes: readonly FileShape[]): readonly Template[] {
  const byText = new Map<string, Building>();
  for (const shape of shapes) {
    const line = readLine(shape.example, shape.firstLine);
    const text = masked(line.message.slice(0, TEXT_KEPT));
    if (text === '') continue;
    const key = [line.level ?? '', (line.sourceFile ?? '').replace(/:\d+$/u, ''), text].join('\u0000');
    const made: Building = {
      text,
      count: shape.count,
      firstMs: shape.firstMs,
      lastMs: shape.lastMs,
      file: shape.file,
      firstLine: shape.firstLine,
      example: line.text.slice(0, 600),
      histogram: histogramOf(shape.histogram),
      members: [[shape.file, shape.key]],
      fileSet: new Set([shape.file]),
      ...(line.level === undefined ? {} : { level: line.level }),
      ...(line.sourceFile === undefined ? {} : { sourceFile: line.sourceFile }),
      ...(line.component === undefined ? {} : { component: line.component }),
    };
    const known = byText.get(key);
    byText.set(key, known === undefined ? made : joined(known, made));
  }
  return foldAlike(foldStacks([...byText.values()]))
    .map(({ fileSet, histogram, ...t }) => ({ ...t, files: fileSet.size, histogram: histogram.data() }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
}

/** What the lines of a stack trace look like behind their envelope: Go's, Java's, Python's. The first of each is what begins one. */
const STACKS: readonly {
  readonly text: string;
  readonly begins: RegExp;
  readonly line: RegExp;
  readonly also?: (line: string) => boolean;
}[] = [
  {
    text: 'goroutine <*> [...]: stacks of a Go program',
    begins: /^goroutine \d+(?: gp=0x[\da-f]+ m=\d+(?: mp=0x[\da-f]+)?)? \[/u,
    line: /^(?:goroutine \d|created by |\t?\/?[^ ]{1,300}\.(?:go|s):\d+(?: \+0x[\da-f]+)?$|\.\.\.(?:additional|\d+) frames elided|\[(?:signal|originating from goroutine) |exit status \d)/u,
    also: isGoCall,
  },
  {
    text: 'at ...: stacks of a Java program',
    begins: /^[ \t]+at [\w.$<>/]{1,300}\([^)]{0,120}\)/u,
    line: /^(?:[ \t]+at [\w.$<>/]{1,300}\([^)]{0,120}\)|[ \t]+\.\.\. \d+ (?:more|common frames omitted))/u,
  },
  {
    text: 'Traceback (most recent call last): stacks of a Python program',
    begins: /^Traceback \(most recent call last\):/u,
    line: /^(?:Traceback \(most recent call last\):|[ \t]+File "[^"]{1,300}", line \d+)/u,
  },
];

/** 'k8s.io/klog/v2.(*loggingT).output(0xa43d640, 0x3, ...)' */
function isGoCall(line: string): boolean {
  const open = line.lastIndexOf('(');
  return open > 0 && line.endsWith(')') && !/[ "=]/u.test(line.slice(0, open)) && /^[\da-fx?, .{}]*$/u.test(line.slice(open + 1, -1));
}

/** The lines of stack traces are one kind: a dump has thousands of them, and tells nothing but that it is one. */
function foldStacks(templates: readonly Building[]): readonly Building[] {
  let rest = [...templates];
  for (const { text, begins, line, also } of STACKS) {
    const isOne = (t: Building): boolean => line.test(t.example) || also?.(t.example) === true;
    if (!rest.some((t) => begins.test(t.example))) continue;
    const [head, ...others] = rest.filter(isOne);
    if (head === undefined) continue;
    const { level: _level, sourceFile: _file, ...bare } = others.reduce((a, b) => joined(a, b, text), { ...head, text });
    rest = [...rest.filter((t) => !isOne(t)), bare];
  }
  return rest;
}

function histogramOf(data: HistogramData): Histogram {
  const histogram = new Histogram();
  histogram.merge(data);
  return histogram;
}

/** The one seen first lends its example. */
function joined(a: Building, b: Building, text = a.text): Building {
  const isFirst = a.file < b.file || (a.file === b.file && a.firstLine <= b.firstLine);
  const first = isFirst ? a : b;
  a.histogram.merge(b.histogram.data());
  a.members.push(...b.members);
  for (const f of b.fileSet) a.fileSet.add(f);
  return {
    ...first,
    text,
    count: a.count + b.count,
    firstMs: least(a.firstMs, b.firstMs),
    lastMs: most(a.lastMs, b.lastMs),
    histogram: a.histogram,
    members: a.members,
    fileSet: a.fileSet,
  };
}

export const least = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
export const most = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b));

/** Words of failure are never a hole: 'connection refused' and 'network unreachable' stay two texts. */
const TELLING = /refused|unreachable|timeout|timed|denied|failed|expired|reset|exceeded|forbidden|route|invalid|unknown|missing|found/iu;

/** Texts that differ in one word, and there are several of them, become one with a hole there. */
function foldAlike(templates: readonly Building[]): readonly Building[] {
  let current = [...templates];
  const longest = Math.min(60, Math.max(0, ...current.map((t) => t.text.split(' ').length)));
  for (let place = 0; place < longest; place += 1) {
    const groups = new Map<string, Building[]>();
    const kept: Building[] = [];
    for (const t of current) {
      const words = t.text.split(' ');
      const word = words[place];
      if (word === undefined || TELLING.test(word)) {
        kept.push(t);
        continue;
      }
      words[place] = HOLE;
      const key = [t.level ?? '', (t.sourceFile ?? '').replace(/:\d+$/u, ''), words.join(' ')].join('\u0000');
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [t]);
      else known.push(t);
    }
    for (const [key, group] of groups) {
      const [head, ...others] = group;
      if (head === undefined) continue;
      if (group.length < ENOUGH_ALIKE && !group.some((t) => t.text.split(' ')[place] === HOLE)) kept.push(...group);
      else kept.push(others.reduce((a, b) => joined(a, b, key.split('\u0000')[2] ?? a.text), head));
    }
    current = kept;
  }
  return current;
}

export type RateChange = 'steady' | 'rises' | 'falls' | 'starts' | 'stops' | 'once';

export interface Rate {
  readonly perMinute: number;
  readonly change: RateChange;
  /** How many times faster or slower the last quarter of the log is than the rest, where it rises or falls. */
  readonly factor?: number;
}

const MUCH = 2;

/** The rate over its own time, and how the last quarter of the whole log compares with what was before. */
export function rateOf(
  t: Pick<Template, 'count' | 'firstMs' | 'lastMs' | 'histogram'>,
  logFirst: number,
  logLast: number,
): Rate | undefined {
  if (Number.isNaN(t.firstMs) || Number.isNaN(t.lastMs)) return undefined;
  const minutes = Math.max(t.lastMs - t.firstMs, 1000) / 60_000;
  const perMinute = t.count / minutes;
  const span = logLast - logFirst;
  if (t.count === 1) return { perMinute, change: 'once' };
  if (!(span > 4 * t.histogram.stepMs) || t.count < 8) return { perMinute, change: 'steady' };
  const quarter = logLast - span / 4;
  const late = countBetween(t.histogram, quarter, Infinity) / (span / 4);
  const early = countBetween(t.histogram, -Infinity, quarter) / (span * 0.75);
  if (early === 0) return { perMinute, change: 'starts' };
  if (late === 0) return { perMinute, change: 'stops' };
  const factor = late / early;
  if (factor >= MUCH) return { perMinute, change: 'rises', factor };
  if (factor <= 1 / MUCH) return { perMinute, change: 'falls', factor: 1 / factor };
  return { perMinute, change: 'steady' };
}
