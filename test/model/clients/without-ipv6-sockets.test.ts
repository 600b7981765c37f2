/** Lines that the real programs print where socket(AF_INET6) fails, or where resolv.conf names no usable server. */
import { describe, expect, test } from 'vitest';
import { known } from '../../../src/facts/fact.ts';
import { clients } from '../../../src/model/clients/index.ts';
import { goStack } from '../../../src/model/go/stack.ts';
import { makeWorld } from '../../../src/model/world.ts';
import type { JsonObject } from '../../../src/vectors/adapter.ts';
import { worldFromGiven } from '../../../src/vectors/world-from-given.ts';

const SOURCE = { kind: 'statement', key: 'test', text: 'test' } as const;
const LO = { interfaces: [{ name: 'lo', addrs: ['127.0.0.1/8', '::1/128'] }], routes: [] };
const NO_SOCKET = { ...LO, socket_AF_INET6: 'EAFNOSUPPORT' };
const SIX = '2001:db8:77::7 web\n';

interface Program {
  readonly client: string;
  readonly version: string;
  readonly flavour?: string;
  readonly args?: readonly string[];
}

function prints({ client, version, flavour, args = [] }: Program, net: JsonObject, files: JsonObject): readonly string[] {
  const { world, view } = worldFromGiven(
    { net, files: { '/etc/nsswitch.conf': 'hosts: files\n', '/etc/host.conf': 'multi on\n', ...files } },
    '2.36',
  );
  const found = clients.find((c) => c.id === client);
  const program = found?.program ?? client;
  const facts = known({ name: program, installed: true, version, ...(flavour === undefined ? {} : { flavour }) }, SOURCE);
  const views = [{ ...view, programs: { [program]: facts } }];
  const node = { ...world.node, views, kernelRelease: known('6.18.0', SOURCE) };
  const made = makeWorld(node, (netns, question) => world.dns(netns, question));
  const seen = made.node.views[0];
  return seen === undefined ? [] : (found?.answer(made, seen, 'web', 6443, { args }).prints ?? []);
}

describe('without IPv6 sockets', () => {
  test.each([
    [
      { client: 'telnet', version: '2.4', flavour: 'inetutils' },
      ['Trying 2001:db8:77::7...', 'telnet: socket: Address family not supported by protocol'],
    ],
    [{ client: 'telnet', version: '1.35.0', flavour: 'busybox' }, ['telnet: socket: Address family not supported by protocol']],
    [
      { client: 'ping', version: '1.35.0', flavour: 'busybox' },
      ['PING web (2001:db8:77::7): 56 data bytes', "ping: can't create raw socket: Address family not supported by protocol"],
    ],
    [
      { client: 'ping', version: '20210202', flavour: 'iputils' },
      ['ping: socket: Address family not supported by protocol', 'ping: web: Address family for hostname not supported'],
    ],
    [{ client: 'ping', version: '20221126', flavour: 'iputils' }, ['ping: web: Address family for hostname not supported']],
    [
      { client: 'ssh', version: '9.2' },
      ['socket: Address family not supported by protocol', 'ssh: connect to host web port 6443: failure'],
    ],
    [{ client: 'curl', version: '7.88.1', args: ['-6'] }, ['curl: (6) Could not resolve host: web']],
    [{ client: 'curl', version: '7.74.0', args: ['-6'] }, ["curl: (6) Couldn't resolve host 'web'"]],
  ] as const)('%o', (program, lines) => {
    expect(prints(program, NO_SOCKET, { '/etc/hosts': SIX })).toEqual(lines);
  });

  test('busybox nslookup ends at an IPv6 server, dig goes to its defaults', () => {
    const files = { '/etc/resolv.conf': 'nameserver ::1\n' };
    expect(prints({ client: 'nslookup', version: '1.35.0', flavour: 'busybox' }, NO_SOCKET, files)).toEqual([
      'nslookup: socket: Address family not supported by protocol',
    ]);
    expect(prints({ client: 'dig', version: '9.18.49', args: ['+tries=1'] }, NO_SOCKET, files)).toEqual([
      ';; communications error to 127.0.0.1#53: connection refused',
      ';; no servers could be reached',
    ]);
  });
});

test('dig without resolv.conf asks ::1, then 127.0.0.1', () => {
  expect(prints({ client: 'dig', version: '9.18.49', args: ['+tries=1'] }, LO, {})).toEqual([
    ';; communications error to ::1#53: connection refused',
    ';; communications error to 127.0.0.1#53: connection refused',
    ';; no servers could be reached',
  ]);
});

describe('Go by release', () => {
  const given = {
    net: LO,
    files: { '/etc/hosts': '::ffff:192.0.2.7 mapped\n', '/etc/resolv.conf': 'nameserver 127.0.0.1\n' },
    dns: [{ server: '127.0.0.1', records: {}, default: 'NXDOMAIN' }],
  };
  test.each([
    ['1.19', '192.0.2.7'],
    ['1.21', '::ffff:192.0.2.7'],
  ])('%s: LookupHost gives %s for a mapped address of the hosts file', (version, address) => {
    const { world, view } = worldFromGiven(given, '2.36');
    const got = goStack.resolve(world, view, version, { call: 'go-lookup', network: 'ip' }, 'mapped', { lookupHost: true });
    expect(got.outcome).toMatchObject({ kind: 'addresses', addresses: [{ address }] });
  });
  test.each([
    ['1.16', ['A', 'AAAA']],
    ['1.17', ['A']],
  ])('%s asks for %j where IPv4 alone is wanted', (version, types) => {
    const { world, view } = worldFromGiven(given, '2.36');
    const got = goStack.resolve(world, view, version, { call: 'go-lookup', network: 'ip4' }, 'nosuch.example', {});
    expect(got.queries.map((q) => q.type)).toEqual(types);
  });
});
