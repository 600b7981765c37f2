/**
 * The hosts file as Go reads it (golang/go src/net/hosts.go):
 *
 *   ADDRESS name name ...   # comment
 *
 * Only literal addresses. Names match without regard to ASCII case; a name with a dot matches with or without its final dot, a single
 * label with a final dot only its like. All lines of a name add up, in the order of the file.
 */
import type { ResolvedAddress } from '../types.ts';
import { mappedAsWritten, parseGoAddress } from './ip-literal.ts';
import { absDomainName, asciiLower, goFields, goLines, withoutComment } from './text.ts';

export interface GoHostsEntry {
  readonly address: ResolvedAddress;
  readonly line: number;
  /** An IPv4-mapped address as LookupHost gives it since Go 1.21: not turned into IPv4. */
  readonly asWritten?: ResolvedAddress;
}

export interface GoHosts {
  readonly byName: ReadonlyMap<string, readonly GoHostsEntry[]>;
  readonly lines: readonly string[];
  /** First name of the line that made the entry, by key (canonical name since Go 1.21). */
  readonly canonical: ReadonlyMap<string, string>;
}

export function parseGoHosts(text: string, leadingZeros: boolean): GoHosts {
  const lines = goLines(text);
  const byName = new Map<string, GoHostsEntry[]>();
  const canonical = new Map<string, string>();
  for (const [i, raw] of lines.entries()) {
    const fields = goFields(withoutComment(raw));
    if (fields.length < 2) continue;
    const address = parseGoAddress(fields[0] ?? '', leadingZeros);
    if (address === undefined) continue;
    const asWritten = mappedAsWritten(fields[0] ?? '');
    const entry: GoHostsEntry = { address, line: i + 1, ...(asWritten === undefined ? {} : { asWritten }) };
    for (const name of fields.slice(1)) {
      const key = absDomainName(asciiLower(name));
      const entries = byName.get(key);
      if (entries === undefined) {
        byName.set(key, [entry]);
        canonical.set(key, absDomainName(fields[1] ?? ''));
      } else entries.push(entry);
    }
  }
  return { byName, lines, canonical };
}

export const lookupGoHosts = (hosts: GoHosts, name: string): readonly GoHostsEntry[] =>
  hosts.byName.get(absDomainName(asciiLower(name))) ?? [];
