/** Docker's server on 127.0.0.11: container names, forwarding, ndots, what it cannot know. */
import { describe, expect, it } from 'vitest';
import { dockerDnsAnswer } from '../../../src/model/docker-dns/server.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { dnsOf } from '../../support/scripted-dns.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

const DNS = dnsOf({
  '192.0.2.53': { 'a.example': { A: ['203.0.113.7'] } },
  '192.0.2.54': 'SERVFAIL',
  '192.0.2.55': { 'b.example': { A: ['203.0.113.8'] } },
});

interface Setup {
  readonly resolv?: string;
  readonly hostResolv?: string;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly type?: string;
}

function ask(name: string, { resolv = '', hostResolv = 'nameserver 192.0.2.53\n', names, type = 'A' }: Setup = {}): string {
  const container = smallView({
    id: 'c1',
    kind: 'container',
    netns: 'c1',
    text: { '/etc/resolv.conf': `nameserver 127.0.0.11\n${resolv}` },
  });
  const host = smallView({ text: { '/etc/resolv.conf': hostResolv, '/run/systemd/resolve/resolv.conf': null } });
  const world = makeWorld(smallNode({ views: [host, container], netns: [smallNetns(), smallNetns({ id: 'c1' })] }), DNS);
  const networks = names === undefined ? undefined : { names: new Map(Object.entries(names)) };
  const got = dockerDnsAnswer(world, container, { name, type, transport: 'udp' }, networks);
  if (got.kind !== 'reply') return 'cannot tell';
  if (got.reply.kind !== 'answer') return got.reply.kind;
  return got.reply.answers.map((record) => record.data).join(' ') || got.reply.rcode;
}

describe('Docker’s server', () => {
  it.each([
    ['a container of the same networks', 'db', { names: { db: ['172.18.0.3'] } }, '172.18.0.3'],
    ['a container without IPv6 has an empty AAAA answer', 'db', { names: { db: ['172.18.0.3'] }, type: 'AAAA' }, 'NOERROR'],
    ['a single label may be a container nobody listed', 'db', {}, 'cannot tell'],
    ['a name with dots goes to the host’s servers', 'a.example', {}, '203.0.113.7'],
    ['or to those of the ExtServers line', 'b.example', { resolv: '# ExtServers: [host(192.0.2.55)]\n' }, '203.0.113.8'],
    ['SERVFAIL leads to the next server', 'b.example', { resolv: '# ExtServers: [192.0.2.54 192.0.2.55]\n' }, '203.0.113.8'],
    ['and NXDOMAIN without authority too', 'b.example', { resolv: '# ExtServers: [192.0.2.53 192.0.2.55]\n' }, '203.0.113.8'],
    ['with the user’s ndots a single label is not sent', 'x', { names: {}, resolv: 'options ndots:2\n' }, 'NOERROR'],
    ['with Docker’s ndots:0 it is', 'x', { names: {}, resolv: 'options ndots:0\n' }, 'NXDOMAIN'],
  ] as const)('%s', (_what, name, setup, expected) => {
    expect(ask(name, setup)).toBe(expected);
  });
});
