/**
 * Two faults, one behind the other: the hosts file has no localhost, and nsswitch.conf does not ask the hosts file. Mending either one
 * changes nothing, so neither is proved by itself; each is where mending it on top of the other takes the failure away.
 */
import type { Cause, Finding } from '../causes/define-cause.ts';
import { applyToNode } from '../remedy/apply-to-node.ts';
import type { Edit } from '../remedy/edit.ts';
import { judge, type Bench } from './judge.ts';
import type { Verdict } from './types.ts';

/** A fault that is there, and whose smallest change takes no failure away by itself. */
export interface Alone {
  readonly cause: Cause;
  readonly finding: Finding;
  readonly edits: readonly Edit[];
}

const MOST = 8;

export function twoAtOnce(alone: readonly Alone[], verdicts: readonly Verdict[], bench: Bench): readonly Verdict[] {
  const explained = new Set(verdicts.flatMap((v) => v.proof?.predicted ?? []));
  const failing = bench.failing.filter((answer) => !explained.has(answer));
  if (failing.length === 0) return [];
  const candidates = alone.slice(0, MOST);
  // On top of the other's change every question is asked anew: the answers at hand are those of the node as it is.
  const onTop = (own: Alone, other: Alone): Verdict | undefined =>
    judge(own.cause, own.finding, { ...bench, failing, node: applyToNode(bench.node, other.edits), askEach: true }).verdict;
  for (const [i, one] of candidates.entries()) {
    for (const other of candidates.slice(i + 1)) {
      if (other.cause === one.cause) continue;
      const [first, second] = [onTop(one, other), onTop(other, one)];
      if (first?.proof !== undefined && second?.proof !== undefined)
        return [
          { ...first, besides: second.cause },
          { ...second, besides: first.cause },
        ];
    }
  }
  return [];
}
