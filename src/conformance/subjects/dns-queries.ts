/**
 * Questions of different types leave at once, and so do those to different servers of musl: which a server sees first is chance. Each
 * type is held against its own order of names. Of several servers at once each counts once a name: they share their retries.
 */
import type { Json } from '../../vectors/adapter.ts';
import type { SeenQuery } from '../trial.ts';

type Query = Pick<SeenQuery, 'server' | 'name' | 'type' | 'tcp'>;

const textOf = (q: Query): string => `${q.server} ${q.name}${q.tcp ? ' tcp' : ''}`;

export function queriesByType(queries: readonly Query[], serversAtOnce = false): Json {
  const ordered = [...queries].sort((a, b) => a.type.localeCompare(b.type));
  const several = serversAtOnce && new Set(queries.map((q) => q.server)).size > 1;
  const byType: Record<string, string[]> = {};
  for (const q of several ? byName(ordered) : ordered) {
    const texts = (byType[q.type] ??= []);
    if (!several || !texts.includes(textOf(q))) texts.push(textOf(q));
  }
  return byType;
}

function byName(queries: readonly Query[]): readonly Query[] {
  const names = [...new Set(queries.map(({ name }) => name))];
  return names.flatMap((name) => queries.filter((q) => q.name === name).sort((a, b) => textOf(a).localeCompare(textOf(b))));
}
