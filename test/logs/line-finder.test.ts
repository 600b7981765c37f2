import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { literalLineFinder } from '../../src/logs/line-finder.ts';

function linesFound(text: string, anchors: readonly string[], times = 1): readonly string[] {
  const finder = literalLineFinder(anchors);
  const bytes = Buffer.from(text);
  let found: string[] = [];
  for (let n = 0; n < times; n += 1) {
    found = [];
    finder.find(bytes, (start, end) => found.push(bytes.toString('utf8', start, end)));
  }
  return found;
}

describe('lines that hold one of many literals', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ':', ' '), maxLength: 30 });
  propertyTest.prop(
    [
      fc.array(letters, { minLength: 1, maxLength: 30 }),
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ':'), minLength: 4, maxLength: 14 }), { maxLength: 8 }),
    ],
    { numRuns: 500 },
  )('the same as looking for each by itself, in order, each line once', (lines, anchors) => {
    const text = `${lines.join('\n')}\n`;
    expect(linesFound(text, anchors)).toEqual(lines.filter((l) => anchors.some((a) => l.includes(a))));
  });

  test.each([
    ['docker json', '{"log":"F0302 10:00:01.0 1 a.go:1] x\\n"}'],
    ['CRI', '2026-03-02T10:00:01.5Z stderr F F0302 10:00:01.0 1 a.go:1] x'],
    ['journal', 'Mar  2 10:00:01 n kubelet[1]: F0302 10:00:01.0 1 a.go:1] x'],
    ['bare, first line of a block', 'F1231 10:00:01.0 1 a.go:1] x'],
    ['logrus', 'time="x" level=fatal msg="y"'],
    ['zap', '{"level":"fatal","msg":"x"}'],
    ['panic', 'panic: runtime error'],
  ])('lines that end a process need no literal: %s', (_what, line) => {
    expect(linesFound(`${line}\nplain\n${line}\n`, [])).toEqual([line, line]);
  });

  test('a literal with quotes is found escaped once and twice', () => {
    const anchors = ['failed to load "overlay" plugin'];
    for (const line of [
      'failed to load "overlay" plugin',
      String.raw`failed to load \"overlay\" plugin`,
      String.raw`failed to load \\\"overlay\\\" plugin`,
    ])
      expect(linesFound(`${line}\n`, anchors)).toEqual([line]);
  });

  test('the same block again gives the same lines', () => {
    expect(linesFound('a needle here\nnothing\nneedle here too\n', ['needle here'], 3)).toEqual(['a needle here', 'needle here too']);
  });
});
