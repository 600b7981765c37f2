/**
 * The files of /proc/net that say what `ip` says, for nodes without it. Formats: Documentation/networking/proc_net_tcp.rst, and
 * net/ipv6/addrconf.c if6_seq_show, net/ipv4/fib_trie.c fib_trie_seq_show and fib_route_seq_show, net/ipv6/ip6_fib.c rt6_info_route.
 */
import type { Interface, InterfaceAddress, Listener, Route } from '../node-facts.ts';
import { addressFromWords, ipv6FromHex } from './address.ts';
import { decimal, linesOf, wordsOf } from './lines.ts';

export interface DeviceAddress {
  readonly device: string;
  readonly index: number;
  readonly address: InterfaceAddress;
}

/** `00000000000000000000000000000001 01 80 10 80 lo`: address, interface index, prefix length, scope, flags, name; numbers in hex. */
export function parseIfInet6(text: string): readonly DeviceAddress[] {
  const found: DeviceAddress[] = [];
  for (const line of linesOf(text)) {
    const [hex = '', index = '', bits = '', , flags = '', device] = wordsOf(line);
    const address = ipv6FromHex(hex);
    if (address === undefined || device === undefined) continue;
    const flag = Number.parseInt(flags, 16);
    found.push({
      device,
      index: Number.parseInt(index, 16),
      address: {
        family: 'inet6',
        address,
        prefixLength: Number.parseInt(bits, 16),
        // IFA_F_TENTATIVE 0x40, IFA_F_DEPRECATED 0x20 (include/uapi/linux/if_addr.h).
        ...((flag & 0x40) === 0 ? {} : { tentative: true }),
        ...((flag & 0x20) === 0 ? {} : { deprecated: true }),
      },
    });
  }
  return found;
}

/**
 * /proc/net/fib_trie: the machine's own IPv4 addresses are the leaves that hold `/32 host LOCAL`.
 * The leaf's address stands on the line before: `|-- 127.0.0.1`.
 */
export function parseFibTrieLocal(text: string): readonly string[] {
  const own = new Set<string>();
  let leaf: string | undefined;
  for (const line of linesOf(text)) {
    const found = /\|-- ([0-9.]+)$/u.exec(line);
    if (found !== null) leaf = found[1];
    else if (leaf !== undefined && line.trimStart().startsWith('/32 host LOCAL')) own.add(leaf);
  }
  return [...own];
}

/** Names of interfaces from /proc/net/dev, in order. */
export function parseNetDev(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => {
    const name = /^ *([^ \t:|]+):/u.exec(line)?.[1];
    return name === undefined ? [] : [name];
  });
}

/** Interfaces as far as /proc tells them: no link kind and no MTU; an IPv4 address belongs to the device of its connected route. */
export function interfacesFromProc(dev: string, ifInet6: string, fibTrie: string, route: string): readonly Interface[] {
  const six = parseIfInet6(ifInet6);
  const connected = parseProcRoute(route).filter((r) => r.gateway === undefined && r.type === 'unicast');
  const four = parseFibTrieLocal(fibTrie).map((address) => {
    if (address.startsWith('127.')) return { device: 'lo', address: { family: 'inet', address, prefixLength: 8 } as const };
    const via = connected.find((r) => inNetwork(address, r.destination));
    const bits = decimal(via?.destination.split('/')[1]) ?? 32;
    return { device: via?.device, address: { family: 'inet', address, prefixLength: bits } as const };
  });
  return parseNetDev(dev).map((name) => {
    const addresses = [
      ...four.filter((a) => a.device === name).map((a) => a.address),
      ...six.filter((a) => a.device === name).map((a) => a.address),
    ];
    const index = six.find((a) => a.device === name)?.index;
    return {
      name,
      ...(index === undefined ? {} : { index }),
      // Only a device that is up keeps IPv4 routes to its addresses, and IPv6 addresses at all.
      up: addresses.length > 0 || connected.some((r) => r.device === name),
      loopback: name === 'lo',
      addresses,
    };
  });
}

const toNumber = (dotted: string): number => dotted.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
function inNetwork(address: string, destination: string): boolean {
  const [network = '', bits = '32'] = destination.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(network) / size);
}

/** /proc/net/route (main table only): `Iface Destination Gateway Flags RefCnt Use Metric Mask ...`; RTF_REJECT 0x200, RTF_GATEWAY 0x2, RTF_UP 0x1. */
export function parseProcRoute(text: string): readonly Route[] {
  const routes: Route[] = [];
  for (const line of linesOf(text).slice(1)) {
    const [device = '', destination = '', gateway = '', flags = '', , , metric = '', mask = ''] = wordsOf(line);
    const address = addressFromWords(destination);
    const netmask = addressFromWords(mask);
    const flag = Number.parseInt(flags, 16);
    if (address === undefined || netmask === undefined || Number.isNaN(flag)) continue;
    const via = (flag & 2) === 0 ? undefined : addressFromWords(gateway);
    const number = decimal(metric);
    routes.push({
      family: 'inet',
      // The kind of rejection (unreachable, prohibit, blackhole) is not shown here; unreachable is the one that people set.
      type: (flag & 0x200) === 0 ? 'unicast' : 'unreachable',
      destination: `${address}/${String(bitsOf(netmask))}`,
      ...(via === undefined ? {} : { gateway: via }),
      ...(device === '*' ? {} : { device }),
      ...(number === undefined ? {} : { metric: number }),
      table: 'main',
    });
  }
  return routes;
}

const bitsOf = (netmask: string): number =>
  netmask.split('.').reduce((sum, part) => sum + (Number(part).toString(2).match(/1/gu) ?? []).length, 0);

/**
 * /proc/net/ipv6_route, all tables: destination, length, source, length, next hop, metric, references, use, flags, device (hex).
 * RTF_REJECT 0x200, RTF_LOCAL 0x80000000, RTF_ANYCAST 0x100000, RTF_GATEWAY 0x2; metric ffffffff is the mark of an empty table.
 */
export function parseProcIpv6Route(text: string): readonly Route[] {
  const routes: Route[] = [];
  for (const line of linesOf(text)) {
    const [hex = '', bits = '', , , hop = '', metric = '', , , flags = '', device = ''] = wordsOf(line);
    const address = ipv6FromHex(hex);
    const flag = Number.parseInt(flags, 16);
    if (address === undefined || Number.isNaN(flag) || metric === 'ffffffff' || (flag & 0x10_0000) !== 0) continue;
    const local = flag >= 0x8000_0000;
    const gateway = (flag & 2) === 0 ? undefined : ipv6FromHex(hop);
    const multicast = address.startsWith('ff') && bits === '08';
    routes.push({
      family: 'inet6',
      type: local ? 'local' : (flag & 0x200) !== 0 ? 'unreachable' : multicast ? 'multicast' : 'unicast',
      destination: `${address}/${String(Number.parseInt(bits, 16))}`,
      ...(gateway === undefined ? {} : { gateway }),
      ...(device === '' ? {} : { device }),
      metric: Number.parseInt(metric, 16),
      table: local || multicast ? 'local' : 'main',
    });
  }
  return routes;
}

export interface ProcListener {
  readonly listener: Listener;
  readonly inode: number;
}

/**
 * /proc/net/{tcp,tcp6,udp,udp6}: sockets that take what comes: TCP in state 0A (LISTEN), UDP in 07 without a peer.
 * `   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 ...`
 */
export function parseProcSockets(text: string, protocol: 'tcp' | 'udp'): readonly ProcListener[] {
  const found: ProcListener[] = [];
  for (const line of linesOf(text)) {
    const words = wordsOf(line);
    const [slot = '', local = '', , state = ''] = words;
    if (!slot.endsWith(':') || state !== (protocol === 'tcp' ? '0A' : '07')) continue;
    const [hex = '', port = ''] = local.split(':');
    const address = addressFromWords(hex);
    const number = Number.parseInt(port, 16);
    if (address === undefined || Number.isNaN(number)) continue;
    const family = hex.length === 8 ? 'inet' : 'inet6';
    found.push({ listener: { protocol, family, address, port: number }, inode: decimal(words[9]) ?? 0 });
  }
  return found;
}

export interface UnixSocket {
  readonly path: string;
  readonly inode: number;
  /** It accepts connections (SO_ACCEPTCON). */
  readonly listening: boolean;
}

/** /proc/net/unix: `Num RefCount Protocol Flags Type St Inode Path`; flag 0x10000 is SO_ACCEPTCON. Abstract names begin with '@'. */
export function parseProcUnix(text: string): readonly UnixSocket[] {
  return linesOf(text).flatMap((line) => {
    const match = /^[0-9a-f]+: [0-9a-f]+ [0-9a-f]+ ([0-9a-f]{8}) [0-9a-f]{4} [0-9a-f]{2} +(\d+) (.+)$/iu.exec(line);
    if (match === null) return [];
    const [, flags = '', inode = '', path = ''] = match;
    return [{ path, inode: Number(inode), listening: (Number.parseInt(flags, 16) & 0x1_0000) !== 0 }];
  });
}
