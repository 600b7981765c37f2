/**
 * The JSON form of what `culprit logs` found: `culprit/logs@1`, `culprit/logs-lines@1` for the lines of one kind, and
 * `culprit/logs-event@1`, one a line, of --follow. These schemas are the
 * contract: the types are taken from them, and docs/schemas/ publishes them. Fields may be added; none changes its meaning within @1.
 */
import { z } from 'zod';
import { LOGS_EVENT_SCHEMA, LOGS_LINES_SCHEMA, LOGS_SCHEMA } from './schema-names.ts';

const time = z.string().describe('ISO 8601, UTC');
const source = z.string().describe('where it stands: path:line; "-" is standard input');
const count = z.int().nonnegative();

const file = z.object({
  path: z.string(),
  lines: count,
  bytes: count,
  format: z.string().optional().describe('formats that were peeled off, outermost first: docker-json+klog'),
  component: z.string().optional().describe('the container, as its folder or the runtime’s own file names it'),
  firstTime: time.optional(),
  lastTime: time.optional(),
});

const terminal = z.object({
  text: z.string(),
  kind: z.string().describe('klog-fatal, go-panic, logrus-fatal, zap-fatal, rke-result, systemd-result, oom-kill ...'),
  source,
  time: time.optional(),
  count: count.describe('how often it stands in the log'),
  consequence: z.string().optional().describe('why it is a consequence, where it is one'),
  linesAfter: count.describe('lines of this file after it'),
  ledBy: z.array(z.string()).describe('lines before it that say what went wrong, oldest first'),
});

const symptom = z.object({
  kind: z.string().describe('dial-failed, dns-failed, tls-failed, http-status ..., or CAUSE/SIGNATURE for a known line'),
  operation: z.string(),
  what: z.string().describe('in one line: [::1]:6443 no route to host (localhost)'),
  count,
  firstTime: time.optional(),
  lastTime: time.optional(),
  terminal: z.boolean(),
  noise: z.string().optional().describe('why it is no cause'),
  sources: z.array(z.object({ source, quote: z.string().optional() })).describe('the first places and the last one'),
  fields: z.record(z.string(), z.union([z.string(), z.number()])).describe('name, address, port, errno, rcode, httpStatus ...'),
  causes: z.array(z.string()).describe('ids of the causes whose signature matched'),
});

const cause = z.object({
  id: z.string().describe('id in the catalogue'),
  title: z.string(),
  certainty: z.enum(['proved', 'likely', 'possible', 'points-to']),
  because: z.string(),
});

const template = z.object({
  number: z.int().positive().describe('for --template'),
  text: z.string().describe('with <*> for what differs from line to line'),
  count,
  level: z.string().optional(),
  sourceFile: z.string().optional(),
  component: z.string().optional(),
  firstTime: time.optional(),
  lastTime: time.optional(),
  perMinute: z.number().optional().describe('over its own time'),
  change: z
    .enum(['steady', 'rises', 'falls', 'starts', 'stops', 'once'])
    .optional()
    .describe('the last quarter of the log beside what was before'),
  factor: z.number().optional().describe('how many times faster (rises) or slower (falls) that is'),
  source: source.describe('of its first line'),
  files: count.describe('in how many files it stands'),
  example: z.string(),
  consequence: z.string().optional(),
});

export const logsSchema = z.object({
  schema: z.literal(LOGS_SCHEMA),
  files: z.array(file),
  lines: count,
  bytes: count,
  firstTime: time.optional().describe('of the first line that has a time, as of the last'),
  lastTime: time.optional(),
  terminal: terminal.optional().describe('the line that ended the process or the run'),
  otherTerminals: z.array(terminal).describe('other lines of that kind, best first'),
  symptoms: z.array(symptom).describe('what failed'),
  consequences: z.array(symptom).describe('failures that follow from another one, or mean nothing'),
  causes: z.array(cause).describe('what the failures point to'),
  templates: z.array(template).describe('kinds of lines, most frequent first'),
  losses: z
    .array(z.object({ what: z.string(), kind: z.string(), source, lines: count.optional(), times: count }))
    .describe('lines that say that lines are missing'),
  problems: z
    .array(z.object({ kind: z.string(), what: z.string(), source: z.string(), count: count.optional() }))
    .describe('what was wrong with the input; the rest was used'),
  clocks: z
    .array(z.object({ node: z.string(), skewMs: z.number(), events: count }))
    .describe('how far the clocks of several nodes are ahead of the first one’s'),
  milliseconds: z.number(),
});

export const logsLinesSchema = z.object({
  schema: z.literal(LOGS_LINES_SCHEMA),
  template,
  lines: z.array(z.object({ source, text: z.string() })).describe('the first lines of this kind and the last ones, in order'),
});

export const logsEventSchema = z.object({
  schema: z.literal(LOGS_EVENT_SCHEMA),
  kind: z.string().describe('failure, the kind of line that ended a process, or what became of the file: replaced, shrank, gone'),
  source,
  text: z.string().optional(),
  time: time.optional().describe('as the line says it'),
  level: z.string().optional(),
});

export type LogsEvent = z.infer<typeof logsEventSchema>;
export type LogsReport = z.infer<typeof logsSchema>;
export type LogsTerminal = z.infer<typeof terminal>;
export type LogsSymptom = z.infer<typeof symptom>;
export type LogsCause = z.infer<typeof cause>;
export type LogsTemplate = z.infer<typeof template>;
