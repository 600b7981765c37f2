/** Symptoms from the last lines of logs that a collector brought. */
import type { LogFacts } from '../facts/node-facts.ts';
import type { Signature } from '../facts/signature.ts';
import type { Symptom } from '../facts/symptom.ts';
import { lineReader } from '../logs/lines.ts';
import type { LogLine } from '../logs/lines.ts';
import { logSource, extractSymptoms } from './symptoms/extract-symptoms.ts';

export function symptomsOfLogs(logs: readonly LogFacts[], signatures: readonly Signature[]): readonly Symptom[] {
  return logs.flatMap((log) => {
    const origin = {
      path: log.path,
      source: (line: LogLine) => ({ ...logSource(log.path, line), ...(log.view === undefined ? {} : { view: log.view }) }),
      ...(log.component === undefined ? {} : { component: log.component }),
      ...(log.view === undefined ? {} : { view: log.view }),
    };
    return extractSymptoms(linesOf(log), signatures, origin);
  });
}

function* linesOf(log: LogFacts): Generator<LogLine> {
  const reader = lineReader();
  const first = log.firstLine ?? 1;
  for (const [index, raw] of log.tail.entries()) {
    const line = reader.read(raw, first + index);
    if (line !== undefined) yield line;
  }
  const last = reader.flush();
  if (last !== undefined) yield last;
}
