/** Java and Node.js by release and by the options they are started with. Java's hosts file and properties: seen with OpenJDK 17. */
import { describe, expect, test } from 'vitest';
import { known } from '../../../src/facts/fact.ts';
import type { ClientAnswer } from '../../../src/model/types.ts';
import { client as java } from '../../../src/model/clients/java.ts';
import { client as nodejs } from '../../../src/model/clients/nodejs.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { DUAL_NODE, IPV6_OFF, smallWorld, V4_NODE, type SmallWorld } from './small-world.ts';

const SOURCE = { kind: 'probe', probe: 'environment' } as const;
const BOTH = '::1 localhost\n127.0.0.1 localhost\n';

interface Given extends SmallWorld {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function ask(client: typeof java, given: Given, name: string, args: readonly string[] = []): ClientAnswer {
  const { world, view } = smallWorld({ hostConf: 'multi on\n', listen: [], ...given });
  const files = Object.fromEntries(
    Object.entries(given.files ?? {}).map(([path, text]) => [path, known({ text, encoding: 'utf8' as const }, { kind: 'file', path })]),
  );
  const changed = { ...view, env: known(given.env ?? {}, SOURCE), files: { ...view.files, ...files } };
  return client.answer(makeWorld({ ...world.node, views: [changed] }), changed, name, 6443, { args });
}

const tried = (answer: ClientAnswer): string => answer.attempts.map((a) => a.address.address).join(' ');
const program = (name: string, version: string): Pick<SmallWorld, 'programs'> => ({ programs: { [name]: { version } } });

describe('Java says of a failed connection', () => {
  test.each([
    ['17.0.15', V4_NODE, 'localhost', 'java.net.ConnectException: Connection refused'],
    ['11.0.22', V4_NODE, 'localhost', 'java.net.ConnectException: Connection refused (Connection refused)'],
    ['1.8.0_312', V4_NODE, 'localhost', 'java.net.ConnectException: Connection refused (Connection refused)'],
    ['21.0.2', V4_NODE, 'six', 'java.net.SocketException: Network is unreachable'],
    ['8u312', V4_NODE, 'six', 'java.net.SocketException: Network is unreachable (connect failed)'],
    [
      '12.0.1',
      ['ip link set lo up', 'ip route add blackhole 192.0.2.0/24'],
      'black',
      'java.net.SocketException: Invalid argument or cannot assign requested address',
    ],
    ['13.0.1', ['ip link set lo up', 'ip route add blackhole 192.0.2.0/24'], 'black', 'java.net.SocketException: Invalid argument'],
    [
      '11.0.22',
      ['ip link set lo up', 'ip route add unreachable 192.0.2.0/24'],
      'black',
      'java.net.NoRouteToHostException: No route to host (Host unreachable)',
    ],
  ])('%s', (version, net, name, says) => {
    const hosts = '127.0.0.1 localhost\n2001:db8::7 six\n192.0.2.7 black\n';
    expect(ask(java, { hosts, net, ...program('java', version) }, name).prints).toEqual([says]);
  });
});

describe('Java takes its options from the command line and from variables', () => {
  const dual = { hosts: '2001:db8::34 web\n10.240.0.34 web\n', net: DUAL_NODE };
  test.each<[string, Given, readonly string[], string]>([
    ['none', dual, [], '10.240.0.34'],
    ['preferIPv6Addresses', dual, ['-Djava.net.preferIPv6Addresses=true'], '2001:db8::34'],
    ['in JAVA_TOOL_OPTIONS', { ...dual, env: { JAVA_TOOL_OPTIONS: '-Xmx1g -Djava.net.preferIPv6Addresses=TRUE' } }, [], '2001:db8::34'],
    [
      'the command line after it',
      { ...dual, env: { JAVA_TOOL_OPTIONS: '-Djava.net.preferIPv6Addresses=true' } },
      ['-Djava.net.preferIPv6Addresses=false'],
      '10.240.0.34',
    ],
    [
      '_JAVA_OPTIONS last',
      { ...dual, env: { _JAVA_OPTIONS: '-Djava.net.preferIPv6Addresses=true' } },
      ['-Djava.net.preferIPv6Addresses=false'],
      '2001:db8::34',
    ],
    ['system, in the order of the C library', dual, ['-Djava.net.preferIPv6Addresses=system'], '2001:db8::34'],
    ['system is unknown to 8', { ...dual, ...program('java', '1.8.0_312') }, ['-Djava.net.preferIPv6Addresses=system'], '10.240.0.34'],
    [
      'JDK_JAVA_OPTIONS is unknown to 8',
      { ...dual, ...program('java', '1.8.0_312'), env: { JDK_JAVA_OPTIONS: '-Djava.net.preferIPv6Addresses=true' } },
      [],
      '10.240.0.34',
    ],
    [
      'preferIPv4Stack makes 127.0.0.1 of ::1',
      { hosts: '::1 web\n', env: { JAVA_TOOL_OPTIONS: '-Djava.net.preferIPv4Stack=true' } },
      [],
      '127.0.0.1',
    ],
    ['a hosts file of its own', { hosts: '', files: { '/own': '127.0.0.9 web # here\n' } }, ['-Djdk.net.hosts.file=/own'], '127.0.0.9'],
  ])('%s', (_, given, args, first) => {
    expect(tried(ask(java, given, 'web', args))).toBe(first);
  });

  test.each([
    ['web', 'java.net.UnknownHostException: Unable to resolve host web in hosts file /own'],
    ['WEB', 'java.net.UnknownHostException: Unable to resolve host WEB in hosts file /own'],
  ])('a name that its own hosts file lacks: %s', (name, says) => {
    const answer = ask(java, { hosts: '10.0.0.7 web\n', files: { '/own': '127.0.0.9 Web\n' } }, name, ['-Djdk.net.hosts.file=/own']);
    expect(answer.prints).toEqual([says]);
  });

  test('an address that is listed twice counts once', () => {
    const { outcome } = ask(java, { hosts: '::1 web\n::1 web\n' }, 'web').resolution;
    expect(outcome).toMatchObject({ addresses: [{ address: '::1' }] });
    expect(outcome.kind === 'addresses' && outcome.addresses.length).toBe(1);
  });

  test('localhost is taken for ::1 where IPv6 comes first', () => {
    const given = { hosts: '', nsswitch: 'hosts: files\n' };
    expect(tried(ask(java, given, 'localhost'))).toBe('127.0.0.1');
    expect(tried(ask(java, given, 'localhost', ['-Djava.net.preferIPv6Addresses=true']))).toBe('::1');
  });
});

describe('Node.js', () => {
  const local = { hosts: BOTH, net: DUAL_NODE };
  test.each<[string, Given, readonly string[], string]>([
    ['16: IPv4 first, the first address only', { ...local, ...program('node', '16.20.2') }, [], '127.0.0.1'],
    ['18: as the C library gives them, the first only', { ...local, ...program('node', '18.19.0') }, [], '::1'],
    ['20: both', { ...local, ...program('node', '20.11.0') }, [], '::1 127.0.0.1'],
    [
      'NODE_OPTIONS=--dns-result-order=ipv4first',
      { ...local, ...program('node', '20.11.0'), env: { NODE_OPTIONS: '--dns-result-order=ipv4first' } },
      [],
      '127.0.0.1 ::1',
    ],
    [
      'the command line after it',
      { ...local, ...program('node', '22.4.0'), env: { NODE_OPTIONS: '--dns-result-order=ipv4first' } },
      ['--dns-result-order=ipv6first'],
      '::1 127.0.0.1',
    ],
    ['16 with verbatim', { ...local, ...program('node', '16.20.2') }, ['--dns-result-order=verbatim'], '::1'],
    [
      '20 without autoselection',
      { ...local, ...program('node', '20.11.0'), env: { NODE_OPTIONS: '--no-network-family-autoselection' } },
      [],
      '::1',
    ],
    ['18 with it', { ...local, ...program('node', '18.19.0') }, ['--enable-network-family-autoselection'], '::1 127.0.0.1'],
    [
      'IPv6 off: AI_ADDRCONFIG asks for IPv4 alone',
      { hosts: '::1 localhost\n', net: IPV6_OFF, ...program('node', '18.19.0') },
      [],
      '127.0.0.1',
    ],
  ])('%s', (_, given, args, addresses) => {
    expect(tried(ask(nodejs, given, 'localhost', args))).toBe(addresses);
  });

  test.each([
    [[], 250],
    [['--network-family-autoselection-attempt-timeout=500'], 500],
    [['--network-family-autoselection-attempt-timeout=1'], 10],
  ])('an address that is silent is given up after a while: %j', (args, ms) => {
    const given = {
      hosts: '10.240.0.7 web\n2001:db8::34 web\n',
      net: DUAL_NODE,
      ...program('node', '20.11.0'),
      env: { NODE_OPTIONS: '--dns-result-order=ipv4first' },
    };
    const { world, view } = smallWorld({ hostConf: 'multi on\n', ...given });
    const changed = { ...view, env: known(given.env, SOURCE) };
    const dials = [{ netns: 'host', address: '10.240.0.7', port: 6443, protocol: 'tcp', result: 'TIMEOUT' } as const];
    const answer = nodejs.answer(makeWorld({ ...world.node, views: [changed], dials }), changed, 'web', 6443, { args });
    expect(answer.attempts[0]?.elapsedMs).toBe(ms);
  });
});
