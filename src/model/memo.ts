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
