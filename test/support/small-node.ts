/** The smallest node that shows a point: a host view with a few files and a network namespace. Everything can be overridden. */
import { absent, known, NOT_COLLECTED } from '../../src/facts/fact.ts';
import type { Fact, Source } from '../../src/facts/fact.ts';
import type { FileContent, InterfaceAddress, Listener, NetnsFacts, NodeFacts, ViewFacts } from '../../src/facts/node-facts.ts';
import { SNAPSHOT_SCHEMA } from '../../src/snapshot/snapshot.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';

const seen = (probe: string): Source => ({ kind: 'probe', probe });

export const fileFact = (path: string, text: string, view = 'host'): Fact<FileContent> =>
  known({ text, encoding: 'utf8', mode: 0o644 }, { kind: 'file', path, view });

/** Files by path; null = known not to be there. */
export function smallFiles(files: Readonly<Record<string, string | null>>, view = 'host'): Readonly<Record<string, Fact<FileContent>>> {
  const all = {
    '/etc/nsswitch.conf': 'hosts: files dns\n',
    '/etc/resolv.conf': 'nameserver 192.0.2.53\n',
    '/etc/host.conf': 'multi on\n',
    '/etc/gai.conf': null,
    ...files,
  };
  return Object.fromEntries(
    Object.entries(all).map(([path, text]) => [path, text === null ? absent({ kind: 'file', path, view }) : fileFact(path, text, view)]),
  );
}

const LO4: InterfaceAddress = { family: 'inet', address: '127.0.0.1', prefixLength: 8 };
const LO6: InterfaceAddress = { family: 'inet6', address: '::1', prefixLength: 128 };

export interface SmallNet {
  readonly id?: string;
  /** Does lo carry ::1? Default: yes. */
  readonly ipv6?: boolean;
  readonly loUp?: boolean;
  readonly listeners?: readonly Listener[];
}

export function smallNetns({ id = 'host', ipv6 = true, loUp = true, listeners = [] }: SmallNet = {}): NetnsFacts {
  return {
    id,
    interfaces: known(
      [
        { name: 'lo', index: 1, up: loUp, loopback: true, addresses: loUp ? [LO4, ...(ipv6 ? [LO6] : [])] : [] },
        { name: 'eth0', index: 2, up: true, loopback: false, addresses: [{ family: 'inet', address: '198.51.100.10', prefixLength: 24 }] },
      ],
      { kind: 'command', command: 'ip addr' },
    ),
    routes: known(
      [
        { family: 'inet', type: 'unicast', destination: '0.0.0.0/0', gateway: '198.51.100.1', device: 'eth0', table: 'main' },
        { family: 'inet', type: 'unicast', destination: '198.51.100.0/24', device: 'eth0', table: 'main' },
      ],
      seen('routes'),
    ),
    rules: known([], seen('rules')),
    ipv6Socket: known(true, seen('if_inet6')),
    disableIpv6: {
      all: known(!ipv6, seen('sysctl')),
      lo: known(!ipv6, { kind: 'command', command: 'sysctl net.ipv6.conf.lo.disable_ipv6' }),
    },
    listeners: known(listeners, { kind: 'command', command: 'ss -ltn' }),
    rejects: known([], seen('firewall')),
    sysctls: {},
  };
}

export function smallView(overrides: Partial<ViewFacts> & { readonly text?: Readonly<Record<string, string | null>> } = {}): ViewFacts {
  const { text, ...rest } = overrides;
  const id = rest.id ?? 'host';
  return {
    id,
    kind: 'host',
    names: [id],
    netns: 'host',
    hostname: known('node1', seen('hostname')),
    files: smallFiles(text ?? { '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n' }, id),
    mounts: known([], seen('mounts')),
    sockets: known([], seen('sockets')),
    libc: known({ kind: 'glibc', version: '2.36' }, seen('libc')),
    nssModules: known(['files', 'dns'], seen('modules')),
    env: known({}, seen('environment')),
    programs: {},
    ...rest,
  };
}

export function smallNode(overrides: Partial<NodeFacts> = {}): NodeFacts {
  return {
    hostname: known('node1', seen('hostname')),
    kernelRelease: known('6.1.0', seen('uname')),
    bootParameters: known('quiet', { kind: 'file', path: '/proc/cmdline' }),
    osRelease: NOT_COLLECTED,
    products: [],
    netns: [smallNetns()],
    views: [smallView()],
    daemons: [],
    dns: [],
    runs: [],
    dials: [],
    logs: [],
    observations: {},
    problems: [],
    ...overrides,
  };
}

export const smallSnapshot = (node: NodeFacts, overrides: Partial<Snapshot> = {}): Snapshot => ({
  schema: SNAPSHOT_SCHEMA,
  takenAt: '2026-01-01T00:00:00Z',
  target: 'this machine',
  fromEvidence: false,
  node,
  symptoms: [],
  ...overrides,
});
