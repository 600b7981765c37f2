/** Who takes the blocks of a log, and what may go wrong on the way to them. */
export type ReadProblem =
  'io-error' | 'vanished' | 'permission' | 'damaged' | 'no-tool' | 'archive' | 'binary' | 'shrank' | 'grew' | 'replaced';

export interface ReadTrouble {
  readonly shown: string;
  readonly problem: ReadProblem;
  readonly detail?: string;
}

/** Who takes the blocks: a triage, or somebody who looks again. */
export interface BlockReader {
  readonly bytes: Uint8Array;
  readonly block: (end: number) => void;
  readonly overlong: () => void;
}

export type OnTrouble = (trouble: ReadTrouble) => void;

/** Bytes of one read at the most. */
export const MOST_READ = 256 * 1024;
