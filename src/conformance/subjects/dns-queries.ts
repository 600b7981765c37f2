/** Questions of different types leave at once, and which a server sees first is chance: each type is held against its own order. */
import type { Json } from '../../vectors/adapter.ts';
import type { SeenQuery } from '../trial.ts';

export function queriesByType(queries: readonly Pick<SeenQuery, 'server' | 'name' | 'type' | 'tcp'>[]): Json {
  const byType: Record<string, string[]> = {};
  for (const q of [...queries].sort((a, b) => a.type.localeCompare(b.type))) (byType[q.type] ??= []).push(`${q.server} ${q.name}${q.tcp ? ' tcp' : ''}`);
  return byType;
}
