/**
 * A test asks one thing of the evidence and gets one of three answers. `unknown` is never read as `no`: it names, where it can,
 * what would have to be fetched. Causes are built from tests; `evidenceCause` (evidence-cause.ts) turns their answers into findings.
 */
import type { Source, ViewId } from '../../facts/fact.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { Need } from '../../model/types.ts';
import type { Text, Values } from '../../shared/text.ts';
import type { CauseContext } from '../define-cause.ts';

/** Two pieces of evidence count as independent only when their kinds differ (catalogue, section 0: "two strong of different kinds"). */
export type EvidenceKind = 'line' | 'symptom' | 'setting' | 'state' | 'counter' | 'statement' | 'configuration' | 'comparison';

export interface Seen {
  readonly seen: 'yes';
  readonly kind: EvidenceKind;
  readonly values?: Values;
  readonly source?: Source;
  readonly view?: ViewId;
  /** Symptoms that this look used up: the cause explains them. */
  readonly symptoms?: readonly Symptom[];
}
export type Look =
  Seen | { readonly seen: 'no'; readonly source?: Source } | { readonly seen: 'unknown'; readonly needs?: readonly Need[] };
export type Test = (context: CauseContext) => Look;

export const UNKNOWN: Look = { seen: 'unknown' };
export const NOT_SEEN: Look = { seen: 'no' };

/** Both languages in one line. */
export const t = (en: string, zh: string): Text => ({ en, zh });

/** A question to the person, with the command that answers it. */
export const ask = (en: string, zh: string, command: string): Need => ({ kind: 'ask', what: { en, zh }, command });

const merge = (looks: readonly Seen[]): Seen => {
  const first = looks[0];
  if (first === undefined) return { seen: 'yes', kind: 'state' };
  const kinds = new Set(looks.map((look) => look.kind));
  const symptoms = looks.flatMap((look) => look.symptoms ?? []);
  const values = Object.assign({}, ...looks.map((look) => look.values ?? {})) as Values;
  const source = looks.find((look) => look.source !== undefined)?.source;
  const view = looks.find((look) => look.view !== undefined)?.view;
  return {
    seen: 'yes',
    kind: kinds.size === 1 ? first.kind : 'comparison',
    ...(Object.keys(values).length > 0 ? { values } : {}),
    ...(source === undefined ? {} : { source }),
    ...(view === undefined ? {} : { view }),
    ...(symptoms.length > 0 ? { symptoms } : {}),
  };
};

/** Yes when all are; no as soon as one is; else unknown, with what is missing. */
export const all =
  (...tests: readonly Test[]): Test =>
  (context) => {
    const yes: Seen[] = [];
    const needs: Need[] = [];
    let open = false;
    for (const test of tests) {
      const look = test(context);
      if (look.seen === 'no') return NOT_SEEN;
      if (look.seen === 'yes') yes.push(look);
      else {
        open = true;
        needs.push(...(look.needs ?? []));
      }
    }
    return open ? { seen: 'unknown', needs } : merge(yes);
  };

/** Yes with the first that is; no when all are; else unknown. */
export const any =
  (...tests: readonly Test[]): Test =>
  (context) => {
    const needs: Need[] = [];
    let open = false;
    for (const test of tests) {
      const look = test(context);
      if (look.seen === 'yes') return look;
      if (look.seen === 'unknown') {
        open = true;
        needs.push(...(look.needs ?? []));
      }
    }
    return open ? { seen: 'unknown', needs } : NOT_SEEN;
  };

export const not =
  (test: Test, kind: EvidenceKind = 'state'): Test =>
  (context) => {
    const look = test(context);
    if (look.seen === 'yes') return NOT_SEEN;
    if (look.seen === 'no') return { seen: 'yes', kind, ...(look.source === undefined ? {} : { source: look.source }) };
    return look;
  };

/** Yes when the other is not seen, also when nobody looked: for excluding look-alikes, never as evidence of its own. */
export const without =
  (test: Test): Test =>
  (context) =>
    test(context).seen === 'yes' ? NOT_SEEN : { seen: 'yes', kind: 'state' };
