/** Times as people type them: absolute (ISO 8601, or a clock time of the log's last day) and relative to the end ('10m', '2h30m'). */
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** '90s', '10m', '2h30m', '1d' in milliseconds. */
export function durationOf(word: string): number | undefined {
  if (!/^(?:\d{1,9}[smhd]){1,4}$/u.test(word)) return undefined;
  return [...word.matchAll(/(\d+)([smhd])/gu)].reduce((sum, [, n = '0', unit = 's']) => sum + Number(n) * (UNITS[unit] ?? 0), 0);
}

/** Milliseconds since the epoch. `end`: what a relative time counts back from. UTC where no zone is given, as logs have it. */
export function timeOf(word: string, end: number): number | undefined {
  const back = durationOf(word.replace(/^-/u, ''));
  if (back !== undefined) return end - back;
  const clock = /^(\d\d:\d\d)(?::(\d\d))?$/u.exec(word);
  if (clock !== null) return Date.parse(`${new Date(end).toISOString().slice(0, 10)}T${clock[1] ?? ''}:${clock[2] ?? '00'}Z`);
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/u.test(word)) return undefined;
  const iso = word.replace(' ', 'T');
  const at = Date.parse(iso.length > 10 && !/(?:Z|[+-]\d\d:?\d\d)$/u.test(iso) ? `${iso}Z` : iso);
  return Number.isNaN(at) ? undefined : at;
}
