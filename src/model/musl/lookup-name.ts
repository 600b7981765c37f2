/**
 * musl's one driver of name look-up (src/network/lookup_name.c): literal, hosts file, DNS with the search list, in this order and no other.
 */
import type { NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import type { AskedFamily, AskedQuery, Need, ResolvedAddress, Step, World } from '../types.ts';
import { mapIpv4, formatAddress, parseAddress } from '../address/address.ts';
import { lineOf, openFile } from '../go/view-file.ts';
import { rememberedOrder, sourceAddress } from '../go/source-address.ts';
import { sortKey } from './address-sort.ts';
import { askName, type MuslDnsAsking } from './dns-client.ts';
import { isValidHostname, MAX_ADDRESSES, parseMuslHosts } from './hosts.ts';
import { parseMuslAddress } from './ip-literal.ts';
import { DEFAULT_RESOLV_CONF, type MuslResolvConf, parseMuslResolvConf, parseOldMuslResolvConf } from './resolv-conf.ts';
import { muslSteps } from './steps.ts';
import type { MuslRules } from './version-rules.ts';

const HOSTS = '/etc/hosts';
const RESOLV_CONF = '/etc/resolv.conf';

const hostsOf = memoByIdentity((file: { readonly text: string }) => parseMuslHosts(file.text));
const resolvConfOf = memoByIdentity((file: { readonly text: string }) => parseMuslResolvConf(file.text));
const oldResolvConfOf = memoByIdentity((file: { readonly text: string }) => parseOldMuslResolvConf(file.text));

export interface NameLookup {
  readonly world: World;
  readonly view: ViewFacts;
  readonly rules: MuslRules;
  readonly name: string;
  readonly family: AskedFamily;
  readonly v4mapped: boolean;
  readonly all: boolean;
  readonly numericOnly: boolean;
  readonly steps: Step[];
  readonly queries: AskedQuery[];
}

export type NameAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly ResolvedAddress[]; readonly canonicalName: string; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly ms: number }
  | { readonly kind: 'unknown'; readonly needs: readonly Need[] };

const failed = (code: string, ms = 0): NameAnswer => ({ kind: 'error', code, ms });

export function lookupName(lookup: NameLookup): NameAnswer {
  const { name, steps } = lookup;
  if (name.length === 0 || name.length > 254) {
    steps.push({ kind: muslSteps.badName, values: { length: name.length } });
    return failed('EAI_NONAME');
  }
  // A request for IPv6 with AI_V4MAPPED asks for both and filters afterwards.
  const mapping = lookup.v4mapped && lookup.family === 'inet6';
  const asked = mapping ? { ...lookup, family: 'unspec' as const } : lookup;
  const answer = fromLiteral(asked) ?? fromHosts(asked) ?? fromDns(asked);
  if (answer.kind !== 'addresses') return answer;
  const addresses = mapping ? mapped(lookup, answer.addresses) : answer.addresses;
  const sorted = sortAddresses(asked, addresses);
  return 'needs' in sorted ? { kind: 'unknown', needs: sorted.needs } : { ...answer, addresses: sorted };
}

function fromLiteral({ name, family, rules, steps, numericOnly }: NameLookup): NameAnswer | undefined {
  const address = parseMuslAddress(name);
  if (address === 'bad-zone') return failed('EAI_NONAME');
  if (address !== undefined) {
    if (family !== 'unspec' && address.family !== family) {
      steps.push({ kind: muslSteps.literalOtherFamily, values: { name } });
      return failed(rules.nodata ? 'EAI_NODATA' : 'EAI_NONAME');
    }
    steps.push({ kind: muslSteps.literal, values: { name } });
    return { kind: 'addresses', addresses: [address], canonicalName: name, ms: 0 };
  }
  if (!numericOnly) return undefined;
  steps.push({ kind: muslSteps.numericOnly });
  return failed('EAI_NONAME');
}

/** undefined: the file has nothing for the name. */
function fromHosts({ view, name, family, rules, steps }: NameLookup): NameAnswer | undefined {
  const file = openFile(view, HOSTS);
  if (file.kind === 'unknown') return { kind: 'unknown', needs: [{ kind: 'file', view: view.id, path: HOSTS }] };
  const at = { kind: 'file', path: HOSTS, view: view.id } as const;
  if (file.kind === 'error') {
    steps.push({ kind: muslSteps.fileError, values: { path: HOSTS, errno: file.errno }, at });
    return failed('EAI_SYSTEM');
  }
  if (file.kind === 'absent') {
    steps.push({ kind: muslSteps.hostsAbsent, values: { path: HOSTS }, at });
    return undefined;
  }
  const hosts = hostsOf(file.content);
  const addresses: ResolvedAddress[] = [];
  let canonicalName: string | undefined;
  let other = false;
  for (const { address, firstName, line } of hosts.byName.get(name) ?? []) {
    if (addresses.length >= MAX_ADDRESSES) break;
    const source = lineOf(view, HOSTS, line, hosts.lines);
    const values = { path: HOSTS, name, address: address === 'bad-zone' ? firstName : address.address };
    if (address === 'bad-zone' || (family !== 'unspec' && address.family !== family)) {
      steps.push({ kind: rules.badFamilyEnds ? muslSteps.otherFamilyInHosts : muslSteps.garbageFromHosts, values, at: source });
      other = true;
      if (!rules.badFamilyEnds) addresses.push({ family: family === 'inet6' ? 'inet6' : 'inet', address: '' });
      else if (!rules.firstLineNames) continue;
    } else {
      steps.push({ kind: muslSteps.inHosts, values, at: source });
      addresses.push(address);
    }
    if (isValidHostname(firstName) && (canonicalName === undefined || !rules.firstLineNames)) canonicalName = firstName;
  }
  if (addresses.length > 0) return { kind: 'addresses', addresses, canonicalName: canonicalName ?? name, ms: 0 };
  if (other) return failed(rules.nodata ? 'EAI_NODATA' : 'EAI_NONAME');
  if (file.content.truncated === true) return { kind: 'unknown', needs: [{ kind: 'file', view: view.id, path: HOSTS }] };
  steps.push({ kind: muslSteps.notInHosts, values: { path: HOSTS, name }, at });
  return undefined;
}

function fromDns(lookup: NameLookup): NameAnswer {
  const { world, view, name, family, rules, steps, queries } = lookup;
  const file = openFile(view, RESOLV_CONF);
  const at = { kind: 'file', path: RESOLV_CONF, view: view.id } as const;
  if (file.kind === 'unknown') return { kind: 'unknown', needs: [{ kind: 'file', view: view.id, path: RESOLV_CONF }] };
  if (file.kind === 'error' && rules.search) {
    steps.push({ kind: muslSteps.fileError, values: { path: RESOLV_CONF, errno: file.errno }, at });
    return failed('EAI_SYSTEM');
  }
  const conf = file.kind !== 'content' ? DEFAULT_RESOLV_CONF : rules.search ? resolvConfOf(file.content) : oldResolvConfOf(file.content);
  if (conf.servers[0]?.line === undefined) steps.push({ kind: muslSteps.defaultServer, values: { path: RESOLV_CONF }, at });
  const types = family === 'unspec' ? (['A', 'AAAA'] as const) : family === 'inet' ? (['A'] as const) : (['AAAA'] as const);
  const asking: MuslDnsAsking = { world, view, netns: world.netns(view.netns), rules, conf, types, steps, queries };
  return rules.search ? walkSearchList(asking, name, conf) : askOnce(asking, name);
}

/** Until 1.1.12: the name as typed, which stays the canonical name with its final dot. */
function askOnce(asking: MuslDnsAsking, name: string): NameAnswer {
  const result = askName(asking, name);
  if (result.kind === 'addresses') return { ...result, canonicalName: result.canonicalName ?? name };
  return result.kind === 'next' ? failed('EAI_NONAME', result.ms) : result;
}

function walkSearchList(asking: MuslDnsAsking, typed: string, conf: MuslResolvConf): NameAnswer {
  const { view, steps } = asking;
  const dots = typed.split('.').length - 1;
  const plain = typed.endsWith('.') ? typed.slice(0, -1) : typed;
  const searching = dots < conf.ndots && !typed.endsWith('.');
  if (plain === '' || plain.endsWith('.')) {
    steps.push({ kind: muslSteps.badTrailingDots });
    return failed('EAI_NONAME');
  }
  const suffixes = searching ? conf.search.filter((suffix) => suffix.length < 256 - plain.length - 1) : [];
  if (!searching && conf.search.length > 0) steps.push({ kind: muslSteps.noSearch, values: { dots, ndots: conf.ndots } });
  if (suffixes.length > 0) {
    const names = [...suffixes.map((suffix) => `${plain}.${suffix}`), plain].join(', ');
    steps.push({ kind: muslSteps.candidates, values: { names }, at: lineOf(view, RESOLV_CONF, conf.searchLine, conf.lines) });
  }
  let ms = 0;
  for (const suffix of [...suffixes, undefined]) {
    const candidate = suffix === undefined ? plain : `${plain}.${suffix}`;
    const result = askName(asking, candidate);
    if (result.kind === 'unknown') return result;
    ms += result.ms;
    if (result.kind === 'addresses') return { ...result, canonicalName: result.canonicalName ?? candidate, ms };
    if (result.kind === 'error') return failed(result.code, ms);
  }
  return failed('EAI_NONAME', ms);
}

/** AI_V4MAPPED: IPv6 addresses alone where there are any (AI_ALL: with the others), IPv4 ones as ::ffff:a.b.c.d. */
function mapped({ all, steps }: NameLookup, addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const six = addresses.filter((a) => a.family === 'inet6');
  if (!all && six.length > 0) return six;
  if (six.length < addresses.length) steps.push({ kind: muslSteps.mapped });
  return addresses.map((a) => {
    const bytes = a.family === 'inet' ? parseAddress(a.address)?.bytes : undefined;
    return bytes === undefined ? a : { family: 'inet6', address: formatAddress(mapIpv4(bytes)) };
  });
}

/** Fewer than two, or IPv4 alone, stay as they are. */
function sortAddresses(
  { world, view, rules, family, steps }: NameLookup,
  addresses: readonly ResolvedAddress[],
): readonly ResolvedAddress[] | { readonly needs: readonly Need[] } {
  if (!rules.sorts || addresses.length < 2 || family === 'inet' || addresses.every((a) => a.family === 'inet')) return addresses;
  const netns = world.netns(view.netns);
  if (netns === undefined) return { needs: [{ kind: 'netns', netns: view.netns, fact: 'interfaces' }] };
  const shown = addresses.map((a) => `${a.address}%${a.zone ?? ''}`).join(' ');
  const order = rememberedOrder(world.node, netns, `musl ${shown}`, () => inSortedOrder(world, netns, addresses));
  if (order.needs.length > 0) return { needs: order.needs };
  steps.push(order.step);
  return order.sorted;
}

interface Order {
  readonly needs: readonly Need[];
  readonly sorted: readonly ResolvedAddress[];
  readonly step: Step;
}

function inSortedOrder(world: World, netns: NetnsFacts, addresses: readonly ResolvedAddress[]): Order {
  const needs: Need[] = [];
  const keyed = addresses.map((address, i) => {
    // An entry without an address has no family either: no socket, and it ranks as an IPv4 address of zeros.
    if (address.address === '') return { address, key: sortKey('0.0.0.0', undefined, i) };
    const source = sourceAddress(world.node, netns, address);
    if (source.kind === 'cannot-tell') needs.push(...source.needs);
    return { address, key: sortKey(address.address, source.kind === 'source' ? source.address : undefined, i) };
  });
  const sorted = keyed.toSorted((a, b) => b.key - a.key).map(({ address }) => address);
  return { needs, sorted, step: { kind: muslSteps.sorted, values: { addresses: sorted.map((a) => a.address).join(', ') } } };
}
