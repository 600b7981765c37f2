/** The first meaningful difference of two traces: who was asked, what was said. Line numbers, times and numbers of queries are noise. Pure. */
import { pointersOf, type Pointer } from '../strace/pointers.ts';
import { tell, type StoryStep, type ToldLookup } from '../strace/story.ts';
import type { Trace } from '../strace/trace.ts';
import { standingOf, type Behaviour } from './outlier.ts';

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

export interface ManyTraces extends TraceComparison {
  /** Index of the trace on the left and of the one on the right: of many, the one that is unlike the rest, and one of the rest. */
  readonly left: number;
  readonly right: number;
  /** Traces that tell the same, by index: what most tell comes first. */
  readonly groups: readonly (readonly number[])[];
}

/** Two in the order given; of more, the outlier against one of the others. */
export function compareManyTraces(traces: readonly Trace[]): ManyTraces {
  const { sick, well, groups } = standingOf(traces.map(behaviourOf), (told) => told.startsWith('fails'));
  const [left, right] = traces.length === 2 ? [0, 1] : [sick, well];
  const [a, b] = [traces[left], traces[right]];
  if (a === undefined || b === undefined) throw new Error('two traces are compared');
  return { ...compareTraces(a, b), left, right, groups };
}

/** The first look-up of each name: what it came to, and by which way. */
function behaviourOf(trace: Trace): Behaviour {
  const told = new Map<string, string>();
  for (const l of tell(trace).lookups) {
    const name = l.lookup.name ?? '?';
    const failed = l.outcome.kind === 'not-found' || l.outcome.kind === 'failed';
    if (!told.has(name)) told.set(name, `${failed ? 'fails' : ''} ${l.brief.map(keyOf).join(' ')}`);
  }
  return told;
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
