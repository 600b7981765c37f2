/**
 * /etc/hosts as glibc's files module reads it.
 *
 *   address  canonical-name  alias ...      # comment, also glued to a word
 *
 * Words are separated by isspace characters. The address must be inet_pton clean: no short or octal form, no zone. Any other line
 * is no entry. A line with an address alone has an empty name. Lines have no length limit.
 * Source: hosts(5), glibc nss/nss_files/files-hosts.c and files-parse.c, 2.12 to 2.43 alike.
 */
import type { FileContent } from '../../facts/node-facts.ts';
import { addrFrom, type Addr } from '../address/addr.ts';
import { memoByIdentity } from '../memo.ts';
import { asciiLower, lines, words } from './ascii.ts';

export interface HostsEntry {
  readonly line: number;
  readonly text: string;
  readonly address: Addr;
  /** Field 2 as written; '' when the line has none. */
  readonly canonical: string;
  readonly aliases: readonly string[];
}

export interface HostsFile {
  readonly entries: readonly HostsEntry[];
  /** Entries of a name (letters folded), in file order. */
  entriesOf(name: string): readonly HostsEntry[];
}

const NONE: readonly HostsEntry[] = [];

export const parseHosts = memoByIdentity((content: FileContent): HostsFile => {
  const entries: HostsEntry[] = [];
  const byName = new Map<string, HostsEntry[]>();
  lines(content.text).forEach((text, index) => {
    const hash = text.indexOf('#');
    const [first, canonical = '', ...aliases] = words(hash < 0 ? text : text.slice(0, hash));
    const address = first === undefined ? undefined : addrFrom(first);
    if (address === undefined) return;
    const entry: HostsEntry = { line: index + 1, text, address, canonical, aliases };
    entries.push(entry);
    for (const name of new Set([canonical, ...aliases].map(asciiLower))) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [entry]);
      else known.push(entry);
    }
  });
  return { entries, entriesOf: (name) => byName.get(asciiLower(name)) ?? NONE };
});
