/** What the readers of the system's records share. */
import { known, type Fact, type Known, type Source } from '../../../facts/fact.ts';
import type { ObservationValue } from '../../../facts/node-facts.ts';
import { linesOf } from '../../../facts/parse/lines.ts';
import type { ProbeRecord } from '../../probe-script.ts';

export type Observations = Record<string, Fact<ObservationValue>>;

/** Text of the first record of this kind whose arguments begin with these words; undefined where the probe made none. */
export const recordText = (records: readonly ProbeRecord[], kind: string, ...words: readonly string[]): string | undefined =>
  records.find((r) => r.kind === kind && words.every((w, i) => r.args[i] === w))?.data.toString('utf8');

export interface FileLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Lines of `grep -n PATTERN FILE...`: `PATH:NUMBER:TEXT`. Paths hold no colon where they are asked for by name. */
export function fileLines(text: string | undefined): readonly FileLine[] {
  return linesOf(text ?? '').flatMap((line) => {
    const match = /^([^:]+):(\d+):(.*)$/u.exec(line);
    return match === null ? [] : [{ path: match[1] ?? '', line: Number(match[2]), text: match[3] ?? '' }];
  });
}

export const fromLine = ({ path, line, text }: FileLine): Source => ({ kind: 'file', path, line, view: 'host', text: text.trim() });

export const fromFile = (path: string, text?: string): Source => ({
  kind: 'file',
  path,
  view: 'host',
  ...(text === undefined ? {} : { text }),
});

export const fromCommand = (command: string, text?: string): Source => ({
  kind: 'command',
  command,
  view: 'host',
  ...(text === undefined ? {} : { text }),
});

export const knownValue = (value: ObservationValue, source: Source): Known<ObservationValue> => known<ObservationValue>(value, source);

/** `"text"`, `'text'` or text, without what stands around it. */
export const unquoted = (text: string): string => {
  const bare = text.trim();
  const first = bare[0];
  return (first === '"' || first === "'") && bare.endsWith(first) && bare.length > 1 ? bare.slice(1, -1) : bare;
};
