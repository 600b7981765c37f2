/** The first meaningful difference of two traces: who was asked, what was said. Line numbers, times and numbers of queries are noise. Pure. */
import { pointersOf, type Pointer } from '../strace/pointers.ts';
import { tell, type StoryStep, type ToldLookup } from '../strace/story.ts';
import type { Trace } from '../strace/trace.ts';

export interface TraceDifference {
  readonly name: string | undefined;
  /** The step at which they part; absent: that trace goes no further. */
  readonly left?: StoryStep;
  readonly right?: StoryStep;
  readonly leftLookup?: ToldLookup;
  readonly rightLookup?: ToldLookup;
}

export interface TraceComparison {
  readonly differences: readonly TraceDifference[];
  /** Causes that only one of the two points to, with its index. */
  readonly pointers: readonly (Pointer & { readonly in: number })[];
  /** Look-ups that both have. */
  readonly compared: number;
}

export function compareTraces(left: Trace, right: Trace): TraceComparison {
  const [a, b] = [tell(left).lookups, tell(right).lookups];
  const differences: TraceDifference[] = [];
  let compared = 0;
  for (const [l, r] of pairs(a, b)) {
    compared += 1;
    const difference = firstDifference(l, r);
    if (difference !== undefined) differences.push(difference);
  }
  const [mine, others] = [pointersOf(left), pointersOf(right)];
  const only = (these: readonly Pointer[], those: readonly Pointer[], index: number): TraceComparison['pointers'] =>
    these.filter((p) => !those.some((q) => q.cause === p.cause)).map((p) => ({ ...p, in: index }));
  return { differences, pointers: [...only(mine, others, 0), ...only(others, mine, 1)], compared };
}

/** Look-ups of one name belong together, in their order; where no name is common, the first of each. */
function pairs(a: readonly ToldLookup[], b: readonly ToldLookup[]): readonly (readonly [ToldLookup, ToldLookup])[] {
  const left = new Set(b);
  const found = a.flatMap((l): readonly (readonly [ToldLookup, ToldLookup])[] => {
    const r = [...left].find((x) => x.lookup.name !== undefined && x.lookup.name === l.lookup.name);
    if (r === undefined) return [];
    left.delete(r);
    return [[l, r]];
  });
  const [x, y] = [a[0], b[0]];
  return found.length > 0 || x === undefined || y === undefined ? found : [[x, y]];
}

const keyOf = (s: StoryStep | undefined): string => JSON.stringify(s === undefined ? '' : [s.kind.id, s.values]);

function firstDifference(l: ToldLookup, r: ToldLookup): TraceDifference | undefined {
  const length = Math.max(l.brief.length, r.brief.length);
  for (let i = 0; i < length; i += 1) {
    const [left, right] = [l.brief[i], r.brief[i]];
    if (keyOf(left) === keyOf(right)) continue;
    return {
      name: l.lookup.name ?? r.lookup.name,
      ...(left === undefined ? {} : { left }),
      ...(right === undefined ? {} : { right }),
      leftLookup: l,
      rightLookup: r,
    };
  }
  return undefined;
}
