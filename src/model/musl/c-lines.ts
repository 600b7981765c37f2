/** Text cut as C's fgets(line, size) cuts it, and C's isspace. */

/** Blank, tab, LF, VT, FF, CR. */
export const isCSpace = (c: string): boolean => c === ' ' || (c >= '\t' && c <= '\r');

export interface Piece {
  /** With its final LF, where it has one. */
  readonly text: string;
  /** Number of the line in the file that it is part of, 1-based. */
  readonly line: number;
  /** True when it is the first piece of its line. */
  readonly first: boolean;
}

/** Pieces of at most `size - 1` bytes (UTF-8), each ending at LF at the latest. */
export function fgetsPieces(text: string, size: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    const lf = text.indexOf('\n', start);
    const end = lf < 0 ? text.length : lf + 1;
    line++;
    const whole = text.slice(start, end);
    // Three bytes a character at most (a pair of surrogates makes four): most lines need no counting.
    if (whole.length * 3 < size) pieces.push({ text: whole, line, first: true });
    else cut(whole, size - 1, line, pieces);
    start = end;
  }
  return pieces;
}

function cut(whole: string, most: number, line: number, pieces: Piece[]): void {
  let piece = '';
  let bytes = 0;
  let first = true;
  for (const character of whole) {
    const code = character.codePointAt(0) ?? 0;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes + length > most) {
      pieces.push({ text: piece, line, first });
      first = false;
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += length;
  }
  if (piece !== '') pieces.push({ text: piece, line, first });
}

/** Words between white space, each with whether white space follows it. */
export function cWords(text: string): readonly { readonly word: string; readonly at: number; readonly ended: boolean }[] {
  const words: { word: string; at: number; ended: boolean }[] = [];
  let at = 0;
  while (at < text.length) {
    while (at < text.length && isCSpace(text.charAt(at))) at++;
    const start = at;
    while (at < text.length && !isCSpace(text.charAt(at))) at++;
    if (at > start) words.push({ word: text.slice(start, at), at: start, ended: at < text.length });
  }
  return words;
}
