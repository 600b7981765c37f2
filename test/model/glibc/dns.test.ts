/** Search lists, servers and waiting. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asked, gai, said } from './node.ts';

const server = (records: Record<string, unknown>, address = '127.0.0.1', otherwise = 'NXDOMAIN') =>
  ({ server: address, records, default: otherwise }) as never;
const POD = 'nameserver 127.0.0.1\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:1 attempts:1\n';

describe('search list', () => {
  test.each([
    { system: 'pod with ndots:5', conf: POD, name: 'api.example.com', first: 'api.example.com.shop.svc.cluster.local. A' },
    { system: 'pod, rooted name', conf: POD, name: 'api.example.com.', first: 'api.example.com. A' },
    { system: 'node without options', conf: 'nameserver 127.0.0.1\nsearch example.com\n', name: 'db.prod', first: 'db.prod. A' },
    { system: 'single label', conf: 'nameserver 127.0.0.1\nsearch example.com\n', name: 'db', first: 'db.example.com. A' },
  ])('$system asks first for $first', ({ conf, name, first }) => {
    const r = gai({ files: { '/etc/resolv.conf': conf }, dns: [server({})] }, name);
    expect(asked(r)[0]).toBe(first);
    expect(said(r)).toBe('EAI_NONAME');
  });

  test('a time-out inside the list leaves it for the name as it stands', () => {
    const conf = 'nameserver 127.0.0.1\nsearch a.example b.example\noptions timeout:1 attempts:1\n';
    const r = gai(
      { files: { '/etc/resolv.conf': conf }, dns: [server({ 'h.a.example': { '*': { drop: true } }, h: { A: ['192.0.2.7'] } })] },
      'h',
      'inet',
    );
    expect(asked(r)).toEqual(['h.a.example. A', 'h. A']);
    expect(r.elapsedMs).toBe(1000);
  });

  test('ndots changes the order and never the set of names', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'a.b', 'a.b.c', 'a.b.c.d'),
        fc.integer({ min: 0, max: 15 }),
        fc.constantFrom('a.example', 'a.example b.example', '.'),
        (name, ndots, search) => {
          const ask = (n: number): string[] =>
            asked(
              gai(
                {
                  files: { '/etc/resolv.conf': `nameserver 127.0.0.1\nsearch ${search}\noptions ndots:${String(n)}\n` },
                  dns: [server({})],
                },
                name,
                'inet',
              ),
            ).sort();
          expect(new Set(ask(ndots))).toEqual(new Set(ask(1)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('servers', () => {
  test.each([
    { version: '2.28', asks: '127.0.0.2' },
    // The carriage return makes a bad address; without a usable line 127.0.0.1 is asked.
    { version: '2.29', asks: '127.0.0.1' },
    { version: '2.41', asks: '127.0.0.1' },
  ])('a resolv.conf with carriage returns, $version: $asks is asked', ({ version, asks }) => {
    const files = { '/etc/resolv.conf': 'nameserver 127.0.0.2\r\n' };
    const dns = [server({}), server({}, '127.0.0.2')];
    expect(gai({ files, dns, version }, 'web.example').queries[0]?.server).toBe(asks);
  });

  const conf = (lines: string): Record<string, string> => ({ '/etc/resolv.conf': lines, '/etc/nsswitch.conf': 'hosts: dns\n' });

  test.each([
    {
      what: 'three silent servers, timeout:3, one attempt',
      lines: 'nameserver 127.0.0.1\nnameserver 127.0.0.2\nnameserver 127.0.0.3\noptions timeout:3 attempts:1\n',
      seconds: 9,
    },
    { what: 'one silent server with the defaults', lines: 'nameserver 127.0.0.1\n', seconds: 10 },
  ])('$what take $seconds s', ({ lines, seconds }) => {
    const silent = { h: { '*': { drop: true } } };
    const r = gai({ files: conf(lines), dns: ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((a) => server(silent, a)) }, 'h', 'inet');
    expect(said(r)).toBe('EAI_AGAIN');
    expect(r.elapsedMs).toBe(seconds * 1000);
  });

  test('a lost AAAA answer costs three waits, a lost A answer the lookup', () => {
    const lines = 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n';
    const lostSix = gai({ files: conf(lines), dns: [server({ h: { A: ['192.0.2.1'], AAAA: { drop: true } } })] }, 'h');
    expect([said(lostSix), lostSix.elapsedMs]).toEqual(['192.0.2.1', 3000]);
    const lostFour = gai({ files: conf(lines), dns: [server({ h: { A: { drop: true }, AAAA: ['2001:db8::1'] } })] }, 'h');
    expect([said(lostFour), lostFour.elapsedMs]).toEqual(['EAI_AGAIN', 2000]);
  });

  test('nothing listens: no second name is tried', () => {
    const r = gai({ files: conf('nameserver 127.0.0.9\nsearch a.example b.example\n') }, 'h', 'inet');
    expect(said(r)).toBe('EAI_AGAIN');
    expect(asked(r).every((q) => q === 'h.a.example. A')).toBe(true);
  });

  test.each([
    { version: '2.17', code: 'EAI_SYSTEM' },
    { version: '2.18', code: 'EAI_NONAME' },
    { version: '2.23', code: 'EAI_AGAIN' },
    { version: '2.43', code: 'EAI_AGAIN' },
  ])('glibc $version: SERVFAIL for both families is $code', ({ version, code }) => {
    const r = gai({ files: conf('nameserver 127.0.0.1\n'), dns: [server({}, '127.0.0.1', 'SERVFAIL')], version }, 'h.example');
    expect(said(r)).toBe(code);
  });

  test('a truncated answer is asked for again over TCP', () => {
    const r = gai({ files: conf('nameserver 127.0.0.1\n'), dns: [server({ h: { A: { tc: true, addrs: ['192.0.2.1'] } } })] }, 'h', 'inet');
    expect(said(r)).toBe('192.0.2.1');
    expect(r.queries.map((q) => q.transport)).toEqual(['udp', 'tcp']);
  });
});
