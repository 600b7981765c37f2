import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { literalLineFinder } from '../../src/logs/line-finder.ts';
import { scanLog } from '../../src/logs/scan-log.ts';

const everyLine = {
  find: (text: Uint8Array, on: (a: number, b: number) => void): void => {
    for (let at = 0; at < text.length;) {
      const end = text.indexOf(10, at);
      on(at, end);
      at = end + 1;
    }
  },
};

async function scan(
  text: string | Buffer,
  sizes: readonly number[],
  finder = literalLineFinder(['dial tcp', 'needle in']),
): Promise<{ readonly lines: readonly (readonly [number, string])[]; readonly scan: Awaited<ReturnType<typeof scanLog>> }> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[i % sizes.length] ?? 1);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  const lines: (readonly [number, string])[] = [];
  const result = await scanLog(chunks, { finder, onLine: (l) => lines.push([l.lineNumber, l.message]) });
  return { lines, scan: result };
}

describe('scanning a log once', () => {
  propertyTest.prop([
    fc.array(fc.constantFrom('plain', 'a dial tcp b', 'ü needle in ö', '', 'F0302 10:00:01.000001 1 a.go:1] end'), { maxLength: 60 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
  ])('finds what a naive reader finds, however the bytes are cut', async (lines, sizes) => {
    const text = lines.join('\n');
    const { lines: found, scan: result } = await scan(text, sizes);
    const wanted = lines.map((l, i) => [i + 1, l] as const).filter(([, l]) => /dial tcp|needle in|^F0302/u.test(l));
    expect(found.map(([n]) => n)).toEqual(wanted.map(([n]) => n));
    expect(result.lineCount).toBe(text === '' ? 0 : text.replace(/\n$/u, '').split('\n').length);
  });

  test('pieces of a long docker record are joined although only one of them holds the words', async () => {
    const record = (log: string): string => JSON.stringify({ log, stream: 'stderr', time: '2026-03-02T10:00:01Z' });
    const long = 'x'.repeat(16_384);
    const { lines } = await scan(
      [record('before\n'), record(long), record('dial '), record('tcp 1.2.3.4:5: EOF\n'), record('after\n')].join('\n'),
      [5000],
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[0]).toBe(2);
    expect(lines[0]?.[1].endsWith('dial tcp 1.2.3.4:5: EOF')).toBe(true);
  });

  test('times and format come from the ends of the file', async () => {
    const { scan: result } = await scan('I0302 10:00:01.000001 1 a.go:1] a\nnothing\nI0302 10:09:01.000001 1 a.go:1] z\n', []);
    expect(result).toMatchObject({
      firstTime: '--03-02T10:00:01.000001',
      lastTime: '--03-02T10:09:01.000001',
      format: 'klog',
      lineCount: 3,
    });
  });

  test('a line of 100 MB costs no memory and is counted', async () => {
    const chunk = Buffer.alloc(1 << 20, 0x61);
    async function* chunks(): AsyncIterable<Buffer> {
      yield Buffer.from('first\n');
      for (let i = 0; i < 100; i += 1) yield await Promise.resolve(chunk);
      yield Buffer.from('\nthe needle in the last line');
    }
    const lines: string[] = [];
    const result = await scanLog(chunks(), { finder: literalLineFinder(['needle in']), onLine: (l) => lines.push(l.message) });
    expect(result.overlongLines).toBe(1);
    expect(lines.at(-1)).toBe('the needle in the last line');
  });

  test('NUL and bytes that are no UTF-8 are named, not fatal', async () => {
    const { scan: result, lines } = await scan(Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3, 0x28, 0x0a]), [], everyLine);
    expect(result.nulBytes).toBe(true);
    expect(lines).toHaveLength(2);
  });
});
