/** Makes a snapshot from what somebody saved or pasted. No machine is asked; what nobody showed stays unobserved. */
import type { Signature } from '../facts/signature.ts';
import type { Symptom } from '../facts/symptom.ts';
import { SNAPSHOT_SCHEMA, type EvidencePiece, type Snapshot } from '../snapshot/snapshot.ts';
import { literalLineFinder, type LineFinder } from '../logs/line-finder.ts';
import { EvidenceFacts } from './facts/evidence-facts.ts';
import { finishFacts } from './facts/finish-facts.ts';
import { EVIDENCE_LIMITS, type EvidenceInput, type EvidenceLimits } from './input.ts';
import { GivenLines } from './given-lines.ts';
import { openInputs } from './open/open-inputs.ts';
import { takeSnapshot } from './open/open-snapshot.ts';
import { readBlob } from './read-blob.ts';
import type { Reading } from './read-piece.ts';
import { startUpNoise } from './symptoms/start-up-noise.ts';
import { SymptomCollector, symptomAnchors } from './symptoms/symptom-collector.ts';

export type { EvidenceInput } from './input.ts';

export interface EvidenceOptions {
  readonly limits?: Partial<EvidenceLimits>;
  /** Another way to find telling lines in large logs, over these anchors. */
  readonly finder?: (anchors: readonly string[]) => LineFinder;
  /** ISO 8601, for tests. */
  readonly now?: string;
}

/**
 * Reads files, folders, archives and text. Each piece's kind is recognised from its heading, its name or its content. `problems` names
 * what was not understood, `pieces` what each piece was taken for.
 */
export async function readEvidence(
  inputs: readonly EvidenceInput[],
  signatures: readonly Signature[],
  options: EvidenceOptions = {},
): Promise<Snapshot> {
  const { snapshot: saved, rest } = await takeSnapshot(inputs);
  if (saved !== undefined && rest.length === 0) return withLogSymptoms(saved, signatures);
  const given = await readGiven(rest, signatures, options);
  return saved === undefined ? given : mergeEvidence(await withLogSymptoms(saved, signatures), given);
}

async function readGiven(inputs: readonly EvidenceInput[], signatures: readonly Signature[], options: EvidenceOptions): Promise<Snapshot> {
  const limits = { ...EVIDENCE_LIMITS, ...options.limits };
  const facts = new EvidenceFacts();
  const symptoms = new SymptomCollector(signatures);
  const given = new GivenLines();
  const reading: Reading = { facts, symptoms, given };
  const pieces: EvidencePiece[] = [];
  let finder: LineFinder | undefined;
  const getFinder = (): LineFinder => (finder ??= (options.finder ?? literalLineFinder)(symptomAnchors(signatures)));
  await openInputs(inputs, {
    limits,
    onBlob: async (blob) => {
      pieces.push(...(await readBlob(blob, reading, limits, getFinder)));
    },
    onTrouble: ({ name, reason, detail }) => {
      facts.problem({ kind: 'file', path: name }, reason, detail);
    },
  });
  if (symptoms.dropped > 0)
    facts.problem({ kind: 'file', path: 'evidence' }, 'too-large', `${symptoms.dropped} further kinds of failures were not kept`);
  finishFacts(facts);
  return {
    schema: SNAPSHOT_SCHEMA,
    takenAt: options.now ?? new Date().toISOString(),
    target: targetOf(inputs),
    fromEvidence: true,
    node: facts.finish(),
    symptoms: startUpNoise(symptoms.symptoms(), facts.logs) satisfies readonly Symptom[],
    pieces,
    ...(given.lines === undefined ? {} : { given: given.lines }),
  };
}

/** What a saved snapshot's logs say to today's signatures. */
async function withLogSymptoms(saved: Snapshot, signatures: readonly Signature[]): Promise<Snapshot> {
  const { symptomsOfLogs } = await import('./symptoms-of-logs.ts');
  const known = new Set(saved.symptoms.map((s) => JSON.stringify([s.kind, s.name, s.address, s.port, s.errno, s.component])));
  const found = symptomsOfLogs(saved.node.logs, signatures, saved.takenAt).filter(
    (s) => !known.has(JSON.stringify([s.kind, s.name, s.address, s.port, s.errno, s.component])),
  );
  return { ...saved, symptoms: [...saved.symptoms, ...found] };
}

/** A saved snapshot is the node; what else was given adds logs, failures and whatever the snapshot does not know. */
function mergeEvidence(saved: Snapshot, given: Snapshot): Snapshot {
  const { node } = saved;
  return {
    ...saved,
    node: {
      ...node,
      products: [...node.products, ...given.node.products],
      dns: [...node.dns, ...given.node.dns],
      runs: [...node.runs, ...given.node.runs],
      dials: [...node.dials, ...given.node.dials],
      logs: [...node.logs, ...given.node.logs],
      observations: { ...given.node.observations, ...node.observations },
      problems: [...node.problems, ...given.node.problems],
    },
    symptoms: [...saved.symptoms, ...given.symptoms],
    ...(given.pieces === undefined ? {} : { pieces: given.pieces }),
    ...(given.given === undefined ? {} : { given: given.given }),
  };
}

const targetOf = (inputs: readonly EvidenceInput[]): string => inputs.map((i) => (i.kind === 'text' ? i.name : i.path)).join(', ');
