import { describe, expect, it } from 'vitest';
import { clients } from '../../../src/model/clients/index.ts';
import type { ClientAnswer, ClientOptions } from '../../../src/model/types.ts';
import type { SmallWorld } from './small-world.ts';
import { DUAL_NODE, IPV6_OFF, smallWorld, V4_NODE } from './small-world.ts';

const ONLY_SIX = '::1         localhost localhost.localdomain localhost6 localhost6.localdomain6\n127.0.0.1   centos7.Localdomain\n';
const BOTH = '127.0.0.1 localhost\n::1 localhost\n';
const APISERVER = [['::', 6443]] as const;

const CENTOS_7: SmallWorld = {
  hosts: ONLY_SIX,
  net: [...IPV6_OFF, 'ip -6 route add unreachable ::/96'],
  listen: APISERVER,
  libc: { kind: 'glibc', version: '2.17' },
  kernel: '3.10.0-1127.el7.x86_64',
  programs: {
    ping: { flavour: 'iputils', version: '20160308-10.el7' },
    telnet: { version: '0.17-64.el7', flavour: 'netkit-rhel' },
    curl: { version: '7.29.0' },
  },
};
const DEBIAN_12: SmallWorld = {
  hosts: ONLY_SIX,
  net: IPV6_OFF,
  listen: APISERVER,
  programs: {
    ping: { flavour: 'iputils', version: '20221126' },
    telnet: { flavour: 'inetutils', version: '2.4' },
    curl: { version: '7.88.1' },
  },
};
const ALPINE: SmallWorld = {
  hosts: ONLY_SIX,
  net: IPV6_OFF,
  listen: APISERVER,
  libc: { kind: 'musl', version: '1.2.4' },
  programs: { ping: { flavour: 'busybox', version: '1.36.1' }, telnet: { flavour: 'busybox', version: '1.36.1' } },
};

function ask(system: SmallWorld, id: string, options?: ClientOptions): ClientAnswer {
  const client = clients.find((c) => c.id === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  const { world, view } = smallWorld(system);
  return client.answer(world, view, 'localhost', 6443, options);
}

const outcome = (a: ClientAnswer): string =>
  a.outcome.kind === 'works'
    ? `works ${a.outcome.address?.address ?? ''}`
    : a.outcome.kind === 'fails'
      ? `${a.outcome.stage} ${a.outcome.errno ?? a.outcome.error?.code ?? ''}`
      : 'cannot tell';

const ROWS: readonly (readonly [string, SmallWorld, string, string, ClientOptions?])[] = [
  ['CentOS 7.8: ping works by the IPv4 mapping of ::1', CENTOS_7, 'ping', 'works 127.0.0.1'],
  ['CentOS 7.8: ping -6 does not', CENTOS_7, 'ping', 'address EHOSTUNREACH', { args: ['-6'] }],
  ['CentOS 7.8: telnet gets ::1 alone', CENTOS_7, 'telnet', 'address EHOSTUNREACH'],
  ['CentOS 7.8: curl 7.29 asks the resolver', CENTOS_7, 'curl', 'address EHOSTUNREACH'],
  ['CentOS 7.8: Go', CENTOS_7, 'go', 'address EHOSTUNREACH'],
  ['CentOS 7.8: kube-apiserver falls back to the name', CENTOS_7, 'kube-apiserver', 'address EHOSTUNREACH'],
  ['CentOS 7.8: RKE through sshd', CENTOS_7, 'rke-healthcheck', 'address EHOSTUNREACH'],
  ['CentOS 7.8: getent ahosts hides it', CENTOS_7, 'getent-ahosts', 'works 127.0.0.1'],
  ['CentOS 7.8: getent hosts shows it', CENTOS_7, 'getent-hosts', 'works ::1'],
  ['Debian 12: ping asks for any family', DEBIAN_12, 'ping', 'address EADDRNOTAVAIL'],
  ['Debian 12: telnet', DEBIAN_12, 'telnet', 'address EADDRNOTAVAIL'],
  ['Debian 12: curl never looks localhost up', DEBIAN_12, 'curl', 'works 127.0.0.1'],
  ['Debian 12: Node.js asks with AI_ADDRCONFIG', DEBIAN_12, 'nodejs', 'works 127.0.0.1'],
  ['Debian 12: Java without any IPv6 address asks for IPv4', DEBIAN_12, 'java', 'works 127.0.0.1'],
  ['Debian 12: Python', DEBIAN_12, 'python3', 'address EADDRNOTAVAIL'],
  ['Debian 12: Envoy answers localhost from hosts', DEBIAN_12, 'envoy', 'address EADDRNOTAVAIL'],
  ['Alpine: musl maps nothing', ALPINE, 'ping', 'address EADDRNOTAVAIL'],
  ['Alpine: telnet', ALPINE, 'telnet', 'address EADDRNOTAVAIL'],
  ['no AF_INET6 at all: Go', { ...DEBIAN_12, ipv6Socket: false }, 'go', 'socket EAFNOSUPPORT'],
  [
    'no AF_INET6 at all: kube-apiserver takes 127.0.0.1',
    { ...DEBIAN_12, ipv6Socket: false, listen: [['0.0.0.0', 6443]] },
    'kube-apiserver',
    'works 127.0.0.1',
  ],
  ['healthy: kube-apiserver calls itself [::1]', { hosts: BOTH, net: V4_NODE, listen: APISERVER }, 'kube-apiserver', 'works ::1'],
  ['IPv6 off beside a good IPv4 line: Go', { hosts: BOTH, net: IPV6_OFF, listen: APISERVER }, 'go', 'works 127.0.0.1'],
  [
    'IPv6 off beside a good IPv4 line: kube-apiserver',
    { hosts: BOTH, net: IPV6_OFF, listen: APISERVER },
    'kube-apiserver',
    'works 127.0.0.1',
  ],
  [
    'IPv4-only listener, ::1 only: refused',
    { hosts: ONLY_SIX, net: V4_NODE, listen: [['127.0.0.1', 6443]] },
    'go',
    'listener ECONNREFUSED',
  ],
  ['dual stack: both lines', { hosts: BOTH, net: DUAL_NODE, listen: APISERVER }, 'go', 'works ::1'],
];

describe('localhost, by system and client', () => {
  for (const [title, system, client, expected, options] of ROWS) {
    it(`${title}: ${expected}`, () => {
      expect(outcome(ask(system, client, options))).toBe(expected);
    });
  }
});

describe('what is printed', () => {
  it('telnet of CentOS says every address and its error', () => {
    expect(ask(CENTOS_7, 'telnet').prints).toEqual(['Trying ::1...', 'telnet: connect to address ::1: No route to host']);
  });
  it('RKE shows what sshd says', () => {
    expect(ask(CENTOS_7, 'rke-healthcheck').prints).toEqual(['ssh: rejected: connect failed (No route to host)']);
  });
  it('Go names the address', () => {
    expect(ask(DEBIAN_12, 'go').prints).toEqual(['dial tcp [::1]:6443: connect: cannot assign requested address']);
  });
  it('musl has its own words', () => {
    expect(ask(ALPINE, 'telnet').prints).toEqual(["telnet: can't connect to remote host: Address not available"]);
  });
});
