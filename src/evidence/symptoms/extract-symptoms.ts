import type { Source } from '../../facts/fact.ts';
import type { Signature } from '../../facts/signature.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { LogLine } from '../../logs/line-format.ts';
import { clip, SymptomCollector, type LineOrigin } from './symptom-collector.ts';

/** The source of a log line in a file. */
export const logSource = (path: string, line: LogLine): Source => ({
  kind: 'log',
  path,
  line: line.lineNumber,
  text: clip(line.text),
  ...(line.time === undefined ? {} : { time: line.time }),
});

/**
 * The typed failures in these lines: dial and lookup errors, TLS complaints, HTTP answers, ends of processes, and one symptom a signature
 * that matches. Equal ones are folded with a count and the first and last time.
 */
export function extractSymptoms(
  lines: Iterable<LogLine>,
  signatures: readonly Signature[],
  origin: Partial<LineOrigin> & { readonly path?: string } = {},
): readonly Symptom[] {
  const collector = new SymptomCollector(signatures);
  const { path = 'text', ...rest } = origin;
  const where: LineOrigin = { source: (line) => logSource(path, line), ...rest };
  for (const line of lines) collector.add(line, where);
  return collector.symptoms();
}
