/** nss-myhostname and nss-mdns of Debian 12 without avahi: answers seen with the real modules. */
import { describe, expect, test } from 'vitest';
import { known } from '../../../src/facts/fact.ts';
import { resolveGlibc } from '../../../src/model/glibc/stack.ts';
import type { Call } from '../../../src/model/types.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { asked, gai, nodeOf, said, type TestNode } from '../glibc/node.ts';

const node = (net: TestNode['net'], line = 'hosts: myhostname'): TestNode => ({
  ...(net === undefined ? {} : { net }),
  hostname: 'node1',
  modules: ['myhostname', 'mdns6', 'mdns4_minimal'],
  files: { '/etc/nsswitch.conf': `${line}\n` },
  dns: [{ server: '127.0.0.1', records: {}, default: 'NXDOMAIN' }],
});

describe('nss-myhostname', () => {
  test.each([
    { net: 'ipv4Node', name: 'localhost', family: 'unspec', gets: '::1 127.0.0.1' },
    { net: 'ipv6Disabled', name: 'localhost', family: 'unspec', gets: '127.0.0.1' },
    { net: 'ipv6Disabled', name: 'localhost', family: 'inet6', gets: 'EAI_NONAME' },
    { net: 'ipv4Node', name: 'node1', family: 'unspec', gets: '10.240.0.34' },
    // One family asked: the other one's addresses do not count, and loopback stands in.
    { net: 'ipv4Node', name: 'node1', family: 'inet6', gets: '::1' },
    { net: 'loopOnly', name: 'node1', family: 'unspec', gets: '::1 127.0.0.2' },
    { net: 'loopOnly', name: 'node1', family: 'inet', gets: '127.0.0.2' },
    { net: 'linkLocal', name: 'node1', family: 'inet6', gets: 'fe80::34' },
    { net: 'ipv4Node', name: '_gateway', family: 'unspec', gets: '10.240.0.1' },
    { net: 'ipv4Node', name: '_gateway', family: 'inet6', gets: 'EAI_NONAME' },
    { net: 'ipv4Node', name: '_outbound', family: 'unspec', gets: '10.240.0.34' },
    { net: 'ipv4Node', name: 'FOO.Localhost.', family: 'inet', gets: '127.0.0.1' },
    { net: 'ipv4Node', name: 'NODE1', family: 'unspec', gets: 'EAI_NONAME' },
  ] as const)('$name ($family) on $net: $gets', ({ net, name, family, gets }) => {
    expect(said(gai(node(net), name, family))).toBe(gets);
  });

  // Beside glibc 2.31 stands systemd 247 or older, beside 2.35 249: seen with Debian 11.
  test.each([
    { libc: '2.31', net: 'ipv6Disabled', name: 'localhost', family: 'unspec', gets: '127.0.0.1 ::1' },
    { libc: '2.31', net: 'ipv6Disabled', name: 'localhost', family: 'inet6', gets: '::1' },
    { libc: '2.31', net: 'ipv4Node', name: '_outbound', family: 'unspec', gets: 'EAI_NONAME' },
    { libc: '2.35', net: 'ipv6Disabled', name: 'localhost', family: 'inet6', gets: '::1' },
    { libc: '2.35', net: 'ipv4Node', name: '_outbound', family: 'unspec', gets: '10.240.0.34' },
    { libc: '2.34', net: 'ipv6Disabled', name: 'localhost', family: 'inet6', gets: 'EAI_NONAME' },
  ] as const)('beside glibc $libc, $name ($family) on $net: $gets', ({ libc, net, name, family, gets }) => {
    const { world, view } = nodeOf(node(net));
    expect(said(resolveGlibc(world, view, libc, { call: 'getaddrinfo', family, flags: [], socktype: 'stream' }, name))).toBe(gets);
  });

  test('the own name without IPv6 addresses is called localhost as well', () => {
    const { world, view } = nodeOf(node('ipv4Node'));
    const call: Call = { call: 'gethostbyname2', family: 'inet6' };
    expect(resolveGlibc(world, view, '2.36', call, 'node1').outcome).toMatchObject({ canonicalName: 'node1', aliases: ['localhost'] });
  });

  test('a process that may not make IPv6 sockets still gets ::1; a kernel without IPv6 does not give it', () => {
    const { world, view, netns } = nodeOf(node('loopOnly'));
    const call: Call = { call: 'gethostbyname2', family: 'inet6' };
    const source = { kind: 'file', path: '/proc/net/if_inet6' } as const;
    const noSocket = { ...netns, ipv6Socket: known(false, source) };
    const filtered = { ...noSocket, disableIpv6: { all: known(false, source) } };
    const ask = (changed: typeof netns) => {
      const answer = resolveGlibc(makeWorld({ ...world.node, netns: [changed] }), view, '2.36', call, 'localhost');
      return said(answer);
    };
    expect(ask(filtered)).toBe('::1');
    expect(ask(noSocket)).toBe('HOST_NOT_FOUND');
  });
});

test.each([
  { line: 'hosts: mdns4_minimal', name: 'printer.local', queries: ['local. SOA'] },
  { line: 'hosts: mdns4_minimal', name: 'a.printer.local', queries: [] },
  { line: 'hosts: mdns6', name: 'printer.local', queries: ['local. SOA'] },
])('gethostbyname through $line without avahi: $name', ({ line, name, queries }) => {
  const { world, view } = nodeOf(node('ipv4Node', line));
  const answer = resolveGlibc(world, view, '2.36', { call: 'gethostbyname' }, name);
  expect([said(answer), asked(answer)]).toEqual(['NO_RECOVERY', queries]);
});
