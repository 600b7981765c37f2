import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseGoNsswitch } from '../../../src/model/go/nsswitch.ts';
import { parseGoResolvConf } from '../../../src/model/go/resolv-conf.ts';
import { parseGoHosts } from '../../../src/model/go/hosts.ts';
import { goRules, NEWEST } from '../../../src/model/go/version-rules.ts';
import { smallNetns } from '../../support/small-node.ts';
import { addressesOf, errorOf, lookUp } from './look-up.ts';

const SERVER = '192.0.2.53:53';

describe('the hosts file', () => {
  it.each([
    { file: '::1 localhost\n', name: 'LocalHost', finds: ['::1'] },
    { file: '127.0.0.1 localhost\n', name: 'localhost.', finds: [] },
    { file: '10.0.0.1 db.prod\n', name: 'DB.prod.', finds: ['10.0.0.1'] },
    { file: '\uFEFF10.0.0.1 db\n', name: 'db', finds: [] },
    { file: '\u00A010.0.0.1 db\n', name: 'db', finds: [] },
    { file: '10.0.0.1\u00A0db\n', name: 'db', finds: [] },
    { file: '10.0.0.1 db # old 10.0.0.2\n', name: 'db', finds: ['10.0.0.1'] },
    { file: '10.1 db\nbogus db\n10.0.0.3 db\n', name: 'db', finds: ['10.0.0.3'] },
    { file: '::ffff:10.0.0.1 db\n', name: 'db', finds: ['10.0.0.1'] },
    { file: '10.0.0.1 db\r\n', name: 'db', finds: ['10.0.0.1'] },
    { file: '10.0.0.1 db', name: 'db', finds: ['10.0.0.1'] },
    { file: 'fe80::1%eth0 db\n', name: 'db', finds: ['fe80::1%eth0'] },
  ])('$file has $name as $finds', ({ file, name, finds }) => {
    expect(addressesOf(lookUp(name, { hosts: file, dns: { '*': {} } }))).toEqual(finds);
  });

  it('leading zeros are decimal until 1.16, an error since', () => {
    expect(addressesOf(lookUp('db', { hosts: '010.0.0.1 db\n', version: '1.16', dns: { '*': {} } }))).toEqual(['10.0.0.1']);
    expect(addressesOf(lookUp('db', { hosts: '010.0.0.1 db\n', version: '1.17', dns: { '*': {} } }))).toEqual([]);
  });

  it('LookupIPAddr sorts, LookupHost does not', () => {
    const hosts = '::1 localhost\n127.0.0.1 localhost\n10.0.0.1 localhost\n';
    const netns = smallNetns({ ipv6: false });
    expect(addressesOf(lookUp('localhost', { hosts, netns }))).toEqual(['127.0.0.1', '10.0.0.1', '::1']);
    expect(addressesOf(lookUp('localhost', { hosts, netns, lookupHost: true }))).toEqual(['::1', '127.0.0.1', '10.0.0.1']);
  });

  it('points at the line', () => {
    const { steps } = lookUp('db', { hosts: '# head\n10.0.0.1 db\n' });
    expect(steps.find((s) => s.kind.id === 'go.inHosts')?.at).toMatchObject({ path: '/etc/hosts', line: 2, text: '10.0.0.1 db' });
  });

  it('`hosts: files` and no line: an empty list without an error until 1.20, no such host since', () => {
    expect(lookUp('db', { nsswitch: 'hosts: files\n', version: '1.19.8' }).outcome).toEqual({ kind: 'addresses', addresses: [] });
    expect(errorOf(lookUp('db', { nsswitch: 'hosts: files\n', version: '1.21.13' }))).toBe('lookup db: no such host');
  });
});

describe('DNS errors as Go prints them', () => {
  it.each([
    { fault: 'NXDOMAIN', text: `lookup x.y on ${SERVER}: no such host`, flags: [true, false, false], seconds: 0 },
    { fault: 'SERVFAIL', text: `lookup x.y on ${SERVER}: server misbehaving`, flags: [false, true, false], seconds: 0 },
    { fault: 'REFUSED', text: `lookup x.y on ${SERVER}: server misbehaving`, flags: [false, false, false], seconds: 0 },
    { fault: 'LAME', text: `lookup x.y on ${SERVER}: lame referral`, flags: [false, false, false], seconds: 0 },
    {
      fault: 'DROP',
      text: `lookup x.y on ${SERVER}: read udp 198.51.100.10:{EPHEMERAL}->${SERVER}: i/o timeout`,
      flags: [false, true, true],
      seconds: 10,
    },
    {
      fault: 'ECONNREFUSED',
      text: `lookup x.y on ${SERVER}: read udp 198.51.100.10:{EPHEMERAL}->${SERVER}: read: connection refused`,
      flags: [false, true, false],
      seconds: 0,
    },
    {
      fault: 'ENETUNREACH',
      text: `lookup x.y on ${SERVER}: dial udp ${SERVER}: connect: network is unreachable`,
      flags: [false, true, false],
      seconds: 0,
    },
  ])('$fault', ({ fault, text, flags, seconds }) => {
    const got = lookUp('x.y', { dns: { '*': fault } });
    expect(errorOf(got)).toBe(text);
    expect(got.elapsedMs).toBe(seconds * 1000);
    if (got.outcome.kind === 'error')
      expect([got.outcome.error.notFound, got.outcome.error.temporary, got.outcome.error.timeout]).toEqual(flags);
  });

  it('one family that fails is no error, but its time counts', () => {
    const got = lookUp('x.y', {
      dns: { '*': { 'x.y': { A: ['203.0.113.1'], '!AAAA': 'DROP' } } },
      resolv: 'nameserver 192.0.2.53\noptions timeout:2 attempts:1\n',
    });
    expect(addressesOf(got)).toEqual(['203.0.113.1']);
    expect(got.elapsedMs).toBe(2000);
  });

  it('single-request asks one after the other', () => {
    const got = lookUp('x.y', { dns: { '*': 'DROP' }, resolv: 'nameserver 192.0.2.53\noptions timeout:1 attempts:1 single-request\n' });
    expect(got.elapsedMs).toBe(2000);
  });

  it('a truncated answer is asked for again over TCP', () => {
    const got = lookUp('x.y', { network: 'ip4', dns: { '*': { 'x.y': { A: ['203.0.113.1'], '!A': 'TC' } } } });
    expect(addressesOf(got)).toEqual(['203.0.113.1']);
    expect(got.queries.map((q) => q.transport)).toEqual(['udp', 'tcp']);
  });

  it('the next server follows any answer but NXDOMAIN and NODATA', () => {
    const resolv = 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n';
    const zone = { 'x.y': { A: ['203.0.113.1'] } };
    expect(addressesOf(lookUp('x.y', { resolv, network: 'ip4', dns: { '192.0.2.1': 'REFUSED', '*': zone } }))).toEqual(['203.0.113.1']);
    expect(addressesOf(lookUp('x.y', { resolv, network: 'ip4', dns: { '192.0.2.1': 'NXDOMAIN', '*': zone } }))).toEqual([]);
  });

  it('the error of the name as typed counts more than that of a candidate', () => {
    const got = lookUp('web', {
      resolv: 'nameserver 192.0.2.53\nsearch one.test\noptions ndots:2\n',
      dns: { '*': { 'web.one.test': { '!': 'SERVFAIL' } } },
    });
    expect(errorOf(got)).toBe(`lookup web on ${SERVER}: no such host`);
  });

  it('names what it must know', () => {
    const got = lookUp('x.y');
    expect(got.outcome).toMatchObject({
      kind: 'cannot-tell',
      needs: [{ kind: 'dns', question: { server: '192.0.2.53', name: 'x.y', type: 'A' } }, { question: { type: 'AAAA' } }],
    });
  });
});

describe('candidates', () => {
  const asked = (name: string, resolv: string, more: Parameters<typeof lookUp>[1] = {}): readonly string[] => [
    ...new Set(lookUp(name, { resolv: `nameserver 192.0.2.53\n${resolv}`, dns: { '*': {} }, ...more }).queries.map((q) => q.name)),
  ];
  it('a pod with ndots:5', () => {
    expect(asked('api.example.com', 'search shop.svc.cluster.local svc.cluster.local\noptions ndots:5\n')).toEqual([
      'api.example.com.shop.svc.cluster.local.',
      'api.example.com.svc.cluster.local.',
      'api.example.com.',
    ]);
  });
  it('enough dots: the name first, then the suffixes all the same', () => {
    expect(asked('a.b', 'search one.test\n')).toEqual(['a.b.', 'a.b.one.test.']);
  });
  it('a final dot: only the name', () => {
    expect(asked('web.', 'search one.test\n')).toEqual(['web.']);
  });
  it('no search list: the host name’s domain', () => {
    expect(asked('web', '', { hostname: 'node1.lan.example' })).toEqual(['web.lan.example.', 'web.']);
  });
  it('onion names are never sent; since 1.22 a suffixed one is', () => {
    expect(asked('x.onion', 'search one.test\n', { version: '1.21.13' })).toEqual([]);
    expect(asked('x.onion', 'search one.test\n', { version: '1.22.12' })).toEqual(['x.onion.one.test.']);
  });
  it.each(['a..b', '-x', '123', 'x y', ''])('%j is never sent', (name) => {
    expect(asked(name, '')).toEqual([]);
  });
});

describe('whatever a file holds, the parsers answer', () => {
  const rules = goRules(NEWEST);
  test.prop([fc.string({ unit: 'binary', maxLength: 300 })])('any text', (text) => {
    expect(parseGoResolvConf(text, rules).servers.length).toBeGreaterThan(0);
    expect(parseGoHosts(text, false).lines.length).toBeLessThanOrEqual(text.split('\n').length);
    parseGoNsswitch(text);
  });
  test.prop([
    fc.array(fc.constantFrom('nameserver 192.0.2.1', 'nameserver ::1', 'nameserver x', 'search a b', 'options ndots:9'), { maxLength: 9 }),
  ])('at most three servers', (lines) => {
    expect(parseGoResolvConf(lines.join('\n'), rules).servers.length).toBeLessThanOrEqual(3);
  });
});
