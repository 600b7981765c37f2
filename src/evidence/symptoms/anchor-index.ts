/** Which of many anchors stand in a text, without asking for each: four characters of every anchor are in a table, and the text is walked once. */

const KEY = 4;
const BITS = 14;

/** The lower bytes of four characters, the last one lowest; what else they have is compared afterwards. */
const slotOf = (key: number): number => Math.imul(key, 0x9e37_79b1) >>> (32 - BITS);
const slotAt = (text: string, at: number): number => {
  let key = 0;
  for (let i = at; i < at + KEY; i += 1) key = (key << 8) | (text.charCodeAt(i) & 0xff);
  return slotOf(key);
};

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
      for (let at = best; at >= 0; at -= 1) if ((used[slotAt(text, at)] ?? 0) < (used[slotAt(text, best)] ?? 0)) best = at;
      const slot = slotAt(text, best);
      used[slot] = (used[slot] ?? 0) + 1;
      this.#places[slot] = [...(this.#places[slot] ?? []), { anchor, offset: best }];
    }
  }

  /** Adds the indexes of the anchors that the text holds. */
  find(text: string, found: Set<number>): void {
    for (const index of this.#short) if (text.includes(this.#anchors[index] ?? '')) found.add(index);
    let key = 0;
    for (let end = 0; end < text.length; end += 1) {
      key = (key << 8) | (text.charCodeAt(end) & 0xff);
      const places = end < KEY - 1 ? undefined : this.#places[slotOf(key)];
      if (places === undefined) continue;
      const at = end - KEY + 1;
      for (const { anchor, offset } of places)
        if (!found.has(anchor) && at >= offset && text.startsWith(this.#anchors[anchor] ?? '', at - offset)) found.add(anchor);
    }
  }
}
