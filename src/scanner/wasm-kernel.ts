/** The two loops of the scanner, as WebAssembly. They do what ts-core.ts does; a differential test holds them together. */
import {
  byteClasses,
  ENDS_IN_EOF,
  FATAL,
  FULL_SHAPES,
  LONG,
  MAX_POSITIONS,
  MAX_SHAPES,
  MAX_SPECIAL,
  NUL,
  PARTIAL,
  SHAPE_BYTES,
  SHORT_SIGNS,
  SLACK_BYTES,
  SLOTS,
  BLOCK_BYTES,
} from './core.ts';
import type { Sampling } from './core.ts';
import { BITMAP_BITS, FACTOR_64 } from './literals.ts';
import { assemble, block, get, go, i32, i64, loop, set, v128, when } from './wasm-assembler.ts';
import type { Code, WasmFunction } from './wasm-assembler.ts';

const SLOT_BYTES = 32;
/** Where things lie in the memory. */
export const AT = (() => {
  const bitmap = 0;
  const classes = 1 << 14;
  const results = classes + 256;
  const positions = 1 << 15;
  const touched = positions + MAX_POSITIONS * 4;
  const specials = touched + (SLOTS + 16) * 4;
  const slots = specials + MAX_SPECIAL * 16;
  const bytes = slots + (SLOTS + 1) * SLOT_BYTES + 32;
  return { bitmap, classes, results, positions, touched, specials, slots, bytes, end: bytes + BLOCK_BYTES + SLACK_BYTES };
})();
export const SLOT_WORDS = SLOT_BYTES / 4;

const c = i32.const;
const plus = (name: string, n: number): Code => (n === 0 ? get(name) : i32.add(get(name), c(n)));
const byteAt = (name: string, n = 0): Code => i32.load8(get(name), n);
const is = (code: Code, n: number): Code => i32.eq(code, c(n));
const isDigit = (code: Code): Code => i32.ltU(i32.sub(code, c(48)), c(10));
const all = (first: Code, ...rest: readonly Code[]): Code => rest.reduce((a, b) => i32.and(a, b), first);
const any = (first: Code, ...rest: readonly Code[]): Code => rest.reduce((a, b) => i32.or(a, b), first);
const increment = (name: string, by = 1): Code => set(name, i32.add(get(name), c(by)));
const flag = (bit: number): Code => set('flags', i32.or(get('flags'), c(bit)));
const eight = (text: string): Code => i64.const(Buffer.from(text, 'latin1').readBigUInt64LE());
const four = (text: string): Code => c(Buffer.from(text, 'latin1').readInt32LE());

/** Parameters are addresses in the memory. Results: at AT.results. */
export const kernel = (sampling: Sampling): Uint8Array<ArrayBuffer> =>
  assemble([scanFunction(sampling), foldFunction()], Math.ceil(AT.end / 65_536));

const UNROLLED = 8;

/** scan(from, end): how many positions; the place to go on at results[0]. */
function scanFunction({ size, stride }: Sampling): WasmFunction {
  const mask = (1n << BigInt(size * 8)) - 1n;
  const hash = (address: Code, offset: number): Code =>
    i32.wrap(
      i64.shr(i64.mul(i64.and(i64.load(address, offset), i64.const(mask)), i64.const(FACTOR_64)), i64.const(BigInt(64 - BITMAP_BITS))),
    );
  /** Lowest bit: set when the gram may belong to a literal. */
  const bitAt = (offset: number): readonly Code[] => [
    set('h', hash(get('p'), offset)),
    set('bits', i32.or(get('bits'), i32.shr(i32.load8(i32.shr(get('h'), c(3)), AT.bitmap), i32.and(get('h'), c(7))))),
  ];
  const keep = [i32.store(i32.add(c(AT.positions), i32.shl(get('n'), c(2))), i32.sub(get('p'), c(AT.bytes))), increment('n')];
  const one = [set('bits', c(0)), ...bitAt(0), when(i32.and(get('bits'), c(1)), keep), increment('p', stride)];
  const step = UNROLLED * stride;
  return {
    name: 'scan',
    parameters: { from: 'i32', end: 'i32' },
    locals: { p: 'i32', n: 'i32', h: 'i32', bits: 'i32', stop: 'i32' },
    result: 'i32',
    body: [
      set('p', get('from')),
      block(
        'fast',
        loop(
          'next',
          go('fast', i32.gtS(plus('p', step + size), get('end'))),
          set('bits', c(0)),
          ...Array.from({ length: UNROLLED }, (_, i) => bitAt(i * stride)).flat(),
          when(
            i32.and(get('bits'), c(1)),
            [
              go('fast', i32.gtU(get('n'), c(MAX_POSITIONS - 2 * UNROLLED))),
              set('stop', plus('p', step)),
              loop('each', ...one, go('each', i32.ltU(get('p'), get('stop')))),
            ],
            [increment('p', step)],
          ),
          go('next'),
        ),
      ),
      block(
        'done',
        loop('rest', go('done', i32.gtS(plus('p', size), get('end'))), go('done', i32.geU(get('n'), c(MAX_POSITIONS))), ...one, go('rest')),
      ),
      i32.store(c(AT.results), i32.sub(get('p'), c(AT.bytes))),
      get('n'),
    ],
  };
}

const MIX = 0x9ddf_ea08_eb38_2d69n;
const SECOND = 0xc2b2_ae3d_27d4_eb4fn;
const HOLE = 0x6b43_a9b5_1f2e_7c3dn;
const START = 0x2545_f491_4f6c_dd1dn;

/**
 * fold(from, end, turn, used): lines; results: [1] touched, [2] specials, [3] where it stopped, [4] slots in use. A slot: key (8 bytes),
 * turn, count, first, last, firstLine, lastLine.
 */
function foldFunction(): WasmFunction {
  const slotAt = (index: Code): Code => i32.add(c(AT.slots), i32.mul(index, c(SLOT_BYTES)));
  return {
    name: 'fold',
    parameters: { from: 'i32', end: 'i32', turn: 'i32', used: 'i32' },
    locals: {
      p: 'i32',
      start: 'i32',
      text: 'i32',
      lines: 'i32',
      touched: 'i32',
      specials: 'i32',
      flags: 'i32',
      docker: 'i32',
      headed: 'i32',
      b: 'i32',
      k: 'i32',
      limit: 'i32',
      textEnd: 'i32',
      slot: 'i32',
      at: 'i32',
      bits: 'i32',
      space: 'i32',
      token: 'i32',
      open: 'i32',
      skip: 'i32',
      nul: 'i32',
      marks: 'i32',
      digits: 'i32',
      ends: 'i32',
      word: 'i64',
      h: 'i64',
      short: 'i64',
      newlines: 'v128',
      quotes: 'v128',
      slashes: 'v128',
      chunk: 'v128',
      classes: 'v128',
    },
    result: 'i32',
    body: [
      set('p', get('from')),
      set('newlines', v128.splat8(c(10))),
      block(
        'done',
        loop(
          'line',
          go('done', i32.geU(get('p'), get('end'))),
          go('done', i32.geU(get('specials'), c(MAX_SPECIAL))),
          set('start', get('p')),
          set('flags', c(0)),
          set('headed', c(0)),
          ...envelope(),
          ...header(),
          ...words(),
          ...toNewline(),
          when(get('headed'), fatalBehindHeader()),
          when(i32.gtU(get('p'), get('start')), count(slotAt)),
          when(get('flags'), [
            set('at', i32.add(c(AT.specials), i32.shl(get('specials'), c(4)))),
            i32.store(get('at'), i32.sub(get('start'), c(AT.bytes)), 0),
            i32.store(get('at'), i32.sub(get('p'), c(AT.bytes)), 4),
            i32.store(get('at'), get('flags'), 8),
            i32.store(get('at'), get('lines'), 12),
            increment('specials'),
          ]),
          increment('lines'),
          increment('p'),
          go('line'),
        ),
      ),
      i32.store(c(AT.results), get('touched'), 4),
      i32.store(c(AT.results), get('specials'), 8),
      i32.store(c(AT.results), i32.sub(get('p'), c(AT.bytes)), 12),
      i32.store(c(AT.results), get('used'), 16),
      get('lines'),
    ],
  };
}

/** Docker's and CRI's headers are stepped over. */
function envelope(): readonly Code[] {
  const date = all(
    is(byteAt('p', 4), 45),
    is(byteAt('p', 7), 45),
    is(byteAt('p', 10), 84),
    ...[0, 1, 2, 3, 5, 6, 8, 9].map((i) => isDigit(byteAt('p', i))),
  );
  return [
    set('docker', i64.eq(i64.load(get('p')), eight('{"log":"'))),
    when(
      get('docker'),
      [increment('p', 8)],
      [
        when(date, [
          set('space', plus('p', 11)),
          set('limit', plus('p', 40)),
          block(
            'found',
            loop(
              'look',
              go('found', i32.geU(get('space'), get('limit'))),
              go('found', any(is(byteAt('space'), 32), is(byteAt('space'), 10))),
              increment('space'),
              go('look'),
            ),
          ),
          set('word', i64.load(get('space'))),
          when(
            i32.or(i64.eq(get('word'), eight(' stdout ')), i64.eq(get('word'), eight(' stderr '))),
            [
              set('p', plus('space', 8)),
              when(is(byteAt('p'), 80), [flag(PARTIAL)]),
              when(i32.ne(byteAt('p'), c(10)), [increment('p'), when(i32.ne(byteAt('p'), c(10)), [increment('p')])]),
            ],
            [when(is(byteAt('space'), 32), [set('p', plus('space', 1)), set('headed', c(1))])],
          ),
        ]),
      ],
    ),
  ];
}

/** Digits at the places that `form` marks with 0, and its other signs where they stand; sixteen bytes from `p` plus `offset`. */
function hasForm(offset: number, form: string): Code {
  const bits = (wanted: (sign: string) => boolean): number => Array.from(form).reduce((sum, s, i) => sum | (wanted(s) ? 1 << i : 0), 0);
  const digits = bits((s) => s === '0');
  const signs = bits((s) => s !== '0');
  const bytes = v128.load(get('p'), offset);
  return all(
    i32.eq(v128.bits8(v128.ltU8(v128.sub8(bytes, v128.splat8(c(48))), v128.splat8(c(10)))), c(digits)),
    i32.eq(i32.and(v128.bits8(v128.eq8(bytes, v128.const(Buffer.from(form, 'latin1')))), c(signs)), c(signs)),
  );
}

const each = (byte: bigint): Code => i64.const(byte * 0x0101_0101_0101_0101n);

/** klog's letter, its time and its thread, and the words by which a process ends. */
function header(): readonly Code[] {
  const starts = (...words: readonly string[]): Code =>
    any(...(words.map((w) => i32.eq(i32.load(get('p')), four(w))) as [Code, ...Code[]]));
  /** Eight bytes that are blanks and digits only, the first a blank and the last a digit, with a blank behind them. */
  const thread = all(
    i64.eq(i64.and(get('word'), each(0xe0n)), each(0x20n)),
    i64.eqz(
      i64.and(
        i64.and(get('word'), each(0x0fn)),
        i64.xor(i64.mul(i64.and(i64.shr(get('word'), i64.const(4n)), each(1n)), i64.const(15n)), i64.const(-1n)),
      ),
    ),
    isDigit(byteAt('p', 28)),
    is(byteAt('p', 29), 32),
  );
  return [
    set('h', i64.const(START)),
    set('b', byteAt('p')),
    when(
      all(
        any(...(['I', 'W', 'E', 'F'].map((l) => is(get('b'), l.charCodeAt(0))) as [Code, ...Code[]])),
        isDigit(byteAt('p', 1)),
        isDigit(byteAt('p', 2)),
      ),
      [
        set('h', i64.xor(get('h'), i64.fromI32(get('b')))),
        when(is(get('b'), 70), [flag(FATAL)]),
        when(all(hasForm(1, '0000 00:00:00.00'), hasForm(6, '00:00:00.000000 ')), [
          set('word', i64.load(get('p'), 21)),
          when(thread, [increment('p', 30)], [increment('p', 21)]),
        ]),
      ],
      [
        when(starts('FATA', 'PANI', 'pani', 'fata', '[FAT'), [flag(FATAL)]),
        when(all(i32.eqz(get('docker')), is(byteAt('p', 3), 32), is(byteAt('p', 9), 58), is(byteAt('p', 12), 58)), [set('headed', c(1))]),
      ],
    ),
  ];
}

/** In a line with a header of syslog or the journal: `]: F` and a digit near its beginning. */
function fatalBehindHeader(): readonly Code[] {
  return [
    set('at', get('start')),
    set('limit', plus('start', 96)),
    block(
      'fatal',
      loop(
        'look-on',
        go('fatal', i32.geU(plus('at', 4), get('p'))),
        go('fatal', i32.geU(get('at'), get('limit'))),
        when(i32.eq(i32.load(get('at')), four(']: F')), [when(isDigit(byteAt('at', 4)), [flag(FATAL)])]),
        increment('at'),
        go('look-on'),
      ),
    ),
  ];
}

/**
 * Tables for the classes of sixteen bytes at once: a byte is in a class when the entries of its low and its high half share a bit. One bit
 * for each high half that delimiters have, and the highest bit for digits. (The method is that of simdjson, Langdale and Lemire 2019.)
 */
function nibbleTables(): { readonly low: Uint8Array; readonly high: Uint8Array } {
  const low = new Uint8Array(16);
  const high = new Uint8Array(16);
  const bits = new Map<number, number>();
  for (const [byte, kind] of byteClasses().entries()) {
    if (kind === 0) continue;
    const half = byte >> 4;
    const bit = kind === 1 ? 0x80 : (bits.get(half) ?? 1 << bits.size);
    if (kind !== 1) bits.set(half, bit);
    high[half] = (high[half] ?? 0) | bit;
    low[byte & 15] = (low[byte & 15] ?? 0) | bit;
  }
  return { low, high };
}

/** Digits are negative, delimiters positive, the rest zero. */
function classesOf(chunk: Code): Code {
  const { low, high } = nibbleTables();
  return v128.and(
    v128.swizzle8(v128.const(low), v128.and(chunk, v128.splat8(c(15)))),
    v128.swizzle8(v128.const(high), v128.shr8(chunk, c(4))),
  );
}
const delimiters = (classes: Code): Code => v128.bits8(v128.gtS8(classes, v128.splat8(c(0))));
const below = (n: Code): Code => i32.sub(i32.shl(c(1), n), c(1));
const without = (name: string, bits: Code): Code => set(name, i32.and(get(name), i32.xor(bits, c(-1))));

/**
 * Sixteen bytes a step. What stands between two tokens with digits is hashed in one go, so that most steps only learn that there is no
 * digit and no end.
 */
function words(): readonly Code[] {
  return [
    set('text', get('p')),
    set('token', get('p')),
    set('limit', plus('p', SHAPE_BYTES)),
    set('textEnd', c(0)),
    set('open', c(0)),
    set('skip', c(0)),
    set('nul', c(0)),
    set('quotes', get('newlines')),
    set('slashes', get('newlines')),
    when(get('docker'), [set('quotes', v128.splat8(c(34))), set('slashes', v128.splat8(c(92)))]),
    block(
      'text',
      loop(
        'chunk',
        when(i32.geU(get('p'), get('limit')), [when(get('open'), [set('token', get('p'))]), go('text')]),
        set('chunk', v128.load(get('p'))),
        set('classes', classesOf(get('chunk'))),
        set('nul', i32.or(get('nul'), i32.eqz(v128.allSet8(get('chunk'))))),
        set('digits', v128.bits8(get('classes'))),
        set(
          'marks',
          v128.bits8(
            v128.or(
              v128.or(v128.eq8(get('chunk'), get('newlines')), v128.eq8(get('chunk'), get('quotes'))),
              v128.eq8(get('chunk'), get('slashes')),
            ),
          ),
        ),
        when(get('skip'), [without('marks', c(1)), set('skip', c(0))]),
        ...marks(),
        when(i32.or(get('digits'), get('open')), holes()),
        go('text', get('textEnd')),
        increment('p', 16),
        go('chunk'),
      ),
    ),
    // Left at the newline, the end of a record's text, or where enough has been seen.
    when(get('textEnd'), [set('p', get('textEnd'))], [when(get('docker'), [flag(LONG)])]),
    set('at', get('p')),
    set('textEnd', get('p')),
    ...hashSegment(),
    when(i32.eq(i32.load(i32.sub(get('textEnd'), c(4))), four(' EOF')), [
      when(i32.and(i32.geU(get('textEnd'), plus('start', 4)), i32.ltU(get('textEnd'), get('limit'))), [flag(ENDS_IN_EOF)]),
    ]),
    when(get('nul'), [
      set('at', get('text')),
      block(
        'nul',
        loop(
          'byte',
          go('nul', i32.geU(get('at'), get('textEnd'))),
          when(i32.eqz(byteAt('at')), [flag(NUL), go('nul')]),
          increment('at'),
          go('byte'),
        ),
      ),
    ]),
  ];
}

/** Newline, and in docker's records backslash and quote: where the text ends, if it does so in this chunk. */
function marks(): readonly Code[] {
  const end = [set('textEnd', get('at')), set('digits', i32.and(get('digits'), below(get('k')))), go('marked')];
  return [
    block(
      'marked',
      loop(
        'mark',
        go('marked', i32.eqz(get('marks'))),
        set('k', i32.ctz(get('marks'))),
        set('at', i32.add(get('p'), get('k'))),
        set('b', byteAt('at')),
        when(is(get('b'), 10), end),
        when(is(get('b'), 34), [flag(PARTIAL), ...end]),
        when(all(is(byteAt('at', 1), 110), is(byteAt('at', 2), 34)), end),
        set('marks', i32.and(get('marks'), i32.sub(get('marks'), c(1)))),
        // What is escaped ends nothing.
        when(i32.ne(byteAt('at', 1), c(10)), [without('marks', i32.shl(c(2), get('k'))), set('skip', is(get('k'), 15))]),
        go('mark'),
      ),
    ),
  ];
}

/** The tokens with digits that lie in this chunk, or end in it. */
function holes(): readonly Code[] {
  return [
    set('ends', delimiters(get('classes'))),
    block(
      'no-hole',
      loop(
        'hole',
        when(get('open'), [
          go('no-hole', i32.eqz(get('ends'))),
          set('k', i32.ctz(get('ends'))),
          set('token', i32.add(get('p'), get('k'))),
          set('open', c(0)),
          without('digits', below(get('k'))),
        ]),
        go('no-hole', i32.eqz(get('digits'))),
        set('k', i32.ctz(get('digits'))),
        set('bits', i32.and(get('ends'), below(get('k')))),
        without('ends', below(get('k'))),
        // Where the token begins: behind the delimiter before it, which may lie in a chunk before this one.
        set('at', get('p')),
        block(
          'begun',
          loop(
            'before',
            when(get('bits'), [set('at', i32.add(get('at'), i32.sub(c(32), i32.clz(get('bits'))))), go('begun')]),
            go('begun', i32.leU(get('at'), get('token'))),
            set('at', i32.sub(get('at'), c(16))),
            set('bits', delimiters(classesOf(v128.load(get('at'))))),
            go('before'),
          ),
        ),
        when(i32.ltU(get('at'), get('token')), [set('at', get('token'))]),
        ...hashSegment(),
        set('h', i64.xor(get('h'), i64.const(HOLE))),
        set('open', c(1)),
        go('hole'),
      ),
    ),
  ];
}

/** The bytes of [token, at) and how many they are. */
function hashSegment(): readonly Code[] {
  const mixed = (turn: bigint, word: Code, factor: bigint): Code =>
    i64.xor(i64.rotl(get('h'), i64.const(turn)), i64.mul(word, i64.const(factor)));
  return [
    set('space', i32.sub(get('at'), get('token'))),
    set('h', i64.xor(get('h'), i64.fromI32(get('space')))),
    block(
      'segment',
      loop(
        'sixteen-bytes',
        go('segment', i32.ltU(get('space'), c(16))),
        set(
          'h',
          i64.add(
            mixed(5n, i64.load(get('token')), FACTOR_64),
            i64.rotl(i64.mul(i64.load(get('token'), 8), i64.const(SECOND)), i64.const(31n)),
          ),
        ),
        increment('token', 16),
        set('space', i32.sub(get('space'), c(16))),
        go('sixteen-bytes'),
      ),
    ),
    when(i32.geU(get('space'), c(8)), [
      set('h', mixed(7n, i64.load(get('token')), SECOND)),
      increment('token', 8),
      set('space', i32.sub(get('space'), c(8))),
    ]),
    when(get('space'), [
      set(
        'h',
        mixed(
          11n,
          i64.and(i64.load(get('token')), i64.sub(i64.shl(i64.const(1n), i64.fromI32(i32.shl(get('space'), c(3)))), i64.const(1n))),
          FACTOR_64,
        ),
      ),
    ]),
    set('h', i64.mul(i64.xor(get('h'), i64.shr(get('h'), i64.const(32n))), i64.const(MIX))),
    set('h', i64.xor(get('h'), i64.shr(get('h'), i64.const(29n)))),
  ];
}

/** The first signs of the text that are no digits: for lines that there is no room for as a whole. */
function shortShape(): readonly Code[] {
  return [
    set('short', i64.const(START)),
    set('token', get('text')),
    set('k', c(SHORT_SIGNS)),
    block(
      'short-done',
      loop(
        'sign',
        go('short-done', i32.geU(get('token'), get('textEnd'))),
        set('b', byteAt('token')),
        when(i32.eqz(isDigit(get('b'))), [
          set('short', i64.mul(i64.xor(get('short'), i64.fromI32(get('b'))), i64.const(MIX))),
          set('short', i64.xor(get('short'), i64.shr(get('short'), i64.const(29n)))),
          set('k', i32.sub(get('k'), c(1))),
          go('short-done', i32.eqz(get('k'))),
        ]),
        increment('token'),
        go('sign'),
      ),
    ),
    when(i64.eqz(get('short')), [set('short', i64.const(1n))]),
  ];
}

/** `p` to the newline of this line; there is one before `end`. */
function toNewline(): readonly Code[] {
  return [
    block(
      'newline',
      loop(
        'sixteen',
        set('bits', v128.bits8(v128.eq8(v128.load(get('p')), get('newlines')))),
        when(get('bits'), [set('p', i32.add(get('p'), i32.ctz(get('bits')))), go('newline')]),
        increment('p', 16),
        go('sixteen', i32.ltU(get('p'), get('end'))),
      ),
    ),
    when(i32.geU(get('p'), get('end')), [set('p', i32.sub(get('end'), c(1)))]),
  ];
}

/** Finds or makes the slot of this shape and counts the line there. */
function count(slotAt: (index: Code) => Code): readonly Code[] {
  const home = (key: string): Code => i32.and(i32.wrap(i64.xor(get(key), i64.shr(get(key), i64.const(32n)))), c(SLOTS - 1));
  const key = (): Code => i64.load(get('slot'));
  const overflow = c(AT.slots + SLOTS * SLOT_BYTES);
  /** The slot of `h`, or an empty one, or the one of all others after a bounded search. */
  const probe = (label: string): Code =>
    block(
      label,
      set('slot', home('h')),
      set('k', c(64)),
      loop(
        `${label}-next`,
        set('at', slotAt(get('slot'))),
        go(label, any(i64.eq(i64.load(get('at')), get('h')), i64.eqz(i64.load(get('at'))))),
        set('slot', i32.and(plus('slot', 1), c(SLOTS - 1))),
        set('k', i32.sub(get('k'), c(1))),
        go(`${label}-next`, get('k')),
      ),
      set('at', overflow),
    );
  return [
    when(i64.eqz(get('h')), [set('h', i64.const(1n))]),
    probe('full'),
    set('slot', get('at')),
    // An empty slot where there is room for no more whole shapes: the short one.
    when(all(i64.eqz(key()), i32.geU(get('used'), c(FULL_SHAPES)), i32.ne(get('slot'), overflow)), [
      ...shortShape(),
      set('h', get('short')),
      probe('short'),
      set('slot', get('at')),
      when(all(i64.eqz(key()), i32.geU(get('used'), c(MAX_SHAPES))), [set('slot', overflow)]),
    ]),
    when(all(i64.eqz(key()), i32.ne(get('slot'), overflow)), [i64.store(get('slot'), get('h')), increment('used')]),
    when(i32.ne(i32.load(get('slot'), 8), get('turn')), [
      i32.store(get('slot'), get('turn'), 8),
      i32.store(get('slot'), c(0), 12),
      i32.store(get('slot'), i32.sub(get('start'), c(AT.bytes)), 16),
      i32.store(get('slot'), get('lines'), 24),
      i32.store(
        i32.add(c(AT.touched), i32.shl(get('touched'), c(2))),
        i32.wrap(i64.shr(i64.fromI32(i32.sub(get('slot'), c(AT.slots))), i64.const(5n))),
      ),
      increment('touched'),
    ]),
    i32.store(get('slot'), i32.add(i32.load(get('slot'), 12), c(1)), 12),
    i32.store(get('slot'), i32.sub(get('start'), c(AT.bytes)), 20),
    i32.store(get('slot'), get('lines'), 28),
  ];
}
