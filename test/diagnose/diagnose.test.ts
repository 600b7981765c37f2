import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { known } from '../../src/facts/fact.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import type { Symptom } from '../../src/facts/symptom.ts';
import { clients } from '../../src/model/clients/index.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../support/small-node.ts';

const ARTICLE_HOSTS = '::1         localhost localhost.localdomain localhost6\n127.0.0.1   node1.Localdomain\n';

const run = (node: NodeFacts, name?: string, port?: number): ReturnType<typeof diagnose> =>
  diagnose(smallSnapshot(node), {
    causes,
    clients,
    ...(name === undefined ? {} : { names: [{ name, ...(port === undefined ? {} : { port }) }] }),
  });

const firstArticle = (overrides: Partial<NodeFacts> = {}): NodeFacts =>
  smallNode({ views: [smallView({ text: { '/etc/hosts': ARTICLE_HOSTS } })], netns: [smallNetns({ ipv6: false })], ...overrides });

describe('localhost is ::1 only and lo has no ::1', () => {
  test('is proved, cites the hosts line and the missing address, and mends the line', () => {
    const { verdicts } = run(firstArticle(), 'localhost', 6443);
    const [first] = verdicts;
    expect(first).toMatchObject({ cause: 'localhost-ipv6-only-lo-without-ipv6', certainty: 'proved' });
    expect(first?.evidence.map((e) => e.source)).toContainEqual(expect.objectContaining({ path: '/etc/hosts', line: 1 }));
    expect(first?.remedies[0]?.edits[0]).toMatchObject({
      edit: 'write-file',
      text: ARTICLE_HOSTS.replace('127.0.0.1   ', '127.0.0.1   localhost '),
    });
    expect(verdicts).toHaveLength(1);
    expect(first?.variants).toContain('localhost-ipv6-only-sysctl-persisted');
  });

  test('is found without being asked for a name', () => {
    expect(run(firstArticle()).verdicts[0]).toMatchObject({ cause: 'localhost-ipv6-only-lo-without-ipv6', certainty: 'proved' });
  });

  test('with multi off the name on a later line cures no glibc program, so the line goes first', () => {
    const node = firstArticle({ views: [smallView({ text: { '/etc/hosts': ARTICLE_HOSTS, '/etc/host.conf': 'multi off\n' } })] });
    const [first] = run(node).verdicts;
    expect(first?.certainty).toBe('proved');
    expect(first?.remedies[0]?.id).toBe('ipv4-line-first');
  });

  test('IPv6 off beside a good IPv4 line is healthy', () => {
    const node = firstArticle({ views: [smallView({ text: { '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n' } })] });
    expect(run(node).verdicts).toEqual([]);
  });

  test('without the interfaces it cannot be told, and the fact is named', () => {
    const node = firstArticle({ netns: [{ ...smallNetns(), interfaces: { state: 'unobserved', reason: 'not-collected' } }] });
    const { verdicts, needs } = run(node);
    expect(verdicts.filter((v) => v.certainty === 'proved')).toEqual([]);
    expect(needs).toContainEqual({ kind: 'netns', netns: 'host', fact: 'interfaces' });
  });
});

test('a line that begins with no address gives no name, and is cited', () => {
  const node = smallNode({
    views: [smallView({ text: { '/etc/hosts': '127.0.0.1. localhost\n10.0.0.5 node1\n' } })],
    dns: ['A', 'AAAA'].map((type) => ({
      netns: 'host',
      question: { server: '192.0.2.53', name: 'localhost', type, transport: 'udp' },
      reply: { kind: 'answer', rcode: 'NXDOMAIN', answers: [], ra: true },
    })),
  });
  const [first] = run(node).verdicts;
  expect(first).toMatchObject({ cause: 'localhost-missing', certainty: 'proved' });
  expect(first?.evidence.map((e) => e.source)).toContainEqual(expect.objectContaining({ path: '/etc/hosts', line: 1 }));
});

test('a container of musl without nsswitch.conf is as it should be, whatever a log complains of', () => {
  const container = smallView({
    id: 'container:0123456789ab',
    kind: 'container',
    libc: known({ kind: 'musl', version: '1.2.5' }, { kind: 'probe', probe: 'libc' }),
    text: { '/etc/hosts': '127.0.0.1 localhost\n', '/etc/nsswitch.conf': null },
  });
  const symptom: Symptom = { kind: 'lookup-failed', operation: 'resolve', name: 'db.example', count: 1, evidence: [] };
  const { verdicts } = diagnose(smallSnapshot(smallNode({ views: [smallView(), container] }), { symptoms: [symptom] }), {
    causes,
    clients,
  });
  expect(verdicts.map((v) => v.cause)).not.toContain('nsswitch-hosts-without-files');
});

describe('a service', () => {
  test('that listens nowhere is said to be down, and no localhost cause is', () => {
    const { verdicts } = run(smallNode(), 'localhost', 6443);
    expect(verdicts.map((v) => v.cause)).toEqual(['service-not-listening']);
  });

  test('that listens on IPv4 only, and a rule rejects 127.0.0.1: the rule is found, though ::1 is what the program complains of', () => {
    const listeners = [{ protocol: 'tcp', family: 'inet', address: '0.0.0.0', port: 10248 }] as const;
    const rule = { family: 'inet', hook: 'input', destination: '127.0.0.1/32', verdict: 'icmp-port-unreachable' } as const;
    const text = '-A INPUT -d 127.0.0.1/32 -j REJECT --reject-with icmp-port-unreachable';
    const netns = smallNetns({ listeners });
    const node = smallNode({ netns: [{ ...netns, rejects: known([{ ...rule, text }], { kind: 'command', command: 'iptables -S' }) }] });
    expect(run(node, 'localhost', 10248).verdicts[0]).toMatchObject({ cause: 'local-traffic-blocked', certainty: 'proved' });
  });

  test('that listens on IPv4 only, where localhost is ::1 only', () => {
    const listeners = [{ protocol: 'tcp', family: 'inet', address: '127.0.0.1', port: 10248 }] as const;
    const node = smallNode({
      views: [smallView({ text: { '/etc/hosts': '::1 localhost\n127.0.0.1 node1\n' } })],
      netns: [smallNetns({ listeners })],
    });
    expect(run(node, 'localhost', 10248).verdicts[0]).toMatchObject({
      cause: 'localhost-ipv6-only-service-ipv4-only',
      certainty: 'proved',
    });
  });
});

describe("the host's cache socket in a container", () => {
  const answer = (server: string, name: string, addresses: readonly string[]): NodeFacts['dns'] =>
    ['A', 'AAAA'].map((type) => ({
      netns: server === '192.0.2.53' ? 'host' : 'net:2',
      question: { server, name, type, transport: 'udp' },
      reply:
        addresses.length === 0
          ? { kind: 'answer', rcode: 'NXDOMAIN', answers: [], ra: true }
          : { kind: 'answer', rcode: 'NOERROR', ra: true, answers: type === 'A' ? addresses.map((data) => ({ name, type, data })) : [] },
    }));
  const container = (state: 'answering' | 'refused'): NodeFacts['views'][number] =>
    smallView({
      id: 'container:0123456789ab',
      kind: 'container',
      names: ['kubelet'],
      pid: 4242,
      netns: 'net:2',
      text: { '/etc/hosts': '127.0.0.1 localhost\n', '/etc/resolv.conf': 'nameserver 169.254.169.250\n' },
      sockets: known([{ service: 'nscd', path: '/var/run/nscd/socket', state, ...(state === 'answering' ? { daemon: 'unscd:77' } : {}) }], {
        kind: 'probe',
        probe: 'sockets',
      }),
      mounts: known([{ target: '/var/run', hostPath: '/run', fsType: 'tmpfs', source: 'tmpfs', options: 'rw' }], {
        kind: 'file',
        path: '/proc/4242/mountinfo',
      }),
    });
  const node = (config: string, state: 'answering' | 'refused' = 'answering'): NodeFacts =>
    smallNode({
      views: [smallView({ text: { '/etc/hosts': '127.0.0.1 localhost\n', '/etc/nscd.conf': config } }), container(state)],
      netns: [smallNetns(), smallNetns({ id: 'net:2' })],
      daemons: [{ id: 'unscd:77', kind: 'unscd', pid: 77, view: 'host', configPath: '/etc/nscd.conf' }],
      dns: [...answer('192.0.2.53', 'rancher-metadata', []), ...answer('169.254.169.250', 'rancher-metadata', ['169.254.169.250'])],
    });

  test('is proved, for a name asked for and without one', () => {
    for (const name of ['rancher-metadata', undefined]) {
      const { verdicts } = run(node('enable-cache hosts yes\n'), name);
      expect(verdicts[0]).toMatchObject({ cause: 'nscd-socket-in-container-hosts-cache', certainty: 'proved' });
      expect(verdicts[0]?.remedies.map((r) => r.id)).toEqual(['hide-socket', 'hosts-cache-off', 'stop-daemon']);
    }
  });

  test.each([
    ['its hosts cache is off', node('enable-cache hosts no\n')],
    ['nobody answers behind it', node('enable-cache hosts yes\n', 'refused')],
  ])('is no fault where %s', (_, healthy) => {
    expect(run(healthy).verdicts).toEqual([]);
  });
});
