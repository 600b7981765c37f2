/** The JSON form of an explanation, `culprit/explain@1`; docs/schemas/ publishes it. */
import { z } from 'zod';
import { EXPLAIN_SCHEMA } from './schema-names.ts';

/** Written out, since it holds itself. */
export interface ExplainedStep {
  id: string;
  text: string;
  rule?: string | undefined;
  source?: string | undefined;
  quote?: string | undefined;
  ms?: number | undefined;
  inner?: ExplainedStep[] | undefined;
}

const step: z.ZodType<ExplainedStep> = z.object({
  id: z.string().describe('stack and step: stable, in every language the same'),
  text: z.string(),
  rule: z.string().optional().describe('manual page, RFC, or upstream file and version that states the rule'),
  source: z.string().optional(),
  quote: z.string().optional(),
  ms: z.number().optional(),
  get inner() {
    return z.array(step).optional().describe('another account inside this step: a cache daemon’s own');
  },
});

const attempt = z.object({
  address: z.string(),
  port: z.number().optional(),
  outcome: z.string().describe('connected, timeout, cannot-tell or an errno name'),
  stage: z.string(),
  elapsedMs: z.number(),
  steps: z.array(step),
});

export const explainSchema = z.object({
  schema: z.literal(EXPLAIN_SCHEMA),
  name: z.string(),
  port: z.number().optional(),
  answers: z.array(
    z.object({
      client: z.string(),
      version: z.string().optional(),
      view: z.string(),
      outcome: z.enum(['works', 'fails', 'cannot-tell']),
      addresses: z.array(z.string()),
      error: z.string().optional(),
      queries: z.array(z.string()).describe('DNS questions in the order sent: server name type'),
      steps: z.array(step),
      attempts: z.array(attempt),
      prints: z.array(z.string()),
      exitStatus: z.number().optional(),
      elapsedMs: z.number(),
      really: z
        .object({ said: z.string(), agrees: z.boolean().optional() })
        .optional()
        .describe('what the installed program answered when it was run'),
    }),
  ),
  differences: z
    .array(
      z.object({
        left: z.string(),
        right: z.string(),
        because: z.string().optional(),
        leftStep: step.optional(),
        rightStep: step.optional(),
      }),
    )
    .describe('the first step at which two clients part'),
  needs: z
    .array(z.object({ what: z.string(), command: z.string().optional() }))
    .describe('facts that would let the model tell where it cannot'),
});

export type Explanation = z.infer<typeof explainSchema>;
export type ExplainedAnswer = Explanation['answers'][number];
