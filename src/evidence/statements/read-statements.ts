import type { Piece } from '../pieces/piece.ts';
import { isBlank, sourceOf } from '../pieces/piece.ts';
import type { Reading } from '../read-piece.ts';

/** Reads "key: value" statements; gives the number of lines that were not understood. */
export function readStatements(piece: Piece, reading: Reading): number {
  let left = 0;
  piece.lines.forEach((line, i) => {
    if (isBlank(line)) return;
    const hit = /^([^:]{1,120}): ?(.*)$/u.exec(line);
    if (hit === null) {
      left += 1;
      return;
    }
    reading.facts.observe(`told.${hit[1] ?? ''}`, hit[2] ?? '', sourceOf(piece, i));
  });
  return left;
}
