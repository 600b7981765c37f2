import { fc, test as property } from '@fast-check/vitest';
import { decode, encode } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { readDnsMessage } from '../../src/strace/dns-wire.ts';
import { readNscdAddresses, readNscdReply, readNscdRequest } from '../../src/strace/nscd-wire.ts';

const shown = (bytes: readonly number[], cut = false): { bytes: Uint8Array; cut: boolean } => ({ bytes: Uint8Array.from(bytes), cut });
const int32 = (...values: readonly number[]): number[] =>
  values.flatMap((v) => [v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >> 24) & 255]);
const ascii = (text: string): number[] => [...Buffer.from(text)];

describe('the socket of nscd', () => {
  test.each([
    [4, 'GETHOSTBYNAME'],
    [5, 'GETHOSTBYNAMEv6'],
    [13, 'GETFDHST'],
    [14, 'GETAI'],
    [1, 'GETPWBYUID'],
  ])('request type %i is %s', (type, name) => {
    expect(readNscdRequest([shown([...int32(2, type, 6), ...ascii('hosts\0')])])).toEqual({ type: name, key: 'hosts', keyLength: 5 });
  });

  test('a key that is cut keeps its whole length', () => {
    expect(readNscdRequest([shown([...int32(2, 14, 17), ...ascii('ranc')], true)])).toEqual({ type: 'GETAI', key: 'ranc', keyLength: 16 });
  });

  test.each([
    ['another version', int32(3, 14, 4)],
    ['an unknown type', int32(2, 99, 4)],
    ['too short', int32(2, 14)],
    ['no length', int32(2, 14, 0)],
  ])('no request: %s', (_why, bytes) => {
    expect(readNscdRequest([shown(bytes)])).toBeUndefined();
  });

  test('found is 0, 1 or -1; the first eight bytes tell', () => {
    expect(readNscdReply('GETAI', [shown(int32(2, 0), true)])).toMatchObject({ found: 0 });
    expect(readNscdReply('GETAI', [shown(int32(2, -1, 0, 0, 0, 0))])).toMatchObject({ found: -1 });
    expect(readNscdReply('GETAI', [shown(int32(2, 1, 1, 4, 5, 0))])).toMatchObject({ found: 1, count: 1, addressBytes: 4 });
    expect(readNscdReply('GETAI', [shown([2, 0, 0])])).toBeUndefined();
  });

  test('addresses of getaddrinfo: all of them, their families, the name', () => {
    const reply = { found: 1, count: 2, addressBytes: 20 } as const;
    const six = [...Array<number>(15).fill(0), 1];
    expect(readNscdAddresses('GETAI', reply, [shown([127, 0, 0, 1, ...six, 2, 10, ...ascii('localhost\0')])])).toEqual([
      '127.0.0.1',
      '::1',
    ]);
  });

  test('addresses of gethostbyname stand in a part of their own', () => {
    const reply = { found: 1, count: 1, addressBytes: 4 } as const;
    expect(readNscdAddresses('GETHOSTBYNAME', reply, [shown(ascii('node1\0')), shown([10, 240, 0, 34])])).toEqual(['10.240.0.34']);
  });
});

describe('DNS messages', () => {
  test('a question, an answer, and one that is cut inside the name', () => {
    const query = encode({ type: 'query', id: 7, flags: 256, questions: [{ type: 'AAAA', name: 'Rancher-Metadata.rancher.internal' }] });
    expect(readDnsMessage(query)).toMatchObject({
      id: 7,
      response: false,
      name: 'rancher-metadata.rancher.internal',
      type: 'AAAA',
      nameCut: false,
    });
    expect(readDnsMessage(query.subarray(0, 32))).toMatchObject({ name: 'rancher-metadata.ra', nameCut: true });
    const answer = encode({
      type: 'response',
      id: 7,
      flags: 384,
      questions: [{ type: 'A', name: 'a.b' }],
      answers: [
        { type: 'CNAME', name: 'a.b', data: 'c.d' },
        { type: 'A', name: 'c.d', data: '169.254.169.250' },
      ],
    });
    expect(readDnsMessage(answer)).toMatchObject({
      response: true,
      rcode: 'NOERROR',
      answerCount: 2,
      answers: [
        { type: 'CNAME', data: 'c.d' },
        { type: 'A', data: '169.254.169.250' },
      ],
    });
  });

  test('pointers that lead to themselves end', () => {
    expect(readDnsMessage(Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12]))).toMatchObject({ nameCut: true });
  });

  property.prop([fc.uint8Array({ maxLength: 200 })])('any bytes are read or refused', (bytes) => {
    readDnsMessage(bytes);
    readNscdRequest([{ bytes, cut: false }]);
    readNscdReply('GETAI', [{ bytes, cut: false }]);
  });

  property.prop([fc.stringMatching(/^[a-z]{1,20}\.[a-z]{1,20}$/u), fc.ipV4()])(
    'what dns-packet writes is what is read',
    (name, address) => {
      const bytes = encode({
        type: 'response',
        id: 1,
        flags: 384,
        questions: [{ type: 'A', name }],
        answers: [{ type: 'A', name, data: address }],
      });
      expect(decode(bytes).questions?.[0]?.name).toBe(name);
      expect(readDnsMessage(bytes)).toMatchObject({ name, answers: [{ type: 'A', data: address }] });
    },
  );
});
