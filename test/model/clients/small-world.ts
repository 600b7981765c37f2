/** A host as plain text: its files, its network as command lines, its C library and programs. DNS answers by 'name type'. */
import { absent, known, NOT_COLLECTED, type Fact, type Source } from '../../../src/facts/fact.ts';
import type { DnsReply, FileContent, Libc, Listener, NodeFacts, ProgramFacts, ViewFacts } from '../../../src/facts/node-facts.ts';
import type { World } from '../../../src/model/types.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { networkFromCommands } from '../../../src/vectors/network-from-commands.ts';

export interface SmallWorld {
  readonly hosts?: string;
  readonly nsswitch?: string;
  readonly resolv?: string;
  readonly net?: readonly string[];
  readonly listen?: readonly (readonly [address: string, port: number])[];
  readonly libc?: Libc;
  readonly kernel?: string;
  readonly programs?: Readonly<Record<string, Partial<ProgramFacts>>>;
  /** 'web.test A' → addresses, or a response code. */
  readonly dns?: Readonly<Record<string, readonly string[] | string>>;
  readonly ipv6Socket?: boolean;
  readonly hostConf?: string;
}

const SOURCE: Source = { kind: 'statement', key: 'test', text: 'test' };

/** lo and an uplink with IPv4 only: what most nodes of the articles have. */
export const V4_NODE: readonly string[] = [
  'ip link set lo up',
  'ip link add eth0 type dummy',
  'sysctl -w net.ipv6.conf.eth0.disable_ipv6=1',
  'ip addr add 10.240.0.34/24 dev eth0',
  'ip link set eth0 up',
  'ip route add default via 10.240.0.1',
];
export const IPV6_OFF: readonly string[] = [...V4_NODE, 'sysctl -w net.ipv6.conf.all.disable_ipv6=1'];
export const DUAL_NODE: readonly string[] = [
  'ip link set lo up',
  'ip link add eth0 type dummy',
  'ip addr add 10.240.0.34/24 dev eth0',
  'ip link set eth0 up',
  'ip -6 addr add 2001:db8::34/64 dev eth0 nodad',
  'ip route add default via 10.240.0.1',
  'ip -6 route add default via 2001:db8::1',
];

export function smallWorld(w: SmallWorld): { readonly world: World; readonly view: ViewFacts } {
  const file = (path: string, text: string | undefined): Fact<FileContent> =>
    text === undefined ? absent({ kind: 'file', path }) : known({ text, encoding: 'utf8' }, { kind: 'file', path });
  const listeners: Listener[] = (w.listen ?? []).map(([address, port]) => ({
    protocol: 'tcp',
    family: address.includes(':') ? 'inet6' : 'inet',
    address,
    port,
    v6only: false,
  }));
  const netns = networkFromCommands(w.net ?? V4_NODE, { listeners, ipv6Socket: w.ipv6Socket ?? true });
  const programs = Object.fromEntries(
    Object.entries(w.programs ?? {}).map(([name, p]) => [name, known({ name, installed: true, ...p }, SOURCE)]),
  );
  const view: ViewFacts = {
    id: 'host',
    kind: 'host',
    names: ['node'],
    netns: 'host',
    hostname: known('node', SOURCE),
    files: {
      '/etc/hosts': file('/etc/hosts', w.hosts),
      '/etc/nsswitch.conf': file('/etc/nsswitch.conf', w.nsswitch ?? 'hosts: files dns\n'),
      '/etc/resolv.conf': file('/etc/resolv.conf', w.resolv ?? 'nameserver 10.0.0.53\n'),
      '/etc/host.conf': file('/etc/host.conf', w.hostConf),
      '/etc/gai.conf': file('/etc/gai.conf', undefined),
      '/etc/nscd.conf': file('/etc/nscd.conf', undefined),
      '/etc/mdns.allow': file('/etc/mdns.allow', undefined),
    },
    mounts: known([], SOURCE),
    sockets: known([], SOURCE),
    libc: known(w.libc ?? { kind: 'glibc', version: '2.36' }, SOURCE),
    nssModules: known(['files', 'dns', 'myhostname'], SOURCE),
    env: known({}, SOURCE),
    programs,
  };
  const node: NodeFacts = {
    hostname: known('node', SOURCE),
    kernelRelease: known(w.kernel ?? '6.1.0', SOURCE),
    bootParameters: NOT_COLLECTED,
    osRelease: NOT_COLLECTED,
    products: [],
    netns: [netns],
    views: [view],
    daemons: [],
    dns: [],
    runs: [],
    dials: [],
    logs: [],
    observations: {},
    problems: [],
  };
  const reply = (name: string, type: string): DnsReply => {
    const data = w.dns?.[`${name} ${type}`];
    if (typeof data === 'string') return data === 'DROP' ? { kind: 'silent' } : { kind: 'answer', rcode: data, answers: [] };
    const known = Object.keys(w.dns ?? {}).some((key) => key.startsWith(`${name} `));
    return { kind: 'answer', rcode: known ? 'NOERROR' : 'NXDOMAIN', answers: (data ?? []).map((d) => ({ name, type, data: d })) };
  };
  return { world: makeWorld(node, (_netns, question) => reply(question.name.replace(/\.$/u, ''), question.type)), view };
}
