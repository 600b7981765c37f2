/** The JSON form of a told trace, `culprit/trace@1`; docs/schemas/ publishes it. Fields may be added; none changes its meaning within @1. */
import { z } from 'zod';
import { TRACE_SCHEMA } from './schema-names.ts';

const line = z.int().nonnegative().describe('of the trace, from 1');

export const traceStep = z.object({
  id: z.string().describe('stable, in every language the same: strace.cacheAsked, strace.answeredAll ...'),
  text: z.string(),
  file: z.string().optional().describe('of strace -ff: which of the files'),
  line,
  endLine: line,
  quote: z.string().describe('the first of these lines, as it stands there'),
  rule: z.string().optional().describe('manual page or upstream file that states the rule'),
  ms: z.number().optional().describe('how long it waited'),
});

export const traceSchema = z.object({
  schema: z.literal(TRACE_SCHEMA),
  target: z.string(),
  command: z.array(z.string()).optional().describe('the first program that was started in it'),
  stack: z.enum(['glibc', 'musl', 'go']).optional(),
  lines: z.int().nonnegative(),
  calls: z.int().nonnegative(),
  lookups: z.array(
    z.object({
      name: z.string().optional(),
      nameCut: z.boolean().optional().describe('true: the trace shows only its beginning'),
      outcome: z.enum(['addresses', 'not-found', 'failed', 'unknown']),
      by: z.enum(['cache', 'hosts', 'dns']).optional(),
      addresses: z.array(z.string()),
      brief: z.array(traceStep),
      steps: z.array(traceStep),
    }),
  ),
  dials: z.array(traceStep),
  end: z.array(traceStep),
  waits: z
    .array(z.object({ line, file: z.string().optional(), call: z.string(), ms: z.number(), on: z.string().optional() }))
    .describe('longest first'),
  time: z
    .array(z.object({ on: z.string(), ms: z.number() }))
    .describe('how long each DNS server, cache socket and address was waited for, longest first'),
  totalMs: z.number().optional(),
  hints: z
    .array(z.enum(['threads', 'calls', 'strings']))
    .describe('why less is shown than happened: threads or calls that were not traced, strings that were cut'),
  damaged: z.string().optional().describe('what was wrong with the file behind what was read'),
  pointsTo: z.array(
    z.object({
      cause: z.string().describe('id in the catalogue'),
      title: z.string(),
      because: z.string(),
      file: z.string().optional(),
      line,
      quote: z.string(),
    }),
  ),
  daemon: z.string().optional().describe('whose cache daemon is asked, where that is known and it is another view’s'),
  check: z
    .object({ outcome: z.enum(['agree', 'miss', 'not-comparable']), said: z.string() })
    .optional()
    .describe('the trace beside what the model predicts for the same place'),
  dropped: z.int().nonnegative().describe('events beyond what is kept'),
  limited: z.boolean().describe('true: the trace was not read to its end'),
});

export type TraceJson = z.infer<typeof traceSchema>;
export type TraceJsonStep = z.infer<typeof traceStep>;
