/**
 * Questions of different types leave at once, and so do those to different servers of musl: which a server sees first is chance. Each
 * type is held against its own order of names, with the servers of one name in a fixed order.
 */
import type { Json } from '../../vectors/adapter.ts';
import type { SeenQuery } from '../trial.ts';

type Query = Pick<SeenQuery, 'server' | 'name' | 'type' | 'tcp'>;

export function queriesByType(queries: readonly Query[], serversAtOnce = false): Json {
  const byType: Record<string, string[]> = {};
  const ordered = [...queries].sort((a, b) => a.type.localeCompare(b.type));
  for (const q of serversAtOnce ? byName(ordered) : ordered) (byType[q.type] ??= []).push(`${q.server} ${q.name}${q.tcp ? ' tcp' : ''}`);
  return byType;
}

function byName(queries: readonly Query[]): readonly Query[] {
  const names = [...new Set(queries.map(({ name }) => name))];
  return names.flatMap((name) => queries.filter((q) => q.name === name).sort((a, b) => a.server.localeCompare(b.server)));
}
