/** How a resolver finds a file of its view: open(2) succeeds, fails with an errno, or nobody looked. */
import type { Source } from '../../facts/fact.ts';
import type { FileContent, ViewFacts } from '../../facts/node-facts.ts';

export type OpenedFile =
  | { readonly kind: 'content'; readonly content: FileContent }
  | { readonly kind: 'absent' }
  | { readonly kind: 'error'; readonly errno: string }
  | { readonly kind: 'unknown' };

const ABSENT: OpenedFile = { kind: 'absent' };
const UNKNOWN: OpenedFile = { kind: 'unknown' };

export function openFile(view: ViewFacts, path: string): OpenedFile {
  const fact = view.files[path];
  if (fact === undefined) return UNKNOWN;
  if (fact.state === 'known') return { kind: 'content', content: fact.value };
  if (fact.state === 'absent') return ABSENT;
  return fact.reason === 'link-loop' ? { kind: 'error', errno: 'ELOOP' } : UNKNOWN;
}

/** Points at a line (1-based) of a file of the view. */
export const lineOf = (view: ViewFacts, path: string, line: number | undefined, lines: readonly string[]): Source => {
  const text = line === undefined ? undefined : lines[line - 1];
  return { kind: 'file', path, view: view.id, ...(line === undefined ? {} : { line }), ...(text === undefined ? {} : { text }) };
};
