import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { sanitize, sanitizeLine } from '../../src/shared/sanitize.ts';

describe('sanitize', () => {
  test.each([
    { what: 'a colour sequence', text: '\u001b[31mred', shown: '\u241b[31mred' },
    { what: 'a title change', text: '\u001b]0;owned\u0007', shown: '\u241b]0;owned\u2407' },
    { what: 'a C1 control sequence introducer', text: '\u009b31m', shown: '<U+009B>31m' },
    { what: 'a carriage return that overwrites', text: 'bad\rgood', shown: 'bad\u240dgood' },
    { what: 'a DOS line end', text: 'a\r\nb', shown: 'a\nb' },
    { what: 'a right-to-left override', text: 'rm \u202ecod', shown: 'rm <U+202E>cod' },
    { what: 'an isolate', text: '\u2066x\u2069', shown: '<U+2066>x<U+2069>' },
    { what: 'a byte order mark', text: '\ufeff127.0.0.1', shown: '<U+FEFF>127.0.0.1' },
    { what: 'a zero-width space', text: 'local\u200bhost', shown: 'local<U+200B>host' },
    { what: 'NUL and DEL', text: 'a\u0000b\u007f', shown: 'a\u2400b\u2421' },
    { what: 'a lone surrogate', text: 'a\ud800', shown: 'a<U+D800>' },
    { what: 'plain text in Chinese', text: '主机名\t本地', shown: '主机名\t本地' },
    { what: 'an emoji', text: 'ok 🎉', shown: 'ok 🎉' },
  ])('$what', ({ text, shown }) => {
    expect(sanitize(text)).toBe(shown);
  });

  test('one line stays one line', () => {
    expect(sanitizeLine('a\nb\tc')).toBe('a\u240ab c');
  });

  propertyTest.prop([fc.string({ unit: 'binary' })])('nothing that drives a terminal comes through, and twice is as once', (text) => {
    const safe = sanitize(text);
    // eslint-disable-next-line no-control-regex -- the point of the test
    expect(safe).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
    expect(sanitize(safe)).toBe(safe);
  });
});
