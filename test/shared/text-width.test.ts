import { fc, test as propertyTest } from '@fast-check/vitest';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cutAt, padEnd, widthOf, wrap } from '../../src/shared/text-width.ts';

describe('wrap', () => {
  test.each([
    { what: 'English at spaces', text: 'one two three four', columns: 9, lines: ['one two', 'three', 'four'] },
    { what: 'Chinese between characters', text: '主机名解析失败', columns: 8, lines: ['主机名解', '析失败'] },
    { what: 'no line begins with a closing mark', text: '解析失败，连接', columns: 8, lines: ['解析失', '败，连接'] },
    { what: 'no line ends with an opening mark', text: '解析失（连接）', columns: 8, lines: ['解析失', '（连接）'] },
    { what: 'a word in Chinese is kept whole', text: '主机localhost名', columns: 10, lines: ['主机', 'localhost', '名'] },
    {
      what: 'a long word stays whole',
      text: 'see https://example.org/a/long/path now',
      columns: 10,
      lines: ['see', 'https://example.org/a/long/path', 'now'],
    },
    { what: 'an indent is kept', text: '  a b', columns: 10, lines: ['  a b'] },
  ])('$what', ({ text, columns, lines }) => {
    expect(wrap(text, columns)).toEqual(lines);
  });

  const word = fc.oneof(fc.stringMatching(/^[a-z]{1,8}$/u), fc.constantFrom('主机', '解析，', '（失败）', '127.0.0.1'));
  propertyTest.prop([fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 10, max: 60 })])(
    'loses nothing and keeps to the width',
    (words, columns) => {
      const lines = wrap(words.join(' '), columns);
      expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    },
  );
});

test('padding counts columns, not characters', () => {
  expect(padEnd('主机', 6)).toBe('主机  ');
  expect(widthOf(padEnd('a主', 8))).toBe(8);
});

test.each([
  { text: 'short', columns: 10, cut: 'short' },
  { text: 'much too long', columns: 6, cut: 'much …' },
  { text: '主机名解析', columns: 6, cut: '主机…' },
])('$text cut at $columns columns', ({ text, columns, cut }) => {
  expect(cutAt(text, columns)).toBe(cut);
});

describe('widths are those of a library that knows all of Unicode', () => {
  test.each([
    ['ASCII', 0x20, 0x7e],
    ['Latin, Greek and Cyrillic', 0xa0, 0x52f],
    ['punctuation, arrows and boxes', 0x2010, 0x2300],
    ['frames and blocks', 0x2500, 0x25fc],
    ['CJK symbols and kana', 0x3000, 0x30ff],
    ['Han', 0x4e00, 0x9fff],
    ['Hangul', 0xac00, 0xd7a3],
    ['full-width forms', 0xff01, 0xff60],
  ])('%s', (_, from, to) => {
    const wrong: string[] = [];
    for (let point = from; point <= to; point++) {
      const character = String.fromCodePoint(point);
      if (!/\p{Cn}/u.test(character) && widthOf(character) !== stringWidth(character)) wrong.push(point.toString(16));
    }
    expect(wrong).toEqual([]);
  });
  test.each(['主机 a\u0301b', '…—“引号”', '\u001b[1;31m红色\u001b[0m', 'e\u200bx'])('%j', (text) => {
    expect(widthOf(text)).toBe(stringWidth(text));
  });
});
