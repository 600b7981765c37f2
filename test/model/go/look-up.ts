/** A Go program's look-up in the smallest node, for the tests beside this file. */
import { known } from '../../../src/facts/fact.ts';
import type { NetnsFacts, ViewFacts } from '../../../src/facts/node-facts.ts';
import type { GoOptions } from '../../../src/model/go/lookup-order.ts';
import { goStack } from '../../../src/model/go/stack.ts';
import type { Resolution } from '../../../src/model/types.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { dnsOf, type Zone } from '../../support/scripted-dns.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

export interface Asked extends GoOptions {
  readonly version?: string;
  readonly network?: 'ip' | 'ip4' | 'ip6';
  readonly hosts?: string | null;
  readonly nsswitch?: string | null;
  readonly resolv?: string | null;
  readonly dns?: Readonly<Record<string, Zone | string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly netns?: NetnsFacts;
  readonly view?: Partial<ViewFacts>;
}

export function lookUp(name: string, asked: Asked = {}): Resolution {
  const {
    version = '1.22.5',
    network = 'ip',
    dns = {},
    env = {},
    hostname = 'node1',
    netns = smallNetns(),
    view: more = {},
    ...rest
  } = asked;
  const { hosts = '127.0.0.1 localhost\n', nsswitch = 'hosts: files dns\n', resolv = 'nameserver 192.0.2.53\n', ...options } = rest;
  const source = { kind: 'probe', probe: 'test' } as const;
  const view = smallView({
    text: { '/etc/hosts': hosts, '/etc/nsswitch.conf': nsswitch, '/etc/resolv.conf': resolv },
    env: known(env, source),
    hostname: known(hostname, source),
    ...more,
  });
  const node = smallNode({ netns: [netns], views: [view] });
  return goStack.resolve(makeWorld(node, dnsOf(dns)), view, version, { call: 'go-lookup', network }, name, options);
}

export const addressesOf = (r: Resolution): readonly string[] =>
  r.outcome.kind === 'addresses' ? r.outcome.addresses.map((a) => (a.zone === undefined ? a.address : `${a.address}%${a.zone}`)) : [];
export const errorOf = (r: Resolution): string => (r.outcome.kind === 'error' ? r.outcome.error.text : `no error but ${r.outcome.kind}`);
