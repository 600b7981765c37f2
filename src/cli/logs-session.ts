/** From files to a report: reads, picks the terminal line, folds the noise, and asks which causes the failures point to. */
import { startUpNoise } from '../evidence/symptoms/start-up-noise.ts';
import type { LogFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';
import { clockSkews, nodesOf } from '../logs/clock-skew.ts';
import type { ClockSkew } from '../logs/clock-skew.ts';
import { consequenceOf } from '../logs/consequences.ts';
import type { LogPart, Parts } from '../logs/log-parts.ts';
import { readLine } from '../logs/lines.ts';
import { parseTime } from '../logs/log-time.ts';
import { least, makeTemplates, most, rateOf } from '../logs/templates.ts';
import type { Template } from '../logs/templates.ts';
import type { FileTotal } from '../logs/merge-triage.ts';
import { renderText } from '../report/render-said.ts';
import { LOGS_SCHEMA } from '../report/schema-names.ts';
import type { LogsReport, LogsSymptom, LogsTemplate, LogsTerminal } from '../report/logs-schema.ts';
import { sourceText } from '../report/source-text.ts';
import type { Language } from '../shared/language.ts';
import { causesOf } from './logs-causes.ts';
import type { ReadLogs } from './logs-read.ts';

export interface LogsOutcome {
  readonly report: LogsReport;
  readonly templates: readonly Template[];
}

export interface ReportRequest {
  readonly read: ReadLogs;
  readonly parts: Parts;
  readonly language: Language;
  readonly startedAt: number;
}

const TERMINALS_SHOWN = 10;
const LED_BY = 4;

const iso = (ms: number): string | undefined => (Number.isNaN(ms) ? undefined : new Date(ms).toISOString());
const times = (firstMs: number, lastMs: number): { readonly firstTime?: string; readonly lastTime?: string } => {
  const [first, last] = [iso(firstMs), iso(lastMs)];
  return { ...(first === undefined ? {} : { firstTime: first }), ...(last === undefined ? {} : { lastTime: last }) };
};

export async function makeLogsReport(request: ReportRequest): Promise<LogsOutcome> {
  const { read, parts } = request;
  const templates = makeTemplates(read.files.flatMap((f) => f.shapes));
  const firstMs = read.files.reduce((a, f) => least(a, f.firstMs), NaN);
  const lastMs = read.files.reduce((a, f) => most(a, f.lastMs), NaN);
  const symptoms = startUpNoise(
    read.symptoms,
    read.files.map((f) => logFacts(f, parts.parts[f.file])),
  );
  const clocks = await clockSkews(parts.parts);
  const [terminal, ...others] = terminalsOf(read.files, parts.parts, clocks);
  const shown = (t: Template, i: number): LogsTemplate => shownTemplate(t, i, parts.parts, firstMs, lastMs);
  const hints = new Map(parts.parts.map((p) => [p.shown, p.mtimeMs]));
  const shownFailure = (s: Symptom): LogsSymptom => shownSymptom(s, hints);
  const failures = symptoms.filter((s) => noiseOf(s) === undefined).map(shownFailure);
  const report: LogsReport = {
    schema: LOGS_SCHEMA,
    files: read.files.map((f) => ({
      path: parts.parts[f.file]?.shown ?? '',
      lines: f.lines,
      bytes: f.bytes,
      ...(f.format === undefined ? {} : { format: f.format }),
      ...(parts.parts[f.file]?.container === undefined ? {} : { component: parts.parts[f.file]?.container ?? '' }),
      ...times(f.firstMs, f.lastMs),
    })),
    lines: read.files.reduce((sum, f) => sum + f.lines, 0),
    bytes: read.files.reduce((sum, f) => sum + f.bytes, 0),
    ...times(firstMs, lastMs),
    ...(terminal === undefined ? {} : { terminal }),
    otherTerminals: others.slice(0, TERMINALS_SHOWN),
    symptoms: failures,
    consequences: symptoms.filter((s) => noiseOf(s) !== undefined).map(shownFailure),
    causes: [
      ...(await causesOf(
        symptoms.filter((s) => noiseOf(s) === undefined),
        (text, values) => renderText(text, request.language, values),
      )),
    ],
    templates: templates.map(shown),
    losses: read.losses.map((l) => ({
      what: l.text,
      kind: l.kind,
      source: `${parts.parts[l.file]?.shown ?? ''}:${l.lineNumber}`,
      times: l.times,
      ...(l.lines === undefined ? {} : { lines: l.lines }),
    })),
    problems: [
      ...parts.troubles.map((t) => ({ kind: t.problem, what: t.detail ?? '', source: t.shown })),
      ...read.troubles.map((t) => ({ kind: t.problem, what: t.detail ?? '', source: t.shown })),
      ...read.files.flatMap((f) => troubles(f, parts.parts[f.file]?.shown ?? '')),
      ...(read.dropped > 0 ? [{ kind: 'symptoms-dropped', what: '', source: '', count: read.dropped }] : []),
    ],
    clocks: [...clocks],
    milliseconds: Math.round(performance.now() - request.startedAt),
  };
  return { report, templates };
}

const troubles = (f: FileTotal, source: string): LogsReport['problems'] =>
  (Object.entries(f.trouble) as [string, number][])
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => ({ kind, what: '', source, count }));

const logFacts = (f: FileTotal, part: LogPart | undefined): LogFacts => ({
  path: part?.shown ?? '',
  tail: [],
  ...times(f.firstMs, f.lastMs),
});

/** The collector's reason, or one that the quoted line itself gives. */
function noiseOf(s: Symptom): string | undefined {
  const noted = s.details?.['noise'];
  if (noted !== undefined) return noted;
  const [first] = s.evidence;
  return s.terminal === true || first?.text === undefined ? undefined : consequenceOf(first.text);
}

/** `hints`: when each file was last written, for times without a year. */
function shownSymptom(s: Symptom, hints: ReadonlyMap<string, number>): LogsSymptom {
  const { kind, operation, count, evidence, firstSeen, lastSeen, terminal, details, ...rest } = s;
  const [place] = evidence;
  const hint = (place?.kind === 'log' ? hints.get(place.path) : undefined) ?? Date.now();
  const fields = Object.fromEntries(
    Object.entries({ ...details, ...rest }).filter(
      (e): e is [string, string | number] => typeof e[1] === 'string' || typeof e[1] === 'number',
    ),
  );
  const noise = noiseOf(s);
  return {
    kind,
    operation,
    count,
    terminal: terminal === true,
    fields,
    what: whatOf(s),
    causes: kind.includes('/') ? [kind.slice(0, kind.indexOf('/'))] : [],
    sources: evidence.map((e) => ({ source: sourceText(e, undefined), ...(e.text === undefined ? {} : { quote: e.text }) })),
    ...times(parseTime(firstSeen, hint), parseTime(lastSeen, hint)),
    ...(noise === undefined ? {} : { noise }),
  };
}

const WHAT_LENGTH = 120;

/** As a person would name it: '[::1]:6443 no route to host (localhost)'. */
function whatOf(s: Symptom): string {
  const address =
    s.address === undefined ? undefined : s.address.includes(':') && !s.address.startsWith('/') ? `[${s.address}]` : s.address;
  const where =
    address !== undefined && s.port !== undefined
      ? `${address}:${s.port}`
      : (address ?? (s.name !== undefined && s.port !== undefined ? `${s.name}:${s.port}` : s.name));
  const how =
    s.details?.['error']?.replace(/^connect: /u, '') ??
    s.rcode ??
    s.errno ??
    (s.httpStatus === undefined ? undefined : String(s.httpStatus)) ??
    s.details?.['reason'] ??
    s.details?.['text'];
  const parts = [
    where,
    how,
    s.name !== undefined && where !== undefined && !where.startsWith(s.name) ? `(${s.name})` : undefined,
    s.server === undefined ? undefined : `@${s.server}`,
  ];
  const what = parts.filter((p) => p !== undefined && p !== '').join(' ');
  const [line] = s.evidence;
  // A known line speaks for itself.
  return what === '' && line?.text !== undefined ? readLine(line.text).message.slice(0, WHAT_LENGTH) : what;
}

/** Lines that end a process outweigh results of an installer or of systemd, which only report that one ended; endless waits come last. */
const WEIGHT: Readonly<Record<string, number>> = {
  'klog-fatal': 3,
  'go-panic': 3,
  'logrus-fatal': 3,
  'bracket-fatal': 3,
  'zap-fatal': 3,
  'rke-result': 2,
  'kubeadm-result': 2,
  'kubelet-result': 3,
  'oom-kill': 3,
  'systemd-result': 1,
  'endless-wait': 0,
};

/** Best first: what ended a process and follows from nothing else, the latest of them. */
function terminalsOf(files: readonly FileTotal[], parts: readonly LogPart[], clocks: readonly ClockSkew[]): readonly LogsTerminal[] {
  // All in the first node's clock.
  const names = nodesOf(parts.map((p) => p.shown));
  const skewOf = (file: number): number => clocks.find((c) => c.node === names[file])?.skewMs ?? 0;
  const all = files.flatMap((f) =>
    f.terminals.map((t) => {
      const consequence = consequenceOf(t.line.message);
      const weight = t.line.terminal === undefined ? 0 : (WEIGHT[t.line.terminal] ?? 0);
      const shown: LogsTerminal = {
        text: t.line.text.slice(0, 2000),
        kind: t.line.terminal ?? '',
        source: `${parts[f.file]?.shown ?? ''}:${t.line.lineNumber}`,
        count: t.count,
        linesAfter: Math.max(0, f.lines - t.line.lineNumber),
        ledBy: [...ledBy(t.before, t.line.message)],
        ...(Number.isNaN(t.atMs) ? {} : { time: new Date(t.atMs).toISOString() }),
        ...(consequence === undefined ? {} : { consequence }),
      };
      return {
        shown,
        weight: consequence === undefined ? weight : weight - 2.5,
        at: t.atMs - skewOf(f.file),
        line: f.file * 2 ** 40 + t.line.lineNumber,
      };
    }),
  );
  const order = (a: (typeof all)[number], b: (typeof all)[number]): number =>
    b.weight - a.weight || (Number.isNaN(a.at) || Number.isNaN(b.at) ? b.line - a.line : b.at - a.at || b.line - a.line);
  return all.sort(order).map((t) => t.shown);
}

/** Warnings and errors just before, without those that say nothing new. */
function ledBy(before: readonly string[], message: string): readonly string[] {
  const seen = new Set([message.replaceAll(/\d+/gu, '0')]);
  const kept: string[] = [];
  for (const raw of before.toReversed()) {
    const line = readLine(raw);
    const shape = line.message.replaceAll(/\d+/gu, '0');
    if (
      seen.has(shape) ||
      line.level === undefined ||
      ['info', 'debug', 'trace', 'notice'].includes(line.level) ||
      consequenceOf(line.message) !== undefined
    )
      continue;
    seen.add(shape);
    kept.push(line.text.slice(0, 600));
    if (kept.length === LED_BY) break;
  }
  return kept.reverse();
}

function shownTemplate(t: Template, index: number, parts: readonly LogPart[], firstMs: number, lastMs: number): LogsTemplate {
  const rate = rateOf(t, firstMs, lastMs);
  const consequence = consequenceOf(t.example);
  return {
    number: index + 1,
    text: t.text,
    count: t.count,
    files: t.files,
    example: t.example,
    source: `${parts[t.file]?.shown ?? ''}:${t.firstLine}`,
    ...(t.level === undefined ? {} : { level: t.level }),
    ...(t.sourceFile === undefined ? {} : { sourceFile: t.sourceFile }),
    ...(t.component === undefined ? {} : { component: t.component }),
    ...times(t.firstMs, t.lastMs),
    ...(rate === undefined
      ? {}
      : { perMinute: rate.perMinute, change: rate.change, ...(rate.factor === undefined ? {} : { factor: rate.factor }) }),
    ...(consequence === undefined ? {} : { consequence }),
  };
}
