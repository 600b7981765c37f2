import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { clients } from '../../../src/model/clients/index.ts';
import { searchNames } from '../../../src/model/tools/bind-query.ts';
import { resolveWithCares } from '../../../src/model/tools/c-ares.ts';
import type { ClientAnswer, ClientOptions } from '../../../src/model/types.ts';
import type { SmallWorld } from '../clients/small-world.ts';
import { smallWorld } from '../clients/small-world.ts';

function ask(id: string, system: SmallWorld, name: string, options?: ClientOptions): ClientAnswer {
  const client = clients.find((c) => c.id === id);
  if (client === undefined) throw new Error(id);
  const { world, view } = smallWorld(system);
  return client.answer(world, view, name, undefined, options);
}

const WEB: SmallWorld = {
  hosts: '10.9.9.9 web.test\n',
  resolv: 'nameserver 10.0.0.53\nsearch one.test two.test\n',
  dns: { 'web.test A': ['10.0.0.7'], 'web.two.test A': ['10.0.0.8'], 'six.test AAAA': ['2001:db8::6'] },
};

describe('names in the order of trying', () => {
  it.each([
    ['web', 1, ['web.one.test', 'web.two.test', 'web']],
    ['web.test', 1, ['web.test']],
    ['web.test', 2, ['web.test.one.test', 'web.test.two.test', 'web.test']],
    ['web.', 5, ['web']],
  ] as const)('%s with ndots %i', (name, ndots, expected) => {
    expect(searchNames(name, ['one.test', 'two.test'], ndots)).toEqual(expected);
  });
  test.prop([fc.domain(), fc.nat(15)])('the name itself is always among them, last', (name, ndots) => {
    expect(searchNames(name, ['one.test'], ndots).at(-1)).toBe(name);
  });
});

describe('tools that ask DNS only', () => {
  it('dig never reads the hosts file', () => {
    expect(ask('dig', WEB, 'web.test').resolution.outcome).toMatchObject({ addresses: [{ address: '10.0.0.7' }] });
  });
  it('dig has no search list, host has one', () => {
    expect(ask('dig', WEB, 'web').prints[0]).toContain('NXDOMAIN');
    expect(ask('host', WEB, 'web').prints).toEqual(['web.two.test has address 10.0.0.8']);
  });
  it('a name without an address is no error for host', () => {
    const answer = ask('host', WEB, 'six.test');
    expect([answer.prints, answer.exitStatus]).toEqual([['six.test has IPv6 address 2001:db8::6'], 0]);
  });
  it('the first silent server uses the tries up, in 9.18', () => {
    const dead: SmallWorld = { resolv: 'nameserver 10.0.0.1\nnameserver 10.0.0.2\n', dns: { 'web.test A': 'DROP' } };
    const answer = ask('dig', dead, 'web.test', { version: '9.18.1', args: ['+tries=3', '+time=1'] });
    expect(answer.resolution.queries.map((q) => q.server)).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2']);
    expect([answer.elapsedMs, answer.exitStatus, answer.prints.length]).toEqual([4000, 9, 5]);
    const before = ask('dig', dead, 'web.test', { version: '9.16.1', args: ['+tries=2', '+time=1'] });
    expect(before.resolution.queries.map((q) => q.server)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.2']);
  });
  it.each([
    ['9.16.50', [';; Got SERVFAIL reply from 10.0.0.1, trying next server']],
    ['9.18.49', [';; Got SERVFAIL reply from 10.0.0.1, trying next server', ';; Got SERVFAIL reply from 10.0.0.2']],
  ])('nslookup %s says that it goes on after a SERVFAIL', (version, says) => {
    const failing: SmallWorld = { resolv: 'nameserver 10.0.0.1\nnameserver 10.0.0.2\n', dns: { 'web.test A': 'SERVFAIL' } };
    expect(ask('nslookup', failing, 'web.test', { version }).prints.filter((line) => line.startsWith(';;'))).toEqual(says);
  });
  it('dig takes SERVFAIL, nslookup asks the next server', () => {
    const failing: SmallWorld = { resolv: 'nameserver 10.0.0.1\nnameserver 10.0.0.2\n', dns: { 'web.test A': 'SERVFAIL' } };
    expect(ask('dig', failing, 'web.test').resolution.queries).toHaveLength(1);
    expect(ask('nslookup', failing, 'web.test').resolution.queries.map((q) => q.server)).toEqual(['10.0.0.1', '10.0.0.2']);
  });
  it('busybox asks every candidate at once, and by itself only without a search list', () => {
    const answer = ask('nslookup', WEB, 'web', { flavour: 'busybox', version: '1.36.1' });
    expect(answer.resolution.queries.map((q) => `${q.name} ${q.type}`)).toEqual([
      'web.one.test A',
      'web.two.test A',
      'web.one.test AAAA',
      'web.two.test AAAA',
    ]);
  });
  it('an unseen DNS answer is named as what would decide', () => {
    const { world, view } = smallWorld(WEB);
    const blind = { ...world, dns: () => undefined };
    const answer = clients.find((c) => c.id === 'dig')?.answer(blind, view, 'web.test', undefined);
    expect(answer?.outcome).toMatchObject({
      kind: 'cannot-tell',
      needs: [{ kind: 'dns', question: { server: '10.0.0.53', name: 'web.test', type: 'A' } }],
    });
  });
});

describe('c-ares', () => {
  const resolve = (system: SmallWorld, name: string, version = '1.34.5'): string => {
    const { world, view } = smallWorld(system);
    const { outcome } = resolveWithCares(world, view, version, name);
    return outcome.kind === 'addresses'
      ? outcome.addresses.map((a) => a.address).join(' ')
      : outcome.kind === 'error'
        ? outcome.error.code
        : 'cannot tell';
  };
  it.each([
    ['hosts first', WEB, 'web.test', '10.9.9.9'],
    ['the search list', WEB, 'web', '10.0.0.8'],
    ['localhost by itself', WEB, 'localhost', '127.0.0.1 ::1'],
    ['localhost of hosts where it is there', { hosts: '::1 localhost\n' }, 'localhost', '::1'],
    ['never .onion', WEB, 'a.onion', 'ARES_ENOTFOUND'],
  ] as const)('%s', (_title, system, name, expected) => {
    expect(resolve(system, name)).toBe(expected);
  });
  it('before 1.20 localhost went to DNS', () => {
    expect(resolve({ ...WEB, hosts: '' }, 'localhost', '1.18.1')).toBe('ARES_ENOTFOUND');
  });
});
