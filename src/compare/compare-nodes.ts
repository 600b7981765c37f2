/**
 * Differences of nodes, by effect first: what resolves or connects differently, then the facts that make it so. A fact counts as the
 * cause only when putting the good node's value into the bad one makes the bad one behave as the good one does.
 */
import type { Cause } from '../causes/define-cause.ts';
import type { Verdict } from '../diagnose/types.ts';
import type { Client } from '../model/types.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import { effectsOf, OWN_NAME, type AskedName, type Effect } from './effects.ts';
import { factsOf, type ComparedFact } from './facts.ts';
import { standingOf, type Behaviour } from './outlier.ts';
import { nodeOf, PRIMARY, type Subject } from './subject.ts';
import { onlyIn, verdictsOf } from './verdicts.ts';

export interface EffectDifference {
  readonly view: string;
  readonly client: string;
  readonly name: string;
  readonly port?: number;
  /** result: one works and the other does not, or they fail differently; way: both end alike by another way. */
  readonly kind: 'result' | 'way';
  readonly sick: Effect;
  readonly well: Effect;
}

export interface FactDifference {
  readonly fact: string;
  readonly sick: ComparedFact | undefined;
  readonly well: ComparedFact | undefined;
  /** Effects that go when the sick node gets the well node's value. */
  readonly cures: number;
}

export interface PairComparison {
  /** Index of the subject that is worse off, and of the one it is held against. */
  readonly sick: number;
  readonly well: number;
  readonly effects: readonly EffectDifference[];
  /** Each by itself makes the sick node behave like the well one; the best first. */
  readonly causes: readonly FactDifference[];
  /** Facts that only together do it; empty where one is enough, or nothing is. */
  readonly together: readonly FactDifference[];
  /** Facts that differ without any effect on what was asked. */
  readonly others: readonly FactDifference[];
  /** Questions that could be answered for both. */
  readonly asked: number;
  /** Questions that could not be told for one of them. */
  readonly untold: number;
  /** What a diagnosis finds on the sick one and not on the well one, and the other way round. */
  readonly verdicts: readonly Verdict[];
  readonly wellVerdicts: readonly Verdict[];
}

export interface NodeComparison extends PairComparison {
  /** Subjects that behave alike, by index: those that behave as most do come first. */
  readonly groups: readonly (readonly number[])[];
  /** Of many: one of each further group that behaves unlike the rest, held against the same well one. */
  readonly further: readonly PairComparison[];
}

export interface CompareOptions {
  readonly names: readonly AskedName[];
  readonly clients: readonly Client[];
  /** Absent: nothing is diagnosed. */
  readonly causes?: readonly Cause[];
}

/** What every node needs, what a person asks for, and what the logs of any of them name. */
export function namesFor(subjects: readonly Subject[], asked: readonly AskedName[]): readonly AskedName[] {
  const fromSymptoms = subjects.flatMap((s) =>
    s.snapshot.symptoms.flatMap((symptom): readonly AskedName[] => {
      if (
        symptom.name === undefined ||
        (symptom.operation !== 'dial' && symptom.operation !== 'resolve') ||
        symptom.details?.['noise'] !== undefined
      )
        return [];
      return [{ name: symptom.name, ...(symptom.port === undefined ? {} : { port: symptom.port }) }];
    }),
  );
  const all = asked.length > 0 ? asked : [{ name: 'localhost' }, { name: OWN_NAME }, ...fromSymptoms.slice(0, 12)];
  return all.filter((a, i) => all.findIndex((b) => b.name === a.name && b.port === a.port) === i);
}

export function compareNodes(subjects: readonly Subject[], options: CompareOptions): NodeComparison {
  const names = namesFor(subjects, options.names);
  const { causes, clients } = options;
  const effects = subjects.map((s) => effectsOf(s, nodeOf(s), names, clients));
  const verdicts = subjects.map((s) => (causes === undefined ? [] : verdictsOf(s, { names, clients, causes })));
  const found = new Set(verdicts.flatMap((list) => list.map((v) => v.cause)));
  const { sick, well, groups } = standingOf(
    effects.map((e, i) => behaviourOf(e, verdicts[i] ?? [], found)),
    isFailure,
  );
  const pair = (other: number): PairComparison => comparePair(subjects, other, well, effects, verdicts, names, options);
  const [usual, ...others] = groups;
  // Each group that departs from the usual is told by its first.
  const further = others.flatMap((group) =>
    group.includes(sick) || usual === undefined || group[0] === undefined ? [] : [pair(group[0])],
  );
  return { ...pair(sick), groups, further: further.slice(0, MOST_FURTHER) };
}

const MOST_FURTHER = 8;

/** The results of look-ups, and what a diagnosis finds on some of them. */
function behaviourOf(effects: ReadonlyMap<string, Effect>, verdicts: readonly Verdict[], found: ReadonlySet<string>): Behaviour {
  const own = new Set(verdicts.map((v) => v.cause));
  return new Map([
    ...[...effects].flatMap(([key, e]) => (e.result === undefined ? [] : [[key, e.result] as const])),
    ...[...effects].flatMap(([key, e]) => (e.way === undefined ? [] : [[`way ${key}`, e.way] as const])),
    ...[...found].map((cause) => [`verdict ${cause}`, own.has(cause) ? 'fails' : 'works'] as const),
  ]);
}

const isFailure = (answer: string): boolean => answer.startsWith('fails');

function comparePair(
  subjects: readonly Subject[],
  sick: number,
  well: number,
  effects: readonly ReadonlyMap<string, Effect>[],
  verdicts: readonly (readonly Verdict[])[],
  names: readonly AskedName[],
  options: CompareOptions,
): PairComparison {
  const [a, b] = [subjects[sick], subjects[well]];
  const [mine, others] = [effects[sick], effects[well]];
  if (a === undefined || b === undefined || mine === undefined || others === undefined) throw new Error('two subjects are compared');
  const { differences, asked, untold } = differencesOf(mine, others);
  const facts = factDifferences(a, b);
  // What only one of them has (a daemon behind a socket) can be taken away and not given: then the well node is tried with the sick one's facts.
  const healing = causesAmong(facts, curedBy, [a, b], differences, names, options);
  const { causes, together } =
    healing.causes.length + healing.together.length > 0 ? healing : causesAmong(facts, brokenBy, [a, b], differences, names, options);
  return {
    sick,
    well,
    effects: differences,
    causes,
    together,
    others: facts.filter((f) => ![...causes, ...together].some((c) => c.fact === f.fact)),
    asked,
    untold,
    verdicts: onlyIn(verdicts[sick] ?? [], verdicts[well] ?? []),
    wellVerdicts: onlyIn(verdicts[well] ?? [], verdicts[sick] ?? []),
  };
}

/** What a person changes most easily comes first. */
const RANK = [
  'file',
  'cache',
  'socket',
  'lo',
  'ipv6',
  'sysctl',
  'firewall',
  'env',
  'modules',
  'routes',
  'listeners',
  'mount',
  'libc',
  'other',
];
const rank = (f: FactDifference): number => RANK.indexOf((f.sick ?? f.well)?.title ?? 'other');

function differencesOf(
  mine: ReadonlyMap<string, Effect>,
  others: ReadonlyMap<string, Effect>,
): { readonly differences: readonly EffectDifference[]; readonly asked: number; readonly untold: number } {
  const differences: EffectDifference[] = [];
  let asked = 0;
  let untold = 0;
  for (const [key, sick] of mine) {
    const well = others.get(key);
    if (well === undefined) continue;
    if (sick.result === undefined || well.result === undefined) {
      untold += 1;
      continue;
    }
    asked += 1;
    const kind =
      sick.result !== well.result
        ? 'result'
        : sick.way !== well.way && sick.way !== undefined && well.way !== undefined
          ? 'way'
          : undefined;
    if (kind !== undefined)
      differences.push({
        view: sick.view,
        client: sick.client,
        name: sick.name,
        ...(sick.port === undefined ? {} : { port: sick.port }),
        kind,
        sick,
        well,
      });
  }
  const byResult = [...differences].sort(
    (x, y) => (x.kind === y.kind ? 0 : x.kind === 'result' ? -1 : 1) || (x.view === PRIMARY ? 0 : 1) - (y.view === PRIMARY ? 0 : 1),
  );
  return { differences: byResult, asked, untold };
}

function factDifferences(a: Subject, b: Subject): readonly FactDifference[] {
  const [mine, others] = [factsOf(a), factsOf(b)];
  // A fact that one side never looked at is no difference.
  return [...new Set([...mine.keys(), ...others.keys()])].flatMap((fact): readonly FactDifference[] => {
    const [sick, well] = [mine.get(fact), others.get(fact)];
    return sick === undefined || well === undefined || sick.text === well.text ? [] : [{ fact, sick, well, cures: 0 }];
  });
}

type Pair = readonly [sick: Subject, well: Subject];
/** How many of the differences a set of facts makes go. */
type Trial = (
  facts: readonly FactDifference[],
  pair: Pair,
  differences: readonly EffectDifference[],
  names: readonly AskedName[],
  options: CompareOptions,
) => number;

/** Facts that do nearly as much as the best one are named beside it: a hosts line, or IPv6 on lo. */
const NEARLY = 0.75;

function causesAmong(
  facts: readonly FactDifference[],
  trial: Trial,
  pair: Pair,
  differences: readonly EffectDifference[],
  names: readonly AskedName[],
  options: CompareOptions,
): Pick<PairComparison, 'causes' | 'together'> {
  const tried = facts.map((f) => ({ ...f, cures: trial([f], pair, differences, names, options) })).filter((f) => f.cures > 0);
  const goal = countedOf(differences).length;
  const best = Math.max(0, ...tried.map((f) => f.cures));
  const causes = tried.filter((f) => f.cures >= best * NEARLY).sort((x, y) => rank(x) - rank(y) || y.cures - x.cures);
  return { causes, together: best < goal ? smallestSet(facts, trial, pair, differences, names, options, best) : [] };
}

const withFacts = (facts: readonly FactDifference[], side: 'sick' | 'well', into: Subject): NodeFacts =>
  facts.reduce<NodeFacts>((node, f) => f[side]?.put(node, into) ?? node, nodeOf(into));

/** Results count where there are any. */
function countedOf(differences: readonly EffectDifference[]): readonly EffectDifference[] {
  const results = differences.filter((d) => d.kind === 'result');
  return results.length > 0 ? results : differences;
}

const curedBy: Trial = (facts, [a], differences, names, options) => {
  const counted = countedOf(differences);
  const after = effectsOf(a, withFacts(facts, 'well', a), names, options.clients, new Set(counted.map((d) => d.sick.key)));
  return counted.filter((d) => isLike(after.get(d.sick.key), d.well, d.kind)).length;
};

const brokenBy: Trial = (facts, [, b], differences, names, options) => {
  const counted = countedOf(differences);
  const after = effectsOf(b, withFacts(facts, 'sick', b), names, options.clients, new Set(counted.map((d) => d.sick.key)));
  return counted.filter((d) => isLike(after.get(d.sick.key), d.sick, d.kind)).length;
};

const isLike = (effect: Effect | undefined, other: Effect, kind: EffectDifference['kind']): boolean =>
  kind === 'result' ? effect?.result === other.result : effect?.way === other.way;

/** Facts that together cure more than any alone, as few as possible: all of them, then one after the other is left out. */
function smallestSet(
  facts: readonly FactDifference[],
  trial: Trial,
  pair: Pair,
  differences: readonly EffectDifference[],
  names: readonly AskedName[],
  options: CompareOptions,
  best: number,
): readonly FactDifference[] {
  const cures = (set: readonly FactDifference[]): number => trial(set, pair, differences, names, options);
  const all = cures(facts);
  if (all <= best) return [];
  let kept = facts;
  for (const fact of facts) {
    const without = kept.filter((f) => f !== fact);
    if (cures(without) >= all) kept = without;
  }
  return kept.map((f) => ({ ...f, cures: all }));
}
