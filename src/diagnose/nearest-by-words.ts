/**
 * What people tell and paste comes in words of their own. The causes whose own texts share most of the telling words are the best guess
 * where no rule is sure: common words weigh little, rare ones much, longer texts less (tf-idf; Salton & McGill, Introduction to Modern
 * Information Retrieval, 1983). A guess is never more than possible. Pure.
 */
import { tellingWords } from './telling-words.ts';
import { WORDS_OF_CAUSES } from './words-of-causes.ts';

export interface Query {
  /** What somebody states about the node: each word counts once. */
  readonly told: readonly string[];
  /** Lines of logs and of output, of which most is about other things. */
  readonly lines: readonly string[];
}

export interface Near {
  readonly cause: string;
  /** Share of the weight of the telling words that the cause's texts hold: about 0.5 by chance in long texts, 1 is near. */
  readonly score: number;
  /** What is shared, not as a share: two common words are little, however few there were. */
  readonly shared: number;
  /** Index of the text told, else of the line, that shares most with the cause. */
  readonly at: { readonly of: 'told' | 'lines'; readonly index: number };
}

/** A word of a line beside one of a statement. Like the other weights measured on threads that no rule was written for. */
const LINE_WEIGHT = 0.5;
/** Longer texts hold more words by chance; a full norm would favour the shortest page. */
const LENGTH_NORM = 0.1;

interface Index {
  readonly causes: readonly { readonly id: string; readonly norm: number }[];
  readonly holders: ReadonlyMap<string, readonly (readonly [cause: number, weight: number])[]>;
}
let made: Index | undefined;

function index(): Index {
  if (made !== undefined) return made;
  const holders = new Map<string, (readonly [number, number])[]>();
  const causes = Object.entries(WORDS_OF_CAUSES).map(([id, [length, ...parts]], at) => {
    for (const part of parts) {
      const [weight = '0', ...words] = part.split(' ');
      for (const word of words) {
        const list = holders.get(word);
        if (list === undefined) holders.set(word, [[at, Number(weight)]]);
        else list.push([at, Number(weight)]);
      }
    }
    return { id, norm: (length / 1000) ** LENGTH_NORM };
  });
  made = { causes, holders };
  return made;
}

/** The nearest causes, best first; those that share nothing are left out. */
export function nearestByWords({ told, lines }: Query): readonly Near[] {
  const { causes, holders } = index();
  const weights = new Map<string, number>();
  const take = (texts: readonly string[], weight: number): readonly (readonly string[])[] =>
    texts.map((text) => {
      const words = tellingWords(text);
      for (const word of words) if (!weights.has(word)) weights.set(word, weight);
      return words;
    });
  const cut = { told: take(told, 1), lines: take(lines, LINE_WEIGHT) };
  const rarity = (word: string): number => Math.log(causes.length / (holders.get(word)?.length ?? causes.length));
  const sums = causes.map(() => 0);
  let most = 0;
  for (const [word, weight] of weights) {
    const list = holders.get(word);
    if (list === undefined) continue;
    const worth = weight * rarity(word);
    most += worth;
    for (const [cause, of] of list) sums[cause] = (sums[cause] ?? 0) + worth * of;
  }
  const best = (cause: number, texts: readonly (readonly string[])[]): { readonly index: number; readonly sum: number } => {
    let found = { index: 0, sum: 0 };
    texts.forEach((words, at) => {
      let sum = 0;
      for (const word of words) sum += rarity(word) * (holders.get(word)?.find(([of]) => of === cause)?.[1] ?? 0);
      if (sum > found.sum) found = { index: at, sum };
    });
    return found;
  };
  return causes
    .flatMap(({ id, norm }, cause) => {
      const shared = sums[cause] ?? 0;
      return shared === 0 ? [] : [{ id, cause, shared, score: shared / norm / most }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ id, cause, shared, score }) => ({
      cause: id,
      shared,
      score,
      get at(): Near['at'] {
        const inTold = best(cause, cut.told);
        return inTold.sum > 0 ? { of: 'told', index: inTold.index } : { of: 'lines', index: best(cause, cut.lines).index };
      },
    }));
}
