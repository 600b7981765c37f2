/** Questions that end on the node itself, through the servers that run there. */
import { describe, expect, it } from 'vitest';
import { known } from '../../src/facts/fact.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import { answeringServers } from '../../src/model/answering-servers.ts';
import { goStack } from '../../src/model/go/stack.ts';
import { makeWorld } from '../../src/model/world.ts';
import { smallNetns, smallNode, smallView } from '../support/small-node.ts';

const COREFILE =
  'cluster.local {\nbind 169.254.20.10\nkubernetes cluster.local\n}\n. {\nbind 169.254.20.10\nforward . /etc/resolv.conf\n}\n';

function node(): NodeFacts {
  const source = { kind: 'probe', probe: 'test' } as const;
  const host = smallView({
    text: {
      '/etc/resolv.conf': 'nameserver 127.0.0.53\n',
      '/etc/hosts': '10.0.0.5 db.corp\n',
      '/run/systemd/resolve/resolv.conf': 'nameserver 192.0.2.53\n',
    },
  });
  const container = smallView({
    id: 'c1',
    kind: 'container',
    netns: 'c1',
    text: { '/etc/resolv.conf': 'nameserver 127.0.0.11\n# ExtServers: [host(127.0.0.53)]\n', '/etc/hosts': null },
  });
  const nodeLocal = smallView({
    id: 'nodelocal',
    kind: 'container',
    text: { '/etc/coredns/Corefile': COREFILE, '/etc/resolv.conf': 'nameserver 127.0.0.53\n' },
  });
  const pod = smallView({
    id: 'p1',
    kind: 'container',
    names: ['shop/web-0'],
    netns: 'p1',
    text: { '/etc/resolv.conf': 'nameserver 169.254.20.10\n', '/etc/hosts': null },
  });
  const hostNet = smallNetns({ listeners: [{ protocol: 'udp', family: 'inet', address: '127.0.0.53', port: 53 }] });
  const dummy = {
    name: 'nodelocaldns',
    index: 3,
    up: true,
    loopback: false,
    addresses: [{ family: 'inet', address: '169.254.20.10', prefixLength: 32 }],
  } as const;
  const interfaces = hostNet.interfaces.state === 'known' ? known([...hostNet.interfaces.value, dummy], source) : hostNet.interfaces;
  return smallNode({
    views: [host, container, nodeLocal, pod],
    netns: [{ ...hostNet, interfaces }, smallNetns({ id: 'c1' }), smallNetns({ id: 'p1' })],
    daemons: [{ id: 'systemd-resolved:300', kind: 'systemd-resolved', view: 'host' }],
    observations: { 'kube.services': known([{ namespace: 'shop', name: 'web', clusterIp: '10.96.7.7' }], source) },
  });
}

function lookUp(viewId: string, name: string): readonly string[] | string {
  const facts = node();
  const world = makeWorld(facts, answeringServers(facts));
  const view = world.view(viewId);
  if (view === undefined) return 'no view';
  const { outcome } = goStack.resolve(world, view, '1.22.5', { call: 'go-lookup', network: 'ip' }, name, { cgo: false });
  return outcome.kind === 'addresses' ? outcome.addresses.map(({ address }) => address) : outcome.kind;
}

describe('servers of the node', () => {
  it('systemd-resolved answers the host', () => {
    expect(lookUp('host', 'db.corp')).toEqual(['10.0.0.5']);
  });
  it('Docker hands a container’s question to it', () => {
    expect(lookUp('c1', 'db.corp')).toEqual(['10.0.0.5']);
  });
  it('a node-local CoreDNS answers pods for the cluster, and forwards the rest', () => {
    expect(lookUp('p1', 'web.shop.svc.cluster.local')).toEqual(['10.96.7.7']);
    expect(lookUp('p1', 'db.corp')).toEqual(['10.0.0.5']);
  });
  it('what nobody on the node answers stays unknown', () => {
    expect(lookUp('host', 'a.example')).toBe('cannot-tell');
  });
});
