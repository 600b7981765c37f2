/**
 * The signatures of all causes without the causes: reading logs needs no more, and whoever reads a log of a terabyte should not hold the
 * whole catalogue in memory meanwhile. The build writes them beside the program; from source they are taken from the causes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Signature } from '../facts/signature.ts';

/** As scripts/build.mjs writes them. */
interface WrittenSignature extends Omit<Signature, 'pattern' | 'matches' | 'rejects'> {
  readonly source: string;
  readonly flags: string;
}

export async function loadSignatures(): Promise<readonly Signature[]> {
  const written = join(dirname(process.argv[1] ?? ''), 'signatures.json');
  if (!existsSync(written)) return (await import('../causes/index.ts')).causes.flatMap((c) => c.signatures ?? []);
  return (JSON.parse(readFileSync(written, 'utf8')) as readonly WrittenSignature[]).map(({ source, flags, ...rest }) => ({
    ...rest,
    pattern: new RegExp(source, flags),
    matches: [],
    rejects: [],
  }));
}
