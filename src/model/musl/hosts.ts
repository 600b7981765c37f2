/**
 * The hosts file as musl reads it (src/network/lookup_name.c name_from_hosts).
 *
 *   ADDRESS name name ...   # comment
 *
 * Pieces of 511 bytes: a longer line goes on as a line of its own. The address stands at column 0. A name matches byte for byte, and only
 * where white space follows it: a last line without LF hides its last name. All pieces that name it add up.
 */
import type { ResolvedAddress } from '../types.ts';
import { cWords, fgetsPieces, isCSpace } from './c-lines.ts';
import { parseMuslAddress } from './ip-literal.ts';

export const MAX_ADDRESSES = 48;

export interface MuslHostsEntry {
  /** 'bad-zone': no address comes of it, as of one of the other family. */
  readonly address: ResolvedAddress | 'bad-zone';
  /** First name of the piece: the canonical name, where it is a valid one. */
  readonly firstName: string;
  readonly line: number;
}

export interface MuslHosts {
  readonly byName: ReadonlyMap<string, readonly MuslHostsEntry[]>;
  readonly lines: readonly string[];
}

export function parseMuslHosts(text: string): MuslHosts {
  const byName = new Map<string, MuslHostsEntry[]>();
  for (const { text: piece, line } of fgetsPieces(text, 512)) {
    const hash = piece.indexOf('#');
    const cut = hash < 0 ? piece : `${piece.slice(0, hash)}\n`;
    if (cut === '' || isCSpace(cut.charAt(0))) continue;
    const [first, ...names] = cWords(cut);
    const address = parseMuslAddress(first?.word ?? '');
    if (address === undefined) continue;
    const entry = { address, firstName: names[0]?.word ?? '', line };
    for (const { word, ended } of names) {
      if (!ended) continue;
      const entries = byName.get(word);
      if (entries === undefined) byName.set(word, [entry]);
      // A name twice in one piece counts once.
      else if (entries.at(-1) !== entry) entries.push(entry);
    }
  }
  return { byName, lines: text.split('\n') };
}

/** is_valid_hostname: 1 to 254 bytes of letters, digits, `.`, `-` and anything beyond ASCII. */
export const isValidHostname = (name: string): boolean =>
  name.length > 0 && name.length < 255 && !/[^A-Z0-9.\-\u0080-\u{10ffff}]/iu.test(name);
