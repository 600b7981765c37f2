/** resolv.conf as programs with DNS code of their own read it: BIND's tools (lib/irs/resconf.c), busybox nslookup (networking/nslookup.c). */
import type { ViewFacts } from '../../facts/node-facts.ts';
import { parseAddress, splitZone } from '../address/address.ts';
import { openFile } from '../go/view-file.ts';
import { memoByIdentity } from '../memo.ts';
import type { FileContent } from '../../facts/node-facts.ts';
import type { Need, World } from '../types.ts';
import { ipv6SocketOf } from '../dial/reach.ts';

export interface ServerList {
  /** Addresses, with zone as written. */
  readonly servers: readonly string[];
  /** Without final dots. */
  readonly search: readonly string[];
  readonly ndots: number;
  /** Line of the search or domain line in force, 1-based. */
  readonly searchLine?: number;
}

const RESOLV_CONF = '/etc/resolv.conf';
const MAX_SERVERS = 3;

const isAddress = (text: string): boolean => parseAddress(splitZone(text).address) !== undefined;

function parse(text: string): ServerList {
  const servers: string[] = [];
  let search: string[] = [];
  let searchLine: number | undefined;
  let ndots = 1;
  for (const [i, line] of text.split('\n').entries()) {
    if (/^[ \t]*[#;]/u.test(line)) continue;
    const words = line.split(/[ \t\r]+/u).filter((w) => w !== '');
    const keyword = words[0];
    if (keyword === 'nameserver') {
      const address = words[1] ?? '';
      if (servers.length < MAX_SERVERS && isAddress(address)) servers.push(address);
    } else if (keyword === 'search' || keyword === 'domain') {
      const names = keyword === 'domain' ? words.slice(1, 2) : words.slice(1);
      search = names.map((n) => (n.length > 1 && n.endsWith('.') ? n.slice(0, -1) : n)).filter((n) => n !== '.');
      searchLine = i + 1;
    } else if (keyword === 'options') {
      for (const word of words.slice(1)) {
        const value = /^ndots:(\d{1,3})$/u.exec(word)?.[1];
        if (value !== undefined) ndots = Math.min(Number(value), 15);
      }
    }
  }
  return { servers, search, ndots, ...(searchLine === undefined ? {} : { searchLine }) };
}

const parsed = memoByIdentity((content: FileContent) => parse(content.text));

/** Who is asked without any nameserver line, and what becomes of IPv6 servers where no IPv6 socket can be made. */
export interface ServerRules {
  readonly defaults: readonly string[];
  readonly leavesIpv6Out: boolean;
}

export const BIND_RULES: ServerRules = { defaults: ['::1', '127.0.0.1'], leavesIpv6Out: true };
export const C_ARES_RULES: ServerRules = { defaults: ['127.0.0.1'], leavesIpv6Out: true };
export const BUSYBOX_RULES: ServerRules = { defaults: ['127.0.0.1'], leavesIpv6Out: false };

/** The list of a view. */
export function serverListOf(world: World, view: ViewFacts, rules: ServerRules): ServerList | { readonly needs: readonly Need[] } {
  const file = openFile(view, RESOLV_CONF);
  if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: view.id, path: RESOLV_CONF }] };
  const list = file.kind === 'content' ? parsed(file.content) : { servers: [], search: [], ndots: 1 };
  const netns = world.netns(view.netns);
  const noIpv6 = rules.leavesIpv6Out && netns !== undefined && ipv6SocketOf(world.node, netns) === false;
  const usable = (servers: readonly string[]): readonly string[] => servers.filter((s) => !noIpv6 || !s.includes(':'));
  const servers = usable(list.servers);
  return { ...list, servers: servers.length === 0 ? usable(rules.defaults) : servers };
}
