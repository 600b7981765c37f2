/**
 * c-ares: the resolver inside Envoy, curl built with it, and others. Sources: c-ares src/lib/ares_sysconfig*.c, ares_getaddrinfo.c,
 * ares__addrinfo_localhost.c, ares_search.c, documentation of 1.18 to 1.34; not run against the library.
 *
 *   order       nsswitch.conf hosts: files, dns, resolve and bind count, others are passed over; resolv.conf `lookup`; else files, dns
 *   localhost   1.20 and newer answer localhost and *.localhost themselves as loopback, after the hosts file, never by DNS (RFC 6761)
 *   .onion      never asked
 *   search      with enough dots the name as it is first, then every suffix; otherwise suffixes first; NXDOMAIN and NODATA go on
 *   time        every server, 3 tries, 5 s (2 s from 1.20), doubled after each round
 */
import type { FileContent, ViewFacts } from '../../facts/node-facts.ts';
import { normalAddress } from '../address/address.ts';
import { exchange } from '../dns/exchange.ts';
import { openFile } from '../go/view-file.ts';
import { memoByIdentity } from '../memo.ts';
import { defineSteps } from '../steps.ts';
import type { AskedQuery, Need, Resolution, ResolutionOutcome, ResolvedAddress, Step, World } from '../types.ts';
import { C_ARES_RULES, serverListOf } from './server-list.ts';

const steps = defineSteps('c-ares', {
  inHosts: {
    en: '/etc/hosts line {line} gives {address} for {name}.',
    zh: '/etc/hosts 第 {line} 行给出 {name} 的地址 {address}。',
    rule: 'c-ares ares__hosts_file.c',
  },
  notInHosts: { en: '/etc/hosts does not list {name}.', zh: '/etc/hosts 中没有 {name}。', rule: 'c-ares ares__hosts_file.c' },
  ownLocalhost: {
    en: 'c-ares answers {name} itself as loopback.',
    zh: 'c-ares 自行把 {name} 解析为回环地址。',
    rule: 'RFC 6761 section 6.3; c-ares 1.20',
  },
  onion: { en: 'Names under .onion are never asked for.', zh: '.onion 下的名称从不查询。', rule: 'RFC 7686' },
  asked: { en: '{server} answers {rcode} to {name} {type}.', zh: '{server} 对 {name} {type} 的应答为 {rcode}。' },
  noAnswer: { en: '{server} gives no usable answer to {name} {type}.', zh: '{server} 没有给出 {name} {type} 的可用应答。' },
});

interface HostsLine {
  readonly line: number;
  readonly address: string;
  readonly names: readonly string[];
}

const hostsOf = memoByIdentity((content: FileContent): readonly HostsLine[] =>
  content.text.split('\n').flatMap((text, i) => {
    const words = (text.split('#')[0] ?? '').split(/[ \t\r]+/u).filter((w) => w !== '');
    const address = normalAddress(words[0] ?? '');
    return address === undefined ? [] : [{ line: i + 1, address, names: words.slice(1).map((n) => n.toLowerCase()) }];
  }),
);

const address = (text: string): ResolvedAddress => ({ family: text.includes(':') ? 'inet6' : 'inet', address: text });
const TRIES = 3;

interface Lookup {
  readonly world: World;
  readonly view: ViewFacts;
  readonly name: string;
  readonly steps: Step[];
  readonly queries: AskedQuery[];
  elapsedMs: number;
}

function sourceOrder(view: ViewFacts): readonly ('files' | 'dns')[] {
  const file = openFile(view, '/etc/nsswitch.conf');
  const line = file.kind === 'content' ? /^[ \t]*hosts:(.*)$/mu.exec(file.content.text)?.[1] : undefined;
  const words = (line ?? '')
    .replace(/\[[^\]]*\]/gu, ' ')
    .split(/[ \t]+/u)
    .flatMap((w): ('files' | 'dns')[] => (w === 'files' ? ['files'] : w === 'dns' || w === 'resolve' || w === 'bind' ? ['dns'] : []));
  const order = [...new Set(words)];
  return order.length === 0 ? ['files', 'dns'] : order;
}

function fromFiles(lookup: Lookup, version: string): ResolutionOutcome | undefined {
  const { view, name } = lookup;
  const file = openFile(view, '/etc/hosts');
  if (file.kind === 'unknown') return { kind: 'cannot-tell', needs: [{ kind: 'file', view: view.id, path: '/etc/hosts' }] };
  const wanted = name.toLowerCase().replace(/\.$/u, '');
  const found = file.kind === 'content' ? hostsOf(file.content).filter((l) => l.names.includes(wanted)) : [];
  for (const l of found) {
    lookup.steps.push({
      kind: steps.inHosts,
      values: { line: l.line, address: l.address, name },
      at: { kind: 'file', path: '/etc/hosts', view: view.id, line: l.line },
    });
  }
  if (found.length > 0) return { kind: 'addresses', addresses: found.map((l) => address(l.address)) };
  lookup.steps.push({ kind: steps.notInHosts, values: { name }, at: { kind: 'file', path: '/etc/hosts', view: view.id } });
  const modern = version === '' || Number(version.split('.')[0]) > 1 || Number(version.split('.')[1] ?? '0') >= 20;
  if (!modern || (wanted !== 'localhost' && !wanted.endsWith('.localhost'))) return undefined;
  lookup.steps.push({ kind: steps.ownLocalhost, values: { name } });
  return { kind: 'addresses', addresses: [address('127.0.0.1'), address('::1')] };
}

function fromDns(lookup: Lookup, timeoutMs: number): ResolutionOutcome {
  const list = serverListOf(lookup.world, lookup.view, C_ARES_RULES);
  if ('needs' in list) return { kind: 'cannot-tell', needs: list.needs };
  const { name } = lookup;
  const bare = name.replace(/\.$/u, '');
  const suffixed = name.endsWith('.') ? [] : list.search.map((s) => `${bare}.${s}`);
  const names = bare.split('.').length - 1 >= list.ndots ? [bare, ...suffixed] : [...suffixed, bare];
  for (const candidate of names) {
    const found: ResolvedAddress[] = [];
    let failed = false;
    for (const type of ['A', 'AAAA']) {
      const got = askServers(lookup, list.servers, candidate, type, timeoutMs);
      if ('needs' in got) return { kind: 'cannot-tell', needs: got.needs };
      if (got.rcode === undefined) failed = true;
      found.push(...got.addresses);
    }
    if (found.length > 0) return { kind: 'addresses', addresses: found };
    if (failed) return { kind: 'error', error: { code: 'ARES_ETIMEOUT', text: 'Timeout while contacting DNS servers', temporary: true } };
  }
  return { kind: 'error', error: { code: 'ARES_ENOTFOUND', text: 'Domain name not found', notFound: true } };
}

interface Got {
  readonly addresses: readonly ResolvedAddress[];
  /** undefined: no server gave a usable answer. */
  readonly rcode: string | undefined;
}

function askServers(
  lookup: Lookup,
  servers: readonly string[],
  name: string,
  type: string,
  timeoutMs: number,
): Got | { readonly needs: readonly Need[] } {
  for (let round = 0; round < TRIES; round++) {
    for (const server of servers) {
      const got = exchange(lookup.world, lookup.view.netns, server, name, type, 'udp');
      if (got.kind === 'unknown') return { needs: [got.need] };
      lookup.queries.push({ server, name, type, transport: 'udp', edns: true });
      if (got.kind === 'answer' && (got.rcode === 'NOERROR' || got.rcode === 'NXDOMAIN')) {
        lookup.steps.push({ kind: steps.asked, values: { server, rcode: got.rcode, name, type } });
        return { rcode: got.rcode, addresses: got.answers.filter((r) => r.type === type).map((r) => address(r.data)) };
      }
      lookup.steps.push({ kind: steps.noAnswer, values: { server, name, type } });
      if (got.kind === 'silent') lookup.elapsedMs += timeoutMs * 2 ** round;
    }
  }
  return { rcode: undefined, addresses: [] };
}

/** getaddrinfo of c-ares for any family. `version` '' counts as the newest. */
export function resolveWithCares(world: World, view: ViewFacts, version: string, name: string): Resolution {
  const lookup: Lookup = { world, view, name, steps: [], queries: [], elapsedMs: 0 };
  const end = (outcome: ResolutionOutcome): Resolution => ({
    outcome,
    steps: lookup.steps,
    queries: lookup.queries,
    elapsedMs: lookup.elapsedMs,
    call: { call: 'getaddrinfo', family: 'unspec', flags: [] },
  });
  const literal = normalAddress(name);
  if (literal !== undefined) return end({ kind: 'addresses', addresses: [address(literal)] });
  if (/\.onion\.?$/iu.test(name)) {
    lookup.steps.push({ kind: steps.onion });
    return end({ kind: 'error', error: { code: 'ARES_ENOTFOUND', text: 'Domain name not found', notFound: true } });
  }
  const timeoutMs = version !== '' && Number(version.split('.')[1] ?? '0') < 20 ? 5000 : 2000;
  let last: ResolutionOutcome = { kind: 'error', error: { code: 'ARES_ENOTFOUND', text: 'Domain name not found', notFound: true } };
  for (const source of sourceOrder(view)) {
    const outcome = source === 'files' ? fromFiles(lookup, version) : fromDns(lookup, timeoutMs);
    if (outcome === undefined) continue;
    if (outcome.kind !== 'error') return end(outcome);
    last = outcome;
  }
  return end(last);
}
