/** The JSON form of what `culprit logs` found: `culprit/logs@1`. Fields may be added; none changes its meaning within @1. */
import type { Certainty } from '../diagnose/types.ts';

export const LOGS_SCHEMA = 'culprit/logs@1';

export interface LogsReport {
  readonly schema: typeof LOGS_SCHEMA;
  readonly files: readonly LogsFile[];
  readonly lines: number;
  readonly bytes: number;
  /** ISO 8601, UTC, of the first and the last line that has a time. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** The line that ended the process or the run. */
  readonly terminal?: LogsTerminal;
  /** Other lines of that kind, latest first. */
  readonly otherTerminals: readonly LogsTerminal[];
  readonly symptoms: readonly LogsSymptom[];
  /** Failures that follow from another one, or mean nothing. */
  readonly consequences: readonly LogsSymptom[];
  readonly causes: readonly LogsCause[];
  /** Most frequent first. */
  readonly templates: readonly LogsTemplate[];
  readonly losses: readonly {
    readonly what: string;
    readonly kind: string;
    readonly source: string;
    readonly lines?: number;
    readonly times: number;
  }[];
  readonly problems: readonly { readonly what: string; readonly source: string; readonly count?: number; readonly kind: string }[];
  readonly clocks: readonly { readonly node: string; readonly skewMs: number; readonly events: number }[];
  readonly milliseconds: number;
}

export interface LogsFile {
  readonly path: string;
  readonly lines: number;
  readonly bytes: number;
  readonly format?: string;
  readonly component?: string;
  readonly firstTime?: string;
  readonly lastTime?: string;
}

export interface LogsTerminal {
  readonly text: string;
  /** 'klog-fatal', 'go-panic' ... */
  readonly kind: string;
  readonly source: string;
  readonly time?: string;
  /** How often it stands in the log. */
  readonly count: number;
  /** Why it is a consequence, where it is one. */
  readonly consequence?: string;
  /** Lines of this file after it. */
  readonly linesAfter: number;
  /** Lines before it that say what went wrong, oldest first. */
  readonly ledBy: readonly string[];
}

export interface LogsSymptom {
  readonly kind: string;
  readonly operation: string;
  /** In one line: '[::1]:6443 EHOSTUNREACH (localhost)'. */
  readonly what: string;
  readonly count: number;
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly terminal: boolean;
  readonly noise?: string;
  readonly sources: readonly { readonly source: string; readonly quote?: string }[];
  readonly fields: Readonly<Record<string, string | number>>;
  /** Ids of the causes whose signature matched. */
  readonly causes: readonly string[];
}

export interface LogsCause {
  readonly id: string;
  readonly title: string;
  readonly certainty: Certainty | 'points-to';
  readonly because: string;
}

export interface LogsTemplate {
  /** For --template. */
  readonly number: number;
  readonly text: string;
  readonly count: number;
  readonly level?: string;
  readonly sourceFile?: string;
  readonly component?: string;
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly perMinute?: number;
  readonly change?: 'steady' | 'rises' | 'falls' | 'starts' | 'stops' | 'once';
  readonly factor?: number;
  readonly source: string;
  readonly files: number;
  readonly example: string;
  readonly consequence?: string;
}
