/** What is not known is named, never guessed. */
import { describe, expect, test } from 'vitest';
import { NOT_COLLECTED, unobserved } from '../../../src/facts/fact.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { resolveGlibc } from '../../../src/model/glibc/stack.ts';
import type { ViewFacts } from '../../../src/facts/node-facts.ts';
import type { Call, Need } from '../../../src/model/types.ts';
import { nodeOf } from './node.ts';

const INET: Call = { call: 'getaddrinfo', family: 'inet', flags: [], socktype: 'stream' };
const UNSPEC: Call = { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' };

function needs(change: (view: ViewFacts) => ViewFacts, name: string, call: Call = INET): readonly Need[] {
  const { world, view } = nodeOf({ files: { '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n' } });
  const changed = change(view);
  const { outcome } = resolveGlibc(makeWorld({ ...world.node, views: [changed] }), changed, '2.36', call, name);
  return outcome.kind === 'cannot-tell' ? outcome.needs : [];
}

const without =
  (path: string) =>
  (view: ViewFacts): ViewFacts => ({ ...view, files: Object.fromEntries(Object.entries(view.files).filter(([key]) => key !== path)) });

describe('facts that decide', () => {
  test.each([
    { missing: '/etc/hosts', name: 'localhost' },
    { missing: '/etc/nsswitch.conf', name: 'localhost' },
    { missing: '/etc/resolv.conf', name: 'www.example' },
  ])('$missing was not looked at', ({ missing, name }) => {
    expect(needs(without(missing), name)).toEqual([{ kind: 'file', view: 'host', path: missing }]);
  });

  test('a file that could not be read is not a missing file', () => {
    const denied = needs((view) => ({ ...view, files: { ...view.files, '/etc/hosts': unobserved('permission') } }), 'localhost');
    expect(denied).toEqual([{ kind: 'file', view: 'host', path: '/etc/hosts' }]);
  });

  test('resolv.conf does not matter for a name in hosts, host.conf not for a single line', () => {
    expect(needs((view) => without('/etc/host.conf')(without('/etc/resolv.conf')(view)), 'localhost')).toEqual([]);
  });

  test('host.conf matters where two lines match', () => {
    expect(needs(without('/etc/host.conf'), 'localhost', UNSPEC)).toEqual([{ kind: 'file', view: 'host', path: '/etc/host.conf' }]);
  });

  test('sockets decide whether nscd answers', () => {
    expect(needs((view) => ({ ...view, sockets: NOT_COLLECTED }), 'localhost')).toEqual([{ kind: 'view', view: 'host', fact: 'sockets' }]);
  });

  test('both questions of a pair are named', () => {
    const { world, view } = nodeOf({ files: { '/etc/resolv.conf': 'nameserver 10.240.0.1\n' } });
    const { outcome } = resolveGlibc(makeWorld(world.node), view, '2.36', UNSPEC, 'www.example');
    expect(outcome).toMatchObject({
      kind: 'cannot-tell',
      needs: [{ question: { type: 'A', server: '10.240.0.1' } }, { question: { type: 'AAAA' } }],
    });
  });

  test('a module that nobody looked for matters only when it could answer', () => {
    const files = { '/etc/nsswitch.conf': 'hosts: files mdns4_minimal [NOTFOUND=return] dns\n' };
    const { world, view } = nodeOf({ files, dns: [{ server: '127.0.0.1', records: { 'www.example': { A: ['192.0.2.1'] } } }] });
    const unseen = { ...view, nssModules: NOT_COLLECTED };
    expect(resolveGlibc(world, unseen, '2.36', INET, 'www.example').outcome.kind).toBe('addresses');
    expect(resolveGlibc(world, unseen, '2.36', INET, 'printer.local').outcome).toMatchObject({
      kind: 'cannot-tell',
      needs: [{ kind: 'view', fact: 'nssModules' }],
    });
  });
});
