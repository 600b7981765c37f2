/** What is given as evidence. */
export type EvidenceInput =
  /** A file, a folder or an archive on this machine. */
  | { readonly kind: 'path'; readonly path: string }
  /** Standard input, or text from elsewhere. */
  | { readonly kind: 'text'; readonly name: string; readonly text: string | Buffer };

/** Bounds against hostile or mistaken input. Sizes in bytes. */
export interface EvidenceLimits {
  /** Files read from folders and archives together. */
  readonly files: number;
  readonly depth: number;
  /** Uncompressed bytes that are read altogether. */
  readonly totalBytes: number;
  /** A file up to this size is held whole and split into pieces; a larger one is read as a log, line by line. */
  readonly wholeBytes: number;
  /** The same for a collection of pieces with headings. */
  readonly headedBytes: number;
}

export const EVIDENCE_LIMITS: EvidenceLimits = {
  files: 20_000,
  depth: 24,
  totalBytes: 8 * 2 ** 30,
  wholeBytes: 2 * 2 ** 20,
  headedBytes: 64 * 2 ** 20,
};
