/** Evidence as a text, and every observation checked against the registry. */
import { expect } from 'vitest';
import { findObservationKey } from '../../src/facts/observation-keys.ts';
import type { ObservationValue } from '../../src/facts/node-facts.ts';
import type { Signature } from '../../src/facts/signature.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';

const typeOf = (value: ObservationValue): string =>
  Array.isArray(value) ? (value.some((v) => typeof v === 'object') ? 'rows' : 'strings') : typeof value;

export async function read(text: string | Buffer, signatures: readonly Signature[] = []): Promise<Snapshot> {
  const snapshot = await readEvidence([{ kind: 'text', name: '-', text }], signatures, { now: '2026-03-02T10:00:00.000Z' });
  for (const [key, fact] of Object.entries(snapshot.node.observations)) {
    const declared = findObservationKey(key);
    expect(declared, `observation key ${key} is declared`).toBeDefined();
    if (fact.state === 'known' && declared !== undefined) {
      const type = typeOf(fact.value);
      const empty = Array.isArray(fact.value) && fact.value.length === 0;
      expect(empty ? declared.type : type, `type of ${key}`).toBe(declared.type);
    }
  }
  return snapshot;
}

/** Known observations, without sources. */
export function observations(snapshot: Snapshot): Readonly<Record<string, ObservationValue>> {
  return Object.fromEntries(
    Object.entries(snapshot.node.observations).flatMap(([k, f]) => (f.state === 'known' && !k.startsWith('told.') ? [[k, f.value]] : [])),
  );
}
