/** Literals prepared for a core: a bitmap of the hashes of their sampled grams, an exact table behind it, and the comparison itself. */
import type { Sampling, ScanCore } from './core.ts';

/** The bitmap has 2^17 bits: 16 KiB, which stays in the first-level cache. */
export const BITMAP_BITS = 17;
/** Odd multipliers with well-spread bits (the golden ratio), for 32 and for 64 bits. */
export const FACTOR_32 = 0x9e37_79b1;
export const FACTOR_64 = 0x9e37_79b9_7f4a_7c15n;
const FACTOR_HIGH = 0x9e37_79b9;
const FACTOR_LOW = 0x7f4a_7c15;

/** How a core hashes a gram into the bitmap. */
export type GramHash = (gram: number) => number;

export const hash32: GramHash = (gram) => Math.imul(gram, FACTOR_32) >>> (32 - BITMAP_BITS);
/** The upper bits of the product with FACTOR_64, modulo 2^64. */
export const hash64: GramHash = (gram) => {
  const low = gram >>> 0;
  const high = (gram / 2 ** 32) | 0;
  const [low0, low1] = [low & 0xffff, low >>> 16];
  const [factor0, factor1] = [FACTOR_LOW & 0xffff, FACTOR_LOW >>> 16];
  const middle = low1 * factor0 + ((low0 * factor0) >>> 16);
  const carried = low1 * factor1 + (middle >>> 16) + ((low0 * factor1 + (middle & 0xffff)) >>> 16);
  return (carried + Math.imul(low, FACTOR_HIGH) + Math.imul(high, FACTOR_LOW)) >>> (32 - BITMAP_BITS);
};

/** A bitmap of hashes for the core; behind it the grams themselves in a table with open addressing, each with the places it has in literals. */
export class LiteralTable {
  readonly bitmap = new Uint8Array(1 << (BITMAP_BITS - 3));
  readonly literals: readonly Uint8Array[];
  readonly sampling: Sampling;
  /** By slot: the lower four bytes of the gram, the upper ones, and one more than its first place; 0 is a free slot. */
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  readonly #first: Int32Array;
  readonly #shift: number;
  /** By place: the literal, where in it the gram begins, and one more than the next place of the same gram. */
  readonly #literal: Int32Array;
  readonly #offset: Int32Array;
  readonly #next: Int32Array;
  #places = 0;

  /** Literals shorter than a window are a mistake of the caller. `sample`: bytes of the kind that will be searched, to choose rare grams. */
  constructor(literals: readonly Uint8Array[], sampling: Sampling, hash: GramHash, sample: Uint8Array = new Uint8Array(0)) {
    this.literals = literals;
    this.sampling = sampling;
    const places = literals.length * sampling.stride;
    const bits = 33 - Math.clz32(Math.max(1, places));
    this.#shift = 32 - bits;
    this.#low = new Int32Array(1 << bits);
    this.#high = new Int32Array(1 << bits);
    this.#first = new Int32Array(1 << bits);
    this.#literal = new Int32Array(places);
    this.#offset = new Int32Array(places);
    this.#next = new Int32Array(places);
    const counts = gramCounts(sample, sampling.size, hash);
    const window = sampling.size + sampling.stride - 1;
    for (const [index, literal] of literals.entries()) {
      if (literal.length < window) throw new RangeError(`a literal of ${literal.length} bytes, where windows have ${window}`);
      const from = rarestWindow(literal, sampling, counts, hash);
      for (let offset = from; offset < from + sampling.stride; offset += 1) this.#add(literal, index, offset, hash);
    }
  }

  #add(literal: Uint8Array, index: number, offset: number, hash: GramHash): void {
    const { size } = this.sampling;
    const bit = hash(gramAt(literal, offset, size));
    this.bitmap[bit >>> 3] = (this.bitmap[bit >>> 3] ?? 0) | (1 << (bit & 7));
    const low = lowAt(literal, offset, size);
    const high = highAt(literal, offset, size);
    const slot = this.#slotOf(low, high);
    const place = this.#places;
    this.#places += 1;
    this.#literal[place] = index;
    this.#offset[place] = offset;
    this.#next[place] = this.#first[slot] ?? 0;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#first[slot] = place + 1;
  }

  /** Where this gram is or would be. */
  #slotOf(low: number, high: number): number {
    const mask = this.#first.length - 1;
    let slot = Math.imul(low ^ Math.imul(high, FACTOR_LOW), FACTOR_32) >>> this.#shift;
    while (this.#first[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  /** Calls back for each literal that covers the gram at `at` and stands wholly in [from, end). */
  match(bytes: Uint8Array, at: number, from: number, end: number, found: (literal: number, start: number) => void): void {
    const { size } = this.sampling;
    let place = this.#first[this.#slotOf(lowAt(bytes, at, size), highAt(bytes, at, size))] ?? 0;
    for (; place > 0; place = this.#next[place - 1] ?? 0) {
      const literal = this.#literal[place - 1] ?? 0;
      const start = at - (this.#offset[place - 1] ?? 0);
      const wanted = this.literals[literal];
      if (wanted !== undefined && start >= from && start + wanted.length <= end && holds(bytes, start, wanted)) found(literal, start);
    }
  }
}

/** Every occurrence in [from, end), in the order of the sampled grams; one that covers two sampled grams is told once. */
export function findLiterals(
  core: ScanCore,
  table: LiteralTable,
  from: number,
  end: number,
  found: (literal: number, start: number, at: number) => void,
): void {
  let at = 0;
  // One function for all candidates: storms have a million of them.
  const matched = (literal: number, start: number): void => {
    found(literal, start, at);
  };
  for (let next = from; next < end;) {
    const step = core.scan(next, end);
    for (let i = 0; i < step.found; i += 1) {
      at = core.positions[i] ?? 0;
      table.match(core.bytes, at, from, end, matched);
    }
    next = step.next;
  }
}

/** The first four bytes, or as many as a gram has. */
function lowAt(bytes: Uint8Array, at: number, size: number): number {
  let low = 0;
  for (let i = Math.min(size, 4) - 1; i >= 0; i -= 1) low = (low << 8) | (bytes[at + i] ?? 0);
  return low;
}

/** The fifth and sixth byte, of grams that have them. */
const highAt = (bytes: Uint8Array, at: number, size: number): number =>
  size < 5 ? 0 : (bytes[at + 4] ?? 0) | (size < 6 ? 0 : (bytes[at + 5] ?? 0) << 8);

/** Up to six bytes as a number, the first one lowest. */
const gramAt = (bytes: Uint8Array, at: number, size: number): number => (lowAt(bytes, at, size) >>> 0) + highAt(bytes, at, size) * 2 ** 32;

/** How often each bit of the bitmap would be met: what a gram costs, with all that has the same hash. */
function gramCounts(sample: Uint8Array, size: number, hash: GramHash): Uint16Array {
  const counts = new Uint16Array(1 << BITMAP_BITS);
  for (let at = 0; at + size <= sample.length; at += 1) {
    const h = hash(gramAt(sample, at, size));
    counts[h] = Math.min(65_535, (counts[h] ?? 0) + 1);
  }
  return counts;
}

function rarestWindow(literal: Uint8Array, { size, stride }: Sampling, counts: Uint16Array, hash: GramHash): number {
  let best = 0;
  let least = Infinity;
  for (let from = 0; from + stride + size - 1 <= literal.length; from += 1) {
    let sum = 0;
    for (let offset = from; offset < from + stride; offset += 1) sum += counts[hash(gramAt(literal, offset, size))] ?? 0;
    if (sum < least) {
      least = sum;
      best = from;
    }
  }
  return best;
}

function holds(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let i = 0; i < literal.length; i += 1) if (bytes[at + i] !== literal[i]) return false;
  return true;
}
