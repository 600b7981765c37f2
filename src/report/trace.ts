/** A told trace for people and as JSON. */
import type { Language } from '../shared/language.ts';
import type { Said, Text, Values } from '../shared/text.ts';
import { widthOf } from '../shared/text-width.ts';
import type { Pointer } from '../strace/pointers.ts';
import type { Story, StoryStep, ToldLookup } from '../strace/story.ts';
import type { Trace, TraceHint } from '../strace/trace.ts';
import { Page } from './page.ts';
import type { PageOptions } from './page.ts';
import { renderSaid, renderText } from './render-said.ts';
import { TRACE_SCHEMA } from './schema-names.ts';
import type { TraceJson, TraceJsonStep } from './trace-schema.ts';

export interface TraceReport {
  readonly trace: Trace;
  readonly story: Story;
  readonly pointers: readonly (Pointer & { readonly title: Text })[];
  readonly behind?: Said;
  readonly check?: { readonly kind: 'agree' | 'miss' | 'not-comparable'; readonly said: Said };
}

export interface TraceOptions extends PageOptions {
  readonly language: Language;
  readonly steps: boolean;
}

const WORDS = {
  notFound: { en: 'not found', zh: '未找到' },
  failed: { en: 'no answer', zh: '没有应答' },
  unknown: { en: 'the trace does not show the answer', zh: '跟踪记录中看不到结果' },
  more: {
    en: '{count, plural, one {# more look-up} other {# more look-ups}}: --steps shows all',
    zh: '另有 {count} 次查询：用 --steps 查看全部',
  },
  noLookup: { en: 'no name is looked up in this trace', zh: '此跟踪记录中没有名称查询' },
  found: { en: 'found; the trace cuts the address off', zh: '已找到，但跟踪记录截断了地址' },
  wait: { en: 'longest wait: {time}{on}', zh: '最长的等待：{time}{on}' },
  waitOn: { en: ' for {on}', zh: '（等待 {on}）' },
  time: { en: 'time: {parts}{total}', zh: '时间：{parts}{total}' },
  timeOn: { en: '{time} for {on}', zh: '{on} 用去 {time}' },
  timeTotal: { en: ', of {time} in all', zh: '，总计 {time}' },
  hintThreads: {
    en: 'threads were started whose calls are not in this trace: record with strace -f',
    zh: '程序启动了线程，但其调用不在此记录中：请用 strace -f 记录',
  },
  hintCalls: {
    en: 'a DNS server is asked, and what is said is not in this trace: record with -e trace=network,openat,read,close,poll, or without -e',
    zh: '程序查询了 DNS 服务器，但对话内容不在此记录中：请用 -e trace=network,openat,read,close,poll 记录，或不加 -e',
  },
  hintStrings: { en: 'strings are cut: strace -s 256 shows the whole', zh: '字符串被截断：strace -s 256 可显示全部' },
  damaged: { en: 'the file is damaged behind line {line}: {why}', zh: '文件在第 {line} 行之后已损坏：{why}' },
  points: { en: 'points to {cause}', zh: '指向 {cause}' },
  because: { en: 'points to {cause}: {because}', zh: '指向 {cause}：{because}' },
  dropped: { en: '{count} further events were not kept', zh: '另有 {count} 个事件未保留' },
  limited: { en: 'only the first {lines} lines were read', zh: '只读取了前 {lines} 行' },
} as const satisfies Record<string, Text>;

/** Waits below this are not worth a line. */
const TELLING_WAIT_MS = 100;
const MOST_LOOKUPS = 3;
const MOST_DIALS = 2;

type Say = (text: Text, values?: Values) => string;

const answerOf = (told: ToldLookup, say: Say): string => {
  const { outcome } = told;
  if (outcome.kind === 'addresses') return outcome.addresses.length === 0 ? say(WORDS.found) : outcome.addresses.join(' ');
  return say(outcome.kind === 'not-found' ? WORDS.notFound : outcome.kind === 'failed' ? WORDS.failed : WORDS.unknown);
};

const nameOf = ({ lookup }: ToldLookup): string =>
  lookup.name === undefined ? '?' : `${lookup.name}${lookup.nameCut === true ? '…' : ''}`;

const linesOf = (s: Pick<StoryStep, 'file' | 'line' | 'endLine'>): string =>
  `${s.file === undefined ? '' : `${s.file.replace(/^.*\//u, '')}:`}${s.endLine > s.line ? `${s.line}-${s.endLine}` : s.line}`;

const timeText = (ms: number): string => (ms >= 1000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms)} ms`);

export function renderTrace(report: TraceReport, options: TraceOptions): string {
  const page = new Page(options);
  const say: Say = (text, values) => renderText(text, options.language, values);
  const { trace, story } = report;
  const shown = options.steps ? story.lookups : mostTelling(story.lookups);
  const spent = story.time;
  const wait =
    spent.some((t) => t.ms >= TELLING_WAIT_MS) && !options.steps ? undefined : trace.waits.find((w) => options.steps || !IDLE.test(w.call));
  const dials = options.steps ? story.dials : story.dials.slice(0, MOST_DIALS);
  const end = options.steps ? story.end : [];
  const rows = [...shown.flatMap((l) => (options.steps ? l.steps : l.brief)), ...dials, ...end];
  const column = Math.max(0, ...rows.map((s) => widthOf(linesOf(s))), ...report.pointers.map((p) => String(p.place.line).length));
  const row = (step: StoryStep): void => {
    // Some steps say it in their words.
    const took =
      step.ms === undefined || step.ms < TELLING_WAIT_MS || step.values['waited'] !== undefined || step.values['seconds'] !== undefined
        ? ''
        : ` (${timeText(step.ms)})`;
    page.prose(`${say(step.kind.text, step.values)}${took}`, 2, `${linesOf(step).padEnd(column)}  `);
    if (options.steps) page.verbatim(step.text, column + 4, '', 'dim');
  };
  const command = trace.argv === undefined ? trace.name : trace.argv.join(' ');
  if (shown.length === 0) page.prose(`${command}: ${say(WORDS.noLookup)}`);
  for (const lookup of shown) {
    const name = nameOf(lookup);
    page.prose(`${command.split(/[ /:]/u).includes(name) ? command : `${command}: ${name}`}: ${answerOf(lookup, say)}`, 0, '', 'bold');
    for (const step of options.steps ? lookup.steps : lookup.brief) row(step);
  }
  if (!options.steps && mostTelling(story.lookups, Infinity).length > shown.length)
    page.prose(say(WORDS.more, { count: mostTelling(story.lookups, Infinity).length - shown.length }), 2);
  for (const step of [...dials, ...end]) row(step);
  if (wait !== undefined && wait.ms >= TELLING_WAIT_MS) {
    const waits = options.steps ? trace.waits.filter((w) => w.ms >= TELLING_WAIT_MS) : [wait];
    for (const w of waits)
      page.prose(
        say(WORDS.wait, { time: timeText(w.ms), on: w.on === undefined ? ` (${w.call})` : say(WORDS.waitOn, { on: w.on }) }),
        2,
        `${String(w.place.line).padEnd(column)}  `,
      );
  }
  if (spent.some((t) => t.ms >= TELLING_WAIT_MS)) {
    const parts = spent.filter((t) => t.ms >= 10).slice(0, 4);
    const total = trace.totalMs === undefined ? '' : say(WORDS.timeTotal, { time: timeText(trace.totalMs) });
    page.prose(
      say(WORDS.time, { parts: parts.map((t) => say(WORDS.timeOn, { time: timeText(t.ms), on: t.on })).join(', '), total }),
      2,
      ' '.repeat(column + 2),
    );
  }
  for (const p of report.pointers)
    page.prose(
      say(options.steps ? WORDS.because : WORDS.points, { cause: p.cause, because: renderSaid(p.because, options.language) }),
      2,
      `${String(p.place.line).padEnd(column)}  `,
      'yellow',
    );
  if (report.behind !== undefined) page.prose(renderSaid(report.behind, options.language), 2, ' '.repeat(column + 2));
  if (report.check !== undefined)
    page.prose(renderSaid(report.check.said, options.language), 2, ' '.repeat(column + 2), report.check.kind === 'miss' ? 'red' : 'dim');
  for (const hint of shownHints(trace, shown)) page.prose(say(HINTS[hint]), 2, '', 'dim');
  if (trace.damaged !== undefined) page.prose(say(WORDS.damaged, { line: trace.lines, why: trace.damaged }), 2);
  if (trace.limited) page.prose(say(WORDS.limited, { lines: trace.lines }), 2);
  if (trace.dropped > 0) page.prose(say(WORDS.dropped, { count: trace.dropped }), 2);
  return page.toString();
}

const HINTS: Readonly<Record<TraceHint, Text>> = { threads: WORDS.hintThreads, calls: WORDS.hintCalls, strings: WORDS.hintStrings };

/** Calls in which a program waits for nobody in particular. */
const IDLE = /^(?:futex|epoll_|wait|nanosleep|clock_nanosleep|restart_syscall|select|pselect6)/u;

/** Only what stands between the reader and the answer. */
const shownHints = (trace: Trace, shown: readonly ToldLookup[]): readonly TraceHint[] =>
  trace.hints.filter((hint) =>
    hint === 'strings'
      ? shown.some((l) => l.lookup.nameCut === true || (l.outcome.kind === 'addresses' && l.outcome.addresses.length === 0))
      : shown.length === 0,
  );

/** Failures first, then in their order; the same name in the same way is told once. */
function mostTelling(lookups: readonly ToldLookup[], most = MOST_LOOKUPS): readonly ToldLookup[] {
  const key = (l: ToldLookup): string => JSON.stringify([l.lookup.name, l.brief.map((s) => [s.kind.id, s.values])]);
  // A name that is only guessed says nothing beside a look-up that shows it.
  const telling = lookups.filter((l) => l.lookup.nameGuessed !== true || !lookups.some((m) => m.lookup.nameGuessed !== true));
  const distinct = telling.filter((l, i) => telling.findIndex((m) => key(m) === key(l)) === i);
  const failed = distinct.filter((l) => l.outcome.kind === 'not-found' || l.outcome.kind === 'failed');
  const chosen = new Set([...failed, ...distinct].slice(0, most));
  return distinct.filter((l) => chosen.has(l));
}

export function traceJson(report: TraceReport, language: Language): TraceJson {
  const { trace, story } = report;
  const say: Say = (text, values) => renderText(text, language, values);
  const stepOf = (s: StoryStep): TraceJsonStep => ({
    id: s.kind.id,
    text: say(s.kind.text, s.values),
    ...(s.file === undefined ? {} : { file: s.file }),
    line: s.line,
    endLine: s.endLine,
    quote: s.text,
    ...(s.kind.rule === undefined ? {} : { rule: s.kind.rule }),
    ...(s.ms === undefined ? {} : { ms: s.ms }),
  });
  return {
    schema: TRACE_SCHEMA,
    target: trace.name,
    ...(trace.argv === undefined ? {} : { command: [...trace.argv] }),
    ...(trace.stack === undefined ? {} : { stack: trace.stack }),
    lines: trace.lines,
    calls: trace.calls,
    lookups: story.lookups.map((l) => ({
      ...(l.lookup.name === undefined ? {} : { name: l.lookup.name }),
      outcome: l.outcome.kind,
      ...(l.outcome.kind === 'addresses' || l.outcome.kind === 'not-found' ? { by: l.outcome.by } : {}),
      ...(l.lookup.nameCut === true ? { nameCut: true } : {}),
      addresses: l.outcome.kind === 'addresses' ? [...l.outcome.addresses] : [],
      brief: l.brief.map(stepOf),
      steps: l.steps.map(stepOf),
    })),
    dials: story.dials.map(stepOf),
    end: story.end.map(stepOf),
    waits: trace.waits.map((w) => ({
      line: w.place.line,
      ...(w.place.file === undefined ? {} : { file: w.place.file }),
      call: w.call,
      ms: w.ms,
      ...(w.on === undefined ? {} : { on: w.on }),
    })),
    time: story.time.map((t) => ({ ...t })),
    ...(trace.totalMs === undefined ? {} : { totalMs: trace.totalMs }),
    hints: [...trace.hints],
    ...(trace.damaged === undefined ? {} : { damaged: trace.damaged }),
    pointsTo: report.pointers.map((p) => ({
      cause: p.cause,
      title: say(p.title),
      because: renderSaid(p.because, language),
      ...(p.place.file === undefined ? {} : { file: p.place.file }),
      line: p.place.line,
      quote: p.place.text,
    })),
    ...(report.behind === undefined ? {} : { daemon: renderSaid(report.behind, language) }),
    ...(report.check === undefined ? {} : { check: { outcome: report.check.kind, said: renderSaid(report.check.said, language) } }),
    dropped: trace.dropped,
    limited: trace.limited,
  };
}
