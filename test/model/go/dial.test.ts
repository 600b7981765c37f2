import { expect, it } from 'vitest';
import type { Listener, NetnsFacts, NodeFacts } from '../../../src/facts/node-facts.ts';
import { goDial, type GoDial } from '../../../src/model/go/dial.ts';
import type { ResolvedAddress } from '../../../src/model/types.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

const address = (text: string): ResolvedAddress => ({ family: text.includes(':') ? 'inet6' : 'inet', address: text });
const on127: Listener = { protocol: 'tcp', family: 'inet', address: '127.0.0.1', port: 6443 };

function dial(addresses: readonly string[], netns: NetnsFacts, node: Partial<NodeFacts> = {}): GoDial {
  const view = smallView();
  return goDial(makeWorld(smallNode({ netns: [netns], views: [view], ...node })), view, addresses.map(address), 6443);
}

it('localhost is ::1 only, IPv6 off by sysctl', () => {
  expect(dial(['::1'], smallNetns({ ipv6: false, listeners: [on127] })).text).toBe(
    'dial tcp [::1]:6443: connect: cannot assign requested address',
  );
});

it('localhost is ::1 only, server on 127.0.0.1', () => {
  expect(dial(['::1'], smallNetns({ listeners: [on127] })).text).toBe('dial tcp [::1]:6443: connect: connection refused');
});

it('both families: the other one is tried at once when the first is refused', () => {
  const got = dial(['::1', '127.0.0.1'], smallNetns({ listeners: [on127] }));
  expect(got.outcome).toEqual({ kind: 'works', address: address('127.0.0.1') });
  expect(got.attempts.map((a) => a.address.address)).toContain('::1');
});

it('nothing listens: the first address is named', () => {
  const got = dial(['127.0.0.1', '::1'], smallNetns());
  expect(got.text).toBe('dial tcp 127.0.0.1:6443: connect: connection refused');
  expect(got.attempts).toHaveLength(2);
});

it('a silent first family is passed over after 300 ms', () => {
  const dials = [{ netns: 'host', address: '203.0.113.1', port: 6443, protocol: 'tcp', result: 'TIMEOUT' } as const];
  const got = dial(['203.0.113.1', '::1'], smallNetns({ listeners: [{ ...on127, family: 'inet6', address: '::1' }] }), { dials });
  expect(got.outcome).toEqual({ kind: 'works', address: address('::1') });
  expect(got.elapsedMs).toBe(300);
});

it('a far address that nobody tried: cannot tell', () => {
  expect(dial(['203.0.113.1'], smallNetns()).outcome.kind).toBe('cannot-tell');
});
