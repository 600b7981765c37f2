import type { ClientAnswer, Need } from '../model/types.ts';

/** What the model would have to know to give this answer; empty when it could tell. */
export function needsOf(answer: ClientAnswer): readonly Need[] {
  return answer.outcome.kind === 'cannot-tell' ? answer.outcome.needs : [];
}

/** The same needs once each, in the order first met. */
export function distinctNeeds(needs: Iterable<Need>): readonly Need[] {
  const seen = new Map<string, Need>();
  for (const need of needs) {
    const key = JSON.stringify(need);
    if (!seen.has(key)) seen.set(key, need);
  }
  return [...seen.values()];
}
