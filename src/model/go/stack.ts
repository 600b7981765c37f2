/**
 * Go's package net as a resolver: LookupIPAddr, LookupHost and what net.Dial looks up.
 * Sources: golang/go src/net at the release tags; see docs/model/go.md for what is modelled and what is not.
 */
import type { NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import type { Call, Need, Resolution, ResolvedAddress, ResolutionOutcome, Stack, Step, World } from '../types.ts';
import { resolveWithLibc } from './cgo.ts';
import { askDns, type DnsResult, isDomainName } from './dns-client.ts';
import { dnsError, NO_SUCH_HOST, noSuitableAddress } from './errors.ts';
import { lookupGoHosts } from './hosts.ts';
import { parseGoAddress, printAddress } from './ip-literal.ts';
import { godebugOf, godebugValue, type GoOptions, type LookupOrder, lookupOrder, RESOLV_CONF } from './lookup-order.ts';
import { goHostsOf, goResolvConfOf } from './parsed-files.ts';
import { DEFAULT_RESOLV_CONF, DEFAULT_SERVERS, defaultSearch } from './resolv-conf.ts';
import { sortByRfc6724 } from './address-sort.ts';
import { rememberedOrder, sourceAddress } from './source-address.ts';
import { goSteps } from './steps.ts';
import { goRules, type GoRules, isModelled, NEWEST, OLDEST } from './version-rules.ts';
import { lineOf, openFile } from './view-file.ts';

const HOSTS = '/etc/hosts';

type Network = 'ip' | 'ip4' | 'ip6';

/** One look-up under way. */
interface Lookup {
  readonly world: World;
  readonly view: ViewFacts;
  readonly version: string;
  readonly rules: GoRules;
  readonly options: GoOptions;
  readonly network: Network;
  readonly name: string;
  readonly steps: Step[];
}

export const goStack: Stack<GoOptions> = {
  id: 'go',
  title: { en: 'Go package net', zh: 'Go 的 net 包' },
  versions: { from: OLDEST, to: NEWEST },
  resolve(world, view, version, call, name, options = {}) {
    const preferGo = call.call === 'go-lookup' && call.preferGo === true;
    const steps: Step[] = [];
    if (!isModelled(version)) steps.push({ kind: goSteps.versionOutside, values: { version, from: OLDEST, to: NEWEST } });
    return resolve({
      world,
      view,
      version,
      name,
      steps,
      rules: goRules(version),
      network: networkOf(call),
      options: preferGo ? { ...options, preferGo } : options,
    });
  },
};

function networkOf(call: Call): Network {
  if (call.call === 'go-lookup') return call.network;
  if (call.call === 'gethostbyname') return 'ip4';
  const family = call.call === 'getaddrinfo' || call.call === 'gethostbyname2' ? call.family : 'unspec';
  return family === 'inet' ? 'ip4' : family === 'inet6' ? 'ip6' : 'ip';
}

function resolve(lookup: Lookup): Resolution {
  const { view, version, rules, options, name, steps, network } = lookup;
  if (name === '') {
    steps.push({ kind: goSteps.emptyName });
    return done(lookup, { kind: 'error', error: dnsError(name, NO_SUCH_HOST) });
  }
  const literal = parseGoAddress(name, rules.leadingZeros);
  if (literal !== undefined) {
    steps.push({ kind: goSteps.literal, values: { name } });
    // LookupHost gives a literal back as it was typed.
    return done(lookup, ofNetwork(lookup, [options.lookupHost === true ? { family: literal.family, address: name } : literal]));
  }
  const decision = lookupOrder(view, version, rules, name, options, steps);
  if ('needs' in decision) return done(lookup, { kind: 'cannot-tell', needs: decision.needs });
  const { order } = decision;
  if (order !== 'cgo') return resolveWithGo(lookup, order);
  const answer = resolveWithLibc(lookup.world, view, rules, network, name, steps);
  const outcome =
    answer.outcome.kind === 'addresses' ? ofNetwork(lookup, answer.outcome.addresses, answer.outcome.canonicalName) : answer.outcome;
  return { ...answer, outcome, steps, decision: order };
}

function done({ steps }: Lookup, outcome: ResolutionOutcome, order?: LookupOrder, dns?: DnsResult): Resolution {
  return {
    outcome,
    steps,
    queries: dns?.queries ?? [],
    elapsedMs: dns?.elapsedMs ?? 0,
    ...(order === undefined ? {} : { decision: order }),
  };
}

/** Addresses of the other family are left out at the end; with none left it is an error of its own (filterAddrList). */
function ofNetwork({ network, name, steps }: Lookup, addresses: readonly ResolvedAddress[], canonicalName?: string): ResolutionOutcome {
  const canonical = canonicalName === undefined ? {} : { canonicalName };
  if (network === 'ip') return { kind: 'addresses', addresses, ...canonical };
  const family = network === 'ip4' ? 'inet' : 'inet6';
  const kept = addresses.filter((a) => a.family === family);
  if (kept.length > 0) return { kind: 'addresses', addresses: kept, ...canonical };
  steps.push({ kind: goSteps.noneOfFamily });
  return { kind: 'error', error: noSuitableAddress(name) };
}

/** Go's own way: hosts file and DNS in the order decided. */
function resolveWithGo(lookup: Lookup, order: LookupOrder): Resolution {
  const { name, rules, steps } = lookup;
  if (order === 'files,dns' || order === 'files') {
    const found = inHosts(lookup, true);
    if ('needs' in found) return done(lookup, { kind: 'cannot-tell', needs: found.needs }, order);
    if (found.addresses.length > 0) return done(lookup, sorted(lookup, found.addresses, found.canonicalName, true), order);
    if (order === 'files') {
      steps.push({ kind: goSteps.filesOnly });
      const outcome: ResolutionOutcome = rules.filesMissIsError
        ? { kind: 'error', error: dnsError(name, NO_SUCH_HOST) }
        : ofNetwork(lookup, []);
      return done(lookup, outcome, order);
    }
  }
  if (!isDomainName(name, rules)) {
    steps.push({ kind: goSteps.invalidName, values: { name } });
    return done(lookup, { kind: 'error', error: dnsError(name, NO_SUCH_HOST) }, order);
  }
  const dns = inDns(lookup);
  steps.push(...dns.steps);
  if (dns.needs.length > 0) return done(lookup, { kind: 'cannot-tell', needs: dns.needs }, order, dns);
  if (dns.addresses.length > 0) return done(lookup, sorted(lookup, dns.addresses, dns.canonicalName, false), order, dns);
  if (order === 'dns,files') {
    const found = inHosts(lookup);
    if ('needs' in found) return done(lookup, { kind: 'cannot-tell', needs: found.needs }, order, dns);
    if (found.addresses.length > 0) return done(lookup, sorted(lookup, found.addresses, found.canonicalName, false), order, dns);
  }
  if (dns.error !== undefined) return done(lookup, { kind: 'error', error: dnsError(name, dns.error) }, order, dns);
  steps.push({ kind: goSteps.noCandidates, values: { name } });
  return done(lookup, ofNetwork(lookup, []), order, dns);
}

interface Found {
  readonly addresses: readonly ResolvedAddress[];
  readonly canonicalName?: string;
}

/** Both families are taken from the hosts file, whatever was asked for; the file is empty when it cannot be opened. */
function inHosts({ view, rules, options, name, steps }: Lookup, isFirst = false): Found | { readonly needs: readonly Need[] } {
  const file = openFile(view, HOSTS);
  if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: view.id, path: HOSTS }] };
  if (file.kind !== 'content') {
    steps.push({ kind: goSteps.hostsAbsent, values: { path: HOSTS }, at: { kind: 'file', path: HOSTS, view: view.id } });
    return { addresses: [] };
  }
  const hosts = goHostsOf(file.content, rules);
  const entries = lookupGoHosts(hosts, name);
  for (const { address, line } of entries) {
    steps.push({
      kind: goSteps.inHosts,
      values: { path: HOSTS, name, address: printAddress(address) },
      at: lineOf(view, HOSTS, line, hosts.lines),
    });
  }
  // LookupHost hands out the hosts file's own texts where the file comes first.
  const asWritten = isFirst && options.lookupHost === true && rules.hostsKeepMapped;
  if (entries.length > 0) return { addresses: entries.map((entry) => (asWritten ? (entry.asWritten ?? entry.address) : entry.address)) };
  if (file.content.truncated === true) return { needs: [{ kind: 'file', view: view.id, path: HOSTS }] };
  steps.push({ kind: goSteps.notInHosts, values: { path: HOSTS, name }, at: { kind: 'file', path: HOSTS, view: view.id } });
  return { addresses: [] };
}

function inDns({ world, view, version, rules, options, name, network, steps }: Lookup): DnsResult {
  const nothing = { addresses: [], steps: [], queries: [], elapsedMs: 0 };
  const file = openFile(view, RESOLV_CONF);
  if (file.kind === 'unknown') return { ...nothing, needs: [{ kind: 'file', view: view.id, path: RESOLV_CONF }] };
  const conf = file.kind === 'content' ? goResolvConfOf(file.content, rules) : DEFAULT_RESOLV_CONF;
  if (conf.servers === DEFAULT_SERVERS) {
    steps.push({ kind: goSteps.defaultServers, values: { path: RESOLV_CONF }, at: { kind: 'file', path: RESOLV_CONF, view: view.id } });
  }
  let { search } = conf;
  if (search.length === 0 && !name.endsWith('.')) {
    const hostname = valueOf(view.hostname);
    if (hostname === undefined) return { ...nothing, needs: [{ kind: 'view', view: view.id, fact: 'hostname' }] };
    search = defaultSearch(hostname);
  }
  const edns = rules.edns0 && !(rules.netedns0 && godebugValue(godebugOf(view, options), 'netedns0', version) === '0');
  const types =
    network === 'ip' || !rules.asksOneFamily ? (['A', 'AAAA'] as const) : network === 'ip4' ? (['A'] as const) : (['AAAA'] as const);
  const sixFirst = options.sixFirst === undefined || conf.singleRequest ? {} : { sixFirst: options.sixFirst };
  return askDns({ world, view, netns: world.netns(view.netns), rules, conf, search, edns, ...sixFirst }, name, types);
}

/** LookupIPAddr sorts; LookupHost gives what the hosts file says in its order. */
function sorted(
  lookup: Lookup,
  addresses: readonly ResolvedAddress[],
  canonicalName: string | undefined,
  fromHostsFirst: boolean,
): ResolutionOutcome {
  const { world, view, options, steps } = lookup;
  if (addresses.length < 2 || (fromHostsFirst && options.lookupHost === true)) return ofNetwork(lookup, addresses, canonicalName);
  const netns = world.netns(view.netns);
  if (netns === undefined) return { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: view.netns, fact: 'interfaces' }] };
  const shown = addresses.map(printAddress).join(', ');
  const { needs, inOrder, step } = rememberedOrder(world.node, netns, `go ${shown}`, () => inSortedOrder(world, netns, addresses));
  // One family, and IPv4 at that: sources cannot change the order as long as all can be reached.
  if (needs.length > 0 && addresses.some((a) => a.family === 'inet6')) return { kind: 'cannot-tell', needs };
  steps.push(step);
  return ofNetwork(lookup, inOrder, canonicalName);
}

function inSortedOrder(
  world: World,
  netns: NetnsFacts,
  addresses: readonly ResolvedAddress[],
): { readonly needs: readonly Need[]; readonly inOrder: readonly ResolvedAddress[]; readonly step: Step } {
  const sources = addresses.map((address) => sourceAddress(world.node, netns, address));
  const needs = sources.flatMap((source) => (source.kind === 'cannot-tell' ? source.needs : []));
  const texts = sources.map((source) => (source.kind === 'source' ? source.address : undefined));
  const inOrder = sortByRfc6724(
    addresses.map((a) => a.address),
    texts,
  ).flatMap((i) => addresses[i] ?? []);
  return { needs, inOrder, step: { kind: goSteps.sorted, values: { addresses: inOrder.map(printAddress).join(', ') } } };
}
