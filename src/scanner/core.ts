/**
 * What a scanner core does with a block of bytes: finds places where one of many literals may stand, and folds lines into shapes.
 * Two cores give the same answers: plain TypeScript, and WebAssembly where the machine runs it.
 */

/** Longest block with the part of a line that is carried in front of it; what lies behind is read a little, and never counts. */
export const BLOCK_BYTES = 3 * 2 ** 20;
export const SLACK_BYTES = 64;
/** Candidates that one call of `scan` gives at most; it is then called again from where it stopped. */
export const MAX_POSITIONS = 1 << 16;
/** Lines that need a closer look, at most in one call of `fold`; it stops there and is called again. */
export const MAX_SPECIAL = 1 << 14;
/** Shapes are told apart by the whole line up to this many, then by their first signs, then not at all. */
export const FULL_SHAPES = 4_000;
export const MAX_SHAPES = 6_000;
const SLOT_BITS = 13;
export const SLOTS = 1 << SLOT_BITS;
/** The shape of all lines there was no room for. */
export const OVERFLOW_SLOT = 1 << SLOT_BITS;
/** Bytes of a line's text that its shape is made of. */
export const SHAPE_BYTES = 1024;
/** Signs of a line's text, without digits, that its short shape is made of. */
export const SHORT_SIGNS = 32;

/** Flags of special lines. */
export const PARTIAL = 1;
export const FATAL = 2;
export const NUL = 4;
/** The text ends in ' EOF'. */
export const ENDS_IN_EOF = 8;
/** A docker record whose text is longer than SHAPE_BYTES: whether it is whole stands at its end. */
export const LONG = 16;

/** A gram: `size` bytes, looked at every `stride` bytes; a literal of size + stride - 1 bytes or more holds at least one such gram. */
export interface Sampling {
  readonly size: number;
  readonly stride: number;
}

export interface Folded {
  /** Where it stopped: the end, or the start of a line when a list was full. */
  readonly end: number;
  readonly lines: number;
  /** How many shapes were touched; their slots are in `touched`. */
  readonly touched: number;
  readonly specials: number;
}

export interface Slot {
  /** Lines of this shape in the last fold. */
  readonly count: number;
  /** Offsets of the first and the last one, and which line of the fold they were, from 0. */
  readonly first: number;
  readonly last: number;
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface ScanCore {
  readonly kind: 'typescript' | 'webassembly';
  readonly sampling: Sampling;
  /** The bytes to look at. BLOCK_BYTES + SLACK_BYTES long. */
  readonly bytes: Uint8Array;
  /** Places of grams that may belong to a literal, in order. */
  readonly positions: Int32Array;
  /** Fills `positions`; `next` is where to go on, or the end. */
  scan: (from: number, end: number) => { readonly found: number; readonly next: number };
  readonly touched: Int32Array;
  /** Four numbers each: start, end (of the newline), flags, line of the fold. */
  readonly specials: Int32Array;
  /** Folds whole lines; the byte before `end` is a newline. */
  fold: (from: number, end: number) => Folded;
  slot: (index: number) => Slot;
  /** The same for lines of the same shape, in this run. */
  shapeKey: (index: number) => string;
}

/** Classes of bytes: 0 part of a word, 1 digit, 2 delimiter, 3 newline, backslash, quote or NUL. */
export function byteClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let b = 48; b <= 57; b += 1) classes[b] = 1;
  for (const c of " \t\r,:;=()[]{}<>|'`") classes[c.charCodeAt(0)] = 2;
  for (const b of [0, 10, 34, 92]) classes[b] = 3;
  return classes;
}

/** The sparsest sampling that the shortest literal allows. Fewer than five bytes cannot be sampled. */
export function samplingFor(shortest: number): Sampling {
  if (shortest >= 15) return { size: 6, stride: 10 };
  if (shortest >= 9) return { size: 5, stride: 5 };
  if (shortest === 8) return { size: 5, stride: 4 };
  if (shortest === 7) return { size: 4, stride: 4 };
  return { size: 3, stride: Math.max(1, shortest - 2) };
}
