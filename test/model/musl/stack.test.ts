import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fgetsPieces } from '../../../src/model/musl/c-lines.ts';
import { parseMuslHosts } from '../../../src/model/musl/hosts.ts';
import { parseMuslResolvConf } from '../../../src/model/musl/resolv-conf.ts';
import { muslStack } from '../../../src/model/musl/stack.ts';
import type { AiFlag, Call, Resolution } from '../../../src/model/types.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { dnsOf, type Zone } from '../../support/scripted-dns.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

interface Asked {
  readonly version?: string;
  readonly call?: Call;
  readonly family?: 'unspec' | 'inet' | 'inet6';
  readonly flags?: readonly AiFlag[];
  readonly hosts?: string | null;
  readonly resolv?: string | null;
  readonly dns?: Readonly<Record<string, Zone | string>>;
  readonly ipv6?: boolean;
}

function lookUp(name: string, asked: Asked = {}): Resolution {
  const {
    version = '1.2.5',
    family = 'unspec',
    flags = [],
    hosts = '127.0.0.1 localhost\n',
    resolv = 'nameserver 192.0.2.53\n',
    dns = {},
    ipv6 = true,
  } = asked;
  const view = smallView({ text: { '/etc/hosts': hosts, '/etc/resolv.conf': resolv } });
  const node = smallNode({ netns: [smallNetns({ ipv6 })], views: [view] });
  return muslStack.resolve(makeWorld(node, dnsOf(dns)), view, version, asked.call ?? { call: 'getaddrinfo', family, flags }, name);
}

const said = (r: Resolution): string =>
  r.outcome.kind === 'addresses'
    ? r.outcome.addresses.map((a) => a.address).join(' ')
    : r.outcome.kind === 'error'
      ? r.outcome.error.code
      : r.outcome.kind;
const names = (r: Resolution): readonly string[] => [...new Set(r.queries.map((q) => q.name))];

describe('the hosts file', () => {
  const nothing = { '*': {} };
  it.each([
    { file: '127.0.0.1 localhost', finds: 'EAI_NONAME', why: 'a name that ends the file is not seen' },
    { file: '127.0.0.1 localhost\n', finds: '127.0.0.1', why: 'with a newline it is' },
    { file: ' 127.0.0.1 localhost\n', finds: 'EAI_NONAME', why: 'leading blanks' },
    { file: '127.0.0.1 LOCALHOST\n', finds: 'EAI_NONAME', why: 'case matters' },
    { file: '::1%lo localhost\n', finds: 'EAI_NODATA', why: 'an address with a zone it cannot have ends the look-up' },
    { file: '127.1 localhost\n', finds: '127.0.0.1', why: 'inet_aton forms' },
    { file: '0177.0.0.1 localhost\n', finds: '127.0.0.1', why: 'octal' },
    { file: '127.0.0.1#x localhost\n', finds: 'EAI_NONAME', why: 'a glued comment' },
    { file: '127.0.0.1 other # localhost\n', finds: 'EAI_NONAME', why: 'in a comment' },
    { file: '127.0.0.1 localhost#x\n', finds: '127.0.0.1', why: 'before a comment' },
    { file: `127.0.0.1 ${'x'.repeat(520)} localhost\n`, finds: 'EAI_NONAME', why: 'beyond 511 bytes' },
    { file: '\uFEFF127.0.0.1 localhost\n', finds: 'EAI_NONAME', why: 'a byte order mark' },
    { file: '127.0.0.1\u00A0localhost\n', finds: 'EAI_NONAME', why: 'a no-break space' },
  ])('$why', ({ file, finds }) => {
    expect(said(lookUp('localhost', { hosts: file, dns: nothing }))).toBe(finds);
  });

  it.each([
    ['1.1.24', 'EAI_NONAME'],
    ['1.2.3', 'EAI_NONAME'],
    ['1.2.4', 'EAI_NODATA'],
  ])('the other family only, musl %s: DNS is not asked', (version, code) => {
    const got = lookUp('localhost', {
      version,
      hosts: '::1 localhost\n',
      family: 'inet',
      dns: { '*': { localhost: { A: ['203.0.113.1'] } } },
    });
    expect(said(got)).toBe(code);
    expect(got.queries).toEqual([]);
  });
});

describe('DNS', () => {
  it('enough dots: the search list is not used at all', () => {
    const got = lookUp('a.b', { resolv: 'nameserver 192.0.2.53\nsearch one.test\n', dns: { '*': {} } });
    expect(names(got)).toEqual(['a.b.']);
  });

  it.each([
    { version: '1.1.24', says: 'EAI_AGAIN', ms: 5000 },
    { version: '1.2.3', says: 'EAI_AGAIN', ms: 5000 },
    { version: '1.2.4', says: '203.0.113.1', ms: 0 },
  ])('`search .` in musl $version', ({ version, says, ms }) => {
    const got = lookUp('web', { version, resolv: 'nameserver 192.0.2.53\nsearch .\n', dns: { '*': { web: { A: ['203.0.113.1'] } } } });
    expect([said(got), got.elapsedMs]).toEqual([says, ms]);
  });

  it('a server that answers AAAA with NXDOMAIN breaks musl since 1.2.1', () => {
    const dns = { '*': { web: { A: ['203.0.113.1'], '!AAAA': 'NXDOMAIN' } } };
    expect(said(lookUp('web', { dns, version: '1.1.24' }))).toBe('203.0.113.1');
    expect(said(lookUp('web', { dns, version: '1.2.3' }))).toBe('EAI_NONAME');
  });

  it.each(['SERVFAIL', 'REFUSED', 'DROP', 'ECONNREFUSED'])('%s costs the whole time-out', (fault) => {
    const got = lookUp('web', { dns: { '*': fault }, resolv: 'nameserver 192.0.2.53\noptions timeout:3\n' });
    expect([said(got), got.elapsedMs]).toEqual(['EAI_AGAIN', 3000]);
  });

  it('NODATA stops the walk', () => {
    const got = lookUp('web', {
      resolv: 'nameserver 192.0.2.53\nsearch one.test two.test\n',
      dns: { '*': { 'web.one.test': {}, 'web.two.test': { A: ['203.0.113.1'] } } },
    });
    expect([said(got), names(got)]).toEqual(['EAI_NODATA', ['web.one.test.']]);
  });

  it('the first server that answers counts, and a silent one costs nothing', () => {
    const got = lookUp('web', {
      resolv: 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n',
      dns: { '192.0.2.1': 'DROP', '*': { web: { A: ['203.0.113.1'] } } },
    });
    expect([said(got), got.elapsedMs]).toEqual(['203.0.113.1', 0]);
  });

  it('attempts:0 kills the process until 1.2.5', () => {
    const resolv = 'nameserver 192.0.2.53\noptions attempts:0\n';
    expect(said(lookUp('web', { resolv, version: '1.2.5', dns: { '*': {} } }))).toBe('SIGFPE');
    expect(said(lookUp('web', { resolv, version: '1.2.6', dns: { '*': {} } }))).toBe('EAI_NONAME');
  });

  it('truncated answers: used as they are until 1.2.3, asked for over TCP since 1.2.4', () => {
    const dns = { '*': { web: { A: ['203.0.113.1'], '!A': 'TC' } } };
    expect(said(lookUp('web', { dns, family: 'inet', version: '1.2.3' }))).toBe('EAI_NONAME');
    expect(said(lookUp('web', { dns, family: 'inet', version: '1.2.4' }))).toBe('203.0.113.1');
  });
});

describe('how often it asks', () => {
  const counts = (r: Resolution): readonly number[] => ['A', 'AAAA'].map((type) => r.queries.filter((q) => q.type === type).length);
  it.each([
    {
      why: 'SERVFAIL: two more times for one question, in each interval',
      family: 'inet',
      resolv: 'nameserver 192.0.2.53\n',
      counted: [6, 0],
    },
    { why: 'four more times for two', family: 'unspec', resolv: 'nameserver 192.0.2.53\noptions attempts:1\n', counted: [3, 3] },
  ] as const)('$why', ({ family, resolv, counted }) => {
    const got = lookUp('a.example', { family, resolv, dns: { '*': 'SERVFAIL' } });
    expect([counts(got), said(got), got.elapsedMs]).toEqual([counted, 'EAI_AGAIN', 5000]);
  });
  it('once another server answered, SERVFAIL is not asked about', () => {
    const resolv = 'nameserver 192.0.2.53\nnameserver 192.0.2.54\n';
    const got = lookUp('a.example', { resolv, dns: { '192.0.2.53': { 'a.example': { A: ['203.0.113.1'] } }, '192.0.2.54': 'SERVFAIL' } });
    expect([counts(got), said(got)]).toEqual([[2, 2], '203.0.113.1']);
  });
  it('a silent server is asked again in each interval', () => {
    expect(counts(lookUp('a.example', { resolv: 'nameserver 192.0.2.53\noptions attempts:3\n', dns: { '*': 'DROP' } }))).toEqual([3, 3]);
  });
  it('gethostbyname asks again while its buffer is too small', () => {
    const name = 'a-rather-long-name.example';
    const short = lookUp('a.example', { call: { call: 'gethostbyname' }, dns: { '*': { 'a.example': { A: ['203.0.113.1'] } } } });
    const long = lookUp(name, { call: { call: 'gethostbyname' }, dns: { '*': { [name]: { A: ['203.0.113.1'] } } } });
    expect([short.queries.length, long.queries.length]).toEqual([1, 2]);
  });
});

describe('flags and calls', () => {
  it('AI_ADDRCONFIG leaves IPv6 out where ::1 cannot be reached', () => {
    const hosts = '::1 localhost\n127.0.0.1 localhost\n';
    expect(said(lookUp('localhost', { hosts, flags: ['AI_ADDRCONFIG'], ipv6: false }))).toBe('127.0.0.1');
    expect(said(lookUp('localhost', { hosts, flags: ['AI_ADDRCONFIG'], ipv6: false, version: '1.1.12' }))).toContain('::1');
  });
  it('AI_V4MAPPED', () => {
    expect(said(lookUp('localhost', { flags: ['AI_V4MAPPED'], family: 'inet6' }))).toBe('::ffff:127.0.0.1');
    expect(
      said(lookUp('localhost', { hosts: '::1 localhost\n127.0.0.1 localhost\n', flags: ['AI_V4MAPPED', 'AI_ALL'], family: 'inet6' })),
    ).toBe('::1 ::ffff:127.0.0.1');
  });
  it('flags that musl does not know', () => {
    expect(said(lookUp('localhost', { flags: ['AI_IDN'] }))).toBe('EAI_BADFLAGS');
  });
  it('gethostbyname', () => {
    expect(said(lookUp('localhost', { call: { call: 'gethostbyname' }, hosts: '::1 localhost\n' }))).toBe('NO_DATA');
    expect(said(lookUp('nope', { call: { call: 'gethostbyname' }, dns: { '*': {} } }))).toBe('HOST_NOT_FOUND');
  });
});

describe('whatever a file holds, the parsers answer', () => {
  test.prop([fc.string({ unit: 'binary', maxLength: 1500 })])('any text', (text) => {
    expect(parseMuslResolvConf(text).servers.length).toBeGreaterThan(0);
    parseMuslHosts(text);
    expect(
      fgetsPieces(text, 64)
        .map((p) => p.text)
        .join(''),
    ).toBe(text);
  });
});
