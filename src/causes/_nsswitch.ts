/** The `hosts` line of nsswitch.conf as a person reads it (nsswitch.conf(5)); each resolver's own, stricter reading stands in model/. */
import { valueOf } from '../facts/fact.ts';
import type { Source } from '../facts/fact.ts';
import type { FileContent, ViewFacts } from '../facts/node-facts.ts';
import { memoByIdentity } from '../model/memo.ts';
import type { Edit } from '../remedy/edit.ts';
import { appendLines, replaceLine } from '../remedy/hosts-edits.ts';

export const NSSWITCH = '/etc/nsswitch.conf';

export interface HostsDatabase {
  readonly text: string;
  /** From 1; undefined: the file has no hosts line. */
  readonly line: number | undefined;
  readonly lineText: string;
  /** Services in order, actions left out: 'files', 'mdns4_minimal', 'dns' ... */
  readonly services: readonly string[];
  /** Words in order, actions kept. */
  readonly words: readonly string[];
  readonly source: Source;
}

export function hostsDatabase(view: ViewFacts): HostsDatabase | undefined {
  const fact = view.files[NSSWITCH];
  const file = fact === undefined ? undefined : valueOf(fact);
  if (file === undefined) return undefined;
  const { found, ...rest } = parsed(file);
  return {
    ...rest,
    source: {
      kind: 'file',
      path: NSSWITCH,
      view: view.id,
      ...(found === undefined ? {} : { line: found.number, text: found.text.trim() }),
    },
  };
}

interface FoundLine {
  readonly number: number;
  readonly text: string;
  readonly rest: string;
}

const parsed = memoByIdentity(({ text }: FileContent): Omit<HostsDatabase, 'source'> & { readonly found: FoundLine | undefined } => {
  let found: FoundLine | undefined;
  text.split('\n').forEach((line, index) => {
    const rest = /^[ \t]*hosts[ \t]*:(.*)$/u.exec(line)?.[1];
    if (rest !== undefined) found = { number: index + 1, text: line, rest: rest.replace(/#.*$/u, '') };
  });
  const words = found === undefined ? [] : (found.rest.match(/\[[^\]]*\]|[^ \t\r[]+/gu) ?? []);
  return { found, text, line: found?.number, lineText: found?.text ?? '', words, services: words.filter((w) => !w.startsWith('[')) };
});

/** The hosts line with other words; the rest of the file stays as it is. */
export function writeHostsDatabase(view: ViewFacts, database: HostsDatabase, words: readonly string[]): Edit {
  const line = `hosts: ${words.join(' ')}`;
  return database.line === undefined
    ? appendLines(view.id, NSSWITCH, database.text, [line])
    : replaceLine(view.id, NSSWITCH, database.text, database.line, line);
}
