import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, NUL, PARTIAL, samplingFor } from '../../src/scanner/core.ts';
import type { ScanCore } from '../../src/scanner/core.ts';
import { findLiterals } from '../../src/scanner/literals.ts';
import { typescriptCore } from '../../src/scanner/ts-core.ts';
import type { BuiltCore } from '../../src/scanner/ts-core.ts';
import { webassemblyCore } from '../../src/scanner/wasm-core.ts';

const CORES: readonly (readonly [string, typeof typescriptCore])[] = [
  ['typescript', typescriptCore],
  ['webassembly', (literals, sampling, sample): BuiltCore => webassemblyCore(literals, sampling, sample)!],
];

/** Every place of every literal, by looking at each. */
function naive(text: Buffer, literals: readonly Buffer[]): readonly string[] {
  const found: string[] = [];
  for (const [index, literal] of literals.entries())
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) found.push(`${String(index)}@${String(at)}`);
  return found.sort();
}

function scanned({ core, table }: BuiltCore, text: Buffer): readonly string[] {
  core.bytes.set(text);
  const found = new Set<string>();
  findLiterals(core, table, 0, text.length, (literal, start) => found.add(`${String(literal)}@${String(start)}`));
  return [...found].sort();
}

const alphabet = fc.constantFrom(...Array.from('abAB01 :"\\{}[]\n\u0000é'));
const word = (least: number): fc.Arbitrary<string> =>
  fc.array(alphabet, { minLength: least, maxLength: least + 12 }).map((c) => c.join(''));

describe.each(CORES)('the %s core', (_name, make) => {
  it.each([5, 6, 7, 9, 12, 15, 20])('finds what a naive search finds, with literals of at least %i bytes', (least) => {
    fc.assert(
      fc.property(
        fc.array(word(least), { minLength: 1, maxLength: 12 }),
        fc.array(fc.oneof(word(1), fc.nat(11)), { maxLength: 60 }),
        (words, pieces) => {
          const literals = [...new Set(words)].map((w) => Buffer.from(w));
          const text = Buffer.concat(
            pieces.map((p) => (typeof p === 'number' ? (literals[p % literals.length] ?? Buffer.alloc(0)) : Buffer.from(p))),
          );
          const built = make(literals, samplingFor(Math.min(...literals.map((l) => l.length))), text);
          expect(scanned(built, text)).toEqual(naive(text, literals));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes on where its list of places was full', () => {
    const literals = [Buffer.from('nine byte')];
    const text = Buffer.from(`${'nine byte'.repeat(200_000)}\n`);
    expect(scanned(make(literals, samplingFor(9), undefined), text)).toHaveLength(200_000);
  });
});

/** Which lines have the same shape: the numbers of the lines of each shape, and the flags. */
function folded(core: ScanCore, text: Buffer): unknown {
  core.bytes.fill(120);
  core.bytes.set(text);
  const result = core.fold(0, text.length);
  const slots = [...core.touched.subarray(0, result.touched)].map((t) => core.slot(t)).sort((a, b) => a.first - b.first);
  return { ...result, slots, specials: [...core.specials.subarray(0, result.specials * 4)] };
}

/** Text in which tokens, digits and escapes lie anywhere in the sixteen bytes that the faster core takes at once. */
const crooked = fc
  .array(
    fc.constantFrom(
      'a',
      'word',
      'a-longer-word-than-sixteen-bytes',
      '1',
      '12345678901234567',
      'x9',
      ' ',
      '"',
      '\\',
      '\\"',
      '\\n',
      ':',
      'é',
      '\u0000',
    ),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''));
const klogHead = fc
  .tuple(
    fc.constantFrom('I', 'W', 'E', 'F', 'X'),
    fc.constantFrom('0808 06:10:53.740231 ', '0808 6:10:53.740231 ', '0808 06:10:53,740231 ', '08'),
    fc.constantFrom('      1 ', '1234567 ', '      a ', ' "    1 ', '12 ', ''),
  )
  .map((parts) => parts.join(''));

const line = fc.oneof(
  word(0).map((w) => w.replaceAll('\n', '')),
  crooked,
  crooked.map((t) => `{"log":"${t}\\n","stream":"stderr","time":"2021-08-08T06:10:53.740356721Z"}`),
  fc
    .tuple(
      fc.constantFrom('', '{"log":"', '2021-08-08T06:10:53.740356721Z stderr F ', '2021-08-08T06:10:53+0000 node kubelet[12]: '),
      klogHead,
      crooked,
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'Aug 08 06:11:10 node-1 kubelet[12]: F0808 06:11:10.695434      12 server.go:161] over',
    'Aug 08 06:11:10 node-1 kubelet[12]: Failed',
    'panic: over',
    'fatal error: over',
    '2021-08-08T06:11:10Z [FATAL] over',
  ),
  fc.constantFrom(
    '{"log":"I0808 06:10:53.740231       1 reflector.go:138] a \\"b\\" c1\\n","stream":"stderr","time":"2021-08-08T06:10:53.740356721Z"}',
    '{"log":"a piece that goes on","stream":"stdout","time":"2021-08-08T06:10:53.740356721Z"}',
    '2021-08-08T06:10:53.740356721Z stdout P a piece',
    '2021-08-08T06:10:53.740356721Z stderr F F0808 06:11:10.695434       1 controller.go:161] over',
    '2021-08-08T06:10:53.740356721Z stderr F',
    '2021-08-08T06:10:53.740356721Z F0808 06:11:10.695434 over',
    'FATA[0012] over',
    'read tcp: EOF',
    '2021-08-08T06',
    `{"log":"${'long words 12 '.repeat(100)}\\n","stream":"stderr"}`,
    '\u0000\u0000',
    'ends in a backslash \\',
  ),
);

describe('folding', () => {
  it('is the same in both cores', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const text = Buffer.from(`${lines.join('\n')}\n`);
        const literals = [Buffer.from('never there')];
        const a = typescriptCore(literals, samplingFor(9)).core;
        const b = webassemblyCore(literals, samplingFor(9))!.core;
        expect(folded(a, text)).toEqual(folded(b, text));
      }),
      { numRuns: 150 },
    );
  });

  it.each(CORES)('tells shapes and special lines (%s)', (_name, make) => {
    const { core } = make([Buffer.from('never there')], samplingFor(9));
    const text = Buffer.from('took 12 ms\ntook 7 ms\ntook no ms\n2021-08-08T06:10:53.7Z stdout P x\n\u0000\n');
    core.bytes.set(text);
    const { lines, touched, specials } = core.fold(0, text.length);
    expect(lines).toBe(5);
    expect([...core.touched.subarray(0, touched)].map((t) => core.slot(t).count)).toEqual([2, 1, 1, 1]);
    expect([...core.specials.subarray(0, specials * 4)].filter((_, i) => i % 4 === 2)).toEqual([PARTIAL, NUL]);
  });

  it.each(CORES)('sees what ends a process at the beginning of a text, behind any header (%s)', (_name, make) => {
    const { core } = make([Buffer.from('never there')], samplingFor(9));
    const ends = [
      'F0808 06:11:10.695434       1 controller.go:161] over',
      '{"log":"F0808 06:11:10.695434       1 controller.go:161] over\\n","stream":"stderr","time":"2021-08-08T06:11:10.695Z"}',
      '2021-08-08T06:11:10.695434000Z stderr F F0808 06:11:10.695434       1 controller.go:161] over',
      'Aug 08 06:11:10 node-1 kubelet[12]: F0808 06:11:10.695434      12 server.go:161] over',
      '2021-08-08T06:11:10+0000 node-1 kubelet[12]: F0808 06:11:10.695434      12 server.go:161] over',
      'FATA[0012] over',
      'panic: runtime error: over',
      'fatal error: over',
      '[FATAL] plugin/loop: over',
    ];
    const text = Buffer.from(ends.flatMap((l) => ['I0808 06:11:10.695434       1 a.go:1] Failed', l, 'Failed']).join('\n') + '\n');
    core.bytes.set(text);
    const { specials } = core.fold(0, text.length);
    const lines = [...core.specials.subarray(0, specials * 4)].filter((_, i) => i % 4 === 3);
    expect(lines).toEqual(ends.map((_, i) => i * 3 + 1));
  });

  it.each(CORES)('counts every line though there are more kinds than room (%s)', (_name, make) => {
    const { core } = make([Buffer.from('never there')], samplingFor(9));
    const name = (i: number): string => [...i.toString(26).padStart(5, '0')].map((c) => String.fromCharCode(97 + parseInt(c, 26))).join('');
    let counted = 0;
    for (let from = 0; from < 90_000; from += 30_000) {
      const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `word ${name(from + i)} end\n`).join(''));
      expect(text.length).toBeLessThan(BLOCK_BYTES);
      core.bytes.set(text);
      const { touched, lines } = core.fold(0, text.length);
      expect(lines).toBe(30_000);
      counted += [...core.touched.subarray(0, touched)].reduce((sum, t) => sum + core.slot(t).count, 0);
    }
    expect(counted).toBe(90_000);
  });
});
