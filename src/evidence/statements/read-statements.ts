/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/** Statements of people about a node: "key: value" lines in free words, mapped to typed observations by the vocabulary tables. */
import { readLine } from '../../logs/lines.ts';
import { isBlank, sourceOf, type Piece } from '../pieces/piece.ts';
import type { Reading } from '../read-piece.ts';
import { unfold } from './statement.ts';
import { clusterVocabulary } from './vocabulary-cluster.ts';
import { namesVocabulary } from './vocabulary-names.ts';
import { networkVocabulary } from './vocabulary-network.ts';
import { systemVocabulary } from './vocabulary-system.ts';
import type { Observed, StatementRule } from './vocabulary.ts';

const vocabulary: readonly StatementRule[] = [...systemVocabulary, ...namesVocabulary, ...networkVocabulary, ...clusterVocabulary];

/** A long value goes on in the next line when that one has no key. */
const STATEMENT = /^[ \t]*(?:[-*•] +)?([^:：]{1,120}?)[ \t]*[:：][ \t]*(.*)$/u;

/** Nobody states more in one line; the vocabulary is meant for sentences. */
const STATEMENT_LENGTH = 2000;

/** "fix: disabled the hosts cache" tells what was done, not what was so: only what heals follows from it. */
const REMEDY =
  /^(?:the )?(?:fix(?:ed by)?|cure[ds]?(?: by)?|solution|solved by|work ?around|remedy|resolution|resolved by|what helped|解决(?:方法|办法)?)$/u;
const AFTER_REMEDY = /heals|^nscd\.running$|started-before-bridge$/u;

/** Observations that follow from one statement. Pure, for tests. */
export function observationsOf(key: string, value: string): readonly Observed[] {
  const found = new Map<string, Observed>();
  for (const statement of unfold(key, value)) {
    const done = REMEDY.test(statement.words);
    for (const { read } of vocabulary)
      for (const o of read(statement)) if (!found.has(o[0]) && (!done || AFTER_REMEDY.test(o[0]))) found.set(o[0], o);
  }
  return [...found.values()];
}

/** Reads the statements of a piece; gives the number of lines of which nothing could be made. They stay in the snapshot as 'told.KEY'. */
export function readStatements(piece: Piece, { facts, symptoms }: Reading): number {
  let left = 0;
  for (let i = 0; i < piece.lines.length; i += 1) {
    const line = (piece.lines[i] ?? '').slice(0, STATEMENT_LENGTH);
    if (isBlank(line)) continue;
    const hit = STATEMENT.exec(line);
    const key = hit?.[1] ?? 'note';
    const value = hit?.[2] ?? line.trim();
    const source = sourceOf(piece, i);
    const observed = observationsOf(key, value);
    for (const [name, fact] of observed) facts.observe(name, fact, source);
    // People quote messages in their statements; "key: message" would hide the beginning of the message.
    const quoted = readLine(value, i + 1);
    const asSymptom = symptoms.add(quoted, { source: () => source });
    facts.observe(`told.${key.trim()}`, value, source);
    if (observed.length === 0 && !asSymptom) left += 1;
  }
  return left;
}
