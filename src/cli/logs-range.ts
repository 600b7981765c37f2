/** Which stretch of time of a log is looked at, from the words of a person. Absolute words need no look at the log; relative ones and events do. */
import type { LogPart } from '../logs/log-parts.ts';
import type { Range } from '../logs/triage-types.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import type { Text } from '../shared/text.ts';
import { durationOf, timeOf } from './time-words.ts';

const texts = {
  badTime: {
    en: '"{word}" is no time: give 2021-08-08T06:11:10Z, 06:11 or 10m',
    zh: '“{word}” 不是时间：请用 2021-08-08T06:11:10Z、06:11 或 10m 的形式',
  },
  empty: { en: '--since {since} is not before --until {until}', zh: '--since {since} 不早于 --until {until}' },
  noEvent: { en: 'no line with a time holds "{text}"', zh: '没有带时间且包含 “{text}” 的行' },
  noTerminal: { en: 'no line with a time ends a process or a run', zh: '没有带时间且使进程或运行结束的行' },
} as const satisfies Readonly<Record<string, Text>>;

export interface RangeWords {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly around?: string | undefined;
  readonly window?: string | undefined;
}

export interface RangeRequest {
  readonly words: RangeWords;
  readonly parts: readonly LogPart[];
  /** When the terminal line of the report stands; undefined where there is none. */
  readonly terminalTime: () => Promise<number | undefined>;
}

export async function rangeOf({ words, parts, terminalTime }: RangeRequest): Promise<Range | undefined> {
  const { since, until, around } = words;
  if (since === undefined && until === undefined && around === undefined) return undefined;
  const { lastTimeOf, eventTime } = await import('./logs-window.ts');
  let range: Range = { since: -Infinity, until: Infinity };
  if (around !== undefined) {
    const word = words.window ?? '1m';
    const window = durationOf(word);
    if (window === undefined) throw new CulpritError('bad-time', texts.badTime, { word });
    const at = around === 'terminal' ? await terminalTime() : await eventTime(around, parts);
    if (at === undefined) throw new CulpritError('no-event', around === 'terminal' ? texts.noTerminal : texts.noEvent, { text: around });
    range = { since: at - window, until: at + window };
  }
  if (since === undefined && until === undefined) return range;
  const end = isAbsolute(since) && isAbsolute(until) ? NaN : await lastTimeOf(parts);
  const at = (word: string | undefined, otherwise: number): number => {
    if (word === undefined) return otherwise;
    const time = timeOf(word, end);
    if (time === undefined || Number.isNaN(time)) throw new CulpritError('bad-time', texts.badTime, { word });
    return time;
  };
  const asked = { since: Math.max(range.since, at(since, -Infinity)), until: Math.min(range.until, at(until, Infinity)) };
  if (asked.since > asked.until) throw new CulpritError('empty-range', texts.empty, { since: since ?? '', until: until ?? '' });
  return asked;
}

const isAbsolute = (word: string | undefined): boolean => word === undefined || /^\d{4}-/u.test(word);

const HALF_A_YEAR_MS = 182 * 86_400_000;

/**
 * Lines that say no year (klog, syslog) have that of the date that was asked for: a file that was copied was written years after its lines.
 */
export function datedBy(parts: readonly LogPart[], { since, until }: RangeWords): readonly LogPart[] {
  const dates = [since, until].flatMap((word) => {
    const time = word === undefined || !isAbsolute(word) ? undefined : timeOf(word, NaN);
    return time === undefined ? [] : [time];
  });
  const [first] = dates;
  return first === undefined ? parts : parts.map((p) => ({ ...p, mtimeMs: first + HALF_A_YEAR_MS }));
}
