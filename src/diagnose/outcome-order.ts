/** How far did a client get? Later stages are progress; the counterfactual proof compares with this order. */
import type { ClientAnswer } from '../model/types.ts';

const ORDER = ['resolve', 'socket', 'address', 'filter', 'listener', 'connected'] as const;

type Stage = (typeof ORDER)[number];
/** A socket of the wrong family and an address that cannot be reached are the same distance from the goal. */
const distance = (stage: Stage): number => ORDER.indexOf(stage === 'socket' ? 'address' : stage);

/** 0 = failed to resolve … 4 = nothing listens, 5 = works; undefined = cannot tell. */
export function progress(answer: ClientAnswer): number | undefined {
  switch (answer.outcome.kind) {
    case 'works':
      return ORDER.length - 1;
    case 'cannot-tell':
      return undefined;
    case 'fails': {
      // A program that tries several addresses reports one error, often the last; how far it came is told by the best of its attempts.
      const stages = [answer.outcome.stage, ...answer.attempts.map((a) => a.stage)];
      const known = stages.flatMap((s) => (s === 'unknown' ? [] : [distance(s)]));
      return known.length === 0 ? undefined : Math.max(...known);
    }
  }
}

/**
 * How far it came at least: a client that got an address whose packets leave this machine is past resolving and past the kernel's own
 * refusals, whatever lies behind.
 */
export function reached(answer: ClientAnswer): number | undefined {
  const certain = progress(answer);
  if (certain !== undefined) return certain;
  return answer.resolution.outcome.kind === 'addresses' ? distance('address') + 0.5 : undefined;
}

export const works = (answer: ClientAnswer): boolean => answer.outcome.kind === 'works';
export const fails = (answer: ClientAnswer): boolean => answer.outcome.kind === 'fails';

/** One key for the same question asked in two worlds. */
export const questionKey = (q: { readonly view: string; readonly client: string; readonly name: string; readonly port?: number }): string =>
  `${q.view} ${q.client} ${q.name} ${q.port === undefined ? '' : String(q.port)}`;
