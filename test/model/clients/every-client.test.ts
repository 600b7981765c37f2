import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { clients } from '../../../src/model/clients/index.ts';
import { compareVersions } from '../../../src/model/clients/_run.ts';
import { firstDifference } from '../../../src/diagnose/first-difference.ts';
import { DUAL_NODE, IPV6_OFF, smallWorld, V4_NODE } from './small-world.ts';

const line = fc
  .tuple(
    fc.constantFrom('127.0.0.1', '::1', '10.0.0.7', '2001:db8::7', 'bogus'),
    fc.constantFrom('localhost', 'web', 'LOCALHOST', 'web.test'),
  )
  .map(([a, n]) => `${a} ${n}\n`);
const system = fc.record({
  hosts: fc.array(line, { maxLength: 4 }).map((lines) => lines.join('')),
  net: fc.constantFrom(V4_NODE, IPV6_OFF, DUAL_NODE, [] as readonly string[]),
  nsswitch: fc.constantFrom('hosts: files dns\n', 'hosts: dns files\n', 'hosts: files\n', ''),
  libc: fc.constantFrom(
    { kind: 'glibc', version: '2.17' } as const,
    { kind: 'glibc', version: '2.41' } as const,
    { kind: 'musl', version: '1.2.3' } as const,
  ),
  listen: fc.constantFrom([], [['::', 6443]] as const, [['127.0.0.1', 6443]] as const),
});
const name = fc.constantFrom('localhost', 'web', 'web.test', 'nowhere.example', '127.0.0.1', '::1', '');

describe('every client', () => {
  it('has texts, and an id of its own', () => {
    expect(new Set(clients.map((c) => c.id)).size).toBe(clients.length);
    for (const c of clients)
      for (const t of [c.title.en, c.title.zh, c.behaviour.text.en, c.behaviour.text.zh]) expect(t.length).toBeGreaterThan(1);
  });

  test.prop([system, name, fc.constantFrom(6443, undefined)], { numRuns: 60 })(
    'answers whatever it is asked, and consistently',
    (given, asked, port) => {
      const { world, view } = smallWorld({ ...given, dns: { 'web.test A': ['10.0.0.9'], 'web.test AAAA': ['2001:db8::9'] } });
      for (const client of clients) {
        const answer = client.answer(world, view, asked, port);
        expect(answer.client).toBe(client.id);
        if (answer.outcome.kind === 'works' && answer.attempts.length > 0)
          expect(answer.attempts.some((a) => a.outcome.kind === 'connected')).toBe(true);
        if (answer.outcome.kind === 'fails') expect(answer.attempts.some((a) => a.outcome.kind === 'connected')).toBe(false);
        if (answer.outcome.kind === 'cannot-tell') expect(answer.outcome.needs.length).toBeGreaterThan(0);
        expect(firstDifference(answer, answer)).toBeUndefined();
        expect(client.answer(world, view, asked, port)).toEqual(answer);
      }
    },
  );
});

it('ping says the same when what it dials is remembered', () => {
  const { world, view } = smallWorld({
    hosts: '2001:db8::7 web\n',
    net: V4_NODE,
    nsswitch: 'hosts: files dns\n',
    libc: { kind: 'glibc', version: '2.17' },
    listen: [],
  });
  const ping = clients.find((c) => c.id === 'ping');
  const first = ping?.answer(world, view, 'web', 6443).prints;
  expect(first).toEqual(['ping: connect: Network is unreachable']);
  expect(ping?.answer(world, view, 'web', 6443).prints).toEqual(first);
});

test.prop([fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }), fc.array(fc.nat(50), { minLength: 1, maxLength: 4 })])(
  'versions compare as numbers, both ways round',
  (a, b) => {
    const sign = Math.sign(compareVersions(a.join('.'), b.join('.')));
    expect(Math.sign(compareVersions(`s${b.join('.')}`, a.join('.')))).toBe(sign === 0 ? 0 : -sign);
  },
);
