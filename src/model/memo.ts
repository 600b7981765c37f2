/** Remembers the result of a pure function for as long as its argument lives: parsed files are made once per captured file. */
export function memoByIdentity<A extends object, R>(make: (argument: A) => R): (argument: A) => R {
  const seen = new WeakMap<A, { readonly result: R }>();
  return (argument) => {
    const hit = seen.get(argument);
    if (hit !== undefined) return hit.result;
    const result = make(argument);
    seen.set(argument, { result });
    return result;
  };
}

const MOST_TEXTS = 256;
const LONGEST_TEXT = 16_384;

/**
 * The same for files that many views and many nodes share to the letter, such as nsswitch.conf of one image: made once per text.
 * `make` sees nothing of the file but its text.
 */
export function memoByText<R>(make: (text: string) => R): (file: { readonly text: string }) => R {
  const byText = new Map<string, { readonly result: R }>();
  return memoByIdentity(({ text }) => {
    const hit = byText.get(text);
    if (hit !== undefined) return hit.result;
    const result = make(text);
    if (text.length <= LONGEST_TEXT) {
      if (byText.size >= MOST_TEXTS) byText.clear();
      byText.set(text, { result });
    }
    return result;
  });
}
