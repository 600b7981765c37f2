/** A node as the published vectors describe one, and lookups on it. */
import type { AiFlag, AskedFamily, Resolution } from '../../../src/model/types.ts';
import { resolveGlibc, type GlibcOptions } from '../../../src/model/glibc/stack.ts';
import type { JsonObject } from '../../../src/vectors/adapter.ts';
import { worldFromGiven } from '../../../src/vectors/world-from-given.ts';

const LO = { name: 'lo', addrs: ['127.0.0.1/8', '::1/128'] };
const ETH4 = { name: 'eth0', addrs: ['10.240.0.34/24'] };
export const NETS = {
  linkLocal: { interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24', 'fe80::34/64'] }], routes: [] },
  loopOnly: { interfaces: [LO], routes: [] },
  ipv4Node: { interfaces: [LO, ETH4], routes: ['default via 10.240.0.1 dev eth0'] },
  ipv6Off: { interfaces: [{ name: 'lo', addrs: ['127.0.0.1/8'] }, ETH4], routes: ['default via 10.240.0.1 dev eth0'] },
  ipv6Disabled: {
    interfaces: [{ name: 'lo', addrs: ['127.0.0.1/8'] }, ETH4],
    routes: ['default via 10.240.0.1 dev eth0'],
    sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' },
  },
  dual: {
    interfaces: [LO, { name: 'eth0', addrs: ['10.240.0.34/24', '2001:db8:1::34/64'] }],
    routes: ['default via 10.240.0.1 dev eth0', 'default via 2001:db8:1::1 dev eth0'],
  },
} satisfies Record<string, JsonObject>;

export interface TestNode {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly hostname?: string;
  readonly net?: keyof typeof NETS;
  readonly dns?: JsonObject[];
  readonly nscd_daemon?: JsonObject;
  /** Services of the switch besides files and dns. */
  readonly modules?: string[];
  readonly version?: string;
}

export const nodeOf = (node: TestNode): ReturnType<typeof worldFromGiven> => {
  const { net = 'ipv4Node', version = '2.36', ...given } = node;
  return worldFromGiven(
    {
      ...given,
      files: { '/etc/nsswitch.conf': 'hosts: files dns\n', '/etc/resolv.conf': 'nameserver 127.0.0.1\n', '/etc/hosts': '', ...given.files },
      net: NETS[net],
    },
    version,
  );
};

export function gai(
  node: TestNode,
  name: string,
  family: AskedFamily = 'unspec',
  flags: readonly AiFlag[] = [],
  options?: GlibcOptions,
): Resolution {
  const { world, view } = nodeOf(node);
  return resolveGlibc(world, view, node.version ?? '2.36', { call: 'getaddrinfo', family, flags, socktype: 'stream' }, name, options);
}

/** 'addresses joined', the error code, or 'cannot tell'. */
export function said({ outcome }: Resolution): string {
  if (outcome.kind === 'addresses') return outcome.addresses.map((a) => a.address).join(' ');
  return outcome.kind === 'error' ? outcome.error.code : 'cannot tell';
}

export const asked = (r: Resolution): string[] => r.queries.map((q) => `${q.name} ${q.type}`);
