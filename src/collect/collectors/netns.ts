/** A network namespace as the probe found it: from the programs that ran inside, else from what /proc shows from outside. */
import { absent, known, NOT_COLLECTED, unobserved, type Fact, type NetnsId } from '../../facts/fact.ts';
import type { Family, Interface, Listener, NetnsFacts, PolicyRule, Problem, RejectRule, Route } from '../../facts/node-facts.ts';
import { parseIpAddr } from '../../facts/parse/ip-addr.ts';
import { parseIpRoute, parseIpRule } from '../../facts/parse/ip-route.ts';
import { linesOf } from '../../facts/parse/lines.ts';
import { parseIptablesSave } from '../../facts/parse/iptables-save.ts';
import { parseNftRuleset } from '../../facts/parse/nft-ruleset.ts';
import { interfacesFromProc, parseProcIpv6Route, parseProcRoute, parseProcSockets } from '../../facts/parse/proc-net.ts';
import { parseSsByInode, type SsSocket } from '../../facts/parse/ss.ts';
import type { ProbeRecord } from '../probe-script.ts';
import { labelled } from './processes.ts';

export interface NetnsReading {
  readonly facts: NetnsFacts;
  /** The host name of the view that was entered. */
  readonly hostname: Fact<string>;
  /** Inode of each listening socket, for the finding of its process. */
  readonly problems: readonly Problem[];
}

/** `pid`: the process by which /proc told of the namespace. */
export function readNetns(records: readonly ProbeRecord[], id: NetnsId, pid: number | 'self'): NetnsReading {
  const mine = records.filter((r) => r.args[0] === id);
  const text = (kind: string, ...words: readonly string[]): string | undefined =>
    mine.find((r) => r.kind === kind && words.every((w, i) => r.args[i + 1] === w))?.data.toString('latin1');
  const problems: Problem[] = [];
  const failed = mine.find((r) => r.kind === 'enter-failed');
  const notEntered = unobserved(failed?.args[1] === 'no-tool' ? 'no-tool' : 'permission', 'nsenter');
  const missing = failed === undefined ? NOT_COLLECTED : notEntered;
  if (failed !== undefined) problems.push({ source: { kind: 'command', command: `nsenter --net (${id})` }, reason: notEntered.reason });

  const ip = splitIp(text('ip', 'inet'), text('ip', 'inet6'));
  const sysctls = sysctlsOf(text('sysctl'), id);
  const proc = procNetOf(records, pid);
  const ipv6 = ipv6Of(records, pid);
  const { disableIpv6, others } = sysctls;
  return {
    facts: {
      id,
      interfaces: interfacesOf(ip.addresses, proc, id) ?? missing,
      routes: routesOf(ip.routes4, ip.routes6, proc, id) ?? missing,
      rules: rulesOf(ip.rules4, ip.rules6, id) ?? missing,
      ipv6Socket: ipv6 === undefined ? NOT_COLLECTED : known(ipv6, { kind: 'file', path: '/proc/net/if_inet6' }),
      disableIpv6,
      listeners: listenersOf(proc, text('ss'), others['net.ipv6.bindv6only'], id),
      rejects: rejectsOf(mine, id, failed === undefined ? undefined : notEntered),
      sysctls: others,
    },
    hostname: hostnameOf(text('hostname'), id) ?? missing,
    problems,
  };
}

interface IpTexts {
  readonly addresses?: string;
  readonly routes4?: string;
  readonly rules4?: string;
  readonly routes6?: string;
  readonly rules6?: string;
}

/** Answers of one ip, in turn: addresses begin with `1: lo:` or are indented, rules with `0:` and a tab, routes with a word. */
function splitIp(inet: string | undefined, inet6: string | undefined): IpTexts {
  const split = (text: string): { readonly addresses: string; readonly routes: string; readonly rules: string } => {
    const parts = { addresses: '', routes: '', rules: '' };
    for (const line of linesOf(text)) {
      const part = /^\d+:\t/u.test(line) ? 'rules' : /^\d+: |^ /u.test(line) ? 'addresses' : 'routes';
      parts[part] += `${line}\n`;
    }
    return parts;
  };
  const four = inet === undefined ? undefined : split(inet);
  const six = inet6 === undefined ? undefined : split(inet6);
  return {
    ...(four === undefined ? {} : { addresses: four.addresses, routes4: four.routes, rules4: four.rules }),
    ...(six === undefined ? {} : { routes6: six.routes, rules6: six.rules }),
  };
}

/** Files of /proc/PID/net by name ('net/tcp'); undefined when the process was not asked about. */
function procNetOf(records: readonly ProbeRecord[], pid: number | 'self'): ReadonlyMap<string, string> | undefined {
  if (ipv6Of(records, pid) === undefined) return undefined;
  const files = new Map<string, string>();
  const prefix = `${String(pid)}/`;
  for (const record of records) {
    if (record.kind !== 'proc-nets') continue;
    for (const [label, line] of labelled(record.data.toString('latin1'))) {
      if (!label.startsWith(prefix)) continue;
      const name = label.slice(prefix.length);
      files.set(name, `${files.get(name) ?? ''}${line}\n`);
    }
  }
  return files;
}

/** Can an IPv6 socket be made? The kernel has the file if_inet6 then. */
function ipv6Of(records: readonly ProbeRecord[], pid: number | 'self'): boolean | undefined {
  for (const record of records) {
    if (record.kind !== 'ipv6') continue;
    for (const line of linesOf(record.data.toString('latin1'))) if (line.startsWith(`${String(pid)} `)) return line.endsWith(' there');
  }
  return undefined;
}

function hostnameOf(text: string | undefined, id: NetnsId): Fact<string> | undefined {
  if (text === undefined) return undefined;
  const name = text.replace(/\n$/u, '');
  const source = { kind: 'file', path: '/proc/sys/kernel/hostname', view: id } as const;
  return name === '' ? absent(source) : known(name, source);
}

function interfacesOf(
  ipAddr: string | undefined,
  proc: ReadonlyMap<string, string> | undefined,
  id: NetnsId,
): Fact<readonly Interface[]> | undefined {
  const parsed = ipAddr === undefined ? [] : parseIpAddr(ipAddr);
  // A namespace always has lo: no interface at all means that ip printed nothing we can read.
  if (parsed.length > 0) return known(parsed, { kind: 'command', command: 'ip addr', view: id });
  const dev = proc?.get('net/dev');
  if (proc === undefined || dev === undefined) return undefined;
  return known(interfacesFromProc(dev, proc.get('net/if_inet6') ?? '', proc.get('net/fib_trie') ?? '', proc.get('net/route') ?? ''), {
    kind: 'file',
    path: '/proc/net/fib_trie',
  });
}

function routesOf(
  four: string | undefined,
  six: string | undefined,
  proc: ReadonlyMap<string, string> | undefined,
  id: NetnsId,
): Fact<readonly Route[]> | undefined {
  const inet6 = six === undefined ? parseProcIpv6Route(proc?.get('net/ipv6_route') ?? '') : parseIpRoute(six, 'inet6');
  if (four !== undefined)
    return known([...parseIpRoute(four, 'inet'), ...inet6], {
      kind: 'command',
      command: 'ip route show table all',
      view: id,
    });
  if (proc?.has('net/dev') !== true) return undefined;
  return known([...parseProcRoute(proc.get('net/route') ?? ''), ...inet6], {
    kind: 'file',
    path: '/proc/net/ipv6_route',
  });
}

function rulesOf(four: string | undefined, six: string | undefined, id: NetnsId): Fact<readonly PolicyRule[]> | undefined {
  if (four === undefined) return undefined;
  const rules = [...parseIpRule(four, 'inet'), ...parseIpRule(six ?? '', 'inet6')];
  return rules.length === 0 ? undefined : known(rules, { kind: 'command', command: 'ip rule', view: id });
}

/**
 * Whether an IPv6 socket on `::` takes IPv4 too is not in /proc; ss says it. Without ss: an IPv4 socket beside it on the same port means that
 * it does not (they could not both be there otherwise, but for SO_REUSEPORT); else the default of the namespace, net.ipv6.bindv6only, is
 * taken for it. A program that asks for V6ONLY by itself and serves no IPv4 at all is not told from others then.
 */
function listenersOf(
  proc: ReadonlyMap<string, string> | undefined,
  ss: string | undefined,
  bindv6only: Fact<string> | undefined,
  id: NetnsId,
): Fact<readonly Listener[]> {
  if (proc === undefined) return NOT_COLLECTED;
  const told = ss === undefined ? new Map<number, SsSocket>() : parseSsByInode(ss);
  const all = [
    ['net/tcp', 'tcp'],
    ['net/tcp6', 'tcp'],
    ['net/udp', 'udp'],
    ['net/udp6', 'udp'],
  ] as const;
  const sockets = all.flatMap(([label, protocol]) => parseProcSockets(proc.get(label) ?? '', protocol));
  const listeners = sockets.map(({ listener, inode }): Listener => {
    const more = told.get(inode);
    const owner = more?.pid === undefined ? {} : { pid: more.pid, ...(more.program === undefined ? {} : { program: more.program }) };
    if (listener.address !== '::') return { ...listener, ...owner };
    const beside = sockets.some(
      ({ listener: o }) => o.family === 'inet' && o.protocol === listener.protocol && o.port === listener.port && o.address === '0.0.0.0',
    );
    const byDefault = bindv6only?.state === 'known' ? bindv6only.value.trim() === '1' : undefined;
    const v6only = more?.v6only ?? (beside ? true : byDefault);
    return { ...listener, ...(v6only === undefined ? {} : { v6only }), ...owner };
  });
  return known(listeners, { kind: 'file', path: '/proc/net/tcp, tcp6, udp, udp6', text: id });
}

function sysctlsOf(text: string | undefined, id: NetnsId): Pick<NetnsFacts, 'disableIpv6'> & { readonly others: NetnsFacts['sysctls'] } {
  const disableIpv6: Record<string, Fact<boolean>> = {};
  const others: Record<string, Fact<string>> = {};
  if (text === undefined) return { disableIpv6, others };
  for (const [label, value] of labelled(text)) {
    const source = { kind: 'file', path: `/proc/sys/net/${label}`, view: id } as const;
    const device = /^ipv6\/conf\/([^/]+)\/disable_ipv6$/u.exec(label)?.[1];
    if (device === undefined)
      others[`net.${label.replaceAll('.', '\u0000').replaceAll('/', '.').replaceAll('\u0000', '/')}`] = known(
        value.replaceAll('\t', ' '),
        source,
      );
    else disableIpv6[device] = known(value.trim() !== '0', source);
  }
  return { disableIpv6, others };
}

function rejectsOf(mine: readonly ProbeRecord[], id: NetnsId, notEntered: Fact<never> | undefined): Fact<readonly RejectRule[]> {
  if (notEntered !== undefined) return notEntered;
  if (!mine.some((r) => r.kind === 'netns-end')) return NOT_COLLECTED;
  const rules: RejectRule[] = [];
  const saves = new Set<string>();
  for (const record of mine) {
    if (record.kind !== 'iptables') continue;
    const family: Family = record.args[1] === 'inet6' ? 'inet6' : 'inet';
    const text = record.data.toString('latin1');
    if (text.includes('*filter')) saves.add(family);
    rules.push(...parseIptablesSave(text, family));
  }
  const nft = mine.find((r) => r.kind === 'nft');
  if (nft !== undefined) rules.push(...parseNftRuleset(nft.data.toString('latin1'), saves));
  return known(rules, { kind: 'command', command: 'iptables-save -c; nft list ruleset', view: id });
}
