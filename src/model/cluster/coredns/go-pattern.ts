/**
 * A regular expression of a Corefile (Go's RE2 syntax) as a pattern of ours. RE2 runs in linear time, ours may not: a pattern with a
 * repeated group that itself repeats, or longer than 300 characters, is refused, and what uses it cannot be told.
 */
export function goPattern(source: string): RegExp | undefined {
  if (source.length > 300 || /\)[*+{]/u.test(source) || /[*+}][*+{]/u.test(source)) return undefined;
  try {
    return new RegExp(source.replaceAll('(?P<', '(?<').replace(/^\(\?i\)/u, ''), 'iu');
  } catch {
    return undefined;
  }
}
