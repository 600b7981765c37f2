/**
 * What people tell about a node comes in words of their own. Where no rule of any cause understands them, the causes whose own texts share
 * most of the telling words are the best guess: common words weigh little, rare ones much, longer texts less (tf-idf; Salton & McGill,
 * Introduction to Modern Information Retrieval, 1983). A guess is never more than possible. Pure.
 */
import type { Cause } from '../causes/define-cause.ts';
import { IN_WORDS } from '../causes/in-words.ts';

export interface Told {
  readonly key: string;
  readonly value: string;
}

export interface Near {
  readonly cause: Cause;
  readonly score: number;
  /** Index of the statement that shares most with the cause. */
  readonly statement: number;
}

const STOP = new Set(
  'a an any and are as at be but by can for from has have in into is it its no of on only or same than that the their then this to was while with without not does do did which what when where who one two each other them they these those there here all if so also its after before since still yet node nodes kubernetes cluster symptom symptoms note remark observation'.split(
    ' ',
  ),
);
const ENDINGS = /(?:ations?|ing|edly|ed|ies|es|[sey]|ly)$/u;
const stem = (word: string): string => (word.length > 4 ? word.replace(ENDINGS, '') : word.replace(/s$/u, ''));

/** Words of Latin script by their stems; Chinese text by pairs of characters. Numbers count from three digits on: ports, sizes, versions. */
export function tellingWords(text: string): readonly string[] {
  const spaced = text.replaceAll(/([a-z])([A-Z])/gu, '$1 $2').toLowerCase();
  const latin = spaced
    .split(/[^a-z0-9]+/u)
    .filter((w) => w.length > 1 && !STOP.has(w) && !/^\d{1,2}$/u.test(w))
    .map(stem);
  const pairs = (spaced.match(/[\u4e00-\u9fff]{2,}/gu) ?? []).flatMap((run) => [...run].slice(1).map((c, i) => `${run[i] ?? ''}${c}`));
  return [...new Set([...latin, ...pairs])];
}

const isWordCharacter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57);

/** Does a word of the text begin with it? Cheaper than cutting all texts into words, of which most are never asked for. */
function hasWord(text: string, word: string): boolean {
  const latin = isWordCharacter(word.charCodeAt(0));
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!latin || at === 0 || !isWordCharacter(text.charCodeAt(at - 1))) return true;
  return false;
}

interface Page {
  readonly cause: Cause;
  /** Heaviest first. */
  readonly parts: readonly (readonly [weight: number, text: string])[];
  readonly length: number;
}

function pageOf(cause: Cause): Page {
  const asks = (cause.asks ?? []).flatMap((need) => (need.kind === 'ask' ? [need] : []));
  const both = (texts: readonly { readonly en: string; readonly zh: string }[]): string =>
    texts.map(({ en, zh }) => `${en} ${zh}`).join(' ');
  const parts = (
    [
      [3, cause.id],
      [2, `${both([cause.title])} ${(IN_WORDS[cause.id] ?? []).join(' ')}`],
      [1.5, both([cause.summary, ...cause.confirms])],
      [1.2, both(asks.map(({ what }) => what))],
      [1, both([cause.mechanism])],
      [0.8, both(cause.remedies.map(({ title }) => title))],
      [0.7, [...asks.map(({ command }) => command), ...(cause.signatures ?? []).flatMap(({ matches }) => matches)].join(' ')],
    ] as const
  ).map(([weight, text]) => [weight, text.toLowerCase()] as const);
  return { cause, parts, length: parts.reduce((sum, [, text]) => sum + text.length, 0) };
}

/** Longer texts hold more words by chance; a full norm would favour the shortest page. */
const LENGTH_NORM = 0.35;

/** The nearest causes, best first. `isOpen` leaves out those that are ruled out. */
export function nearestByWords(told: readonly Told[], causes: readonly Cause[], isOpen: (cause: Cause) => boolean): readonly Near[] {
  const pages = causes.map(pageOf);
  const statements = told.map(({ key, value }) => tellingWords(`${key} ${value}`));
  const words = [...new Set(statements.flat())];
  const weightIn = ({ parts }: Page, word: string): number => parts.find(([, text]) => hasWord(text, word))?.[0] ?? 0;
  const table = new Map(words.map((word) => [word, pages.map((page) => weightIn(page, word))]));
  const rarity = new Map(
    [...table].map(([word, row]) => [word, Math.log(pages.length / Math.max(1, row.filter((w) => w > 0).length)) ** 2]),
  );
  const share = (page: number, some: readonly string[]): number =>
    some.reduce((sum, word) => sum + (table.get(word)?.[page] ?? 0) * (rarity.get(word) ?? 0), 0);
  return pages
    .map(({ cause, length }, page): Near => {
      const parts = statements.map((some) => share(page, some));
      return {
        cause,
        score: share(page, words) / (length / 1000) ** LENGTH_NORM,
        statement: Math.max(0, parts.indexOf(Math.max(...parts))),
      };
    })
    .filter(({ cause }) => isOpen(cause))
    .sort((a, b) => b.score - a.score);
}
