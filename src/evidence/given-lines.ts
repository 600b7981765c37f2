/** Keeps what somebody pasted while it is short: what a person picked out tells by its words; a whole log tells by its failures. */
import { isBlank, type Piece } from './pieces/piece.ts';

const MOST_LINES = 600;
const MOST_CHARACTERS = 64 * 1024;

export class GivenLines {
  readonly #lines: string[] = [];
  #characters = 0;
  #tooMuch = false;

  add(piece: Piece): void {
    // Statements are facts of their own, and a product is no sign of a fault.
    if (this.#tooMuch || piece.kind === 'product' || piece.kind === 'statements') return;
    for (const line of [piece.name, ...piece.lines]) {
      if (isBlank(line)) continue;
      this.#characters += line.length;
      if (this.#lines.length >= MOST_LINES || this.#characters > MOST_CHARACTERS) {
        this.tooMuch();
        return;
      }
      this.#lines.push(line);
    }
  }

  tooMuch(): void {
    this.#tooMuch = true;
    this.#lines.length = 0;
  }

  get lines(): readonly string[] | undefined {
    return this.#lines.length === 0 ? undefined : this.#lines;
  }
}
