/**
 * Finds the lines of a block that hold one of many literals. One seam, so that a faster scanner can take its place: bytes go in,
 * complete lines only; starts and ends of lines come out, in order, each line once.
 */
export interface LineFinder {
  find: (bytes: Uint8Array, onLine: (start: number, end: number) => void) => void;
}

/** JSON escapes quotes and these signs, once or twice; the longest part without them is the same in every form. */
const plainPart = (anchor: string): string => anchor.split(/["&<>\\\t]/u).sort((a, b) => b.length - a.length)[0] ?? anchor;

/** What heads or marks lines that end a process, behind an envelope. */
const FATAL_MARKS = [
  'FATA[',
  '[FATAL]',
  'level=fatal',
  'level=panic',
  '"level":"fatal"',
  '"level":"panic"',
  'panic: ',
  'fatal error: ',
  '"log":"F0',
  '"log":"F1',
  'stderr F F0',
  'stderr F F1',
  'stdout F F0',
  'stdout F F1',
  ']: F0',
  ']: F1',
];

const NEWLINE = 10;
/** Bytes of a literal that are looked at: four words of four bytes, one of which is aligned wherever the literal stands. */
const WINDOW = 7;
const BITS = 17;
const FACTOR = 0x9e37_79b1;
const SAMPLE = 256 * 1024;

interface Candidate {
  readonly literal: Uint8Array;
  /** Where in the literal the word begins. */
  readonly offset: number;
}

/**
 * A filter over sampled words (the idea of Wu and Manber without its shifts): every aligned word of the block is looked up in a bitmap
 * that fits the first-level cache; each literal of seven bytes or more covers one aligned word that is in it. Of each literal the window
 * is taken whose words are rare in the first block. Shorter literals are few and are searched one by one.
 */
export function literalLineFinder(anchors: readonly string[]): LineFinder {
  const literals = [...new Set([...anchors, ...FATAL_MARKS].map((a) => (FATAL_MARKS.includes(a) ? a : plainPart(a))))]
    .filter((a) => a.length >= 4)
    .map((a) => Buffer.from(a, 'utf8'));
  const long = literals.filter((l) => l.length >= WINDOW);
  const short = [...literals.filter((l) => l.length < WINDOW), Buffer.from('\nF0'), Buffer.from('\nF1')];
  let filter: WordFilter | undefined;
  let aligned = new Uint8Array(0);
  return {
    find(bytes, onLine) {
      if (aligned.length < bytes.length + 8) aligned = new Uint8Array((bytes.length + 4096 + 7) & ~7);
      aligned.set(bytes);
      filter ??= new WordFilter(long, aligned.subarray(0, Math.min(bytes.length, SAMPLE)));
      const starts = filter.lines(aligned, bytes.length);
      for (const literal of short) addLines(bytes, literal, starts);
      // The first line has no newline before it.
      if (bytes[0] === 0x46 && (bytes[1] === 0x30 || bytes[1] === 0x31)) starts.add(0);
      for (const start of [...starts].sort((a, b) => a - b)) {
        const end = bytes.indexOf(NEWLINE, start);
        onLine(start, end < 0 ? bytes.length : end);
      }
    },
  };
}

function addLines(bytes: Uint8Array, literal: Buffer, starts: Set<number>): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const own = literal[0] === NEWLINE ? 1 : 0;
  for (let at = buffer.indexOf(literal); at >= 0;) {
    starts.add(own === 1 ? at + 1 : bytes.lastIndexOf(NEWLINE, at) + 1);
    const end = buffer.indexOf(NEWLINE, at + own);
    if (end < 0) return;
    // A literal that begins with the newline may begin with this one.
    at = buffer.indexOf(literal, end + 1 - own);
  }
}

class WordFilter {
  readonly #bitmap = new Int32Array(1 << (BITS - 5));
  readonly #words = new Map<number, Candidate[]>();

  constructor(literals: readonly Uint8Array[], sample: Uint8Array) {
    const counts = new Uint32Array(1 << 16);
    for (let i = 0; i + 3 < sample.length; i += 1) {
      const at = Math.imul(wordAt(sample, i), FACTOR) >>> 16;
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const literal of literals) this.#add(literal, rarestWindow(literal, counts));
  }

  #add(literal: Uint8Array, from: number): void {
    for (let offset = from; offset < from + 4; offset += 1) {
      const word = wordAt(literal, offset);
      const hash = Math.imul(word, FACTOR) >>> (32 - BITS);
      this.#bitmap[hash >>> 5] = (this.#bitmap[hash >>> 5] ?? 0) | (1 << (hash & 31));
      const known = this.#words.get(word);
      if (known === undefined) this.#words.set(word, [{ literal, offset }]);
      else known.push({ literal, offset });
    }
  }

  /** Starts of the lines that hold a literal. `bytes` begins on a multiple of four and goes on behind `length`. */
  lines(bytes: Uint8Array, length: number): Set<number> {
    const starts = new Set<number>();
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, length >>> 2);
    const count = words.length;
    for (let i = nextWord(words, this.#bitmap, 0, count); i < count; i = nextWord(words, this.#bitmap, i, count)) {
      const at = i * 4;
      const candidates = this.#words.get(words[i] ?? 0);
      i += 1;
      if (!candidates?.some((c) => holds(bytes, at - c.offset, c.literal, length))) continue;
      starts.add(bytes.lastIndexOf(NEWLINE, at) + 1);
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0 || end >= length) break;
      // The next line may begin within this word.
      i = Math.max(i, end >>> 2);
    }
    return starts;
  }
}

/** Index of the next word that may belong to a literal. Everything is an argument: the loop must not leave its registers. */
function nextWord(words: Int32Array, bitmap: Int32Array, from: number, count: number): number {
  for (let i = from; i < count; i += 1) {
    const hash = Math.imul(words[i] ?? 0, FACTOR) >>> (32 - BITS);
    if (((bitmap[hash >>> 5] ?? 0) & (1 << (hash & 31))) !== 0) return i;
  }
  return count;
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);

function holds(bytes: Uint8Array, at: number, literal: Uint8Array, length: number): boolean {
  if (at < 0 || at + literal.length > length) return false;
  for (let i = 0; i < literal.length; i += 1) if (bytes[at + i] !== literal[i]) return false;
  return true;
}

function rarestWindow(literal: Uint8Array, counts: Uint32Array): number {
  let best = 0;
  let least = Infinity;
  for (let from = 0; from + WINDOW <= literal.length; from += 1) {
    let sum = 0;
    for (let offset = from; offset < from + 4; offset += 1) sum += counts[Math.imul(wordAt(literal, offset), FACTOR) >>> 16] ?? 0;
    if (sum < least) {
      least = sum;
      best = from;
    }
  }
  return best;
}
