/** Which of many anchors stand in a text, without asking for each: four characters of every anchor are in a table, and the text is walked once. */

const KEY = 4;
const BITS = 14;

const hashAt = (text: string, at: number): number =>
  Math.imul(
    text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 7) ^ (text.charCodeAt(at + 2) << 14) ^ (text.charCodeAt(at + 3) << 21),
    0x9e37_79b1,
  ) >>>
  (32 - BITS);

interface Place {
  readonly anchor: number;
  /** Where in the anchor its key begins. */
  readonly offset: number;
}

export class AnchorIndex {
  readonly #anchors: readonly string[];
  readonly #short: readonly number[];
  readonly #places: (readonly Place[] | undefined)[] = new Array<readonly Place[] | undefined>(1 << BITS).fill(undefined);

  constructor(anchors: readonly string[]) {
    this.#anchors = anchors;
    this.#short = anchors.flatMap((a, i) => (a.length < KEY ? [i] : []));
    const used = new Uint32Array(1 << BITS);
    for (const [anchor, text] of anchors.entries()) {
      if (text.length < KEY) continue;
      // The end of an anchor tells more than its beginning ('connect: ', 'connection '), and slots that are free more than either.
      let best = text.length - KEY;
      for (let at = best; at >= 0; at -= 1) if ((used[hashAt(text, at)] ?? 0) < (used[hashAt(text, best)] ?? 0)) best = at;
      const slot = hashAt(text, best);
      used[slot] = (used[slot] ?? 0) + 1;
      this.#places[slot] = [...(this.#places[slot] ?? []), { anchor, offset: best }];
    }
  }

  /** Adds the indexes of the anchors that the text holds. */
  find(text: string, found: Set<number>): void {
    for (const index of this.#short) if (text.includes(this.#anchors[index] ?? '')) found.add(index);
    for (let at = 0; at + KEY <= text.length; at += 1) {
      const places = this.#places[hashAt(text, at)];
      if (places === undefined) continue;
      for (const { anchor, offset } of places)
        if (!found.has(anchor) && at >= offset && text.startsWith(this.#anchors[anchor] ?? '', at - offset)) found.add(anchor);
    }
  }
}
