/** The model's answers for one name as an explanation: every step in one language, with its place and its rule. Pure. */
import type { NodeFacts } from '../facts/node-facts.ts';
import type { ClientAnswer, DialAttempt, ResolvedAddress, Step } from '../model/types.ts';
import type { Language } from '../shared/language.ts';
import type { Said } from '../shared/text.ts';
import { EXPLAIN_SCHEMA } from './schema-names.ts';
import type { ExplainedAnswer, ExplainedStep, Explanation } from './explain-schema.ts';
import { renderSaid, renderText } from './render-said.ts';
import { quoteOf, sourceText, viewName } from './source-text.ts';

/** What the real program said when it was run, to hold the model against. */
export interface RealAnswer {
  readonly client: string;
  readonly view: string;
  /** The version of the model that it is held against, where a client stands in several. */
  readonly version?: string;
  /** In one line. */
  readonly said: string | Said;
  /** Undefined: its output cannot be compared. */
  readonly agrees?: boolean;
}

/**
 * Two clients that end differently, and the first steps at which they part: all before is common. Where neither step is given they are
 * looked for here; one that is missing then means that this client's account ends there.
 */
export interface ClientDifference {
  readonly left: ClientAnswer;
  readonly right: ClientAnswer;
  readonly leftStep?: Step;
  readonly rightStep?: Step;
  /** In one sentence. */
  readonly because?: Said;
}

export interface ExplainInput {
  readonly name: string;
  readonly port?: number;
  readonly answers: readonly ClientAnswer[];
  readonly differences: readonly ClientDifference[];
  readonly real?: readonly RealAnswer[];
  /** Facts that would let the model tell where it cannot. */
  readonly needs?: readonly { readonly what: Said; readonly command?: string }[];
}

export interface ExplainOptions {
  readonly language: Language;
  readonly node?: NodeFacts;
}

export function makeExplanation(input: ExplainInput, options: ExplainOptions): Explanation {
  return {
    schema: EXPLAIN_SCHEMA,
    name: input.name,
    ...(input.port === undefined ? {} : { port: input.port }),
    answers: input.answers.map((a) => answerOf(a, input.real ?? [], options)),
    differences: input.differences.map((d) => differenceOf(d, options)),
    needs: (input.needs ?? []).map(({ what, command }) => ({
      what: renderSaid(what, options.language),
      ...(command === undefined ? {} : { command }),
    })),
  };
}

function differenceOf(difference: ClientDifference, options: ExplainOptions): Explanation['differences'][number] {
  const { left, right } = difference;
  const given = difference.leftStep !== undefined || difference.rightStep !== undefined;
  const [leftStep, rightStep] = given ? [difference.leftStep, difference.rightStep] : firstDifferent(allSteps(left), allSteps(right));
  return {
    left: left.client,
    right: right.client,
    ...(difference.because === undefined ? {} : { because: renderSaid(difference.because, options.language) }),
    ...(leftStep === undefined ? {} : { leftStep: stepOf(leftStep, options) }),
    ...(rightStep === undefined ? {} : { rightStep: stepOf(rightStep, options) }),
  };
}

const allSteps = (answer: ClientAnswer): readonly Step[] => [...answer.resolution.steps, ...answer.attempts.flatMap((a) => a.steps)];

function firstDifferent(left: readonly Step[], right: readonly Step[]): readonly [Step | undefined, Step | undefined] {
  const key = (step: Step | undefined): string => JSON.stringify([step?.kind.id, step?.values]);
  let i = 0;
  while (i < Math.max(left.length, right.length) && key(left[i]) === key(right[i])) i++;
  return [left[i], right[i]];
}

const addressText = (a: ResolvedAddress): string => (a.zone === undefined ? a.address : `${a.address}%${a.zone}`);

function answerOf(answer: ClientAnswer, real: readonly RealAnswer[], options: ExplainOptions): ExplainedAnswer {
  const { outcome, resolution } = answer;
  const resolved = resolution.outcome;
  const error =
    outcome.kind === 'fails' ? (outcome.errno ?? outcome.error?.code) : resolved.kind === 'error' ? resolved.error.code : undefined;
  const really = real.find(
    (r) => r.client === answer.client && r.view === answer.view && (r.version === undefined || r.version === answer.version),
  );
  return {
    client: answer.client,
    ...(answer.version === undefined ? {} : { version: answer.version }),
    view: viewName(answer.view, options.node),
    outcome: outcome.kind,
    addresses: resolved.kind === 'addresses' ? resolved.addresses.map(addressText) : [],
    ...(error === undefined ? {} : { error }),
    queries: resolution.queries.map((q) => `${q.server} ${q.name} ${q.type}`),
    steps: resolution.steps.map((s) => stepOf(s, options)),
    attempts: answer.attempts.map((a) => attemptOf(a, options)),
    prints: [...answer.prints],
    ...(answer.exitStatus === undefined ? {} : { exitStatus: answer.exitStatus }),
    elapsedMs: answer.elapsedMs,
    ...(really === undefined
      ? {}
      : {
          really: {
            said: typeof really.said === 'string' ? really.said : renderSaid(really.said, options.language),
            ...(really.agrees === undefined ? {} : { agrees: really.agrees }),
          },
        }),
  };
}

function attemptOf(attempt: DialAttempt, options: ExplainOptions): ExplainedAnswer['attempts'][number] {
  const { outcome } = attempt;
  return {
    address: addressText(attempt.address),
    ...(attempt.port === undefined ? {} : { port: attempt.port }),
    outcome: outcome.kind === 'errno' ? [outcome.errno, ...(outcome.or ?? [])].join('|') : outcome.kind,
    stage: attempt.stage,
    elapsedMs: attempt.elapsedMs,
    steps: attempt.steps.map((s) => stepOf(s, options)),
  };
}

function stepOf(step: Step, options: ExplainOptions): ExplainedStep {
  const quote = step.at === undefined ? undefined : quoteOf(step.at);
  return {
    id: step.kind.id,
    text: renderText(step.kind.text, options.language, step.values),
    ...(step.kind.rule === undefined ? {} : { rule: step.kind.rule }),
    ...(step.at === undefined ? {} : { source: sourceText(step.at, options.node) }),
    ...(quote === undefined ? {} : { quote }),
    ...(step.ms === undefined ? {} : { ms: step.ms }),
    ...(step.inner === undefined ? {} : { inner: step.inner.map((s) => stepOf(s, options)) }),
  };
}
