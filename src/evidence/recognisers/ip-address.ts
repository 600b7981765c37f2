/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import type { Family, Interface, InterfaceAddress } from '../../facts/node-facts.ts';
import { hasFlag, isFiltered, type CommandLine } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { defineRecogniser, fitting } from './define-recogniser.ts';

const HEADER = /^[ \t]*(\d{1,6}): ([^ :@]+)(?:@([^ :]+))?: <([^>]*)>(.*)$/u;
const ADDRESS = /^[ \t]+(inet6?) ([0-9a-fA-F:.]+)(?: peer [^ ]+?)?(?:\/(\d{1,3}))?\b(.*)$/u;
const ONE_LINE = /^(\d{1,6}): ([^ \t:@]+)(?:@[^ :]+)?[ \t]+(inet6?) ([0-9a-fA-F:.]+)(?: peer [^ ]+?)?\/(\d{1,3})(.*)$/u;
const BRIEF = /^([^ @]+)(?:@[^ ]+)? +(UP|DOWN|UNKNOWN|LOWERLAYERDOWN) +(.*)$/u;

interface Draft {
  name: string;
  index?: number;
  up: boolean;
  loopback: boolean;
  mtu?: number;
  kind?: string;
  addresses: InterfaceAddress[];
}

function address(family: string, text: string, prefix: string | undefined, flags: string): InterfaceAddress {
  const inet6 = family === 'inet6';
  return {
    family: inet6 ? 'inet6' : 'inet',
    address: text.toLowerCase(),
    prefixLength: prefix === undefined ? (inet6 ? 128 : 32) : Number(prefix),
    ...(/\btentative\b/u.test(flags) ? { tentative: true } : {}),
    ...(/\bdeprecated\b/u.test(flags) ? { deprecated: true } : {}),
  };
}

/** Kind of a link from the line that `ip -d` adds, else from its name. */
const kindOf = (line: string): string | undefined =>
  /^[ \t]+(veth|bridge|vxlan|dummy|ipip|wireguard|vlan|bond|tun|macvlan|ipvlan)\b/u.exec(line)?.[1];

/** Families that the command would have shown. */
function familiesOf(command: CommandLine | undefined, lines: readonly string[]): readonly Family[] {
  const words = command?.words ?? [];
  if (
    words.includes('-6') ||
    (words.find((w) => /^-[a-z]*6[a-z]*$/u.test(w)) ?? '').includes('6') ||
    (words.includes('inet6') && words.includes('-f'))
  )
    return ['inet6'];
  if (
    words.includes('-4') ||
    (words.find((w) => /^-[a-z]*4[a-z]*$/u.test(w)) ?? '').includes('4') ||
    (words.includes('inet') && words.includes('-f'))
  )
    return ['inet'];
  // A grep for inet6 or "inet " shows one family; without a command, link lines with no address at all tell nothing.
  const filter = command?.filters.join(' ') ?? '';
  if (/inet6|::/u.test(filter)) return ['inet6'];
  if (/inet |"inet"|'inet'|inet$/u.test(filter)) return ['inet'];
  const link = words.includes('link') || (words.length === 0 && !lines.some((l) => /\binet6? /u.test(l)));
  return link ? [] : ['inet', 'inet6'];
}

/**
 * `ip addr` in its long, one-line (-o) and brief (-br) forms, and `ip link`. Whole listings name every interface, so a missing address is
 * known to be missing. Source: ip-address(8), iproute2 ip/ipaddress.c.
 */
export const ipAddress = defineRecogniser({
  id: 'ip-address',
  title: { en: 'interfaces and addresses (ip addr)', zh: '网络接口与地址（ip addr）' },
  commands: (c) =>
    c.name === 'ip' &&
    c.words.slice(1).some((w) => /^(?:a|ad|addr|addre?s{0,2}|address|l|link)$/u.test(w)) &&
    !c.words.some((w) => /^(?:add|del|set|delete|change)$/u.test(w)),
  names:
    /(?:^|\/)(?:ip[-_]?(?:[-_][46od]+[-_])?[-_]?a(?:ddr(?:ess)?(?:[-_]?show)?)?|ipv6addrshow|iplinkshow|ip[-_]+link(?:show)?|ip_-[a-z0-9]+_(?:addr(?:ess)?|link)(?:_show)?)(?:\.txt|\.out|\.log)?$/u,
  look: (lines) => fitting(lines, HEADER) > 0 || fitting(lines, ONE_LINE) > 0,
  read(piece, facts) {
    const families = namedFamilies(piece) ?? familiesOf(piece.command, piece.lines);
    const understood = new Set<number>();
    const found = readInterfaces(piece.lines, understood);
    store(piece, facts, found, families);
    return understood;
  },
});

/** A file name can say the family: 'ipv6addrshow', 'ip-4-addr.txt'. */
function namedFamilies(piece: Piece): readonly Family[] | undefined {
  if (piece.command !== undefined) return undefined;
  const base = piece.name.toLowerCase().split('/').at(-1) ?? '';
  if (base.includes('link')) return [];
  if (/ipv6addr|[-_]6[-_]/u.test(base)) return ['inet6'];
  return /[-_]4[-_]/u.test(base) ? ['inet'] : undefined;
}

function readInterfaces(lines: readonly string[], understood: Set<number>): Map<string, Draft> {
  const found = new Map<string, Draft>();
  let current: Draft | undefined;
  const get = (name: string, more: Partial<Draft> = {}): Draft => {
    const old = found.get(name) ?? { name, up: true, loopback: name === 'lo', addresses: [] };
    const made = { ...old, ...more, addresses: old.addresses };
    found.set(name, made);
    return made;
  };
  lines.forEach((line, i) => {
    const header = HEADER.exec(line);
    if (header !== null) {
      const [, index = '', name = '', , flags = '', rest = ''] = header;
      const mtu = /\bmtu (\d+)/u.exec(rest)?.[1];
      const up = flags.split(',').includes('UP');
      current = get(name, {
        index: Number(index),
        up,
        loopback: flags.split(',').includes('LOOPBACK'),
        ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
      });
      understood.add(i);
      return;
    }
    const one = ONE_LINE.exec(line);
    if (one !== null) {
      const [, index = '', name = '', family = '', text = '', prefix, flags = ''] = one;
      get(name, { index: Number(index) }).addresses.push(address(family, text, prefix, flags));
      understood.add(i);
      return;
    }
    const inet = ADDRESS.exec(line);
    if (inet !== null && current !== undefined) {
      current.addresses.push(address(inet[1] ?? '', inet[2] ?? '', inet[3], inet[4] ?? ''));
      understood.add(i);
      return;
    }
    const brief = BRIEF.exec(line);
    if (brief !== null) {
      const [, name = '', state = '', rest = ''] = brief;
      const draft = get(name, { up: state !== 'DOWN' });
      for (const word of rest.split(/ +/u)) {
        const hit = /^([0-9a-f:.]+)\/(\d{1,3})$/iu.exec(word);
        if (hit?.[1] !== undefined) draft.addresses.push(address(hit[1].includes(':') ? 'inet6' : 'inet', hit[1], hit[2], ''));
      }
      understood.add(i);
      return;
    }
    const kind = kindOf(line);
    if (
      current !== undefined &&
      (kind !== undefined || /^[ \t]+(?:link\/|valid_lft|altname|promiscuity|bridge_slave|alias|RX:|TX:|\d+ +\d+ )/u.test(line))
    ) {
      if (kind !== undefined) found.set(current.name, Object.assign(current, { kind }));
      understood.add(i);
    }
  });
  return found;
}

function store(piece: Piece, facts: EvidenceFacts, found: ReadonlyMap<string, Draft>, families: readonly Family[]): void {
  const source = sourceOf(piece, piece.lines.length > 0 ? 0 : undefined);
  const device = piece.command?.words.find(
    (w, i, all) => i > 1 && (all[i - 1] === 'dev' || all[i - 1] === 'show' || all[i - 1] === 's') && w !== 'dev',
  );
  // `ip -6 addr show lo` that prints nothing: lo has no such address.
  if (found.size === 0 && families.length > 0 && device !== undefined)
    facts.addInterface(piece.where, { name: device, up: true, loopback: device === 'lo', addresses: [] }, families, source);
  // `ip -6 addr` leaves out interfaces without such an address; lo is always there.
  else if (!found.has('lo') && device === undefined && families.length > 0 && found.size > 0 && isOnlyFiltered(piece))
    facts.addInterface(piece.where, { name: 'lo', up: true, loopback: true, addresses: [] }, families, source);
  for (const d of found.values()) {
    const { addresses, ...rest } = d;
    const value: Interface = { ...rest, addresses: addresses.filter((a) => families.includes(a.family)) };
    facts.addInterface(piece.where, value, families, source);
    if (d.mtu !== undefined && piece.where.kind === 'host') facts.observe(`interface.${d.name}.mtu`, d.mtu, source);
  }
}

/** True for `ip -6 addr` without a filter of lines or of interfaces. */
const isOnlyFiltered = (piece: Piece): boolean => {
  const c = piece.command;
  return (
    c !== undefined &&
    !isFiltered(c) &&
    !c.words.some((w) => /^(?:scope|type|master|up|dev|label)$/u.test(w)) &&
    (hasFlag(c, '6') || hasFlag(c, '4') || c.words.length <= 3)
  );
};

const IFCONFIG_NEW = /^([\w.@-]+): flags=\d+<([^>]*)> +mtu (\d+)/u;
const IFCONFIG_OLD = /^([\w.:-]+) +Link encap:([\w ]+?)(?: {2}|$)/u;

/** ifconfig of net-tools, old and new form, and of busybox. Source: net-tools lib/interface.c. */
export const ifconfig = defineRecogniser({
  id: 'ifconfig',
  title: { en: 'interfaces and addresses (ifconfig)', zh: '网络接口与地址（ifconfig）' },
  commands: (c) => c.name === 'ifconfig',
  names: /(?:^|\/)ifconfig[-_a]*(?:\.txt|\.out)?$/u,
  look: (lines) => fitting(lines, IFCONFIG_NEW) > 0 || fitting(lines, IFCONFIG_OLD) > 0,
  read(piece, facts) {
    const understood = new Set<number>();
    const found = new Map<string, Draft>();
    let current: Draft | undefined;
    piece.lines.forEach((line, i) => {
      const fresh = IFCONFIG_NEW.exec(line);
      const old = fresh === null ? IFCONFIG_OLD.exec(line) : null;
      if (fresh !== null || old !== null) {
        const name = (fresh?.[1] ?? old?.[1] ?? '').replace(/:\d+$/u, '');
        const flags = fresh?.[2] ?? '';
        current = found.get(name) ?? {
          name,
          up: fresh === null ? true : flags.split(',').includes('UP'),
          loopback: flags.includes('LOOPBACK') || name === 'lo',
          addresses: [],
        };
        if (fresh?.[3] !== undefined) current.mtu = Number(fresh[3]);
        found.set(name, current);
        understood.add(i);
        return;
      }
      if (current === undefined || !/^[ \t]/u.test(line)) return;
      understood.add(i);
      const v4 = /inet (?:addr:)?([\d.]+)(?:.*?(?:netmask |Mask:)([\d.]+))?/u.exec(line);
      if (v4?.[1] !== undefined)
        current.addresses.push({ family: 'inet', address: v4[1], prefixLength: v4[2] === undefined ? 32 : maskLength(v4[2]) });
      const v6 = /inet6 (?:addr: ?)?([0-9a-fA-F:]+)(?:%\w+)?(?:\/| +prefixlen )(\d+)/u.exec(line);
      if (v6?.[1] !== undefined) current.addresses.push({ family: 'inet6', address: v6[1].toLowerCase(), prefixLength: Number(v6[2]) });
      const mtu = /MTU:(\d+)/u.exec(line)?.[1];
      if (mtu !== undefined) current.mtu = Number(mtu);
    });
    const source = sourceOf(piece, 0);
    for (const d of found.values()) {
      facts.addInterface(piece.where, d, ['inet', 'inet6'], source);
      if (d.mtu !== undefined && piece.where.kind === 'host') facts.observe(`interface.${d.name}.mtu`, d.mtu, source);
    }
    return understood;
  },
});

/** '255.255.240.0' → 20. */
export const maskLength = (mask: string): number =>
  mask.split('.').reduce((n, part) => n + Number(part).toString(2).replaceAll('0', '').length, 0);
