/** The short ways of a diagnosis (one view asked for many, answers that an edit cannot change) give what asking each view gives. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { askWith, diagnose } from '../../src/diagnose/diagnose.ts';
import { askOnce, standIns } from '../../src/diagnose/same-question.ts';
import { known } from '../../src/facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../../src/facts/node-facts.ts';
import { worldOf } from '../../src/model/answering-servers.ts';
import { clients } from '../../src/model/clients/index.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../support/small-node.ts';

interface Container {
  readonly hosts: string;
  readonly nsswitch: string | null;
  readonly resolv: string;
  readonly libc: 'glibc' | 'musl';
  readonly ipv6: boolean;
  readonly loUp: boolean;
  readonly hostNetwork: boolean;
  readonly nscd: boolean;
  readonly ownHostname: boolean;
  /** Where the container's own line stands in its hosts file. */
  readonly ownLine: 'nowhere' | 'first' | 'last' | 'last, unfinished';
}

const container = fc.record<Container>({
  hosts: fc.constantFrom('127.0.0.1 localhost\n::1 localhost\n', '127.0.0.1 localhost\n10.0.0.7 db\n', '::1 localhost\n', ''),
  nsswitch: fc.constantFrom('hosts: files dns\n', 'hosts: dns files\n', null),
  resolv: fc.constantFrom('nameserver 192.0.2.53\n', 'search corp\nnameserver 127.0.0.53\n', 'nameserver 127.0.0.11\noptions ndots:0\n'),
  libc: fc.constantFrom('glibc', 'musl'),
  ipv6: fc.boolean(),
  loUp: fc.boolean(),
  hostNetwork: fc.boolean(),
  nscd: fc.boolean(),
  ownHostname: fc.boolean(),
  ownLine: fc.constantFrom('nowhere', 'first', 'last', 'last, unfinished'),
});

const probe = (name: string): { readonly kind: 'probe'; readonly probe: string } => ({ kind: 'probe', probe: name });

function hostsOf({ hosts, ownLine }: Container, index: number): string {
  const own = `10.42.0.${String(index + 2)} c${String(index)}`;
  if (ownLine === 'nowhere') return hosts;
  return ownLine === 'first' ? `${own}\n${hosts}` : `${hosts}${own}${ownLine === 'last' ? '\n' : ''}`;
}

function viewOf(c: Container, index: number): ViewFacts {
  return smallView({
    id: `container:${String(index).padStart(12, '0')}`,
    kind: 'container',
    names: [`c${String(index)}`],
    pid: 1000 + index,
    netns: c.hostNetwork ? 'host' : `net:${String(4_026_531_900 + index)}`,
    hostname: known(c.ownHostname ? `c${String(index)}` : 'node1', probe('hostname')),
    libc: known({ kind: c.libc, version: c.libc === 'musl' ? '1.2.4' : c.nscd ? '2.17' : '2.36' }, probe('libc')),
    text: { '/etc/hosts': hostsOf(c, index), '/etc/nsswitch.conf': c.nsswitch, '/etc/resolv.conf': c.resolv },
    sockets: known(c.nscd ? [{ service: 'nscd', path: '/var/run/nscd/socket', state: 'answering', daemon: 'nscd:77' }] : [], probe('s')),
  });
}

interface Spread {
  /** Few kinds of containers, many of each. */
  readonly kinds: readonly Container[];
  readonly count: number;
  readonly observed: boolean;
  readonly resolved: boolean;
}

const spread = fc.record<Spread>({
  kinds: fc.array(container, { minLength: 1, maxLength: 3 }),
  count: fc.integer({ min: 2, max: 9 }),
  observed: fc.boolean(),
  resolved: fc.boolean(),
});

function nodeOf({ kinds, count, observed, resolved }: Spread): NodeFacts {
  const containers = Array.from({ length: count }, (_, i) => ({ c: kinds[i % kinds.length] ?? kinds[0], i })).flatMap(({ c, i }) =>
    c === undefined ? [] : [{ c, view: viewOf(c, i) }],
  );
  return smallNode({
    views: [
      smallView({ text: { '/etc/nscd.conf': 'enable-cache hosts yes\n', '/run/systemd/resolve/resolv.conf': 'nameserver 192.0.2.53\n' } }),
    ].concat(containers.map(({ view }) => view)),
    netns: [
      smallNetns(),
      ...containers.flatMap(({ c, view }) => (c.hostNetwork ? [] : [smallNetns({ id: view.netns, ipv6: c.ipv6, loUp: c.loUp })])),
    ],
    daemons: [
      { id: 'nscd:77', kind: 'nscd', view: 'host', configPath: '/etc/nscd.conf' },
      ...(resolved ? [{ id: 'systemd-resolved:3', kind: 'systemd-resolved', view: 'host' } as const] : []),
    ],
    dns: observed
      ? ['A', 'AAAA'].map((type) => ({
          netns: containers[0]?.view.netns ?? 'host',
          question: { server: '192.0.2.53', name: 'db', type, transport: 'udp' as const },
          reply: { kind: 'answer' as const, rcode: 'NXDOMAIN', answers: [], ra: true },
        }))
      : [],
  });
}

const NAMES = ['localhost', 'db', 'c1', 'rancher-metadata'].map((name) => ({ name }));
const RUNS = Number(process.env['CULPRIT_WORLDS'] ?? 150);

describe('views that are the same are asked once', () => {
  test.each([
    ['names that a person asks for', NAMES],
    ['what the node needs', []],
  ])(
    'and the diagnosis is the same: %s',
    (_, names) => {
      fc.assert(
        fc.property(spread, (s) => {
          const snapshot = smallSnapshot(nodeOf(s));
          const short = diagnose(snapshot, { causes, clients, names });
          const long = diagnose(snapshot, { causes, clients, names, askEach: true });
          expect(short).toEqual(long);
        }),
        { numRuns: RUNS },
      );
    },
    10 * 60_000,
  );

  const two = (second: Partial<Container> = {}, more: Partial<NodeFacts> = {}): NodeFacts => {
    const c: Container = {
      hosts: '127.0.0.1 localhost\n',
      nsswitch: null,
      resolv: 'nameserver 192.0.2.53\n',
      libc: 'musl',
      ipv6: true,
      loUp: true,
      hostNetwork: false,
      nscd: false,
      ownHostname: false,
      ownLine: 'nowhere',
    };
    const [a, b] = [viewOf(c, 1), viewOf({ ...c, ...second }, 2)];
    const netns = [smallNetns({ id: a.netns }), smallNetns({ id: b.netns, ipv6: second.ipv6 ?? true })];
    return smallNode({ views: [smallView(), a, b], netns: [smallNetns(), ...netns], ...more });
  };
  const [first, second] = ['container:000000000001', 'container:000000000002'];

  test('same files in namespaces that differ by id alone', () => {
    expect([...standIns(two())].map(([id, view]) => [id, view.id])).toEqual([[second, first]]);
  });

  test.each([
    ['another hosts file', two({ hosts: '' })],
    ['another C library', two({ libc: 'glibc' })],
    ['no IPv6 in one namespace', two({ ipv6: false })],
    ['another host name', two({ ownHostname: true })],
    [
      'a program was run in one',
      two({}, { runs: [{ view: second, client: 'dig', command: 'dig db', name: 'db', stdout: '', stderr: '' }] }),
    ],
    [
      'a connection was tried in one',
      two({}, { dials: [{ netns: 'net:4026531902', address: '10.0.0.7', port: 80, protocol: 'tcp', result: 'OK' }] }),
    ],
    ['a cache lives in one', two({}, { daemons: [{ id: 'nscd:9', kind: 'nscd', view: first }] })],
  ])('not with %s', (_, node) => {
    expect(standIns(node).size).toBe(0);
  });

  test.each([
    ['a name that no hosts file has', 'db', 1],
    ['a name on the same line of both', 'localhost', 1],
    ['the own name of one', 'c2', 2],
  ])('containers with lines of their own: %s is asked for %s: %i time(s)', (_, name, times) => {
    const node = two({ ownHostname: true, ownLine: 'last' });
    const world = worldOf(node);
    const plain = askWith(clients);
    let asked = 0;
    const ask = askOnce(world, (w, question) => {
      asked++;
      return plain(w, question);
    });
    for (const view of [first, second]) {
      const question = { view, client: 'getaddrinfo', name, need: 'required', because: { text: { en: '', zh: '' } } } as const;
      expect(ask(world, question)).toEqual(plain(world, question));
    }
    expect(asked).toBe(times);
  });
});
