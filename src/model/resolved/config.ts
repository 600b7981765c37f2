/**
 * What systemd-resolved reads: resolved.conf with its drop-ins (resolved.conf(5)), its own hosts file, and the servers that it wrote to
 * /run/systemd/resolve/resolv.conf.
 */
import type { FileContent, ViewFacts } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import { formatAddress, parseAddress, splitZone } from '../address/address.ts';
import { isUnspecified } from '../address/special.ts';
import { openFile } from '../go/view-file.ts';

export interface ResolvedConfig {
  readonly readEtcHosts: boolean;
  readonly stubListener: boolean;
  readonly resolveUnicastSingleLabel: boolean;
  /** undefined: the build's default counts. */
  readonly llmnr: boolean | undefined;
  readonly dns: readonly string[];
  readonly domains: readonly string[];
}

const CONFIG = /^\/(?:etc|run|usr\/lib|usr\/local\/lib)\/systemd\/resolved\.conf(?:\.d\/[^/]+\.conf)?$/u;

/** Later files win: resolved.conf, then drop-ins by file name; lists add up, and an empty value clears. */
export function resolvedConfig(view: ViewFacts): ResolvedConfig {
  const paths = Object.keys(view.files).filter((path) => CONFIG.test(path));
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const main = paths.filter((path) => path.endsWith('/resolved.conf'));
  const dropIns = paths.filter((path) => !path.endsWith('/resolved.conf')).sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  const settings = new Map<string, readonly string[]>();
  for (const path of [...main.slice(0, 1), ...dropIns]) {
    const file = openFile(view, path);
    if (file.kind === 'content')
      for (const [key, value] of settingsOf(file.content)) settings.set(key, value === '' ? [] : [...(settings.get(key) ?? []), value]);
  }
  const last = (key: string): string | undefined => settings.get(key)?.at(-1)?.toLowerCase();
  const yes = (key: string, otherwise: boolean): boolean => {
    const value = last(key);
    return value === undefined ? otherwise : !['no', 'false', '0', 'off', 'n', 'f'].includes(value);
  };
  const words = (key: string): readonly string[] =>
    (settings.get(key) ?? []).flatMap((value) => value.split(/[ \t]+/u)).filter((word) => word !== '');
  return {
    readEtcHosts: yes('ReadEtcHosts', true),
    stubListener: yes('DNSStubListener', true),
    resolveUnicastSingleLabel: yes('ResolveUnicastSingleLabel', false),
    llmnr: last('LLMNR') === undefined ? undefined : yes('LLMNR', true),
    dns: words('DNS'),
    domains: words('Domains'),
  };
}

/** `Key=value` of section [Resolve]; comments begin with # or ;. */
const settingsOf = memoByIdentity((file: FileContent): readonly (readonly [string, string])[] => {
  const found: [string, string][] = [];
  let section = '';
  for (const raw of file.text.split('\n')) {
    const line = raw.replace(/^[ \t]+|[ \t\r]+$/gu, '');
    if (line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && line.endsWith(']')) section = line.slice(1, -1);
    const equals = line.indexOf('=');
    if (section === 'Resolve' && equals > 0)
      found.push([line.slice(0, equals).replace(/[ \t]+$/u, ''), line.slice(equals + 1).replace(/^[ \t]+/u, '')]);
  }
  return found;
});

export interface ResolvedHosts {
  /** Lower case, no final dot. An empty list: listed with 0.0.0.0 or :: alone, which means no address. */
  readonly byName: ReadonlyMap<string, readonly { readonly address: string; readonly line: number }[]>;
  readonly lines: readonly string[];
}

const isLocalhost = (name: string): boolean =>
  name === 'localhost' || name === 'localhost.localdomain' || name.endsWith('.localhost') || name.endsWith('.localhost.localdomain');
export { isLocalhost as isResolvedLocalhost };

/**
 * The hosts file as resolved reads it (systemd src/resolve/resolved-etc-hosts.c): `#` cuts, bad addresses and bad names are left out,
 * names match without regard to case. The entry of 127.0.0.1 (or ::1) goes when all its names are forms of localhost and none of them
 * has another address: then the built-in answer counts. A line such as `::1 localhost localhost6` stays.
 */
export const resolvedHosts = memoByIdentity((file: FileContent): ResolvedHosts => {
  const lines = file.text.split('\n');
  const byName = new Map<string, { address: string; line: number }[]>();
  const namesOf = new Map<string, Set<string>>();
  for (const [i, raw] of lines.entries()) {
    const [first, ...names] = (raw.split('#')[0] ?? '').split(/[ \t\r]+/u).filter((word) => word !== '');
    const parsed = first === undefined ? undefined : parseAddress(splitZone(first).address);
    if (parsed === undefined) continue;
    const address = formatAddress(parsed.bytes);
    for (const name of names.filter(isHostName).map((n) => n.toLowerCase().replace(/\.$/u, ''))) {
      const entries = byName.get(name) ?? [];
      byName.set(name, entries);
      if (isUnspecified(parsed.bytes) || entries.some((entry) => entry.address === address)) continue;
      entries.push({ address, line: i + 1 });
      namesOf.set(address, (namesOf.get(address) ?? new Set()).add(name));
    }
  }
  for (const local of ['127.0.0.1', '::1']) {
    const names = [...(namesOf.get(local) ?? [])];
    const plain = names.every(
      (name) => isLocalhost(name) && (byName.get(name) ?? []).every(({ address }) => address === '::1' || address.startsWith('127.')),
    );
    if (plain) for (const name of names) byName.delete(name);
  }
  return { byName, lines };
});

const isHostName = (name: string): boolean => /^\w(?:[\w.-]{0,252}[\w.])?$/u.test(name) && !name.includes('..');
