/**
 * /etc/hosts as glibc's files module reads it.
 *
 *   address  canonical-name  alias ...      # comment, also glued to a word
 *
 * Words are separated by isspace characters. The address must be inet_pton clean: no short or octal form, no zone. Any other line
 * is no entry. A line with an address alone has an empty name. Lines have no length limit.
 *
 * From 2.32 on a last line that has blanks in front and no newline at its end loses its end: the line is moved to the front of the
 * buffer without its final NUL, so that as many characters as there were blanks stand behind it twice (" ::1 web" is "::1 webb").
 *
 * Source: hosts(5), glibc nss/nss_files/files-hosts.c and files-parse.c 2.12 to 2.43, nss/nss_readline.c 2.32 to 2.43.
 */
import type { FileContent } from '../../facts/node-facts.ts';
import { addrFrom, type Addr } from '../address/addr.ts';
import { memoByIdentity, memoByText } from '../memo.ts';
import { asciiLower, lines, skipSpace, words } from './ascii.ts';

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

export const parseHosts: (content: FileContent) => HostsFile = memoByText(readHosts);

/** The same for glibc 2.32 and newer, whose last line may be longer than it looks. */
export const parseHostsMovingLines = memoByIdentity((content: FileContent): HostsFile => {
  const last = content.text.slice(content.text.lastIndexOf('\n') + 1);
  const blanks = skipSpace(last, 0);
  if (blanks === 0 || blanks === last.length || content.truncated === true) return parseHosts(content);
  return readHosts(content.text + last.slice(last.length - blanks));
});

function readHosts(fileText: string): HostsFile {
  const entries: HostsEntry[] = [];
  const byName = new Map<string, HostsEntry[]>();
  lines(fileText).forEach((text, index) => {
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
}
