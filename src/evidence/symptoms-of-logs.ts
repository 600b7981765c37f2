/** Symptoms from the last lines of logs that a collector brought. */
import type { LogFacts } from '../facts/node-facts.ts';
import type { Signature } from '../facts/signature.ts';
import type { Symptom } from '../facts/symptom.ts';
import { lineReader } from '../logs/lines.ts';
import type { LogLine } from '../logs/lines.ts';
import { isPast } from './past-symptoms.ts';
import { logSource, extractSymptoms } from './symptoms/extract-symptoms.ts';

/** `takenAt` (ISO 8601): when the logs were read; failures that were over by then are left out. */
export function symptomsOfLogs(logs: readonly LogFacts[], signatures: readonly Signature[], takenAt?: string): readonly Symptom[] {
  const now = takenAt === undefined ? Number.NaN : Date.parse(takenAt);
  return logs.flatMap((log) => {
    const end: { time?: string } = {};
    const origin = {
      path: log.path,
      // A container's output lies on the node, not in the container: the path alone leads to it.
      source: (line: LogLine) => logSource(log.path, line),
      ...(log.component === undefined ? {} : { component: log.component }),
      ...(log.view === undefined ? {} : { view: log.view }),
    };
    const found = extractSymptoms(noting(linesOf(log), end), signatures, origin);
    return Number.isNaN(now) ? found : found.filter((symptom) => !isPast(symptom, log, end.time, now));
  });
}

/** Passes the lines on and keeps the time of the last one. */
function* noting(lines: Iterable<LogLine>, end: { time?: string }): Generator<LogLine> {
  for (const line of lines) {
    if (line.time !== undefined) end.time = line.time;
    yield line;
  }
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
