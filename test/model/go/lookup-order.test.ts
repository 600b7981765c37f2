import { expect, it, describe } from 'vitest';
import { godebugValue, netdnsMode } from '../../../src/model/go/lookup-order.ts';
import { lookUp } from './look-up.ts';

const order = (
  nsswitch: string | null,
  version: string,
  cgo: boolean,
  name = 'api.example.com',
  more: Parameters<typeof lookUp>[1] = {},
): string | undefined => lookUp(name, { nsswitch, version, cgo, hosts: '', dns: { '*': {} }, ...more }).decision;

describe('the order of a program without cgo', () => {
  it.each([
    { system: 'Debian', line: 'hosts: files dns\n', old: 'files,dns', now: 'files,dns' },
    { system: 'Fedora with resolved', line: 'hosts: files myhostname resolve [!UNAVAIL=return] dns\n', old: 'files,dns', now: 'files,dns' },
    { system: 'a line without dns', line: 'hosts: resolve files\n', old: 'files,dns', now: 'dns,files' },
    { system: 'nis before files', line: 'hosts: nis files\n', old: 'files,dns', now: 'dns,files' },
    { system: 'capitals', line: 'hosts: FILES DNS\n', old: 'files,dns', now: 'dns' },
    { system: 'tabs between sources', line: 'hosts:\tfiles\tdns\n', old: 'files,dns', now: 'dns' },
    { system: 'dns first with an action', line: 'hosts: dns [!UNAVAIL=return] files\n', old: 'files,dns', now: 'dns,files' },
    { system: 'files alone', line: 'hosts: files\n', old: 'files', now: 'files' },
    { system: 'another line without a colon', line: 'garbage\nhosts: dns files\n', old: 'files,dns', now: 'files,dns' },
    { system: 'two lines add up', line: 'hosts: files dns\nhosts: dns files\n', old: 'files,dns', now: 'files,dns' },
  ])('$system', ({ line, old, now }) => {
    expect(order(line, '1.19.8', false)).toBe(old);
    expect(order(line, '1.21.13', false)).toBe(now);
    expect(order(line, '1.27.3', false)).toBe(now);
  });

  it.each([null, '', 'passwd: files\n', 'hosts:\n', 'Hosts: files\n'])(
    'without a hosts entry (%j) files come first since 1.16',
    (nsswitch) => {
      expect(order(nsswitch, '1.15.15', false)).toBe('dns,files');
      expect(order(nsswitch, '1.16', false)).toBe('files,dns');
    },
  );
});

describe('what sends a program with cgo to the C library', () => {
  it.each([
    { why: 'RES_OPTIONS', more: { env: { RES_OPTIONS: 'ndots:2' } }, cgo: true },
    { why: 'an empty RES_OPTIONS', more: { env: { RES_OPTIONS: '' } }, cgo: false },
    { why: 'an empty LOCALDOMAIN', more: { env: { LOCALDOMAIN: '' } }, cgo: true },
    { why: 'an option that Go does not know', more: { resolv: 'nameserver 192.0.2.53\noptions no-aaaa\n' }, cgo: true },
    { why: 'sortlist', more: { resolv: 'sortlist 10.0.0.0\n' }, cgo: true },
    { why: 'edns0, known since 1.20', more: { resolv: 'options edns0\n' }, cgo: false },
    { why: 'GODEBUG=netdns=cgo', more: { env: { GODEBUG: 'netdns=cgo+1' } }, cgo: true },
    { why: 'the netcgo tag', more: { tags: ['netcgo'] }, cgo: true },
    { why: 'the netgo tag', more: { tags: ['netgo'], env: { LOCALDOMAIN: 'x' } }, cgo: false },
    { why: 'PreferGo', more: { preferGo: true, env: { LOCALDOMAIN: 'x' } }, cgo: false },
  ])('$why', ({ more, cgo }) => {
    expect(order('hosts: files dns\n', '1.22.5', true, 'api.example.com', more) === 'cgo').toBe(cgo);
  });

  it.each([
    ['hosts: files [NOTFOUND=return] dns\n', false],
    ['hosts: files [SUCCESS=continue] dns\n', true],
    ['hosts: files dns [foo=bar]\n', true],
    ['hosts: files [ ] dns\n', false],
    ['hosts: files mymachines dns\n', true],
    ['hosts: files wins dns\n', true],
  ] as const)('%j: %s', (line, cgo) => {
    expect(order(line, '1.24.4', true) === 'cgo').toBe(cgo);
  });

  it('`.local` until 1.22 always, since 1.23 with an mdns source only', () => {
    expect(order('hosts: files dns\n', '1.22.12', true, 'printer.LOCAL.')).toBe('cgo');
    expect(order('hosts: files dns\n', '1.23.5', true, 'printer.local')).toBe('files,dns');
    expect(order('hosts: files mdns4_minimal [NOTFOUND=return] dns\n', '1.23.5', true, 'printer.local')).toBe('cgo');
  });

  it.each([
    ['localhost', '1.19.8', true],
    ['a.localhost', '1.19.8', true],
    ['NODE1', '1.19.8', true],
    ['gateway', '1.19.8', true],
    ['gateway', '1.21.13', false],
    ['_gateway', '1.21.13', true],
    ['_gateway', '1.19.8', false],
    ['example.com', '1.21.13', false],
  ] as const)('myhostname and %s in Go %s: cgo is %s', (name, version, cgo) => {
    expect(order('hosts: files myhostname dns\n', version, true, name) === 'cgo').toBe(cgo);
  });

  it('asks for what was not seen', () => {
    const unseen = lookUp('x', { cgo: true, view: { files: {} } });
    expect(unseen.outcome).toMatchObject({ kind: 'cannot-tell', needs: [{ kind: 'file', path: '/etc/resolv.conf' }] });
  });
});

it.each([
  ['', ''],
  ['go', 'go'],
  ['2+cgo', 'cgo'],
  ['go+1', 'go'],
  ['1', ''],
])('netdns=%s asks for mode %j', (value, mode) => {
  expect(netdnsMode(value)).toBe(mode);
});

it('GODEBUG: the first setting counts until 1.20, the last since', () => {
  expect(godebugValue('netdns=go,x=1,netdns=cgo', 'netdns', '1.20.1')).toBe('go');
  expect(godebugValue('netdns=go,x=1,netdns=cgo', 'netdns', '1.21.0')).toBe('cgo');
});
