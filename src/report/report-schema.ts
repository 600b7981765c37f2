/**
 * The JSON report `culprit/report@1`. This schema is the contract: the type of the report is taken from it, and docs/schemas/ publishes
 * it as JSON Schema. Fields may be added; none changes its meaning or goes away within @1.
 */
import { z } from 'zod';
import { REPORT_SCHEMA } from './schema-names.ts';

/** 'path:line', 'CONTAINER:path:line', '$ COMMAND', 'probe NAME'. */
const source = z.string().describe('where it was seen: path:line, container:path:line, $ command, or what was probed');

const said = z.object({
  text: z.string().describe('what was found, in the language asked for'),
  source: source.optional(),
  quote: z.string().optional().describe('the line itself, as it stands there'),
});

const answer = z.object({
  client: z.string(),
  version: z.string().optional(),
  view: z.string().describe('host, or the name of a container'),
  name: z.string(),
  port: z.number().optional(),
  outcome: z.enum(['works', 'fails', 'cannot-tell']),
  address: z.string().optional(),
  stage: z.string().optional().describe('how far it got: resolve, socket, address, filter, listener'),
  error: z.string().optional().describe('errno or the resolver’s own name of its error'),
});

const symptom = z.looseObject({
  kind: z.string(),
  operation: z.string(),
  count: z.number(),
  evidence: z.array(z.object({ source, quote: z.string().optional() })),
});

const remedy = z.object({
  id: z.string(),
  title: z.string(),
  risk: z.string(),
  safety: z.enum(['safe', 'disruptive', 'needs-a-person']),
  commands: z.array(z.string()).describe('to paste into a root shell on the node, in order'),
  verify: z.array(z.string()),
  undo: z.array(z.string()).describe('takes the commands back; empty where nothing has to be taken back'),
  then: z.array(z.string()).optional().describe('what to run afterwards'),
});

const verdict = z.object({
  cause: z.string().describe('id in the catalogue'),
  title: z.string(),
  certainty: z.enum(['proved', 'likely', 'possible']),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  view: z.string().optional(),
  summary: z.string(),
  explains: z.array(z.string()),
  chain: z.array(said).describe('from the cause to what was seen, in order'),
  evidence: z.array(said),
  remedies: z.array(remedy).describe('smallest first'),
  proof: z
    .object({
      remedy: z.string(),
      predicted: z.array(answer).describe('failures that the model predicts on the facts as they are'),
      afterRemedy: z.array(answer).describe('the same questions with the remedy applied'),
      broken: z.array(answer).describe('questions that worked before and fail with the remedy; empty for a proof'),
    })
    .optional(),
  variants: z.array(z.string()).optional().describe('ids of causes folded under this one'),
});

export const reportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  target: z.string(),
  symptoms: z.array(symptom),
  verdicts: z.array(verdict).describe('best first; empty where nothing is wrong'),
  /** Something fails, or is said to have failed. */
  troubled: z.boolean(),
  unread: z.boolean().optional().describe('true where nothing of what was given could be read'),
  undecided: z.array(
    z.object({
      cause: z.string(),
      title: z.string(),
      needs: z.array(z.object({ what: z.string(), command: z.string().optional() })).describe('the next fact to fetch'),
    }),
  ),
  next: z
    .array(z.object({ what: z.string(), command: z.string().optional() }))
    .describe('facts worth asking for when nothing points to a cause'),
  notChecked: z.array(z.object({ what: z.string(), source: source.optional() })),
  ruledOut: z.array(z.object({ cause: z.string(), title: z.string(), because: z.string() })),
  answers: z.array(answer).describe('what the model says of each question that was asked'),
  failing: z.array(answer).describe('those of them that count as failures: a name that is needed, or one about which programs disagree'),
  pieces: z
    .array(z.object({ name: z.string(), takenFor: z.string(), lines: z.number(), notUnderstood: z.number().optional() }))
    .optional()
    .describe('what each piece of given evidence was taken for'),
  timings: z.record(z.string(), z.number()).describe('milliseconds by phase'),
});

export type Report = z.infer<typeof reportSchema>;
export type ReportVerdict = Report['verdicts'][number];
export type ReportRemedy = ReportVerdict['remedies'][number];
export type ReportAnswer = Report['answers'][number];
export type ReportSaid = ReportVerdict['chain'][number];
