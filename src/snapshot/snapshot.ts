/** The seam everyone shares: the facts of one node at one time, with the failures seen on it. Versioned, saved and read again. */
import type { NodeFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';

export const SNAPSHOT_SCHEMA = 'culprit/snapshot@1';

export interface Snapshot {
  readonly schema: typeof SNAPSHOT_SCHEMA;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  /** What was looked at: 'this machine', a file name, 'standard input'. */
  readonly target: string;
  /** True when no machine was asked: facts come only from what somebody saved or pasted. */
  readonly fromEvidence: boolean;
  readonly node: NodeFacts;
  readonly symptoms: readonly Symptom[];
  /** What each piece of given evidence was taken for; only in snapshots made from evidence. */
  readonly pieces?: readonly EvidencePiece[];
  /** Lines of what somebody pasted, in their order; only where it is short enough to have been picked by a person. */
  readonly given?: readonly string[];
}

export interface EvidencePiece {
  /** File path, command or heading, as given; 'text' where there was none. */
  readonly name: string;
  /** Id of the recogniser or log format: 'ip-address', 'docker-json log', 'statements'; 'not understood'. */
  readonly takenFor: string;
  /** Lines that are not empty. */
  readonly lines: number;
  /** Lines among them that nothing could be made of. */
  readonly notUnderstood?: number;
}
