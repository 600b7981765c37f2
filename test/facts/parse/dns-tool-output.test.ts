import { describe, expect, test } from 'vitest';
import { parseDigReply, parseNslookupReply } from '../../../src/facts/parse/dns-tool-output.ts';

describe('nslookup', () => {
  test.each([
    [
      'BIND, an address',
      'Server:\t\t10.0.0.53\nAddress:\t10.0.0.53#53\n\nName:\tweb.example\nAddress: 192.0.2.1\nName:\tweb.example\nAddress: 192.0.2.2\n',
      'A',
      {
        rcode: 'NOERROR',
        answers: [
          { name: 'web.example', type: 'A', data: '192.0.2.1' },
          { name: 'web.example', type: 'A', data: '192.0.2.2' },
        ],
      },
    ],
    [
      'busybox, an address',
      'Server:\t\t10.0.0.53\nAddress:\t10.0.0.53:53\n\nName:\tweb.example\nAddress: 192.0.2.1\n\n',
      'A',
      { rcode: 'NOERROR', answers: [{ name: 'web.example', type: 'A', data: '192.0.2.1' }] },
    ],
    [
      'old busybox',
      'Server:    10.0.0.53\nAddress 1: 10.0.0.53 dns\n\nName:      web.example\nAddress 1: 192.0.2.1 web\n',
      'A',
      { rcode: 'NOERROR', answers: [{ name: 'web.example', type: 'A', data: '192.0.2.1' }] },
    ],
    [
      'an IPv6 address',
      'Server:\t\t10.0.0.53\nAddress:\t10.0.0.53#53\n\nName:\tweb.example\nAddress: 2001:db8::1\n',
      'AAAA',
      { rcode: 'NOERROR', answers: [{ name: 'web.example', type: 'AAAA', data: '2001:db8::1' }] },
    ],
    ['NXDOMAIN', "Server:\t\t10.0.0.53\n** server can't find web.example: NXDOMAIN\n", 'A', { rcode: 'NXDOMAIN', answers: [] }],
    [
      'no data',
      "Server:\t\t10.0.0.53\nAddress:\t10.0.0.53#53\n\n*** Can't find web.example: No answer\n",
      'AAAA',
      { rcode: 'NOERROR', answers: [] },
    ],
    [
      'an alias',
      'Server:\t\t10.0.0.53\nAddress:\t10.0.0.53#53\n\nweb.example\tcanonical name = Real.Example.\nName:\treal.example\nAddress: 192.0.2.9\n',
      'A',
      {
        rcode: 'NOERROR',
        answers: [
          { name: 'web.example', type: 'CNAME', data: 'real.example' },
          { name: 'web.example', type: 'A', data: '192.0.2.9' },
        ],
      },
    ],
  ] as const)('%s', (_, text, type, expected) => {
    expect(parseNslookupReply(text, 'web.example', type)).toEqual({ kind: 'answer', ...expected });
  });

  test.each([
    [';; connection timed out; no servers could be reached\n', { kind: 'silent' }],
    [
      "nslookup: write to '127.0.0.1': Connection refused\n;; connection timed out; no servers could be reached\n",
      { kind: 'error', errno: 'ECONNREFUSED' },
    ],
    ['sh: nslookup: not found\n', undefined],
  ])('%j', (text, expected) => {
    expect(parseNslookupReply(text, 'x', 'A')).toEqual(expected);
  });
});

describe('dig', () => {
  test.each([
    [';; communications error to 10.0.0.1#53: timed out\n\n;; no servers could be reached\n', { kind: 'silent' }],
    [
      ';; communications error to 127.0.0.1#9: connection refused\n;; no servers could be reached\n',
      { kind: 'error', errno: 'ECONNREFUSED' },
    ],
    ['sh: dig: not found', undefined],
  ])('%j', (text, expected) => {
    expect(parseDigReply(text)).toEqual(expected);
  });
});
