/**
 * The keys of NodeFacts.observations: one open, dotted namespace shared by collectors, readers of evidence and causes. A part in
 * angle brackets stands for a name (which may hold dots): 'sysctl.<name>' covers 'sysctl.net.ipv4.ip_forward'. Add keys here
 * before using them, so that the command that shows a fact can be named wherever the fact is missing.
 */
import type { Text } from '../shared/text.ts';
import { clusterObservationKeys } from './observation-keys-cluster.ts';
import { networkObservationKeys } from './observation-keys-network.ts';
import { runtimeObservationKeys } from './observation-keys-runtime.ts';
import { systemObservationKeys } from './observation-keys-system.ts';

export type ObservationType = 'boolean' | 'number' | 'string' | 'strings' | 'rows';

export interface ObservationKey {
  readonly key: string;
  /** strings: a list of words; rows: a table, one record a row. */
  readonly type: ObservationType;
  readonly means: Text;
  /** A read-only command that shows it; '<name>' parts of the key may stand in it. */
  readonly command?: string;
}

/** One line of the tables: key, type, English, Chinese, command. */
export type ObservationRow = readonly [key: string, type: ObservationType, en: string, zh: string, command?: string];

const fromRow = ([key, type, en, zh, command]: ObservationRow): ObservationKey => ({
  key,
  type,
  means: { en, zh },
  ...(command === undefined ? {} : { command }),
});

export const observationKeys: readonly ObservationKey[] = [
  ...systemObservationKeys,
  ...networkObservationKeys,
  ...runtimeObservationKeys,
  ...clusterObservationKeys,
].map(fromRow);

const exact = new Map(observationKeys.filter((k) => !k.key.includes('<')).map((k) => [k.key, k]));

interface OpenKey {
  readonly entry: ObservationKey;
  /** The fixed pieces around the names. */
  readonly pieces: readonly string[];
}
const open: readonly OpenKey[] = observationKeys
  .filter((k) => k.key.includes('<'))
  .map((entry) => ({ entry, pieces: entry.key.split(/<[^<>]*>/u) }))
  .sort((a, b) => b.pieces.join('').length - a.pieces.join('').length);

/** Names for the angle-bracket parts, or undefined where the key does not fit. Each name holds at least one character. */
function matchPieces(pieces: readonly string[], key: string): readonly string[] | undefined {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (!key.startsWith(first) || !key.endsWith(last) || key.length < first.length + last.length + 1) return undefined;
  const names: string[] = [];
  let at = first.length;
  const end = key.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = key.indexOf(piece, at + 1);
    if (next < 0 || next > end) return undefined;
    names.push(key.slice(at, next));
    at = next + piece.length;
  }
  if (end <= at) return undefined;
  names.push(key.slice(at, end));
  return names;
}

/** The registry's entry for a concrete key; undefined for a key nobody declared. */
export function findObservationKey(key: string): ObservationKey | undefined {
  return exact.get(key) ?? open.find((o) => matchPieces(o.pieces, key) !== undefined)?.entry;
}
