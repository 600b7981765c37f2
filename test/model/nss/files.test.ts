import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHosts } from '../../../src/model/nss/hosts-file.ts';
import { parseHostConf } from '../../../src/model/nss/host-conf.ts';
import { resolveGlibc } from '../../../src/model/glibc/stack.ts';
import { gai, nodeOf, said } from '../glibc/node.ts';

const entries = (text: string, name: string): string[] =>
  parseHosts({ text, encoding: 'utf8' })
    .entriesOf(name)
    .map((e) => `${String(e.line)} ${e.address.text}`);

describe('/etc/hosts', () => {
  test.each([
    { what: 'letter case', text: '192.0.2.1 WWW.Example\n', name: 'www.EXAMPLE', found: ['1 192.0.2.1'] },
    { what: 'glued comment', text: '192.0.2.1 a b#c\n', name: 'b', found: ['1 192.0.2.1'] },
    { what: 'comment word is no name', text: '192.0.2.1 a b#c\n', name: 'c', found: [] },
    { what: 'final dot', text: '192.0.2.1 www.example.\n', name: 'www.example', found: [] },
    { what: 'short address', text: '127.1 a\n', name: 'a', found: [] },
    { what: 'octal address', text: '192.0.2.010 a\n', name: 'a', found: [] },
    { what: 'zone', text: 'fe80::1%eth0 a\n', name: 'a', found: [] },
    { what: 'CRLF', text: '192.0.2.1 a b\r\n', name: 'b', found: ['1 192.0.2.1'] },
    { what: 'byte order mark', text: '\uFEFF192.0.2.1 a\n', name: 'a', found: [] },
    { what: 'no-break space joins words', text: '192.0.2.1 a\u00A0b\n', name: 'a', found: [] },
    { what: 'no newline at the end', text: '192.0.2.1 a', name: 'a', found: ['1 192.0.2.1'] },
    { what: 'leading blanks', text: '   192.0.2.1\ta\n', name: 'a', found: ['1 192.0.2.1'] },
  ])('$what', ({ text, name, found }) => {
    expect(entries(text, name)).toEqual(found);
  });

  test('reading never throws, and lines carry their number', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (all) => {
        for (const entry of parseHosts({ text: all.join('\n'), encoding: 'utf8' }).entries)
          expect(entry.text).toBe(all.join('\n').split('\n')[entry.line - 1]);
      }),
    );
  });
});

test.each([
  { text: 'multi on\n', env: {}, multi: true },
  { text: 'MULTI OFF\nmulti on\n', env: {}, multi: true },
  { text: 'multi on garbage\n', env: {}, multi: true },
  { text: 'multi yes\n', env: {}, multi: false },
  { text: '# multi on\n', env: {}, multi: false },
  { text: 'multi off\n', env: { RESOLV_MULTI: 'on' }, multi: true },
])('host.conf $text with $env', ({ text, env, multi }) => {
  expect(parseHostConf(text, '/etc/host.conf', env, false).multi).toBe(multi);
});

test.each([
  { version: '2.31-13+deb11u13', files: {}, services: 'files', gets: 'EAI_NONAME' },
  { version: '2.34', files: {}, services: 'files', gets: 'EAI_NODATA' },
  { version: '2.17', files: {}, services: 'files', gets: 'EAI_SYSTEM' },
  { version: '2.36', files: { '/etc/hosts': '192.0.2.1 a\n' }, services: 'files nosuch', gets: 'EAI_SYSTEM' },
  { version: '2.23', files: { '/etc/hosts': '192.0.2.1 a\n' }, services: 'files nosuch', gets: 'EAI_NONAME' },
])('glibc $version, hosts: $services, unknown name: $gets', ({ version, files, services, gets }) => {
  const all: Record<string, string> = { ...files, '/etc/nsswitch.conf': `hosts: ${services}\n` };
  const node = { files: all, version };
  expect(said('/etc/hosts' in files ? gai(node, 'zz') : gai({ ...node, files: { ...all, '/etc/hosts': undefined as never } }, 'zz'))).toBe(
    gets,
  );
});

describe('a last line with blanks in front and no newline (seen with 2.31, 2.36 and 2.41)', () => {
  test.each([
    { hosts: ' 192.0.2.7 web.example', version: '2.36', name: 'web.example', gets: 'EAI_NONAME' },
    { hosts: ' 192.0.2.7 web.example', version: '2.36', name: 'web.examplee', gets: '192.0.2.7' },
    { hosts: '  192.0.2.7 web.example alias', version: '2.36', name: 'aliasas', gets: '192.0.2.7' },
    { hosts: '  192.0.2.7 web.example alias', version: '2.36', name: 'web.example', gets: '192.0.2.7' },
    { hosts: ' 192.0.2.7 web.example\n', version: '2.36', name: 'web.example', gets: '192.0.2.7' },
    { hosts: '192.0.2.7 web.example', version: '2.36', name: 'web.example', gets: '192.0.2.7' },
    { hosts: ' 192.0.2.7 web.example', version: '2.31', name: 'web.example', gets: '192.0.2.7' },
  ])('$version, $hosts: $name is $gets', ({ hosts, version, name, gets }) => {
    const files = { '/etc/hosts': hosts, '/etc/nsswitch.conf': 'hosts: files\n' };
    expect(said(gai({ files, version }, name))).toBe(gets);
  });
});

test.each([
  { multi: 'on', gets: 'HOST_NOT_FOUND' },
  { multi: 'off', gets: 'NETDB_SUCCESS' },
])('a success that merge throws away, multi $multi: h_errno is $gets', ({ multi, gets }) => {
  const files = {
    '/etc/hosts': '192.0.2.7 db\n',
    '/etc/nsswitch.conf': 'hosts: files [SUCCESS=merge]\n',
    '/etc/host.conf': `multi ${multi}\n`,
  };
  const { world, view } = nodeOf({ files, version: '2.41' });
  expect(said(resolveGlibc(world, view, '2.41', { call: 'gethostbyname2', family: 'inet' }, 'db'))).toBe(gets);
});
