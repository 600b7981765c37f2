/** The core in plain TypeScript: aligned words of four bytes for the literals, one walk over the bytes for the shapes. */
import {
  BLOCK_BYTES,
  ENDS_IN_EOF,
  FATAL,
  FULL_SHAPES,
  LONG,
  MAX_POSITIONS,
  MAX_SHAPES,
  MAX_SPECIAL,
  NUL,
  OVERFLOW_SLOT,
  PARTIAL,
  SHAPE_BYTES,
  SHORT_SIGNS,
  SLACK_BYTES,
  SLOTS,
  byteClasses,
} from './core.ts';
import type { Folded, Sampling, ScanCore, Slot } from './core.ts';
import { FACTOR_32, hash32, LiteralTable } from './literals.ts';

const classes = byteClasses();
const NEWLINE = 10;
const DIGITS = 0x6b43_a9b5;

export interface BuiltCore {
  readonly core: ScanCore;
  readonly table: LiteralTable;
}

/** `sample`: the first bytes of what will be read. */
export function typescriptCore(literals: readonly Uint8Array[], sampling: Sampling, sample?: Uint8Array): BuiltCore {
  const core = new TypescriptCore(samplingOf(sampling));
  const table = new LiteralTable(literals, core.sampling, hash32, sample);
  core.bitmap.set(table.bitmap);
  return { core, table };
}

/** Words are loaded where they are aligned, so the stride is a multiple of four. */
const samplingOf = ({ size, stride }: Sampling): Sampling => (size >= 4 ? { size: 4, stride: stride >= 8 ? 8 : 4 } : { size, stride });

class TypescriptCore implements ScanCore {
  readonly kind = 'typescript';
  readonly sampling: Sampling;
  readonly bytes = new Uint8Array(BLOCK_BYTES + SLACK_BYTES);
  readonly positions = new Int32Array(MAX_POSITIONS);
  readonly touched = new Int32Array(SLOTS + 1);
  readonly specials = new Int32Array(MAX_SPECIAL * 4);
  readonly bitmap = new Uint8Array(1 << 14);
  readonly #bits = new Int32Array(this.bitmap.buffer);
  readonly #words = new Int32Array(this.bytes.buffer);
  /** Five numbers a slot: count, first, last, firstLine, lastLine. */
  readonly #slots = new Int32Array((SLOTS + 1) * 5);
  readonly #seen = new Int32Array(SLOTS + 1);
  readonly #index = new Map<number, number>();
  readonly #keys: number[] = [];
  #turn = 0;

  constructor(sampling: Sampling) {
    this.sampling = sampling;
  }

  scan(from: number, end: number): { readonly found: number; readonly next: number } {
    const { size, stride } = this.sampling;
    if (size < 4) return this.#scanBytes(from, end);
    let found = 0;
    let word = (from + 3) >>> 2;
    const last = (end - 4) >> 2;
    const step = stride >>> 2;
    while (word <= last) {
      word = nextWord(this.#words, this.#bits, word, last, step);
      if (word > last) break;
      this.positions[found] = word * 4;
      found += 1;
      word += step;
      if (found === MAX_POSITIONS) return { found, next: word * 4 };
    }
    return { found, next: end };
  }

  #scanBytes(from: number, end: number): { readonly found: number; readonly next: number } {
    const { size, stride } = this.sampling;
    let found = 0;
    for (let at = from; at + size <= end; at += stride) {
      const hash = hash32((this.bytes[at] ?? 0) | ((this.bytes[at + 1] ?? 0) << 8) | ((this.bytes[at + 2] ?? 0) << 16));
      if (((this.bitmap[hash >>> 3] ?? 0) & (1 << (hash & 7))) === 0) continue;
      this.positions[found] = at;
      found += 1;
      if (found === MAX_POSITIONS) return { found, next: at + stride };
    }
    return { found, next: end };
  }

  fold(from: number, end: number): Folded {
    this.#turn += 1;
    const { bytes, specials } = this;
    let touched = 0;
    let special = 0;
    let lines = 0;
    let at = from;
    while (at < end && special < MAX_SPECIAL) {
      const line = foldLine(bytes, at, end);
      if (line.end > at) {
        const slot = this.#slotOf(line);
        const base = slot * 5;
        if (this.#seen[slot] !== this.#turn) {
          this.#seen[slot] = this.#turn;
          this.touched[touched] = slot;
          touched += 1;
          this.#slots[base] = 0;
          this.#slots[base + 1] = at;
          this.#slots[base + 3] = lines;
        }
        this.#slots[base] = (this.#slots[base] ?? 0) + 1;
        this.#slots[base + 2] = at;
        this.#slots[base + 4] = lines;
      }
      if (line.flags !== 0) {
        specials.set([at, line.end, line.flags, lines], special * 4);
        special += 1;
      }
      lines += 1;
      at = line.end + 1;
    }
    return { end: at, lines, touched, specials: special };
  }

  #slotOf(line: FoldedLine): number {
    const known = this.#index.get(line.key);
    if (known !== undefined) return known;
    if (this.#index.size < FULL_SHAPES) return this.#insert(line.key);
    const short = shortKey(this.bytes, line);
    return this.#index.get(short) ?? (this.#index.size < MAX_SHAPES ? this.#insert(short) : OVERFLOW_SLOT);
  }

  #insert(key: number): number {
    const slot = this.#index.size;
    this.#index.set(key, slot);
    this.#keys[slot] = key;
    return slot;
  }

  slot(index: number): Slot {
    const [count = 0, first = 0, last = 0, firstLine = 0, lastLine = 0] = this.#slots.subarray(index * 5, index * 5 + 5);
    return { count, first, last, firstLine, lastLine };
  }

  shapeKey(index: number): string {
    return index === OVERFLOW_SLOT ? 'overflow' : String(this.#keys[index]);
  }
}

/** Everything is an argument: the loop must not leave its registers. */
function nextWord(words: Int32Array, bits: Int32Array, from: number, last: number, step: number): number {
  for (let i = from; i <= last; i += step) {
    const hash = Math.imul(words[i] ?? 0, FACTOR_32) >>> 15;
    if (((bits[hash >>> 5] ?? 0) & (1 << (hash & 31))) !== 0) return i;
  }
  return last + 1;
}

interface FoldedLine {
  /** Of the newline. */
  readonly end: number;
  readonly key: number;
  /** Where the text begins that the key is made of, and where it ends. */
  readonly text: number;
  readonly textEnd: number;
  readonly flags: number;
}

const isDigit = (b: number | undefined): boolean => b !== undefined && b >= 48 && b <= 57;
const textAt = (bytes: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

/** Where the tag of a CRI record stands, or (negative, less one) where the text behind a lone time begins; -1 for neither. */
function afterTime(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== 45 || bytes[at + 7] !== 45 || bytes[at + 10] !== 84) return -1;
  for (const i of [0, 1, 2, 3, 5, 6, 8, 9]) if (!isDigit(bytes[at + i])) return -1;
  let space = at + 11;
  while (space < at + 40 && bytes[space] !== 32 && bytes[space] !== NEWLINE) space += 1;
  if (textAt(bytes, space, ' stdout ') || textAt(bytes, space, ' stderr ')) return space + 8;
  return bytes[space] === 32 ? -space - 2 : -1;
}

/** Digits where `form` has 0, and its other signs where they stand. */
function hasForm(bytes: Uint8Array, at: number, form: string): boolean {
  for (let i = 0; i < form.length; i += 1) {
    const sign = form.charCodeAt(i);
    if (sign === 48 ? !isDigit(bytes[at + i]) : bytes[at + i] !== sign) return false;
  }
  return true;
}

/** klog's thread: blanks and a number, seven wide, and a blank. */
function hasThread(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 8; i += 1) if (bytes[i] !== 32 && !isDigit(bytes[i])) return false;
  return isDigit(bytes[at + 7]) && bytes[at + 8] === 32;
}

const ENDINGS: readonly string[] = ['FATA', 'PANI', 'pani', 'fata', '[FAT'];

/** One line: where it ends, what it is like. The same lines are alike as in the WebAssembly core (wasm-kernel.ts). */
function foldLine(bytes: Uint8Array, start: number, end: number): FoldedLine {
  let at = start;
  let flags = 0;
  let headed = false;
  const docker = textAt(bytes, at, '{"log":"');
  if (docker) at += 8;
  else {
    const tag = afterTime(bytes, at);
    if (tag < -1) {
      at = -tag - 1;
      headed = true;
    } else if (tag >= 0) {
      if (bytes[tag] === 80) flags |= PARTIAL;
      // The tag, and the blank behind it where the record has text.
      at = bytes[tag] === NEWLINE ? tag : bytes[tag + 1] === NEWLINE ? tag + 1 : tag + 2;
    }
  }
  const first = bytes[at] ?? 0;
  let h1 = 0x2545_f491 | 0;
  let h2 = 0x1b87_3593 | 0;
  if ((first === 73 || first === 87 || first === 69 || first === 70) && isDigit(bytes[at + 1]) && isDigit(bytes[at + 2])) {
    h1 ^= first;
    if (first === 70) flags |= FATAL;
    if (hasForm(bytes, at + 1, '0000 00:00:00.000000 ')) at += hasThread(bytes, at + 21) ? 30 : 21;
  } else {
    if (ENDINGS.some((e) => textAt(bytes, at, e))) flags |= FATAL;
    if (!docker && bytes[at + 3] === 32 && bytes[at + 9] === 58 && bytes[at + 12] === 58) headed = true;
  }
  const text = at;
  const limit = at + SHAPE_BYTES;
  let word1 = 0;
  let word2 = 0;
  let digit = 0;
  let escaped = -1;
  let textEnd = -1;
  for (; ; at += 1) {
    const b = bytes[at] ?? 0;
    const c = at === limit ? 3 : (classes[b] ?? 0);
    if (c < 2) {
      word1 = ((word1 << 7) | (word1 >>> 25)) ^ b;
      word2 = Math.imul(word2, 31) + b;
      digit |= c;
      continue;
    }
    const isOpen = docker && at !== escaped;
    const ends = at === limit || b === NEWLINE || (isOpen && (b === 34 || (b === 92 && bytes[at + 1] === 110 && bytes[at + 2] === 34)));
    // How the text ends is no part of it.
    const sign = ends ? NEWLINE : b;
    h1 = Math.imul(h1 ^ (digit === 0 ? word1 : DIGITS) ^ (sign << 24), 0x85eb_ca6b);
    h1 ^= h1 >>> 15;
    h2 = Math.imul(h2 ^ (digit === 0 ? word2 : DIGITS) ^ sign, 0xc2b2_ae35);
    h2 ^= h2 >>> 13;
    word1 = 0;
    word2 = 0;
    digit = 0;
    if (ends) break;
    if (b === 0) flags |= NUL;
    else if (isOpen && b === 92) escaped = at + 1;
  }
  if (at === limit) {
    if (docker) flags |= LONG;
  } else {
    textEnd = at;
    if (docker && bytes[at] === 34) flags |= PARTIAL;
  }
  if (textEnd >= start + 4 && textAt(bytes, textEnd - 4, ' EOF')) flags |= ENDS_IN_EOF;
  const newline = bytes.indexOf(NEWLINE, at);
  const lineEnd = newline < 0 || newline >= end ? end - 1 : newline;
  if (headed && hasFatalBehindHeader(bytes, start, lineEnd)) flags |= FATAL;
  return { end: lineEnd, key: keyOf(h1, h2), text, textEnd: at, flags };
}

/** In a line with a header of syslog or the journal: `]: F` and a digit near its beginning. */
function hasFatalBehindHeader(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at + 4 < end && at < start + 96; at += 1)
    if (bytes[at] === 93 && textAt(bytes, at, ']: F') && isDigit(bytes[at + 4])) return true;
  return false;
}

/** The first signs of the text that are no digits: for lines that there is no room for as a whole. */
function shortKey(bytes: Uint8Array, { text, textEnd }: FoldedLine): number {
  let h1 = 0x2545_f491 | 0;
  let h2 = 0x1b87_3593 | 0;
  let left = SHORT_SIGNS;
  for (let at = text; at < textEnd && left > 0; at += 1) {
    const b = bytes[at] ?? 0;
    if (isDigit(b)) continue;
    h1 = Math.imul(h1 ^ b, 0x85eb_ca6b);
    h1 ^= h1 >>> 15;
    h2 = Math.imul(h2 ^ b, 0xc2b2_ae35);
    h2 ^= h2 >>> 13;
    left -= 1;
  }
  return keyOf(h1, h2);
}

/** 53 bits of two hashes. */
const keyOf = (h1: number, h2: number): number => (h1 >>> 0) * 2 ** 21 + (h2 >>> 11);
