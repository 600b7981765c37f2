/**
 * Lines of any log, in one shape. Envelopes (runtime, journal, syslog) are peeled off from outside in, then the program's own header is
 * read. Streaming and in bounded memory: only unfinished records of the runtime (docker's 16 KiB pieces, CRI's P records) are held back.
 */
import { lineFormats } from './formats/index.ts';
import { plainQuotes, type FormatHit, type LineFormat, type LogLine, type TerminalKind } from './line-format.ts';

export type { LogLine } from './line-format.ts';

const MAX_DEPTH = 4;
/** Longest record that is put together from pieces; what is beyond is cut off. */
const MAX_RECORD = 1 << 20;

const envelopes = lineFormats.filter((f) => f.kind === 'envelope');
const messages = lineFormats.filter((f) => f.kind === 'message');

// eslint-disable-next-line no-control-regex, regexp/no-obscure-range -- the very characters that must go, in the ranges of ECMA-48
const ANSI = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/gu;

/** Colours and cursor movements removed. */
export const withoutAnsi = (line: string): string => (line.includes('\u001B') ? line.replaceAll(ANSI, '') : line);

/** Which envelope a stream of lines uses, remembered, so that each line is first tried as the last one was. */
export interface LineReader {
  /** The line, or undefined while a record is being put together. */
  read: (raw: string, lineNumber: number) => LogLine | undefined;
  /** A record that was still waiting for its end. */
  flush: () => LogLine | undefined;
  /** How many records (at most one a stream) wait for their end. */
  open: () => number;
}

interface Held {
  readonly hit: FormatHit;
  readonly text: string;
  readonly raw: string;
  readonly lineNumber: number;
  readonly format: string;
}

export function lineReader(): LineReader {
  let usual: LineFormat | undefined;
  const held = new Map<string, Held>();

  const outermost = (line: string): readonly [LineFormat, FormatHit] | undefined => {
    const hit = usual?.read(line);
    if (usual !== undefined && hit !== undefined) return [usual, hit];
    for (const format of envelopes) {
      if (format === usual) continue;
      const found = format.read(line);
      if (found === undefined) continue;
      usual = format;
      return [format, found];
    }
    return undefined;
  };

  return {
    read(raw, lineNumber) {
      const line = withoutAnsi(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
      const outer = outermost(line);
      if (outer === undefined) return finish(line, raw, lineNumber, undefined, undefined);
      const [format, hit] = outer;
      const stream = hit.stream ?? '';
      const open = held.get(stream);
      const text = open === undefined ? hit.rest : (open.text + hit.rest).slice(0, MAX_RECORD);
      if (hit.partial === true) {
        held.set(stream, open === undefined ? { hit, text, raw, lineNumber, format: format.id } : { ...open, text });
        return undefined;
      }
      if (open === undefined) return finish(text, raw, lineNumber, hit, format.id);
      held.delete(stream);
      return finish(text, open.raw, open.lineNumber, open.hit, format.id);
    },
    flush() {
      for (const [stream, open] of held) {
        held.delete(stream);
        return finish(open.text, open.raw, open.lineNumber, open.hit, open.format);
      }
      return undefined;
    },
    open: () => held.size,
  };
}

/** One line that stands alone, as in a pasted text. */
export const readLine = (raw: string, lineNumber = 1): LogLine => {
  const reader = lineReader();
  return reader.read(raw, lineNumber) ?? reader.flush() ?? finish(raw, raw, lineNumber, undefined, undefined);
};

function finish(line: string, raw: string, lineNumber: number, outer: FormatHit | undefined, outerId: string | undefined): LogLine {
  const hits: FormatHit[] = outer === undefined ? [] : [outer];
  const formats: string[] = outerId === undefined ? [] : [outerId];
  let rest = withoutAnsi(line);
  for (let depth = formats.length; depth < MAX_DEPTH; depth += 1) {
    const found = firstHit(envelopes, rest);
    if (found === undefined) break;
    formats.push(found[0]);
    hits.push(found[1]);
    rest = found[1].rest;
  }
  const text = plainQuotes(rest);
  const header = firstHit(messages, rest);
  if (header !== undefined) {
    formats.push(header[0]);
    hits.push(header[1]);
    rest = header[1].rest;
  } else {
    rest = text;
  }
  return assemble(hits, formats, rest, text, raw, lineNumber);
}

function firstHit(formats: readonly LineFormat[], line: string): readonly [string, FormatHit] | undefined {
  for (const format of formats) {
    const hit = format.read(line);
    if (hit !== undefined && (hit.rest !== line || hit.level !== undefined)) return [format.id, hit];
  }
  return undefined;
}

/** The outermost complete time wins (klog has no year); the innermost level, source and component win. */
function assemble(
  hits: readonly FormatHit[],
  formats: readonly string[],
  message: string,
  text: string,
  raw: string,
  lineNumber: number,
): LogLine {
  const times = hits.map((h) => h.time).filter((t) => t !== undefined);
  const time = times.find((t) => !t.startsWith('--')) ?? times.at(-1);
  const level = hits.findLast((h) => h.level !== undefined)?.level;
  const component = hits.findLast((h) => h.component !== undefined)?.component;
  const sourceFile = hits.findLast((h) => h.sourceFile !== undefined)?.sourceFile;
  const terminal = hits.findLast((h) => h.terminal !== undefined)?.terminal ?? terminalKind(message);
  return {
    message,
    text,
    raw,
    lineNumber,
    formats,
    ...(time === undefined ? {} : { time: normalTime(time) }),
    ...(level === undefined ? {} : { level }),
    ...(component === undefined ? {} : { component }),
    ...(sourceFile === undefined ? {} : { sourceFile }),
    ...(terminal === undefined ? {} : { terminal }),
  };
}

/** UTC with milliseconds where a zone stands there; anything else is left alone. */
function normalTime(time: string): string {
  if (!/(?:Z|[+-]\d\d:?\d\d)$/u.test(time)) return time;
  const at = new Date(time.replace(/([+-]\d\d)(\d\d)$/u, '$1:$2').replace(/(\.\d{3})\d+/u, '$1'));
  return Number.isNaN(at.getTime()) ? time : at.toISOString();
}

const TERMINAL_TEXTS: readonly (readonly [TerminalKind, RegExp])[] = [
  ['go-panic', /^(?:panic: |fatal error: )/u],
  [
    'rke-result',
    /\[(?:etcd|controlPlane|workerPlane)\] Failed to bring up (?:Etcd|Control|Worker) Plane|^Unsupported Docker version found|Cluster must have at least one (?:etcd|control|worker)|\[network\] Host \[[^\]]*\] is not able to connect/u,
  ],
  ['kubeadm-result', /^error execution phase /u],
  ['kubelet-result', /failed to run Kubelet|[Ff]ailed to run kubelet|^"command failed" err=/u],
  ['systemd-result', /Main process exited, code=|Start request repeated too quickly|Failed with result '/u],
  ['oom-kill', /Killed process \d+ |oom-kill:/u],
  ['endless-wait', /^Waiting for metadata|Waiting for API server to become available/u],
];

function terminalKind(message: string): TerminalKind | undefined {
  for (const [kind, pattern] of TERMINAL_TEXTS) if (pattern.test(message)) return kind;
  return undefined;
}
