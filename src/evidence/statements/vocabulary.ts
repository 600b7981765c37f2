/** How the vocabulary tables are written: each rule names what it listens for and which observation follows. */
import type { ObservationValue } from '../../facts/node-facts.ts';
import { clausesOf, negated, type Statement } from './statement.ts';

export type Observed = readonly [key: string, value: ObservationValue];

export interface StatementRule {
  readonly read: (statement: Statement) => readonly Observed[];
}

const NOTHING: readonly Observed[] = [];

/** The key's words match, and the value says yes or no. `unsaid`: what holds where the value is other text. */
export const flag = (
  words: RegExp,
  key: string,
  options: { readonly invert?: boolean; readonly unsaid?: boolean } = {},
): StatementRule => ({
  read: (s) => {
    if (!words.test(s.words)) return NOTHING;
    const yes = s.yes ?? options.unsaid;
    return yes === undefined ? NOTHING : [[key, options.invert === true ? !yes : yes]];
  },
});

/** The key's words match; the value is a word, taken by `pick` (its first group) or whole. */
export const word = (words: RegExp, key: string, pick?: RegExp, map?: (word: string) => ObservationValue | undefined): StatementRule => ({
  read: (s) => {
    if (!words.test(s.words)) return NOTHING;
    const hit = pick === undefined ? s.value : pick.exec(s.value)?.[1];
    const value = hit === undefined || hit === '' ? undefined : map === undefined ? hit : map(hit);
    return value === undefined ? NOTHING : [[key, value]];
  },
});

/** The key's words match; the value holds a number. */
export const amount = (words: RegExp, key: string, pick = /(-?\d+(?:\.\d+)?)/u, scale = 1): StatementRule => ({
  read: (s) => {
    const hit = words.test(s.words) ? pick.exec(s.value)?.[1] : undefined;
    return hit === undefined ? NOTHING : [[key, Number(hit) * scale]];
  },
});

/** Key and value together match: this is so. */
export const says = (text: RegExp, ...observed: readonly Observed[]): StatementRule => ({
  read: (s) => (text.test(s.text) ? observed : NOTHING),
});

/** A clause of the statement is about this; whether it holds depends on the clause's own words. */
export const clause = (about: RegExp, key: string, options: { readonly invert?: boolean } = {}): StatementRule => ({
  read: (s) => {
    const hit = clausesOf(
      s.text.replace(/^(?:symptom|observation|note|effect|behaviou?r|result|remark|finding|test|现象|症状|备注)s?[^:]{0,20}: /u, ''),
    ).find((c) => about.test(c));
    if (hit === undefined) return NOTHING;
    const yes = !negated(hit.replace(/^[^:]*: (?=[^ ])/u, (head) => (negated(head) ? '' : head)));
    const short = s.yes !== undefined && hit.includes(': ') ? s.yes : yes;
    return [[key, options.invert === true ? !short : short]];
  },
});

/** Anything else: a function over the statement. */
export const rule = (read: (s: Statement) => readonly Observed[]): StatementRule => ({ read });
