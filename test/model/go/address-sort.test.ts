import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { sortByRfc6724 } from '../../../src/model/go/address-sort.ts';

const order = (addresses: readonly string[], sources: readonly (string | undefined)[]): readonly (string | undefined)[] =>
  sortByRfc6724(addresses, sources).map((i) => addresses[i]);

it.each([
  {
    why: 'unusable last',
    addresses: ['2001:db8::1', '192.0.2.1'],
    sources: [undefined, '192.0.2.9'],
    sorted: ['192.0.2.1', '2001:db8::1'],
  },
  {
    why: 'IPv6 before IPv4 by precedence',
    addresses: ['192.0.2.1', '2001:db8::1'],
    sources: ['192.0.2.9', '2001:db8::9'],
    sorted: ['2001:db8::1', '192.0.2.1'],
  },
  {
    why: 'matching scope first',
    addresses: ['2001:db8::1', '192.0.2.1'],
    sources: ['fe80::9', '192.0.2.9'],
    sorted: ['192.0.2.1', '2001:db8::1'],
  },
  {
    why: 'IPv4 keeps its order',
    addresses: ['198.51.100.9', '192.0.2.1'],
    sources: ['192.0.2.9', '192.0.2.9'],
    sorted: ['198.51.100.9', '192.0.2.1'],
  },
])('$why', ({ addresses, sources, sorted }) => {
  expect(order(addresses, sources)).toEqual(sorted);
});

test.prop([fc.array(fc.constantFrom('192.0.2.1', '10.0.0.1', '2001:db8::1', 'fd00::1', '::1', 'fe80::1'), { maxLength: 8 })])(
  'sorting loses nothing',
  (addresses) => {
    expect([...order(addresses, addresses)].sort()).toEqual([...addresses].sort());
  },
);
