/** How far did a client get? Later stages are progress; the counterfactual proof compares with this order. */
import type { ClientAnswer } from '../model/types.ts';

const ORDER = ['resolve', 'socket', 'address', 'filter', 'listener', 'connected'] as const;

/** 0 = failed to resolve … 4 = nothing listens, 5 = works; undefined = cannot tell. */
export function progress(answer: ClientAnswer): number | undefined {
  switch (answer.outcome.kind) {
    case 'works':
      return ORDER.length - 1;
    case 'cannot-tell':
      return undefined;
    case 'fails': {
      const { stage } = answer.outcome;
      if (stage === 'unknown') return undefined;
      // A socket of the wrong family and an address that cannot be reached are the same distance from the goal.
      return stage === 'socket' ? ORDER.indexOf('address') : ORDER.indexOf(stage);
    }
  }
}

export const works = (answer: ClientAnswer): boolean => answer.outcome.kind === 'works';
export const fails = (answer: ClientAnswer): boolean => answer.outcome.kind === 'fails';

/** One key for the same question asked in two worlds. */
export const questionKey = (q: { readonly view: string; readonly client: string; readonly name: string; readonly port?: number }): string =>
  `${q.view} ${q.client} ${q.name} ${q.port === undefined ? '' : String(q.port)}`;
