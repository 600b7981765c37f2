/** How one kind of failure is read from a line. One file a kind; symptom-readers.ts lists them. */
import type { Symptom } from '../../facts/symptom.ts';
import type { LogLine } from '../../logs/line-format.ts';

/** A symptom before it is counted and given its sources. */
export type SymptomDraft = Omit<Symptom, 'count' | 'evidence' | 'firstSeen' | 'lastSeen'>;

export interface SymptomReader {
  /** = file name. */
  readonly id: string;
  /** Every line that it reads holds one of these, case-sensitive. */
  readonly anchors: readonly string[];
  /** Literals to look for in large logs, where the anchors are too common for that, or shorter than nine bytes. */
  readonly scan?: readonly string[];
  readonly read: (line: LogLine) => readonly SymptomDraft[];
}

export const defineSymptomReader = (reader: SymptomReader): SymptomReader => reader;

/** An anchor that is too short for the scanner, with each of the endings that it can have. */
export const longEnough = (anchor: string, endings: readonly string[]): readonly string[] => endings.map((e) => `${anchor}${e}`);

/** Fields that are undefined are left out, as exact optional types want it. */
export function draft(
  kind: string,
  operation: SymptomDraft['operation'],
  fields: { readonly [K in Exclude<keyof SymptomDraft, 'kind' | 'operation'>]?: SymptomDraft[K] | undefined },
): SymptomDraft {
  const entries = Object.entries(fields).filter(([, v]) => v !== undefined);
  return { kind, operation, ...(Object.fromEntries(entries) as Partial<SymptomDraft>) };
}

/** Details without empty values; undefined when nothing is left. */
export function details(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(values).filter((e): e is [string, string] => e[1] !== undefined && e[1] !== '');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
