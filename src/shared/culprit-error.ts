import type { Text, Values } from './text.ts';

/**
 * An expected failure of the tool: a bad option, a file that is not there, a machine that cannot be reached. It is shown to people as
 * one sentence, never with a stack trace. Facts about the node are data instead; mistakes in the code are plain errors.
 */
export class CulpritError extends Error {
  override readonly name = 'CulpritError';
  /** Kebab-case and stable: scripts may look for it in the JSON form of an error. */
  readonly code: string;
  /** One sentence: what happened, why as far as known, what to try. */
  readonly text: Text;
  readonly values: Values;

  constructor(code: string, text: Text, values: Values = {}, options?: { readonly cause?: unknown }) {
    super(text.en, options);
    this.code = code;
    this.text = text;
    this.values = values;
  }
}
