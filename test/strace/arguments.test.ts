import { describe, expect, test } from 'vitest';
import { closingBracket, dataIn, descriptorOf, literalsIn, socketAddressOf, splitArguments, textOf } from '../../src/strace/arguments.ts';

describe('arguments of a call', () => {
  test('strings: octal, hexadecimal and simple escapes, cut or whole', () => {
    const [octal, hex, simple, cut] = literalsIn(String.raw`"\2\0\0\0\16", "\x02\x00", "a\n\t\"\\", "abc"...`);
    expect([...octal!.bytes]).toEqual([2, 0, 0, 0, 14]);
    expect([...hex!.bytes]).toEqual([2, 0]);
    expect(textOf(simple!)).toBe('a\n\t"\\');
    expect(cut).toMatchObject({ cut: true });
    // Three octal digits at the most: \1234 is \123 and 4.
    expect([...literalsIn(String.raw`"\1234"`)[0]!.bytes]).toEqual([0o123, 52]);
  });

  test('brackets and commas inside strings do not count', () => {
    expect(closingBracket(String.raw`3, "a)\")", [{fd=3}]) = 0`)).toBe(20);
    expect(closingBracket('3, "torn')).toBe(-1);
    expect(splitArguments(String.raw`3, "a, b", {x=1, y=[2, 3]}, 16`)).toEqual(['3', '"a, b"', '{x=1, y=[2, 3]}', '16']);
  });

  test.each([
    ['{sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}', { family: 'unix', path: '/var/run/nscd/socket' }],
    ['{sa_family=AF_FILE, path="/var/run/nscd/socket"...}', { family: 'unix', path: '/var/run/nscd/socket' }],
    ['{sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.43.0.10")}', { family: 'inet', address: '10.43.0.10', port: 53 }],
    [
      '{sa_family=AF_INET6, sin6_port=htons(6443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}',
      { family: 'inet6', address: '::1', port: 6443 },
    ],
    [
      '{sa_family=AF_INET6, sin6_port=htons(53), inet_pton(AF_INET6, "fd00:0::a", &sin6_addr), sin6_flowinfo=0, sin6_scope_id=0}',
      { family: 'inet6', address: 'fd00::a', port: 53 },
    ],
    ['{sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}', undefined],
    ['NULL', undefined],
  ])('%s', (text, address) => {
    expect(socketAddressOf(text)).toEqual(address);
  });

  test('the data of messages, not their addresses', () => {
    const message =
      '{msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}], msg_iovlen=2}';
    expect(dataIn(message).map(textOf)).toEqual(['ab', 'c']);
    expect(dataIn('"plain"').map(textOf)).toEqual(['plain']);
    // strace before 4.18
    expect(dataIn('{msg_name(0)=NULL, msg_iov(1)=[{"old", 3}], msg_controllen=0}').map(textOf)).toEqual(['old']);
  });

  test('descriptors with and without what -y adds', () => {
    expect([descriptorOf('3'), descriptorOf('3</etc/hosts>'), descriptorOf('AT_FDCWD'), descriptorOf(undefined)]).toEqual([
      3,
      3,
      undefined,
      undefined,
    ]);
  });
});
