/** How many lookups of `localhost` a second the model answers for a view that is parsed already, on one core. */
import { resolveGlibc } from '../src/model/glibc/stack.ts';
import { goStack } from '../src/model/go/stack.ts';
import { muslStack } from '../src/model/musl/stack.ts';
import type { Call, World } from '../src/model/types.ts';
import type { ViewFacts } from '../src/facts/node-facts.ts';
import { worldFromGiven } from '../src/vectors/world-from-given.ts';
import type { Bench } from './bench.ts';

const INET: Call = { call: 'getaddrinfo', family: 'inet', flags: [], socktype: 'stream' };
const SORTED: Call = { call: 'getaddrinfo', family: 'unspec', flags: ['AI_ADDRCONFIG'], socktype: 'stream' };
const GO: Call = { call: 'go-lookup', network: 'ip' };

const LOOKUPS: readonly (readonly [what: string, lookUp: (world: World, view: ViewFacts) => unknown])[] = [
  ['glibc getaddrinfo AF_INET', (world, view) => resolveGlibc(world, view, '2.36', INET, 'localhost')],
  ['glibc getaddrinfo AF_UNSPEC, sorted', (world, view) => resolveGlibc(world, view, '2.36', SORTED, 'localhost')],
  ['glibc gethostbyname', (world, view) => resolveGlibc(world, view, '2.36', { call: 'gethostbyname' }, 'localhost')],
  ['musl getaddrinfo AF_UNSPEC, sorted', (world, view) => muslStack.resolve(world, view, '1.2.5', SORTED, 'localhost')],
  ['Go LookupIPAddr, sorted', (world, view) => goStack.resolve(world, view, '1.22.5', GO, 'localhost', { cgo: false })],
];
const GIVEN = {
  files: {
    '/etc/hosts': '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n10.240.0.34 node1.example node1\n',
    '/etc/nsswitch.conf': 'passwd: files\nhosts: files dns\n',
    '/etc/host.conf': 'multi on\n',
    '/etc/resolv.conf': 'nameserver 10.240.0.1\n',
  },
  net: {
    interfaces: [
      { name: 'lo', addrs: ['127.0.0.1/8', '::1/128'] },
      { name: 'eth0', addrs: ['10.240.0.34/24', '2001:db8:1::34/64'] },
    ],
    routes: ['default via 10.240.0.1 dev eth0'],
  },
};
const COUNT = 200_000;

export const bench: Bench = {
  name: 'model',
  run: () => {
    const { world, view } = worldFromGiven(GIVEN, '2.36');
    const rows = LOOKUPS.map(([what, lookUp]) => {
      const turn = (count: number): number => {
        const started = process.cpuUsage();
        for (let i = 0; i < count; i++) lookUp(world, view);
        const used = process.cpuUsage(started);
        return (count * 1e6) / (used.user + used.system);
      };
      turn(20_000);
      // CPU time, not wall time: the number is that of one core, however busy the others are.
      return {
        what: `${what}, localhost in hosts`,
        against: 'one core, CPU time',
        value: turn(COUNT),
        unit: 'per second',
        bar: 200_000,
      } as const;
    });
    return Promise.resolve(rows);
  },
};
