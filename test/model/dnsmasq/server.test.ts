/** dnsmasq as a server of the node: what it answers itself (as 2.90 was seen to), whom it asks, and what nobody can tell. */
import { describe, expect, test } from 'vitest';
import { known } from '../../../src/facts/fact.ts';
import type { NodeFacts } from '../../../src/facts/node-facts.ts';
import { answeringServers, answerOnNode } from '../../../src/model/answering-servers.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { resolveGlibc } from '../../../src/model/glibc/stack.ts';
import { dnsOf } from '../../support/scripted-dns.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

interface Setup {
  readonly conf?: string;
  readonly args?: string;
  readonly argsOf?: number;
  readonly hosts?: string;
  readonly resolv?: string;
  readonly type?: string;
  readonly listens?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The resolver of the view that asks. */
  readonly asks?: string;
}

function nodeOf({
  conf = '',
  args,
  argsOf = 812,
  hosts = '10.0.0.5 db.corp\n',
  resolv = 'nameserver 127.0.0.1\nnameserver 192.0.2.53\n',
  listens = '127.0.0.1',
  files,
}: Setup): NodeFacts {
  const view = smallView({ text: { '/etc/hosts': hosts, '/etc/resolv.conf': resolv, '/etc/dnsmasq.conf': conf, ...files } });
  const netns = smallNetns({ listeners: [{ protocol: 'udp', family: 'inet', address: listens, port: 53, program: 'dnsmasq' }] });
  const source = { kind: 'file', path: `/proc/${String(argsOf)}/cmdline` } as const;
  return smallNode({
    views: [view],
    netns: [netns],
    daemons: [{ id: 'dnsmasq:812', kind: 'dnsmasq', pid: 812, view: 'host', configPath: '/etc/dnsmasq.conf' }],
    ...(args === undefined ? {} : { observations: { 'process.dnsmasq.args': known(args, source) } }),
  });
}

const upstream = dnsOf({
  '192.0.2.53': { 'a.example': { A: ['203.0.113.7'] }, plain: { A: ['203.0.113.8'] } },
  '192.0.2.54': { 'x.corp': { A: ['203.0.113.9'] } },
  '192.0.2.55': 'REFUSED',
});

function ask(name: string, setup: Setup = {}): string {
  const world = makeWorld(nodeOf(setup), upstream);
  const got = answerOnNode(world, 'host', { server: '127.0.0.1', name, type: setup.type ?? 'A', transport: 'udp' });
  if (got === undefined) return 'not here';
  if (got.kind === 'cannot-tell') return 'cannot tell';
  const { reply } = got;
  if (reply.kind !== 'answer') return reply.kind === 'silent' ? 'silent' : reply.errno;
  return reply.answers.length === 0 ? reply.rcode : reply.answers.map((r) => r.data).join(' ');
}

describe('dnsmasq with local-service', () => {
  const fromContainer = (args: string): string => {
    const node = nodeOf({ args, listens: '0.0.0.0' });
    const world = makeWorld({ ...node, netns: [...node.netns, smallNetns({ id: 'net:7' })] }, upstream);
    const got = answerOnNode(world, 'net:7', { server: '198.51.100.10', name: 'db.corp', type: 'A', transport: 'udp' });
    return got === undefined ? 'not here' : got.kind;
  };
  test('is asked on the wire from another network namespace', () => {
    expect(fromContainer('dnsmasq')).not.toBe('not here');
    expect(fromContainer('dnsmasq --local-service')).toBe('not here');
    expect(fromContainer('dnsmasq --local-service --interface=docker0')).not.toBe('not here');
  });
});

describe('dnsmasq', () => {
  test.each<[string, string, Setup, string]>([
    ['a name of its hosts file', 'db.corp', {}, '10.0.0.5'],
    ['the other family of such a name is asked for, and none is no error', 'db.corp', { type: 'AAAA' }, 'NOERROR'],
    ['no-hosts', 'db.corp', { conf: 'no-hosts\n' }, 'NXDOMAIN'],
    ['-h on its command line', 'db.corp', { args: 'dnsmasq -h -u dnsmasq' }, 'NXDOMAIN'],
    ['addn-hosts', 'web', { conf: 'addn-hosts=/etc/more\n', files: { '/etc/more': '10.0.0.6 web\n' } }, '10.0.0.6'],
    ['expand-hosts adds the domain', 'web.corp', { conf: 'expand-hosts\ndomain=corp\n', hosts: '10.0.0.6 web\n' }, '10.0.0.6'],
    ['it knows no localhost of its own', 'localhost', { hosts: '' }, 'NXDOMAIN'],
    ['a line with ::1 alone', 'localhost', { hosts: '::1 localhost\n' }, 'NOERROR'],
    ['anything else is forwarded, past itself', 'a.example', {}, '203.0.113.7'],
    ['a plain name, too', 'plain', {}, '203.0.113.8'],
    ['domain-needed keeps plain names', 'plain', { conf: 'domain-needed\n' }, 'NXDOMAIN'],
    ['-D does the same', 'plain', { args: 'dnsmasq -D' }, 'NXDOMAIN'],
    ['local=/corp/ asks nobody', 'y.corp', { conf: 'local=/corp/\n' }, 'NXDOMAIN'],
    ['local=/corp/ with its own host in it', 'db.corp', { conf: 'local=/corp/\n', type: 'AAAA' }, 'NOERROR'],
    ['server=/corp/ADDRESS', 'x.corp', { conf: 'server=/corp/192.0.2.54\n' }, '203.0.113.9'],
    ['the longest name counts', 'x.corp', { conf: 'local=/corp/\nserver=/x.corp/192.0.2.54\n' }, '203.0.113.9'],
    ['address=/example/', 'a.example', { conf: 'address=/example/10.9.9.9\n' }, '10.9.9.9'],
    ['address=/#/', 'anything.at.all', { conf: 'address=/#/10.9.9.9\n' }, '10.9.9.9'],
    ['address of one family only', 'a.example', { conf: 'address=/example/10.9.9.9\n', type: 'AAAA' }, 'NOERROR'],
    ['address without one', 'a.example', { conf: 'address=/example/\n' }, 'NXDOMAIN'],
    ['the hosts file comes before it', 'db.corp', { conf: 'address=/corp/10.9.9.9\n' }, '10.0.0.5'],
    ['host-record', 'h.corp', { conf: 'host-record=h.corp,h,10.1.1.1,fd00::1\n', type: 'AAAA' }, 'fd00::1'],
    ['cname', 'alias', { conf: 'cname=alias,db.corp\n' }, 'db.corp 10.0.0.5'],
    ['cname to a name of another server', 'alias', { conf: 'cname=alias,a.example\n' }, 'a.example'],
    ['filter-A', 'a.example', { conf: 'filter-A\n' }, 'NOERROR'],
    ['filter-A leaves its own data', 'db.corp', { conf: 'filter-A\n' }, '10.0.0.5'],
    ['local=/corp/ with a question of another type', 'db.corp', { conf: 'local=/corp/\n', type: 'MX' }, 'NOERROR'],
    ['local=// keeps plain names', 'plain', { conf: 'local=//\n' }, 'NXDOMAIN'],
    ['address=/NAME/#', 'a.example', { conf: 'address=/example/#\n', type: 'AAAA' }, '::'],
    ['leading zeros are no address', 'db', { hosts: '010.0.0.1 db\n' }, 'NXDOMAIN'],
    ['two lines for a name', 'db', { hosts: '10.0.0.1 db\n10.0.0.2 DB\n' }, '10.0.0.1 10.0.0.2'],
    ['filter-AAAA', 'a.example', { conf: 'filter-AAAA\n', type: 'AAAA' }, 'NOERROR'],
    ['no-resolv without a server', 'a.example', { conf: 'no-resolv # none\n' }, 'REFUSED'],
    ['no other server than itself', 'a.example', { resolv: 'nameserver 127.0.0.1\n' }, 'REFUSED'],
    ['resolv-file', 'x.corp', { conf: 'resolv-file=/run/dns\n', files: { '/run/dns': 'nameserver 192.0.2.54\n' } }, '203.0.113.9'],
    ['a server that refuses is passed over', 'a.example', { conf: 'server=192.0.2.55\n' }, '203.0.113.7'],
    [
      'a drop-in of conf-dir',
      'a.example',
      {
        conf: 'conf-dir=/etc/dnsmasq.d,*.conf\n',
        files: { '/etc/dnsmasq.d/k.conf': 'address=/example/10.9.9.9\n', '/etc/dnsmasq.d/README': 'local=/example/\n' },
      },
      '10.9.9.9',
    ],
  ])('%s: %s', (_, name, setup, gets) => {
    expect(ask(name, setup)).toBe(gets);
  });

  test.each<[string, string, Setup, string]>([
    ['a folder that nobody listed', 'a.example', { args: '/usr/sbin/dnsmasq -7 /etc/dnsmasq.d,.dpkg-new' }, 'cannot tell'],
    ['but its hosts file comes first', 'db.corp', { args: '/usr/sbin/dnsmasq -7 /etc/dnsmasq.d,.dpkg-new' }, '10.0.0.5'],
    ['servers told over the message bus', 'a.example', { args: 'dnsmasq --enable-dbus=org.example' }, 'cannot tell'],
    ['names of leases', 'printer', { conf: 'dhcp-range=10.0.0.50,10.0.0.99\n' }, 'cannot tell'],
    ['a name that no lease can have', 'a.example', { conf: 'dhcp-range=10.0.0.50,10.0.0.99\n' }, '203.0.113.7'],
    ['the command line of another dnsmasq', 'db.corp', { args: 'dnsmasq -h', argsOf: 900 }, 'cannot tell'],
    ['it listens elsewhere', 'db.corp', { listens: '192.168.122.1' }, 'not here'],
  ])('%s', (_, name, setup, gets) => {
    expect(ask(name, setup)).toBe(gets);
  });

  test('a container that asks the bridge gets the names of the node', () => {
    const base = nodeOf({ listens: '0.0.0.0' });
    const container = smallView({
      id: 'c1',
      kind: 'container',
      netns: 'c1',
      text: { '/etc/resolv.conf': 'nameserver 198.51.100.10\n', '/etc/hosts': null },
    });
    const node: NodeFacts = { ...base, views: [...base.views, container], netns: [...base.netns, smallNetns({ id: 'c1' })] };
    const world = makeWorld(node, answeringServers(node));
    const got = resolveGlibc(world, container, '2.36', { call: 'gethostbyname' }, 'db.corp');
    expect(got.outcome).toMatchObject({ addresses: [{ address: '10.0.0.5' }] });
  });
});
