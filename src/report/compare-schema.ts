/** The JSON form of a comparison, `culprit/compare@1`; docs/schemas/ publishes it. Fields may be added; none changes its meaning within @1. */
import { z } from 'zod';
import { COMPARE_SCHEMA } from './schema-names.ts';

const count = z.int().nonnegative();

const fact = z.object({
  fact: z.string().describe('a key of its own, and the view: "file primary /etc/hosts"'),
  said: z.string(),
  sick: z.string().optional().describe('what the one that is worse off has; own names and addresses taken out'),
  well: z.string().optional(),
  cures: count.describe('differences in effect that go with it'),
  source: z.string().optional().describe('where the one that is worse off has it'),
});

const verdict = z.object({
  subject: z.string().describe('the one of the two that has it'),
  cause: z.string().describe('id in the catalogue'),
  title: z.string(),
  certainty: z.enum(['proved', 'likely', 'possible']),
  summary: z.string(),
  sources: z.array(z.string()),
});

const pair = z.object({
  sick: z.string().optional().describe('the one that is worse off, or the outlier; absent without a difference in effect'),
  well: z.string().optional().describe('the one it is held against'),
  asked: count.describe('questions that could be answered for both'),
  untold: count.describe('questions that could not be told for one of them'),
  effects: z.array(
    z.object({
      view: z.string(),
      client: z.string(),
      name: z.string(),
      port: z.number().optional(),
      kind: z.enum(['result', 'way']).describe('way: both end alike, by another way'),
      sick: z.string(),
      well: z.string(),
    }),
  ),
  causes: z.array(fact).describe('each by itself makes the one do as the other does; best first'),
  together: z.array(fact).describe('only together they do'),
  verdicts: z.array(verdict).describe('what a diagnosis finds on one of the two alone'),
  others: z.array(fact).describe('facts that differ without an effect'),
});

const nodes = pair.extend({
  schema: z.literal(COMPARE_SCHEMA),
  kind: z.literal('nodes'),
  subjects: z.array(z.string()),
  alike: z.array(z.array(z.string())).describe('subjects that behave alike; those that behave as most do come first'),
  further: z.array(pair).describe('of many: one of each further group that behaves unlike the rest'),
  assumed: z.boolean().describe('true: what nobody looked at is taken to be as usual'),
});

const step = z.object({
  id: z.string(),
  text: z.string(),
  file: z.string().optional(),
  line: count,
  endLine: count,
  quote: z.string(),
});

const traces = z.object({
  schema: z.literal(COMPARE_SCHEMA),
  kind: z.literal('traces'),
  subjects: z.array(z.string()),
  left: z.string().describe('of many: the one that is unlike the rest'),
  right: z.string(),
  alike: z.array(z.array(z.string())).describe('traces that tell the same; what most tell comes first'),
  compared: count.describe('look-ups that both have'),
  differences: z
    .array(
      z.object({
        name: z.string().optional(),
        left: step.optional().describe('absent: that trace goes no further'),
        right: step.optional(),
      }),
    )
    .describe('for each look-up the first step at which they part'),
  pointsTo: z
    .array(z.object({ cause: z.string(), subject: z.string(), line: count, because: z.string() }))
    .describe('causes that only one of them points to'),
});

export const compareSchema = z.discriminatedUnion('kind', [nodes, traces]);

export type ComparisonJson = z.infer<typeof compareSchema>;
