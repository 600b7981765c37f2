/** Where nothing convinces, what people tell is held against the words of the catalogue: the nearest causes become possible ones. Pure. */
import { statementsOf } from '../causes/_checks/statements.ts';
import type { Cause, Finding } from '../causes/define-cause.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import { nearestByWords } from './nearest-by-words.ts';
import type { RuledOut, Verdict } from './types.ts';

/** Below this two or three common words were shared by chance. */
const TOO_FAR = 26;
/** A second guess is worth reading while it is nearly as near. */
const NEARLY = 0.6;
const MOST_VERDICTS = 3;

const says = {
  en: 'What is told comes closest to this cause by its words: {told}',
  zh: '从用词看，所述内容与此原因最接近：{told}',
} as const;

export interface Guess {
  readonly cause: Cause;
  readonly finding: Finding;
}

/** Causes to add to what was found, best first; none where something is sure already or nobody told anything. */
export function guessesOf(
  node: NodeFacts,
  causes: readonly Cause[],
  found: readonly Verdict[],
  ruledOut: readonly RuledOut[],
): readonly Guess[] {
  const told = statementsOf(node);
  if (told.length === 0 || found.some((v) => v.certainty !== 'possible')) return [];
  const out = new Set([...ruledOut.map((r) => r.cause), ...found.map((v) => v.cause)]);
  const near = nearestByWords(told, causes, (cause) => !out.has(cause.id));
  const best = near[0]?.score ?? 0;
  return near
    .slice(0, MOST_VERDICTS - found.length)
    .filter(({ score }) => score >= TOO_FAR && score >= best * NEARLY)
    .flatMap(({ cause, statement }): readonly Guess[] => {
      const one = told[statement];
      if (one === undefined) return [];
      const text = `${one.key}: ${one.value}`;
      const finding: Finding = {
        status: 'present',
        evidence: [{ said: { text: says, values: { told: text } }, grade: 'weak', source: { kind: 'statement', key: one.key, text } }],
        atMost: 'possible',
        explainsSymptom: () => false,
      };
      return [{ cause, finding }];
    });
}
