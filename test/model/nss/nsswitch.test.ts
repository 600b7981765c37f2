import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNsswitch, type NsswitchGrammar } from '../../../src/model/nss/nsswitch.ts';

const hosts = (text: string, grammar: NsswitchGrammar): string => {
  const file = parseNsswitch({ text, encoding: 'utf8' }, grammar);
  if (file.rejected !== undefined) return `rejected at ${String(file.rejected.line)}`;
  const found = file.databases.get('hosts');
  return found === undefined ? 'no line' : found.services.map((s) => s.name).join(' ');
};

describe('the hosts line by grammar', () => {
  test.each([
    { text: 'hosts: files dns\n', old: 'files dns', modern: 'files dns' },
    { text: 'hosts: files # dns\n', old: 'files', modern: 'files # dns' },
    { text: 'hosts:\n', old: 'no line', modern: '' },
    { text: 'HOSTS: files\n', old: 'no line', modern: 'no line' },
    { text: '  hosts : files\r\n', old: ': files', modern: 'files' },
    { text: 'hosts: files\nhosts: dns\n', old: 'dns', modern: 'dns' },
    { text: 'hosts: files [BOGUS=return] dns\n', old: 'no line', modern: 'rejected at 1' },
    { text: 'hosts: files dns [TRYAGAIN=3] nis\n', old: 'files', modern: 'rejected at 1' },
    { text: 'hosts: files\npasswd: files [oops\n', old: 'files', modern: 'rejected at 2' },
    { text: 'hosts: files\nsudoers: files [oops\n', old: 'files', modern: 'files' },
    { text: 'hosts: files [NOTFOUND=return] [UNAVAIL=return] dns\n', old: 'files', modern: 'files' },
    { text: 'hosts: mdns4_minimal[NOTFOUND=return]dns\n', old: 'mdns4_minimal dns', modern: 'mdns4_minimal dns' },
  ])('$text', ({ text, old, modern }) => {
    expect(hosts(text, 'to-2.32')).toBe(old);
    expect(hosts(text, 'from-2.33')).toBe(modern);
  });

  test('merge is an error before 2.24', () => {
    expect(hosts('hosts: files [SUCCESS=merge] dns\n', 'to-2.23')).toBe('no line');
    expect(hosts('hosts: files [SUCCESS=merge] dns\n', 'to-2.32')).toBe('files dns');
  });

  test('!UNAVAIL=return keeps the action of UNAVAIL', () => {
    const file = parseNsswitch({ text: 'hosts: resolve [ !unavail = RETURN ] dns\n', encoding: 'utf8' }, 'from-2.33');
    expect(file.databases.get('hosts')?.services[0]?.actions).toEqual({
      SUCCESS: 'return',
      NOTFOUND: 'return',
      TRYAGAIN: 'return',
      UNAVAIL: 'continue',
    });
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('to-2.23', 'to-2.32', 'from-2.33'),
        (text, grammar) => void parseNsswitch({ text: `hosts: ${text}`, encoding: 'utf8' }, grammar),
      ),
    );
  });
});
