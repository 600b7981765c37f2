/** Random nodes, healthy by construction, and what breaks them: one edit each, as provisioning scripts, editors and people make them. */
import fc from 'fast-check';
import { absent, known } from '../../src/facts/fact.ts';
import type { Fact } from '../../src/facts/fact.ts';
import type { DnsObservation, FileContent, Listener, NetnsFacts, NodeFacts, RejectRule, ViewFacts } from '../../src/facts/node-facts.ts';
import { COLLECTED_WHOLE } from '../../src/causes/_checks/facts.ts';
import { fileFact, smallNetns, smallNode, smallView } from '../support/small-node.ts';

export interface HostFiles {
  readonly ipv4: string;
  readonly ipv6: string | undefined;
  readonly extra: readonly string[];
  readonly crlf: boolean;
}

export interface RandomContainer {
  readonly libc: 'glibc 2.17' | 'glibc 2.36' | 'musl 1.1.24' | 'musl 1.2.5';
  readonly hostNetwork: boolean;
  readonly nsswitch: string | null;
  readonly hosts: HostFiles;
  readonly ipv6: boolean;
  /** The host's cache socket can be reached, through a mount of /var/run. */
  readonly cacheSocket: boolean;
}

export interface RandomWorld {
  readonly hosts: HostFiles;
  readonly libc: string;
  readonly nsswitch: string;
  readonly multi: string | null;
  readonly gai: string | null;
  readonly resolv: string;
  readonly loIpv6: boolean;
  readonly ipv6Sysctl: 'none' | 'all' | 'lo';
  readonly kernel: string;
  readonly cache: 'none' | 'nscd' | 'unscd';
  readonly cacheHosts: boolean;
  readonly listeners: readonly number[];
  readonly containers: readonly RandomContainer[];
}

const hostFiles = fc.record<HostFiles>({
  ipv4: fc.constantFrom(
    '127.0.0.1 localhost',
    '127.0.0.1\tlocalhost localhost.localdomain',
    '  127.0.0.1   LOCALHOST node1',
    '127.0.0.1 node1 localhost # own',
  ),
  ipv6: fc.constantFrom(undefined, '::1 localhost ip6-localhost', '::1 ip6-localhost ip6-loopback'),
  extra: fc.subarray(['# a remark', '', '10.0.0.5 registry.corp registry', 'fe00::0 ip6-localnet', '127.0.1.1 node1', '#127.0.0.1 old']),
  crlf: fc.boolean(),
});

const container = fc
  .record<RandomContainer>({
    libc: fc.constantFrom('glibc 2.17', 'glibc 2.36', 'musl 1.1.24', 'musl 1.2.5'),
    hostNetwork: fc.boolean(),
    nsswitch: fc.constantFrom(null, 'hosts: files dns\n', 'hosts: files dns myhostname\n'),
    hosts: hostFiles,
    ipv6: fc.boolean(),
    cacheSocket: fc.boolean(),
  })
  // musl tells capitals from small letters; glibc without nsswitch.conf asks DNS before the hosts file in its older releases.
  .filter((c) => (c.libc.startsWith('musl') ? !c.hosts.ipv4.includes('LOCALHOST') : c.nsswitch !== null));

export const randomWorld = fc.record<RandomWorld>({
  hosts: hostFiles,
  libc: fc.constantFrom('2.17', '2.23', '2.28', '2.31', '2.36', '2.41'),
  nsswitch: fc.constantFrom(
    'hosts: files dns\n',
    'passwd: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n',
    'hosts: files dns myhostname\n',
    'hosts: files resolve [!UNAVAIL=return] dns\n',
    'hosts:files dns\n',
  ),
  multi: fc.constantFrom('multi on\n', 'multi off\n', null),
  gai: fc.constantFrom(null, 'precedence ::ffff:0:0/96  100\n', '# nothing set\n', 'label ::1/128 0\nprecedence ::1/128 50\n'),
  resolv: fc.constantFrom(
    'nameserver 192.0.2.53\n',
    'search corp.example\nnameserver 192.0.2.53\noptions ndots:2 timeout:1\n',
    'nameserver 192.0.2.53\nnameserver 192.0.2.54\noptions rotate\n',
  ),
  loIpv6: fc.boolean(),
  ipv6Sysctl: fc.constantFrom('none', 'all', 'lo'),
  kernel: fc.constantFrom('3.10.0-1160.el7.x86_64', '4.15.0-213-generic', '5.14.0-362.el9.x86_64', '6.1.0'),
  cache: fc.constantFrom('none', 'nscd', 'unscd'),
  cacheHosts: fc.boolean(),
  listeners: fc.subarray([6443, 10248, 10256, 10257, 2381, 9099]),
  containers: fc.array(container, { maxLength: 2 }),
});

export const hostsText = ({ ipv4, ipv6, extra, crlf }: HostFiles): string => {
  const lines = [ipv4, ...(ipv6 === undefined ? [] : [ipv6]), ...extra];
  return lines.join(crlf ? '\r\n' : '\n') + (crlf ? '\r\n' : '\n');
};

const probe = (name: string): { readonly kind: 'probe'; readonly probe: string } => ({ kind: 'probe', probe: name });
const SOCKET = '/var/run/nscd/socket';

function netnsOf(id: string, ipv6: boolean, sysctl: RandomWorld['ipv6Sysctl'], listeners: readonly Listener[] = []): NetnsFacts {
  const made = smallNetns({ id, ipv6: ipv6 && sysctl === 'none', listeners });
  const off = (on: boolean): Fact<boolean> => known(on, { kind: 'command', command: 'sysctl -a' });
  return { ...made, disableIpv6: { all: off(sysctl === 'all'), default: off(sysctl === 'all'), lo: off(sysctl !== 'none') } };
}

/** Names outside that the name servers know, or do not: what the programs of the views would ask. */
const answers = (netns: string): readonly DnsObservation[] =>
  ['192.0.2.53', '192.0.2.54'].flatMap((server) =>
    [
      'localhost',
      'localhost.corp.example',
      'rancher-metadata',
      'rancher-metadata.corp.example',
      'kubernetes.default.svc.cluster.local',
    ].flatMap((name) =>
      ['A', 'AAAA'].map((type) => ({
        netns,
        question: { server, name, type, transport: 'udp' as const },
        reply: { kind: 'answer' as const, rcode: 'NXDOMAIN', answers: [], ra: true },
      })),
    ),
  );

export function nodeOf(w: RandomWorld): NodeFacts {
  const listeners = w.listeners.map((port): Listener => ({ protocol: 'tcp', family: 'inet', address: '0.0.0.0', port, program: 'server' }));
  const daemon = w.cache === 'none' ? undefined : `${w.cache}:77`;
  const socket = daemon === undefined ? [] : [{ service: 'nscd' as const, path: SOCKET, state: 'answering' as const, daemon }];
  const host = smallView({
    libc: known({ kind: 'glibc', version: w.libc }, probe('libc')),
    nssModules: known(['files', 'dns', 'myhostname'], probe('modules')),
    sockets: known(socket, probe('sockets')),
    text: {
      '/etc/hosts': hostsText(w.hosts),
      '/etc/nsswitch.conf': w.nsswitch,
      '/etc/host.conf': w.multi,
      '/etc/gai.conf': w.gai,
      '/etc/resolv.conf': w.resolv,
      '/etc/nscd.conf': w.cache === 'none' ? null : `enable-cache hosts ${w.cacheHosts ? 'yes' : 'no'}\n`,
    },
  });
  const containers = w.containers.map((c, i) => {
    const [kind = 'glibc', version = '2.36'] = c.libc.split(' ');
    const view = smallView({
      id: `container:${String(i).padStart(12, '0')}`,
      kind: 'container',
      names: [`c${String(i)}`],
      pid: 4000 + i,
      netns: c.hostNetwork ? 'host' : `net:${String(4_026_531_900 + i)}`,
      libc: known({ kind: kind === 'musl' ? 'musl' : 'glibc', version }, probe('libc')),
      sockets: known(c.cacheSocket && !w.cacheHosts ? socket : [], probe('sockets')),
      text: { '/etc/hosts': hostsText(c.hosts), '/etc/nsswitch.conf': c.nsswitch, '/etc/resolv.conf': w.resolv },
    });
    return { view, netns: c.hostNetwork ? [] : [netnsOf(view.netns, c.ipv6, 'none')] };
  });
  const netns = [netnsOf('host', w.loIpv6, w.ipv6Sysctl, listeners), ...containers.flatMap((c) => c.netns)];
  return smallNode({
    kernelRelease: known(w.kernel, probe('uname')),
    views: [host, ...containers.map((c) => c.view)],
    netns,
    daemons:
      daemon === undefined || w.cache === 'none'
        ? []
        : [{ id: daemon, kind: w.cache, pid: 77, view: 'host', configPath: '/etc/nscd.conf' }],
    dns: netns.flatMap(({ id }) => answers(id)),
    observations: { [COLLECTED_WHOLE]: known(true, probe('collect')) },
  });
}

// ---- what breaks them

export type Break = (node: NodeFacts, pick: number) => NodeFacts;

const inView = (node: NodeFacts, pick: number, change: (view: ViewFacts) => ViewFacts): NodeFacts => ({
  ...node,
  views: node.views.map((view, i) => (i === pick % node.views.length ? change(view) : view)),
});
const inHost = (node: NodeFacts, change: (view: ViewFacts) => ViewFacts): NodeFacts => inView(node, 0, change);
const inNetns = (node: NodeFacts, change: (netns: NetnsFacts) => NetnsFacts): NodeFacts => ({
  ...node,
  netns: node.netns.map((one) => (one.id === 'host' ? change(one) : one)),
});

const textOf = (view: ViewFacts, path: string): string => {
  const fact = view.files[path];
  return fact?.state === 'known' ? fact.value.text : '';
};
const withFile = (view: ViewFacts, path: string, file: Fact<FileContent>): ViewFacts => ({
  ...view,
  files: { ...view.files, [path]: file },
});
const editHosts = (view: ViewFacts, edit: (text: string) => string): ViewFacts =>
  withFile(view, '/etc/hosts', fileFact('/etc/hosts', edit(textOf(view, '/etc/hosts')), view.id));

const IPV4_LINE = /^([ \t]*127\.0\.0\.1[ \t]+)([^ \t].*)$/mu;
const without = (text: string, line: RegExp): string => text.replaceAll(line, '');
const ANY_LOCALHOST = /^(?!#).*\blocalhost\b.*\r?\n/gimu;

export const BREAKS: Readonly<Record<string, Break>> = {
  'localhost leaves the IPv4 line': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `${without(text, ANY_LOCALHOST)}127.0.0.1 node1\n::1 localhost\n`)),
  'every localhost is gone': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `${without(text, ANY_LOCALHOST)}127.0.0.1 node1\n`)),
  'localhost is commented out': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => text.replaceAll(ANY_LOCALHOST, (line) => `# ${line}`))),
  'the file is emptied': (node, pick) => inView(node, pick, (v) => editHosts(v, () => '')),
  'the file is deleted': (node, pick) =>
    inView(node, pick, (v) => withFile(v, '/etc/hosts', absent({ kind: 'file', path: '/etc/hosts', view: v.id }))),
  'a directory stands in its place': (node, pick) =>
    inView(node, pick, (v) =>
      withFile(v, '/etc/hosts', known({ text: '', encoding: 'utf8', directory: true }, { kind: 'file', path: '/etc/hosts', view: v.id })),
    ),
  'a byte order mark comes first': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `\uFEFF127.0.0.1 localhost\n${without(text, ANY_LOCALHOST)}`)),
  'a no-break space stands in the line': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `127.0.0.1\u00A0localhost\n${without(text, ANY_LOCALHOST)}`)),
  'a zero width space ends the name': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `127.0.0.1 localhost\u200B\n${without(text, ANY_LOCALHOST)}`)),
  'the name is misspelt': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `127.0.0.1 localhots\n${without(text, ANY_LOCALHOST)}`)),
  'the address is no address': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `127.0.0.1. localhost\n${without(text, ANY_LOCALHOST)}`)),
  'the columns are swapped': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `localhost 127.0.0.1\n${without(text, ANY_LOCALHOST)}`)),
  'the line is broken in two': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => `127.0.0.1\nlocalhost\n${without(text, ANY_LOCALHOST)}`)),
  'a comment sign swallows the name': (node, pick) =>
    inView(node, pick, (v) => editHosts(v, (text) => without(text, /^::1.*\r?\n/gmu).replace(IPV4_LINE, '$1#$2'))),
  'nsswitch asks DNS alone': (node) =>
    inHost(node, (v) => withFile(v, '/etc/nsswitch.conf', fileFact('/etc/nsswitch.conf', 'passwd: files\nhosts: dns\n', v.id))),
  'nsswitch stops before files': (node) =>
    inHost(node, (v) => withFile(v, '/etc/nsswitch.conf', fileFact('/etc/nsswitch.conf', 'hosts: dns [NOTFOUND=return] files\n', v.id))),
  'nsswitch: files is misspelt': (node) =>
    inHost(node, (v) => withFile(v, '/etc/nsswitch.conf', fileFact('/etc/nsswitch.conf', 'hosts: file dns\n', v.id))),
  'lo goes down': (node) =>
    inNetns(node, (one) => ({
      ...one,
      interfaces:
        one.interfaces.state === 'known'
          ? known(
              // The IPv4 address stays on an interface that is down.
              one.interfaces.value.map((i) =>
                i.loopback ? { ...i, up: false, addresses: i.addresses.filter((a) => a.family === 'inet') } : i,
              ),
              one.interfaces.source,
            )
          : one.interfaces,
    })),
  'IPv6 goes off under a hosts file with ::1 alone': (node) =>
    inNetns(
      inHost(node, (v) => editHosts(v, (text) => `${without(text, ANY_LOCALHOST)}::1 localhost\n127.0.0.1 node1\n`)),
      () => netnsOf('host', true, 'all'),
    ),
  'a rule rejects what goes to lo': (node) =>
    inNetns(node, (one) => {
      const rule: RejectRule = {
        family: 'inet',
        hook: 'input',
        destination: '127.0.0.1/32',
        verdict: 'icmp-port-unreachable',
        text: '-A INPUT -d 127.0.0.1/32 -j REJECT --reject-with icmp-port-unreachable',
      };
      return { ...one, rejects: known([rule], { kind: 'command', command: 'iptables -S' }) };
    }),
};
