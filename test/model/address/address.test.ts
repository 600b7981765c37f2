import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, normalAddress, parseAddress, reverseName } from '../../../src/model/address/address.ts';
import { parseIpv4Loose } from '../../../src/model/address/ipv4.ts';
import { commonPrefixLength, inPrefix, parsePrefix } from '../../../src/model/address/prefix.ts';
import { addressScope } from '../../../src/model/address/special.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('address text', () => {
  test.each([
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['::1.2.3.4', '::1.2.3.4'],
    ['FE80::1', 'fe80::1'],
    ['::', '::'],
  ])('%s is %s', (text, normal) => {
    expect(normalAddress(text)).toBe(normal);
  });

  test.each([
    '1.2.3',
    '01.2.3.4',
    '1.2.3.256',
    '12345::',
    ':::',
    '1::2::3',
    ':1',
    '1:',
    '1:2:3:4:5:6:7:8:9',
    '::1%lo',
    '[::1]',
    '1:2:3:4:5:6:7:1.2.3.4',
    '',
  ])('%s is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('what is printed can be read again', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(4), bytes(16)), (b) => {
        expect(parseAddress(formatAddress(b))?.bytes).toEqual(b);
      }),
    );
  });
});

describe('inet_aton forms', () => {
  test.each([
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['010.0.0.1', '8.0.0.1'],
    ['0', '0.0.0.0'],
  ])('%s is %s', (text, address) => {
    expect(formatAddress(parseIpv4Loose(text) ?? new Uint8Array(16))).toBe(address);
  });

  test.each(['08.0.0.1', '256.0.0.1', '1.2.3.4.5', '1.2.65536', '127.0.0.1.', '1.2.3.4 x', '0x', '4294967296', '-1', ''])(
    '%s is none',
    (text) => {
      expect(parseIpv4Loose(text)).toBeUndefined();
    },
  );

  test('white space and anything may follow where asked', () => {
    expect(parseIpv4Loose('127.0.0.1 x', 'space-and-anything')).toEqual(new Uint8Array([127, 0, 0, 1]));
    expect(parseIpv4Loose('127.0.0.1x', 'space-and-anything')).toBeUndefined();
  });
});

test('prefixes, scopes and reverse names', () => {
  const net = parsePrefix('10.240.0.0/20');
  expect(net && inPrefix(new Uint8Array([10, 240, 15, 1]), net)).toBe(true);
  expect(net && inPrefix(new Uint8Array([10, 240, 16, 1]), net)).toBe(false);
  expect(commonPrefixLength(new Uint8Array([255, 0]), new Uint8Array([254, 0]))).toBe(7);
  expect([addressScope(new Uint8Array([169, 254, 0, 1])), addressScope(new Uint8Array([10, 0, 0, 1]))]).toEqual([2, 14]);
  expect(reverseName(new Uint8Array([192, 0, 2, 1]))).toBe('1.2.0.192.in-addr.arpa');
});
