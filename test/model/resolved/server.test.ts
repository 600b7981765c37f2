/** systemd-resolved on 127.0.0.53: what it answers itself, what it refuses to send, what it forwards. */
import { describe, expect, it } from 'vitest';
import type { DnsReply } from '../../../src/facts/node-facts.ts';
import { resolvedAnswer } from '../../../src/model/resolved/server.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { dnsOf } from '../../support/scripted-dns.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

interface Setup {
  readonly hosts?: string;
  readonly config?: string;
  readonly uplink?: string;
  readonly ipv6?: boolean;
  readonly server?: string;
  readonly type?: string;
}

function ask(
  name: string,
  {
    hosts = '127.0.0.1 localhost\n',
    config,
    uplink = 'nameserver 192.0.2.53\nsearch corp.example\n',
    ipv6 = true,
    server = '127.0.0.53',
    type = 'A',
  }: Setup = {},
): string {
  const view = smallView({
    text: {
      '/etc/hosts': hosts,
      '/etc/systemd/resolved.conf': config === undefined ? null : `[Resolve]\n${config}\n`,
      '/run/systemd/resolve/resolv.conf': uplink,
    },
  });
  const daemon = { id: 'systemd-resolved:300', kind: 'systemd-resolved', view: 'host' } as const;
  const dns = dnsOf({
    '192.0.2.53': { 'a.example': { A: ['203.0.113.7'] }, 'node.local': { A: ['203.0.113.8'] }, single: { A: ['203.0.113.9'] } },
  });
  const world = makeWorld(smallNode({ views: [view], netns: [smallNetns({ ipv6 })], daemons: [daemon] }), dns);
  const got = resolvedAnswer(world, daemon, server, { name, type, transport: 'udp' });
  return got.kind === 'reply' ? inWords(got.reply) : 'cannot tell';
}

const inWords = (reply: DnsReply): string => {
  if (reply.kind !== 'answer') return reply.kind === 'silent' ? 'silent' : reply.errno;
  return reply.answers.length === 0 ? reply.rcode : reply.answers.map((record) => record.data).join(' ');
};

describe('systemd-resolved', () => {
  it.each([
    ['a name of its hosts file', 'db', { hosts: '10.0.0.5 db\n' }, '10.0.0.5'],
    ['a listed name has an empty answer for the other family', 'db', { hosts: '10.0.0.5 db\n', type: 'AAAA' }, 'NOERROR'],
    ['a listed name goes by 0.0.0.0: no address', 'ads.example', { hosts: '0.0.0.0 ads.example\n' }, 'NOERROR'],
    ['localhost is made up, whatever the usual lines say', 'localhost', {}, '127.0.0.1'],
    ['localhost has ::1 where IPv6 is on', 'localhost', { type: 'AAAA' }, '::1'],
    ['and has none where it is off', 'localhost', { type: 'AAAA', ipv6: false }, 'NOERROR'],
    ['names below localhost too', 'x.localhost', {}, '127.0.0.1'],
    ['a line with other names counts as it stands', 'localhost', { hosts: '::1 localhost localhost6\n' }, 'NOERROR'],
    ['ReadEtcHosts=no leaves the file out', 'db', { hosts: '10.0.0.5 db\n', config: 'ReadEtcHosts=no' }, 'SERVFAIL'],
    ['a single label is not sent', 'single', {}, 'SERVFAIL'],
    ['unless it is told to', 'single', { config: 'ResolveUnicastSingleLabel=yes' }, '203.0.113.9'],
    ['the plain proxy sends it', 'single', { server: '127.0.0.54' }, '203.0.113.9'],
    ['.local is no name of unicast DNS', 'node.local', {}, 'SERVFAIL'],
    ['unless a domain covers it', 'node.local', { uplink: 'nameserver 192.0.2.53\nsearch local\n' }, '203.0.113.8'],
    ['its own host name', 'node1', {}, '198.51.100.10'],
    ['_gateway', '_gateway', {}, '198.51.100.1'],
    ['anything else is forwarded', 'a.example', {}, '203.0.113.7'],
    ['with the answer that comes back', 'b.example', {}, 'NXDOMAIN'],
    ['without servers it fails', 'a.example', { uplink: '# none\n' }, 'SERVFAIL'],
    ['without stub listener nobody is there', 'a.example', { config: 'DNSStubListener=no' }, 'ECONNREFUSED'],
    ['a commented setting is none', 'single', { config: '#ResolveUnicastSingleLabel=yes' }, 'SERVFAIL'],
  ] as const)('%s', (_what, name, setup, expected) => {
    expect(ask(name, setup)).toBe(expected);
  });
});
