/**
 * Where no rule is sure, all that was told and pasted is held against the words of the catalogue: the nearest causes become possible
 * ones, and what rules hold possible is put into the order that the words speak for. Pure.
 */
import { statementsOf } from '../causes/_checks/statements.ts';
import type { Cause, Finding } from '../causes/define-cause.ts';
import type { Source } from '../facts/fact.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { nearestByWords, type Near } from './nearest-by-words.ts';
import type { RuledOut, Undecided, Verdict } from './types.ts';

/**
 * From where on a guess is worth reading. On threads that no rule was written for the nearest cause was the right one in a quarter of the
 * cases below 0.5 and in nine of ten above 0.8. Log lines alone, of which most is noise, must come nearer than what a person picked.
 */
const FROM_TOLD = { score: 0.4, shared: 8 } as const;
const FROM_LINES = { score: 0.65, shared: 20 } as const;
/** A further guess is worth reading while it is nearly as near. */
const NEARLY = 0.6;
const MOST_VERDICTS = 3;
/** A cause that a rule holds possible stands before one that is only a little nearer; the rule's own order and how much it saw count as well. */
const OF_A_RULE = 1.1;
const BY_WEIGHT = 0.1;
const MOST_WEIGHT = 6;
const NEXT_OF_A_RULE = 0.85;

const says = {
  en: 'What is told comes closest to this cause by its words: {told}',
  zh: '从用词看，所述内容与此原因最接近：{told}',
} as const;

export interface Guess {
  readonly cause: Cause;
  readonly finding: Finding;
}

export interface ByWords {
  /** Best first; empty where something is sure, or nothing comes near. */
  readonly guesses: readonly Guess[];
  /** How much the words speak for each cause. */
  readonly scores: ReadonlyMap<string, number>;
}

const NONE: ByWords = { guesses: [], scores: new Map() };

/** `troubled`: something in the evidence failed. Lines that complain of nothing make nobody guess. */
export function byWords(
  { node, symptoms, given }: Snapshot,
  causes: readonly Cause[],
  found: readonly Verdict[],
  ruledOut: readonly RuledOut[],
  undecided: readonly Undecided[],
): ByWords {
  if (found.some((v) => v.certainty !== 'possible')) return NONE;
  const statements = statementsOf(node);
  const told = statements.map(({ key, value }) => `${key}: ${value}`);
  const troubled = symptoms.some((s) => s.details?.['noise'] === undefined);
  if (told.length === 0 && found.length === 0 && !troubled) return NONE;
  const stated = new Set(told);
  const lines = [...new Set([...(given ?? []), ...symptoms.flatMap((s) => s.evidence.flatMap(({ text }) => text ?? []))])].filter(
    (line) => !stated.has(line),
  );
  const near = nearestByWords({ told, lines });
  const scores = new Map(near.map((one) => [one.cause, one.score]));
  // Where only lines speak, a cause that asks for a fact has already made of them what can be made.
  const asking = told.length > 0 ? [] : undecided;
  const out = new Set([...ruledOut, ...found, ...asking].map(({ cause }) => cause));
  const limit = told.length > 0 ? FROM_TOLD : FROM_LINES;
  const best = near[0]?.score ?? 0;
  const guesses = near
    .filter(({ cause, score, shared }) => !out.has(cause) && score >= limit.score && shared >= limit.shared && score >= best * NEARLY)
    .slice(0, MOST_VERDICTS)
    .flatMap((one): readonly Guess[] => {
      const cause = causes.find(({ id }) => id === one.cause);
      const source = sourceOf(one, statements, lines);
      return cause === undefined || source === undefined ? [] : [{ cause, finding: findingOf(source) }];
    });
  return { guesses, scores };
}

function sourceOf({ at }: Near, statements: ReturnType<typeof statementsOf>, lines: readonly string[]): Source | undefined {
  if (at.of === 'lines') {
    const text = lines[at.index];
    return text === undefined ? undefined : { kind: 'file', path: 'evidence', text };
  }
  const one = statements[at.index];
  return one === undefined ? undefined : { kind: 'statement', key: one.key, text: `${one.key}: ${one.value}` };
}

const findingOf = (source: Source): Finding => ({
  status: 'present',
  evidence: [{ said: { text: says, values: { told: source.text ?? '' } }, grade: 'weak', source }],
  atMost: 'possible',
  explainsSymptom: () => false,
});

/** Those that rules found, and guesses among them, in the order of their worth; never more than three where guesses are among them. */
export function inOrderOfWords(found: readonly Verdict[], guesses: readonly Verdict[], { scores }: ByWords): readonly Verdict[] {
  if (scores.size === 0) return found;
  const byRule = (v: Verdict, place: number): number => (OF_A_RULE + BY_WEIGHT * Math.min(v.weight, MOST_WEIGHT)) * NEXT_OF_A_RULE ** place;
  const worth = new Map([
    ...found.map((v, place) => [v, (scores.get(v.cause) ?? 0) * byRule(v, place)] as const),
    ...guesses.map((v) => [v, scores.get(v.cause) ?? 0] as const),
  ]);
  const guessed = new Set(guesses);
  return [...worth]
    .sort(([, a], [, b]) => b - a)
    .map(([v]) => v)
    .filter((v, at) => !guessed.has(v) || at < MOST_VERDICTS);
}
