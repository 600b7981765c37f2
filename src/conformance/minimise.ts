/** Makes a disagreement smaller: leaves out one piece after the other while the two still disagree. */
import type { Json, JsonObject } from '../vectors/adapter.ts';
import { objectOf } from '../vectors/world-from-given.ts';
import type { Trial } from './trial.ts';

/** All trials that have one piece less. */
function* smaller(trial: Trial): Generator<Trial> {
  const { given, when } = trial;
  const withGiven = (key: string, value: Json | undefined): Trial => {
    const { [key]: _, ...rest } = given;
    return { given: value === undefined ? rest : { ...rest, [key]: value }, when };
  };
  for (const key of ['nscd_daemon', 'dns', 'hostname']) if (key in given) yield withGiven(key, undefined);
  for (const group of ['env', 'files']) {
    const all = objectOf(given[group]);
    for (const key of Object.keys(all)) yield withGiven(group, without(all, key));
  }
  const files = objectOf(given['files']);
  for (const [path, text] of Object.entries(files)) {
    if (typeof text !== 'string') continue;
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++)
      if (lines[i] !== '') yield withGiven('files', { ...files, [path]: lines.filter((_, j) => j !== i).join('\n') });
    for (let i = 0; i < lines.length; i++) {
      const words = (lines[i] ?? '').split(' ');
      if (words.length < 3) continue;
      for (let w = 1; w < words.length; w++) {
        const shorter = lines.map((line, j) => (j === i ? words.filter((_, k) => k !== w).join(' ') : line));
        yield withGiven('files', { ...files, [path]: shorter.join('\n') });
      }
    }
  }
  const servers = Array.isArray(given['dns']) ? (given['dns'] as readonly JsonObject[]) : [];
  for (let i = 0; i < servers.length; i++)
    yield withGiven(
      'dns',
      servers.filter((_, j) => j !== i),
    );
  for (const [i, server] of servers.entries()) {
    const records = objectOf(server['records']);
    for (const name of Object.keys(records))
      yield withGiven(
        'dns',
        servers.map((s, j) => (j === i ? { ...s, records: without(records, name) } : s)),
      );
  }
  for (const key of ['service', 'flags']) if (key in when) yield { given, when: without(when, key) };
  const flags = Array.isArray(when['flags']) ? (when['flags'] as readonly Json[]) : [];
  for (let i = 0; i < flags.length; i++) yield { given, when: { ...when, flags: flags.filter((_, j) => j !== i) } };
}

const without = (all: JsonObject, key: string): JsonObject => Object.fromEntries(Object.entries(all).filter(([k]) => k !== key));

/** `disagree`: do the two still say different things? At most `budget` trials are run, in at most `seconds`. */
export async function minimise(trial: Trial, disagree: (trial: Trial) => Promise<boolean>, budget = 150, seconds = 30): Promise<Trial> {
  const end = performance.now() + seconds * 1000;
  let best = trial;
  let left = budget;
  for (let again = true; again && left > 0;) {
    again = false;
    for (const candidate of smaller(best)) {
      if (left-- <= 0 || performance.now() > end) return best;
      if (!(await disagree(candidate))) continue;
      best = candidate;
      again = true;
      break;
    }
  }
  return best;
}
