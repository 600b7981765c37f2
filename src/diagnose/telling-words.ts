/** What a text tells, as words that can be held against other texts: stems of Latin words, pairs of Chinese characters. Pure. */

const STOP = new Set(
  'a an any and are as at be but by can for from has have in into is it its no of on only or same than that the their then this to was while with without not does do did which what when where who one two each other them they these those there here all if so also its after before since still yet node nodes kubernetes cluster symptom symptoms note remark observation'.split(
    ' ',
  ),
);
const ENDINGS = /(?:ations?|ing|edly|ed|ies|es|[sey]|ly)$/u;
const stem = (word: string): string => (word.length > 4 ? word.replace(ENDINGS, '') : word.replace(/s$/u, ''));

/** Times, addresses, heads of klog and numbers of things are of one node and one day: they tell nothing about a cause. */
const OF_ONE_DAY =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^ \t\n"]*|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b\d\d:\d\d:\d\d(?:\.\d+)?\b|\b[IWEF]\d{4}\b|\b(?=[a-f]*\d)[0-9a-f]{7,}\b|\b0x[0-9a-f]+\b/gu;

/** Distinct, in their order. Numbers count from three digits on: ports, sizes, versions. */
export function tellingWords(text: string): readonly string[] {
  const spaced = text
    .replaceAll(OF_ONE_DAY, ' ')
    .replaceAll(/([a-z])([A-Z])/gu, '$1 $2')
    .toLowerCase();
  const latin = spaced
    .split(/[^a-z0-9]+/u)
    .filter((w) => w.length > 1 && !STOP.has(w) && !/^\d{1,2}$/u.test(w))
    .map(stem);
  const pairs = (spaced.match(/[\u4e00-\u9fff]{2,}/gu) ?? []).flatMap((run) => [...run].slice(1).map((c, i) => `${run[i] ?? ''}${c}`));
  return [...new Set([...latin, ...pairs])];
}
