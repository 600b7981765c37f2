/**
 * What dnsmasq was told: its configuration file, the drop-ins of conf-dir that were looked at, and its command line. One option a line,
 * `name` or `name=value`, the long names of the command line without their dashes; # begins a comment. Source: dnsmasq(8), src/option.c.
 */
import type { FileContent, ViewFacts } from '../../facts/node-facts.ts';
import { parseAddress, splitZone } from '../address/address.ts';
import { openFile } from '../go/view-file.ts';
import { memoByIdentity } from '../memo.ts';

export interface DnsmasqServer {
  readonly address: string;
  readonly port?: number;
}

export interface DnsmasqConfig {
  readonly noHosts: boolean;
  readonly addnHosts: readonly string[];
  readonly expandHosts: boolean;
  readonly domain: string | undefined;
  readonly domainNeeded: boolean;
  readonly noResolv: boolean;
  readonly resolvFile: string;
  readonly port: number;
  readonly filterA: boolean;
  readonly filterAaaa: boolean;
  /** `server=ADDRESS`. */
  readonly servers: readonly DnsmasqServer[];
  /** `server=/NAME/ADDRESS` and `local=/NAME/`: lower case; '' stands for names without a dot; no server: answered from local data alone. */
  readonly byDomain: readonly { readonly domain: string; readonly server: DnsmasqServer | undefined }[];
  /** `address=/NAME/ADDRESS`; '#' is any name. No address: there is no such name. */
  readonly addresses: readonly { readonly domain: string; readonly address: string | undefined }[];
  /** `cname=ALIAS,TARGET`. */
  readonly cnames: ReadonlyMap<string, string>;
  /** `host-record=NAME,ADDRESS…`. */
  readonly hostRecords: ReadonlyMap<string, readonly string[]>;
  /** It hands out leases, whose names it knows. */
  readonly leases: boolean;
  /** `local-service`: it is silent to whoever is in no network of its own; another choice of interfaces or addresses takes it back (dnsmasq(8)). */
  readonly localService: boolean;
  /** What it goes by besides, and cannot be read: servers told over the message bus, a directory of hosts files … */
  readonly unread: string | undefined;
}

type Option = readonly [name: string, value: string];

const SHORT: Readonly<Record<string, string>> = {
  h: 'no-hosts',
  H: 'addn-hosts',
  E: 'expand-hosts',
  s: 'domain',
  D: 'domain-needed',
  R: 'no-resolv',
  r: 'resolv-file',
  p: 'port',
  S: 'server',
  A: 'address',
  F: 'dhcp-range',
  C: 'conf-file',
  '7': 'conf-dir',
  '1': 'enable-dbus',
  i: 'interface',
  I: 'except-interface',
  a: 'listen-address',
};
const TAKES_VALUE = new Set(['H', 's', 'r', 'p', 'S', 'A', 'F', 'C', '7', 'u', 'g', 'i', 'I', 'a', 'x', 'l', 'm', 't', 'c', 'T', 'e', 'o']);

const optionsOfFile = memoByIdentity((file: FileContent): readonly Option[] => {
  const found: Option[] = [];
  for (const raw of file.text.split('\n')) {
    const line = raw.replace(/(?:^|[ \t])#.*$/u, '').trim();
    if (line === '') continue;
    const equals = line.indexOf('=');
    found.push(equals < 0 ? [line, ''] : [line.slice(0, equals).trim(), line.slice(equals + 1).trim()]);
  }
  return found;
});

/** Words of a command line: `--name=value`, `--name`, `-x value`, `-xvalue`. */
function optionsOfArgs(args: string): readonly Option[] {
  const words = args.split(/[ \t]+/u).filter((word) => word !== '');
  const found: Option[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      found.push(equals < 0 ? [word.slice(2), ''] : [word.slice(2, equals), word.slice(equals + 1)]);
    } else if (word.startsWith('-') && word.length > 1) {
      const letter = word.charAt(1);
      const glued = word.slice(2);
      const value = TAKES_VALUE.has(letter) && glued === '' ? (words[++i] ?? '') : glued;
      found.push([SHORT[letter] ?? letter, value]);
    }
  }
  return found;
}

const MAIN = '/etc/dnsmasq.conf';
const isDropIn = (path: string, folder: string, suffixes: readonly string[]): boolean =>
  path.startsWith(`${folder.replace(/\/$/u, '')}/`) &&
  !path.endsWith('~') &&
  (suffixes.length === 0 || suffixes.some((suffix) => path.endsWith(suffix)));

/** `unknown`: the path of a file that nobody looked at. `args`: the command line, where it was seen. */
export function dnsmasqConfig(view: ViewFacts, args: string, configPath = MAIN): DnsmasqConfig | { readonly unknown: string } {
  const fromArgs = optionsOfArgs(args);
  const main = fromArgs.findLast(([name]) => name === 'conf-file')?.[1] ?? configPath;
  const options: Option[] = [...fromArgs];
  if (main !== '' && main !== '/dev/null') {
    const file = openFile(view, main);
    if (file.kind === 'unknown') return { unknown: main };
    if (file.kind === 'content') options.push(...optionsOfFile(file.content));
  }
  let unseen: string | undefined;
  for (const [name, value] of [...options]) {
    if (name !== 'conf-dir') continue;
    const [folder = '', ...filters] = value.split(',');
    const suffixes = filters.filter((filter) => filter.startsWith('*')).map((filter) => filter.slice(1));
    const paths = Object.keys(view.files).filter((p) => isDropIn(p, folder, suffixes));
    // A snapshot lists no folders: with no file of it nobody knows whether there is one.
    if (paths.length === 0) unseen ??= `conf-dir=${folder}`;
    for (const path of paths.sort()) {
      const file = openFile(view, path);
      if (file.kind === 'content') options.push(...optionsOfFile(file.content));
    }
  }
  return configOf(options, unseen);
}

function configOf(options: readonly Option[], unseen: string | undefined): DnsmasqConfig {
  const has = (name: string): boolean => options.some(([key]) => key === name);
  const last = (name: string): string | undefined => options.findLast(([key]) => key === name)?.[1];
  const all = (...names: readonly string[]): readonly string[] => options.filter(([key]) => names.includes(key)).map(([, value]) => value);
  const servers: DnsmasqServer[] = [];
  const byDomain: { domain: string; server: DnsmasqServer | undefined }[] = [];
  const addresses: { domain: string; address: string | undefined }[] = [];
  for (const value of all('server', 'local')) {
    const { domains, rest } = domainsOf(value);
    const server = serverOf(rest);
    if (domains === undefined) {
      if (server !== undefined) servers.push(server);
    } else for (const domain of domains) byDomain.push({ domain, server: rest === '#' ? undefined : server });
  }
  for (const value of all('address')) {
    const { domains, rest } = domainsOf(value);
    for (const domain of domains ?? []) addresses.push({ domain, address: rest === '' ? undefined : rest });
  }
  const cnames = all('cname').flatMap((value): (readonly [string, string])[] => {
    const words = value.split(',').map((word) => word.trim().toLowerCase());
    const target = words.findLast((word) => !/^\d+$/u.test(word)) ?? '';
    return words.filter((word) => word !== target && !/^\d+$/u.test(word)).map((alias) => [alias, target]);
  });
  const hostRecords = new Map<string, readonly string[]>();
  for (const value of all('host-record')) {
    const words = value.split(',').map((word) => word.trim());
    const given = words.filter((word) => parseAddress(word) !== undefined);
    for (const name of words.filter((word) => parseAddress(word) === undefined && !/^\d+$/u.test(word)))
      hostRecords.set(name.toLowerCase(), [...(hostRecords.get(name.toLowerCase()) ?? []), ...given]);
  }
  const standard = byDomain.some(({ server, domain }) => server === undefined && domain === '#');
  const unread = ['enable-dbus', 'hostsdir', 'servers-file', 'dynamic-host', 'auth-zone'].find(has);
  return {
    noHosts: has('no-hosts'),
    addnHosts: all('addn-hosts'),
    expandHosts: has('expand-hosts'),
    domain: last('domain')?.split(',')[0]?.toLowerCase(),
    domainNeeded: has('domain-needed'),
    noResolv: has('no-resolv'),
    resolvFile: last('resolv-file') ?? '/etc/resolv.conf',
    port: Number(last('port') ?? '53'),
    filterA: has('filter-A'),
    filterAaaa: has('filter-AAAA'),
    servers,
    byDomain,
    addresses,
    cnames: new Map(cnames),
    hostRecords,
    localService: has('local-service') && !['interface', 'except-interface', 'listen-address', 'auth-server'].some(has),
    leases: has('dhcp-range'),
    unread: unread ?? (standard ? 'server=/#/' : undefined) ?? unseen,
  };
}

/** `/a/b/REST` → domains a and b; '//REST' names without a dot. */
function domainsOf(value: string): { readonly domains: readonly string[] | undefined; readonly rest: string } {
  if (!value.startsWith('/')) return { domains: undefined, rest: value };
  const parts = value.split('/').slice(1);
  const rest = parts.pop() ?? '';
  return { domains: parts.map((part) => part.toLowerCase().replace(/^\*?\.|\.$/gu, '')), rest };
}

/** ADDRESS[#PORT][@INTERFACE]. */
function serverOf(text: string): DnsmasqServer | undefined {
  const [where = '', port] = (text.split('@')[0] ?? '').split('#');
  if (parseAddress(splitZone(where).address) === undefined) return undefined;
  return port === undefined || port === '53' ? { address: where } : { address: where, port: Number(port) };
}
