/** A text the way `diagnose --evidence -` takes it: read, asked, judged by the whole catalogue. */
import { causes } from '../../../src/causes/index.ts';
import { diagnose } from '../../../src/diagnose/diagnose.ts';
import type { Diagnosis } from '../../../src/diagnose/types.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { clients } from '../../../src/model/clients/index.ts';
import type { Snapshot } from '../../../src/snapshot/snapshot.ts';

const signatures = causes.flatMap((cause) => cause.signatures ?? []);

export interface Diagnosed {
  readonly snapshot: Snapshot;
  readonly diagnosis: Diagnosis;
}

export async function diagnoseText(text: string): Promise<Diagnosed> {
  const snapshot = await readEvidence([{ kind: 'text', name: '-', text: Buffer.from(text) }], signatures, { now: '2026-01-01T00:00:00Z' });
  return { snapshot, diagnosis: diagnose(snapshot, { causes, clients }) };
}
