/**
 * `ip addr`, with or without -d and -o (iproute2, and the shorter form of busybox).
 *
 *   2: eth0@if3: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
 *       link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0
 *       veth numtxqueues 1 ...                                                    (-d: the link's kind)
 *       inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0
 *       inet6 fe80::1/64 scope link tentative
 *
 * Source: iproute2 ip/ipaddress.c, print_linkinfo and print_addrinfo.
 */
import type { Family, Interface, InterfaceAddress } from '../node-facts.ts';
import { decimal, linesOf, wordsOf } from './lines.ts';

const KINDS = new Set([
  'veth',
  'bridge',
  'vxlan',
  'dummy',
  'ipip',
  'sit',
  'gre',
  'tun',
  'vlan',
  'macvlan',
  'ipvlan',
  'bond',
  'wireguard',
  'geneve',
  'ifb',
  'vrf',
  'ip6tnl',
  'nlmon',
  'team',
  'vti',
]);

interface Building {
  name: string;
  index?: number;
  up: boolean;
  loopback: boolean;
  mtu?: number;
  kind?: string;
  addresses: InterfaceAddress[];
}

// The name ends at its '@' (a peer's name follows) or at the colon.
const HEADER = /^(\d+): ([^ \t@]+)(?:@[^ \t]*)?: <([^>]*)>(.*)$/u;
const ONE_LINE = /^(\d+): ([^ \t@]+)(?:@[^ \t]*)?[ \t]+(inet6?) (.*)$/u;

export function parseIpAddr(text: string): readonly Interface[] {
  const found = new Map<string, Building>();
  let current: Building | undefined;
  for (const line of linesOf(text)) {
    const header = HEADER.exec(line);
    if (header !== null) {
      const [, index, name = '', flags = '', rest = ''] = header;
      const words = flags.split(',');
      const mtu = decimal(/ mtu (\d+)/u.exec(rest)?.[1]);
      const known = found.get(name);
      current = {
        name,
        index: Number(index),
        up: words.includes('UP'),
        loopback: words.includes('LOOPBACK'),
        addresses: known?.addresses ?? [],
        ...(mtu === undefined ? {} : { mtu }),
      };
      found.set(name, current);
      continue;
    }
    const one = ONE_LINE.exec(line);
    if (one !== null) {
      const [, index, name = '', family, rest = ''] = one;
      // -o leaves the link lines out: an interface that has an address of scope host is the loopback, and addresses need a link that is up.
      let entry = found.get(name);
      if (entry === undefined) {
        entry = { name, index: Number(index), up: true, loopback: name === 'lo', addresses: [] };
        found.set(name, entry);
      }
      addAddress(entry, family === 'inet6' ? 'inet6' : 'inet', wordsOf(rest));
      continue;
    }
    if (current === undefined) continue;
    const words = wordsOf(line);
    const [first = ''] = words;
    if (first === 'inet' || first === 'inet6') addAddress(current, first, words.slice(1));
    else if (KINDS.has(first)) current.kind = first;
  }
  return [...found.values()];
}

function addAddress(entry: Building, family: Family, words: readonly string[]): void {
  const [address = '', bits] = (words[0] ?? '').split('/');
  const prefixLength = decimal(bits) ?? peerBits(words) ?? (family === 'inet' ? 32 : 128);
  // The same link may be listed twice, by two commands.
  if (address === '' || entry.addresses.some((a) => a.address === address && a.prefixLength === prefixLength)) return;
  entry.addresses.push({
    family,
    address,
    prefixLength,
    ...(words.includes('tentative') ? { tentative: true } : {}),
    ...(words.includes('deprecated') ? { deprecated: true } : {}),
  });
}

/** 'inet 10.0.0.1 peer 10.0.0.2/32': the length stands at the peer. */
function peerBits(words: readonly string[]): number | undefined {
  const peer = words.indexOf('peer');
  return peer < 0 ? undefined : decimal(words[peer + 1]?.split('/')[1]);
}
