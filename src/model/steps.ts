import type { StepKind } from './types.ts';

/** Declares the step kinds of one stack or client; ids become '<area>.<name>'. */
export function defineSteps<const K extends string>(
  area: string,
  kinds: Readonly<Record<K, { readonly en: string; readonly zh: string; readonly rule?: string }>>,
): Readonly<Record<K, StepKind>> {
  const made = {} as Record<K, StepKind>;
  for (const name of Object.keys(kinds) as K[]) {
    const { en, zh, rule } = kinds[name];
    made[name] = { id: `${area}.${name}`, text: { en, zh }, ...(rule === undefined ? {} : { rule }) };
  }
  return made;
}
