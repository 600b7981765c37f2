/** Literals prepared for a core: a bitmap of the hashes of their sampled grams, an exact table behind it, and the comparison itself. */
import type { Sampling, ScanCore } from './core.ts';

/** The bitmap has 2^17 bits: 16 KiB, which stays in the first-level cache. */
export const BITMAP_BITS = 17;
/** Odd multipliers with well-spread bits (the golden ratio), for 32 and for 64 bits. */
export const FACTOR_32 = 0x9e37_79b1;
export const FACTOR_64 = 0x9e37_79b9_7f4a_7c15n;

const SAMPLE_BITS = 16;

interface Place {
  readonly literal: number;
  /** Where in the literal the gram begins. */
  readonly offset: number;
}

/** How a core hashes a gram into the bitmap. */
export type GramHash = (gram: number) => number;

export const hash32: GramHash = (gram) => Math.imul(gram, FACTOR_32) >>> (32 - BITMAP_BITS);
export const hash64: GramHash = (gram) => Number(((BigInt(gram) * FACTOR_64) & 0xffff_ffff_ffff_ffffn) >> BigInt(64 - BITMAP_BITS));

export class LiteralTable {
  readonly bitmap = new Uint8Array(1 << (BITMAP_BITS - 3));
  readonly literals: readonly Uint8Array[];
  readonly sampling: Sampling;
  readonly #places = new Map<number, Place[]>();

  /** Literals shorter than a window are a mistake of the caller. `sample`: bytes of the kind that will be searched, to choose rare grams. */
  constructor(literals: readonly Uint8Array[], sampling: Sampling, hash: GramHash, sample: Uint8Array = new Uint8Array(0)) {
    this.literals = literals;
    this.sampling = sampling;
    const counts = gramCounts(sample, sampling.size);
    const window = sampling.size + sampling.stride - 1;
    for (const [index, literal] of literals.entries()) {
      if (literal.length < window) throw new RangeError(`a literal of ${literal.length} bytes, where windows have ${window}`);
      const from = rarestWindow(literal, sampling, counts);
      for (let offset = from; offset < from + sampling.stride; offset += 1)
        this.#add(gramAt(literal, offset, sampling.size), { literal: index, offset }, hash);
    }
  }

  #add(gram: number, place: Place, hash: GramHash): void {
    const bit = hash(gram);
    this.bitmap[bit >>> 3] = (this.bitmap[bit >>> 3] ?? 0) | (1 << (bit & 7));
    const known = this.#places.get(gram);
    if (known === undefined) this.#places.set(gram, [place]);
    else known.push(place);
  }

  /** Calls back for each literal that covers the gram at `at` and stands wholly in [from, end). */
  match(bytes: Uint8Array, at: number, from: number, end: number, found: (literal: number, start: number) => void): void {
    const places = this.#places.get(gramAt(bytes, at, this.sampling.size));
    if (places === undefined) return;
    for (const place of places) {
      const start = at - place.offset;
      const wanted = this.literals[place.literal];
      if (wanted !== undefined && start >= from && start + wanted.length <= end && holds(bytes, start, wanted)) found(place.literal, start);
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

/** Up to six bytes as a number, the first one lowest. */
function gramAt(bytes: Uint8Array, at: number, size: number): number {
  let low = 0;
  for (let i = Math.min(size, 4) - 1; i >= 0; i -= 1) low = (low << 8) | (bytes[at + i] ?? 0);
  low >>>= 0;
  if (size === 5) return low + (bytes[at + 4] ?? 0) * 2 ** 32;
  if (size === 6) return low + ((bytes[at + 4] ?? 0) | ((bytes[at + 5] ?? 0) << 8)) * 2 ** 32;
  return low;
}

const sampleHash = (gram: number): number => Math.imul((gram ^ (gram / 2 ** 32)) | 0, FACTOR_32) >>> (32 - SAMPLE_BITS);

function gramCounts(sample: Uint8Array, size: number): Uint32Array {
  const counts = new Uint32Array(1 << SAMPLE_BITS);
  for (let at = 0; at + size <= sample.length; at += 1) {
    const h = sampleHash(gramAt(sample, at, size));
    counts[h] = (counts[h] ?? 0) + 1;
  }
  return counts;
}

function rarestWindow(literal: Uint8Array, { size, stride }: Sampling, counts: Uint32Array): number {
  let best = 0;
  let least = Infinity;
  for (let from = 0; from + stride + size - 1 <= literal.length; from += 1) {
    let sum = 0;
    for (let offset = from; offset < from + stride; offset += 1) sum += counts[sampleHash(gramAt(literal, offset, size))] ?? 0;
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
