/**
 * gethostbyname, gethostbyname2, gethostbyaddr: the digits-and-dots shortcut, nscd, the services, and h_errno.
 *
 *   digits and dots, no final dot      an address by inet_aton, or HOST_NOT_FOUND; nothing is looked up
 *   hex digits and colons              AF_INET6: an address or HOST_NOT_FOUND; AF_INET: HOST_NOT_FOUND
 *
 * Source: glibc nss/digits_dots.c, nss/getXXbyYY_r.c, nss/gethstbyad_r.c, resolv/res_hconf.c at 2.12 to 2.43.
 */
import type { Family } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import { mapIpv4 } from '../address/address.ts';
import { addrFrom, addrOf, type Addr } from '../address/addr.ts';
import { parseIpv4Loose } from '../address/ipv4.ts';
import { parseIpv6 } from '../address/ipv6.ts';
import { inPrefix, parsePrefix } from '../address/prefix.ts';
import { isUnspecified } from '../address/special.ts';
import { asciiLower } from '../nss/ascii.ts';
import { needNetns, netnsOf, NeedsFacts, step, type HErrno, type Run } from '../nss/run.ts';
import { walkHosts, type WalkResult } from '../nss/walk.ts';
import { askNscd } from '../nscd/client.ts';
import type { NscdReply } from '../types.ts';
import { hostConf, hostConfIfSeen, readSettings, resolvConf } from './res-state.ts';
import { glibcSteps } from './steps.ts';

export interface HostEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly addresses: readonly Addr[];
}

/** `rc`: '' is 0, else what the function returned; h_errno is in the process state. */
export interface HostResult {
  readonly host?: HostEntry;
  readonly rc: string;
}

const NUMBERS: readonly HErrno[] = ['NETDB_SUCCESS', 'HOST_NOT_FOUND', 'TRY_AGAIN', 'NO_RECOVERY', 'NO_DATA'];

/** The shortcut for numeric names; undefined: look it up. */
function digitsDots(run: Run, name: string, family: Family): HostResult | undefined {
  const done = (bytes: Uint8Array | undefined): HostResult => {
    if (bytes === undefined) {
      run.process.hErrno = 'HOST_NOT_FOUND';
      step(run, glibcSteps.digitsDots, { name });
      return { rc: '' };
    }
    const inet6 = family === 'inet' && run.mapsToIpv6 && run.rules.inet6Option && resolvConf(run).options.has('inet6');
    const address = addrOf(inet6 ? mapIpv4(bytes) : bytes);
    run.process.hErrno = 'NETDB_SUCCESS';
    step(run, glibcSteps.numeric, { name, address: address.text });
    return { host: { name: run.rules.numericNameEmpty && family === 'inet6' ? '' : name, aliases: [], addresses: [address] }, rc: '' };
  };
  if (/^\d[0-9.]*$/u.test(name) && !name.endsWith('.')) return done(family === 'inet' ? parseIpv4Loose(name) : parseIpv6(name));
  const colons = name.startsWith(':') || (/^[0-9A-F]/iu.test(name) && name.includes(':'));
  if (!colons) return undefined;
  if (family === 'inet') return done(undefined);
  return /^[0-9A-F:.]*$/iu.test(name) && !name.endsWith('.') ? done(parseIpv6(name)) : undefined;
}

/** A daemon's final answer as the function's own. */
function fromNscd(run: Run, reply: NscdReply, name: string): HostResult {
  if (reply.found !== 1) {
    run.process.hErrno = NUMBERS[reply.error ?? 0] ?? 'NETDB_INTERNAL';
    return { rc: '' };
  }
  const addresses = (reply.addresses ?? []).map(addrFrom).filter((a): a is Addr => a !== undefined);
  return { host: { name: reply.name ?? name, aliases: reply.aliases ?? [], addresses }, rc: '' };
}

export function hostByName(run: Run, name: string, family: Family, call: 'gethostbyname' | 'gethostbyname2'): HostResult {
  readSettings(run, 'name');
  const numeric = digitsDots(run, name, family);
  if (numeric !== undefined) return numeric;
  const reply = askNscd(run, family === 'inet' ? 'GETHOSTBYNAME' : 'GETHOSTBYNAMEv6', name);
  if (reply !== undefined) return fromNscd(run, reply, name);
  // options inet6 (to 2.29): each module tries IPv6 first, then IPv4.
  const inet6First = call === 'gethostbyname' && run.rules.inet6Option && resolvConf(run).options.has('inet6');
  const result = walkHosts(run, name, (module) => {
    if (!inet6First)
      return call === 'gethostbyname' && module.plain !== undefined ? module.plain(run, name) : module.byName(run, name, family);
    const six = module.byName(run, name, 'inet6');
    return six.status === 'NOTFOUND' ? module.byName(run, name, 'inet') : six;
  });
  return hostOf(run, result, name);
}

function hostOf(run: Run, result: WalkResult, name: string): HostResult {
  const { answer } = result;
  if (answer === undefined) return { rc: result.rc };
  const addresses = reordered(run, answer.addresses ?? []);
  return { host: { name: answer.name ?? name, aliases: answer.aliases ?? [], addresses }, rc: '' };
}

/** host.conf `reorder on`: the first IPv4 address that is on a local subnet changes places with the first. */
function reordered(run: Run, addresses: readonly Addr[]): readonly Addr[] {
  if (addresses.length < 2 || addresses[0]?.family !== 'inet' || !hostConf(run).reorder) return addresses;
  const interfaces = valueOf(netnsOf(run).interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  const networks = interfaces
    .flatMap((i) => (i.up ? i.addresses : []))
    .filter((a) => a.family === 'inet')
    .map((a) => parsePrefix(`${a.address}/${String(a.prefixLength)}`));
  const near = addresses.findIndex((a) => networks.some((n) => n !== undefined && inPrefix(a.bytes, n)));
  if (near <= 0) return addresses;
  const copy = [...addresses];
  const [zero, other] = [copy[0], copy[near]];
  if (zero !== undefined && other !== undefined) {
    copy[0] = other;
    copy[near] = zero;
  }
  return copy;
}

export function hostByAddress(run: Run, address: Addr): HostResult {
  readSettings(run, 'address');
  if (address.family === 'inet6' && isUnspecified(address.bytes)) {
    run.process.hErrno = 'HOST_NOT_FOUND';
    return { rc: 'ENOENT' };
  }
  const reply = askNscd(run, address.family === 'inet' ? 'GETHOSTBYADDR' : 'GETHOSTBYADDRv6', address.text);
  if (reply !== undefined) return fromNscd(run, reply, address.text);
  const result = hostOf(
    run,
    walkHosts(run, address.text, (module) => module.byAddress?.(run, address)),
    address.text,
  );
  if (result.host === undefined) return result;
  const trim = hostConfIfSeen(run)?.trim ?? [];
  const cut = (name: string): string => {
    const end = trim.find((domain) => name.length > domain.length && asciiLower(name).endsWith(asciiLower(domain)));
    return end === undefined ? name : name.slice(0, -end.length);
  };
  return trim.length === 0
    ? result
    : { rc: '', host: { ...result.host, name: cut(result.host.name), aliases: result.host.aliases.map(cut) } };
}
