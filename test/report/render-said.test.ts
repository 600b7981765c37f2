import { describe, expect, test } from 'vitest';
import { renderText } from '../../src/report/render-said.ts';

const both = (en: string): { en: string; zh: string } => ({ en, zh: en });

describe('a text with its values', () => {
  test.each([
    { what: 'plain placeholders', text: '{a} and {b}', values: { a: 1, b: 'x' }, said: '1 and x' },
    { what: 'numbers as they are', text: '{n} ms', values: { n: 12345 }, said: '12345 ms' },
    { what: 'a plural', text: '{n, plural, one {# line} other {# lines}}', values: { n: 2 }, said: '2 lines' },
    { what: 'an apostrophe in a word', text: "it doesn't answer {name}", values: { name: 'a' }, said: "it doesn't answer a" },
    { what: 'a quoted brace', text: "'{x}' stays", values: {}, said: '{x} stays' },
    {
      what: 'what looks like a tag',
      text: 'level <{level}> {n, plural, one {one} other {many}}',
      values: { level: 'b', n: 1 },
      said: 'level <b> one',
    },
    { what: 'a value that looks like a placeholder', text: '{a}', values: { a: '{b}', b: 'no' }, said: '{b}' },
    { what: 'a missing value is left to the reader', text: '{a} {fileName}', values: { a: 'x' }, said: 'x FILE-NAME' },
    {
      what: 'braces of other languages',
      text: "awk '{print}' -o jsonpath={.status}{end}",
      values: {},
      said: "awk '{print}' -o jsonpath={.status}{end}",
    },
    {
      what: 'a missing value in a plural',
      text: '{n, plural, one {#} other {#}} of {m}',
      values: { m: 3 },
      said: '{n, plural, one {#} other {#}} of 3',
    },
    { what: 'no message at all', text: 'an open { brace', values: {}, said: 'an open { brace' },
  ])('$what', ({ text, values, said }) => {
    expect(renderText(both(text), 'en', values)).toBe(said);
  });
});
