/** What every line format gives back, and how a format is declared. */

export type Level = 'trace' | 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'fatal' | 'panic';

/** How a line ends a process or a run. Kinds and weights: 'klog-fatal' … 'endless-wait'. */
export type TerminalKind =
  | 'klog-fatal'
  | 'go-panic'
  | 'logrus-fatal'
  | 'bracket-fatal'
  | 'zap-fatal'
  | 'rke-result'
  | 'kubeadm-result'
  | 'kubelet-result'
  | 'systemd-result'
  | 'oom-kill'
  | 'endless-wait';

export interface LogLine {
  /** ISO 8601 in UTC where the zone is known; otherwise local time without a zone. */
  readonly time?: string;
  readonly level?: Level;
  /** Unit, program or container that wrote it, when the line itself says so. */
  readonly component?: string;
  /** 'reflector.go:138' */
  readonly sourceFile?: string;
  /** The text proper, escapes undone, with the fields of a structured record behind it. */
  readonly message: string;
  /** The line without the envelopes of runtime and journal, still with its own header. */
  readonly text: string;
  /** As it stands in the file. */
  readonly raw: string;
  /** From 1. */
  readonly lineNumber: number;
  readonly terminal?: TerminalKind;
  /** Names of the formats that were peeled off, outermost first: ['docker-json', 'klog']. */
  readonly formats: readonly string[];
}

/** What one format reads from a line. `rest` is what other formats may read next. */
export interface FormatHit {
  readonly rest: string;
  readonly time?: string;
  readonly level?: Level;
  readonly component?: string;
  readonly sourceFile?: string;
  readonly terminal?: TerminalKind;
  /** The record is not complete: join the rest of the next record of the same stream to this one. */
  readonly partial?: boolean;
  readonly stream?: string;
}

export interface LineFormat {
  /** = file name. */
  readonly id: string;
  /** envelope: something else's line may be inside; message: what is left is the text itself. */
  readonly kind: 'envelope' | 'message';
  /** Undefined: the line is not of this format. Never throws; time linear in the line. */
  readonly read: (line: string) => FormatHit | undefined;
}

export const defineLineFormat = (format: LineFormat): LineFormat => format;

const LEVELS: Readonly<Record<string, Level>> = {
  trace: 'trace',
  trac: 'trace',
  t: 'trace',
  debug: 'debug',
  debu: 'debug',
  d: 'debug',
  info: 'info',
  information: 'info',
  i: 'info',
  n: 'notice',
  notice: 'notice',
  warn: 'warning',
  warning: 'warning',
  w: 'warning',
  error: 'error',
  erro: 'error',
  err: 'error',
  e: 'error',
  c: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  fatal: 'fatal',
  fata: 'fatal',
  f: 'fatal',
  dpanic: 'panic',
  panic: 'panic',
  pani: 'panic',
  p: 'panic',
};

/** A level word in any usual spelling; undefined for other words. */
export const levelOf = (word: string): Level | undefined => LEVELS[word.toLowerCase()];

/** Undoes the escapes that runtimes and structured loggers add to quotes and to characters of URLs. */
export function plainQuotes(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replaceAll('\\"', '"')
    .replaceAll('\\u0026', '&')
    .replaceAll('\\u003c', '<')
    .replaceAll('\\u003e', '>')
    .replaceAll('\\u003C', '<')
    .replaceAll('\\u003E', '>');
}
