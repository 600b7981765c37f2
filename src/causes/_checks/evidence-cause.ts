/**
 * Most causes are judged by evidence alone: lines, typed symptoms, settings, statements. Such a cause is declared, not programmed:
 *
 *   evidenceCause({
 *     id, area, ...,
 *     signatures: lines that speak for it (each with its grade),
 *     confirm:    [{ when: test, grade, says }],
 *     refute:     [{ when: test, says }],
 *     asks:       the facts that would decide, best first,
 *   })
 *
 * Grades follow the catalogue, section 0: one `direct`, or two `strong` of different kinds, make it likely; one `strong`, or `weak`
 * ones, make it possible and the deciding fact is asked for; a `hint` only puts the cause in play: it is asked for, never reported.
 * A refuting fact ends it. With nothing that points to the cause there is no finding at all, so that a quiet node stays quiet.
 */
import type { Source } from '../../facts/fact.ts';
import type { Signature } from '../../facts/signature.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { Need } from '../../model/types.ts';
import type { Said, Text, Values } from '../../shared/text.ts';
import type { Cause, CauseContext, CauseEvidence, Finding } from '../define-cause.ts';
import { defineCause } from '../define-cause.ts';
import type { EvidenceKind, Look, Seen, Test } from './look.ts';
import { t } from './look.ts';
import { matchesFilter, seenSymptoms, type SymptomFilter } from './symptoms.ts';

export type Grade = 'direct' | 'strong' | 'weak' | 'hint';

export interface Clue {
  readonly when: Test;
  readonly grade: Grade;
  /** Also stands in help and docs, so it reads well without values. */
  readonly says: Text;
}

export interface Refutation {
  readonly when: Test;
  readonly says: Text;
}

export interface EvidenceCheck {
  /** Lines that speak for it by themselves; each hit is evidence of kind 'line' with the signature's grade. */
  readonly signatures?: readonly Signature[];
  readonly confirm?: readonly Clue[];
  readonly refute?: readonly Refutation[];
  /** The facts that would decide, the best question first. */
  readonly asks?: readonly Need[];
  /** Consequences among the symptoms that this cause accounts for, beside the symptoms that are its evidence. */
  readonly explains?: readonly SymptomFilter[];
  /** Never surer than this without a proof. */
  readonly atMost?: 'likely' | 'possible';
}

const SAYS_ITSELF = t('A line of the evidence says it: {line}', '证据中有一行直接说明：{line}');
const POINTS_TO_IT = t('A line of the evidence points to it: {line}', '证据中有一行指向它：{line}');

interface Hit {
  readonly grade: Grade;
  readonly kind: EvidenceKind;
  readonly said: Said;
  readonly look: Seen;
}

const GRADE_ORDER: Readonly<Record<Grade, number>> = { direct: 0, strong: 1, weak: 2, hint: 3 };

const signatureHits = (signatures: readonly Signature[], symptoms: readonly Symptom[]): readonly Hit[] =>
  signatures.flatMap((signature): Hit[] => {
    const look: Look = seenSymptoms(
      symptoms.filter((one) => one.kind === signature.id),
      'line',
    );
    if (look.seen !== 'yes') return [];
    const text = signature.grade === 'direct' ? SAYS_ITSELF : POINTS_TO_IT;
    return [{ grade: signature.grade, kind: 'line', look, said: { text, values: { line: '', ...look.values } } }];
  });

const clueHit = (clue: Clue, look: Look): readonly Hit[] =>
  look.seen === 'yes'
    ? [
        {
          grade: clue.grade,
          kind: look.kind,
          look,
          said: look.values === undefined ? { text: clue.says } : { text: clue.says, values: look.values },
        },
      ]
    : [];

const toEvidence = ({ grade, said, look }: Hit): CauseEvidence => ({
  said,
  ...(look.source === undefined ? {} : { source: look.source }),
  grade: grade === 'hint' ? 'weak' : grade,
});

/** Two strong ones of the same kind, or made of the same line, are one observation seen twice. */
const isConvincing = (hits: readonly Hit[]): boolean => {
  if (hits.some((hit) => hit.grade === 'direct')) return true;
  const strong = hits.filter((hit) => hit.grade === 'strong');
  return strong.some((a) => strong.some((b) => a.kind !== b.kind && !sameLine(a.look.source, b.look.source)));
};
const sameLine = (a: Source | undefined, b: Source | undefined): boolean =>
  a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** Two strong ones of different kinds weigh together as much as one direct: the first carries it, whatever file each came from. */
const weighed = (hits: readonly Hit[]): readonly CauseEvidence[] => {
  const evidence = hits.map(toEvidence);
  if (!isConvincing(hits) || evidence.some((one) => one.grade === 'direct')) return evidence;
  return evidence.map((one, index) => (index === 0 ? { ...one, grade: 'direct' as const } : one));
};

const sameNeed = (a: Need, b: Need): boolean => JSON.stringify(a) === JSON.stringify(b);

export const evidenceCheck =
  (rule: EvidenceCheck) =>
  (context: CauseContext): readonly Finding[] => {
    for (const { when, says } of rule.refute ?? []) {
      const look = when(context);
      if (look.seen === 'yes')
        return [{ status: 'absent', because: look.values === undefined ? { text: says } : { text: says, values: look.values } }];
    }
    const looks = (rule.confirm ?? []).map((clue) => ({ clue, look: clue.when(context) }));
    const hits = [
      ...signatureHits(rule.signatures ?? [], context.symptoms),
      ...looks.flatMap(({ clue, look }) => clueHit(clue, look)),
    ].sort((a, b) => GRADE_ORDER[a.grade] - GRADE_ORDER[b.grade]);
    if (hits.length === 0) return [];

    const needs = [...(rule.asks ?? []), ...looks.flatMap(({ look }) => (look.seen === 'unknown' ? (look.needs ?? []) : []))].filter(
      (need, index, list) => list.findIndex((other) => sameNeed(other, need)) === index,
    );
    const cannotTell: readonly Finding[] = needs.length === 0 ? [] : [{ status: 'cannot-tell', needs }];
    const reported = hits.filter((hit) => hit.grade !== 'hint');
    if (reported.length === 0) return cannotTell;

    const convincing = isConvincing(reported);
    const atMost = convincing ? rule.atMost : 'possible';
    const used = new Set<Symptom>(hits.flatMap((hit) => hit.look.symptoms ?? []));
    const values = Object.assign({}, ...[...reported].reverse().map((hit) => hit.look.values ?? {})) as Values;
    const view = reported.find((hit) => hit.look.view !== undefined)?.look.view;
    const present: Finding = {
      status: 'present',
      values,
      evidence: weighed(hits),
      explainsSymptom: (one) => used.has(one) || (rule.explains ?? []).some((filter) => matchesFilter(one, filter)),
      ...(view === undefined ? {} : { view }),
      ...(atMost === undefined ? {} : { atMost }),
    };
    return convincing ? [present] : [present, ...cannotTell];
  };

type Declared = Omit<Cause, 'check' | 'confirms' | 'refutes' | 'signatures'> &
  EvidenceCheck & {
    /** Lines that tests read and that are no evidence by themselves. */
    readonly lines?: readonly Signature[];
    /** Beside the texts of `confirm` and `refute`, for help and docs. */
    readonly confirms?: readonly Text[];
    readonly refutes?: readonly Text[];
  };

const LINE_CONFIRMS = t('A line like those shown above stands in a log or an output.', '日志或输出中出现与上面所列类似的行。');

/** A cause that is judged by evidence: its texts for docs come from the same clues that judge it. */
export const evidenceCause = (declared: Declared): Cause => {
  const { confirm, refute, asks, explains, atMost, lines, signatures, confirms, refutes, ...rest } = declared;
  const rule: EvidenceCheck = {
    ...(signatures === undefined ? {} : { signatures }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(refute === undefined ? {} : { refute }),
    ...(asks === undefined ? {} : { asks }),
    ...(explains === undefined ? {} : { explains }),
    ...(atMost === undefined ? {} : { atMost }),
  };
  const own = [...(signatures ?? []), ...(lines ?? [])];
  const byClues = (confirm ?? []).filter((clue) => clue.grade !== 'hint').map((clue) => clue.says);
  return defineCause({
    ...rest,
    confirms: [...(confirms ?? []), ...byClues, ...((signatures ?? []).length > 0 ? [LINE_CONFIRMS] : [])],
    refutes: [...(refutes ?? []), ...(refute ?? []).map((one) => one.says)],
    ...(own.length > 0 ? { signatures: own } : {}),
    ...(asks === undefined ? {} : { asks }),
    check: evidenceCheck(rule),
  });
};
