/** How far the clocks of several nodes are apart, from events that both logs name: equal rare texts with the same unique numbers. */
import type { LogPart } from './log-parts.ts';
import type { FileTotal } from './merge-triage.ts';

export interface ClockSkew {
  readonly node: string;
  /** To add to the first node's clock to have this one's. */
  readonly skewMs: number;
  readonly events: number;
}

/** Fewer events could be chance. */
const ENOUGH_EVENTS = 3;

/** Texts that hold one of these say the same thing on every node. */
const SHARED = /uid|UID|revision|raft|term|lease|resourceVersion|request-id|trace/u;

/** The folder that a node's logs lie in: the first part of the path in which the files differ. */
export function nodesOf(paths: readonly string[]): readonly string[] {
  const split = paths.map((p) => p.split('/').filter((d) => d !== '' && d !== '.'));
  const shortest = Math.min(...split.map((s) => s.length));
  let same = 0;
  while (same < shortest - 1 && split.every((s) => s[same] === split[0]?.[same])) same += 1;
  return split.map((s) => (s.length - 1 > same ? (s[same] ?? '') : ''));
}

/** Median distance of the first times of equal lines seen once on each node. Empty for one node, or where nothing matches. */
export function clockSkews(files: readonly FileTotal[], parts: readonly LogPart[]): readonly ClockSkew[] {
  const names = nodesOf(files.map((f) => parts[f.file]?.shown ?? ''));
  const events = new Map<string, Map<string, number>>();
  for (const [i, file] of files.entries()) {
    const node = names[i] ?? '';
    const own = events.get(node) ?? new Map<string, number>();
    events.set(node, own);
    for (const shape of file.shapes) {
      if (shape.count !== 1 || Number.isNaN(shape.firstMs) || !SHARED.test(shape.example)) continue;
      const text = withoutTimes(shape.example);
      own.set(text, own.has(text) ? NaN : shape.firstMs);
    }
  }
  const [first, ...others] = [...events];
  if (first === undefined || others.length === 0) return [];
  return others.flatMap(([node, own]) => {
    const distances = [...own]
      .map(([text, ms]) => ms - (first[1].get(text) ?? NaN))
      .filter((d) => !Number.isNaN(d))
      .sort((a, b) => a - b);
    const middle = distances[distances.length >> 1];
    return distances.length < ENOUGH_EVENTS || middle === undefined ? [] : [{ node, skewMs: Math.round(middle), events: distances.length }];
  });
}

const withoutTimes = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/gu, '')
    .replaceAll(/[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,6} {1,9}\d{1,9} /gu, '')
    .replaceAll(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [^ ]{1,255} /gu, '');
