/** Which of several behaves unlike the others: each question's usual answer is the one that most give, and who gives another departs from it. Pure. */

/** What one subject does, by a key under which the others have the same question. */
export type Behaviour = ReadonlyMap<string, string>;

export interface Standing {
  readonly sick: number;
  /** The one that it is held against: departs least. */
  readonly well: number;
  /** Subjects that depart alike, by index: those that depart least come first. */
  readonly groups: readonly (readonly number[])[];
}

/** `isFailure`: of two answers given equally often, the one that is no failure is the usual one. */
export function standingOf(all: readonly Behaviour[], isFailure: (answer: string) => boolean): Standing {
  const departures = all.map(() => new Map<string, string>());
  for (const key of new Set(all.flatMap((b) => [...b.keys()]))) {
    const usual = usualAnswer(
      all.flatMap((b) => b.get(key) ?? []),
      isFailure,
    );
    if (usual === undefined) continue;
    for (const [i, behaviour] of all.entries()) {
      const answer = behaviour.get(key);
      if (answer !== undefined && answer !== usual) departures[i]?.set(key, answer);
    }
  }
  const failures = all.map((b) => [...b.values()].filter(isFailure).length);
  const shared = (i: number, j: number): number => [...(all[i]?.keys() ?? [])].filter((k) => all[j]?.has(k) === true).length;
  const order = all
    .map((_, i) => i)
    .sort((a, b) => (departures[b]?.size ?? 0) - (departures[a]?.size ?? 0) || (failures[b] ?? 0) - (failures[a] ?? 0) || a - b);
  const sick = order[0] ?? 0;
  const others = order.filter((i) => i !== sick);
  const least = Math.min(...others.map((i) => departures[i]?.size ?? 0));
  const [well = 0] = others.filter((i) => (departures[i]?.size ?? 0) === least).sort((a, b) => shared(sick, b) - shared(sick, a) || a - b);
  const groups = new Map<string, number[]>();
  for (const [i, departure] of departures.entries()) {
    const key = JSON.stringify([...departure].sort());
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [i]);
    else known.push(i);
  }
  const size = (group: readonly number[]): number => departures[group[0] ?? 0]?.size ?? 0;
  return { sick, well, groups: [...groups.values()].sort((a, b) => size(a) - size(b) || b.length - a.length) };
}

function usualAnswer(answers: readonly string[], isFailure: (answer: string) => boolean): string | undefined {
  if (answers.length < 2) return undefined;
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const candidates = [...counts].filter(([, count]) => count === most).map(([answer]) => answer);
  if (candidates.length === 1) return candidates[0];
  const working = candidates.filter((c) => !isFailure(c));
  return working.length === 1 ? working[0] : undefined;
}
