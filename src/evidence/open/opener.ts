/** What opening gives: named streams of bytes, and what could not be opened. */
import type { UnobservedReason } from '../../facts/fact.ts';
import type { EvidenceLimits } from '../input.ts';

/** One file's bytes, read once, in order. */
export interface Blob {
  /** As shown to a person. */
  readonly name: string;
  /** Path inside the folder or archive, or the file's own name, with '/'. */
  readonly path: string;
  readonly chunks: AsyncIterable<Buffer>;
}

export interface Trouble {
  readonly name: string;
  readonly reason: UnobservedReason;
  readonly detail?: string;
}

export interface Opener {
  readonly limits: EvidenceLimits;
  readonly onBlob: (blob: Blob) => Promise<void>;
  readonly onTrouble: (trouble: Trouble) => void;
}

export const codeOf = (error: unknown): string =>
  error instanceof Error ? (('code' in error && typeof error.code === 'string' ? error.code : undefined) ?? error.message) : String(error);

export async function* once(bytes: Buffer): AsyncIterable<Buffer> {
  if (bytes.length > 0) yield bytes;
}
