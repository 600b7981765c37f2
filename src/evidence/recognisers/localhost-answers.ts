/** What tools were told for localhost: an address outside the loopback comes from a name server, whichever suffix the name carries. */
import type { Source } from '../../facts/fact.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import type { Piece } from '../pieces/piece.ts';

/** localhost itself, or localhost below a search domain; localhost.localdomain is the hosts file's own. */
const LOCALHOST = /^localhost(?:\.(?!localdomain\b)[a-z0-9-]+(?:\.[a-z0-9-]+)*)?\.?$/iu;

/** `addresses` as the tool printed them for `name`. */
export function noteLocalhostAnswer(piece: Piece, facts: EvidenceFacts, name: string, addresses: readonly string[], source: Source): void {
  if (!LOCALHOST.test(name)) return;
  const foreign = addresses.filter((a) => !a.startsWith('127.') && !/^(?:0*:)+0*1$/u.test(a));
  if (foreign.length === 0) return;
  facts.observe('lookup.localhost.addresses', foreign, source, piece.where);
  facts.observe('lookup.localhost.foreign', true, source, piece.where);
}
