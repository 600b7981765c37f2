/** What several causes of the name cache group look at: the configuration of nscd and unscd, as nscd.conf(5) and unscd read it. */
import type { Source } from '../facts/fact.ts';
import { valueOf } from '../facts/fact.ts';
import type { DaemonFacts } from '../facts/node-facts.ts';
import type { World } from '../model/types.ts';

export interface NscdConfig {
  readonly path: string;
  readonly source: Source;
  /** Is `enable-cache hosts` on? undefined: the file was not seen. Without the line every database is off (glibc nscd/nscd_conf.c). */
  readonly hostsCache: boolean | undefined;
  readonly withoutHostsCache?: { readonly text: string; readonly command: string };
}

const ENABLE_HOSTS = /^([ \t]*enable-cache[ \t]+hosts[ \t]+)([^ \t\r#]+)/u;

/** Later lines win. nscd takes "yes" or "no"; unscd looks at the first letter only. */
export function nscdConfigOf(world: World, daemon: DaemonFacts): NscdConfig {
  const path = daemon.configPath ?? '/etc/nscd.conf';
  const fact = world.view(daemon.view)?.files[path];
  const file = fact === undefined ? undefined : valueOf(fact);
  const bare: Source = { kind: 'file', path, view: daemon.view };
  if (file === undefined) return { path, source: bare, hostsCache: fact?.state === 'absent' ? false : undefined };
  const lines = file.text.split('\n');
  let found: { readonly number: number; readonly on: boolean } | undefined;
  lines.forEach((line, index) => {
    const word = ENABLE_HOSTS.exec(line)?.[2];
    if (word !== undefined) found = { number: index + 1, on: daemon.kind === 'unscd' ? /^y/iu.test(word) : word === 'yes' };
  });
  if (found === undefined) return { path, source: bare, hostsCache: false };
  const { number, on } = found;
  const without = lines.map((line) => line.replace(ENABLE_HOSTS, '$1no')).join('\n');
  return {
    path,
    source: { ...bare, line: number, text: (lines[number - 1] ?? '').trim() },
    hostsCache: on,
    withoutHostsCache: {
      text: without,
      command: "sed -e 's/^\\([[:blank:]]*enable-cache[[:blank:]]\\{1,\\}hosts[[:blank:]]\\{1,\\}\\)[^[:blank:]#]*/\\1no/'",
    },
  };
}

export const hostsCacheOff = (world: World, daemon: DaemonFacts): boolean => nscdConfigOf(world, daemon).hostsCache === false;

export const unitOf = (daemon: DaemonFacts): string => (daemon.kind === 'unscd' ? 'unscd.service' : 'nscd.service');
