/**
 * getaddrinfo: arguments, AI_ADDRCONFIG, numeric names, nscd, the services, and the order of the result. In this order:
 *
 *   "*" is NULL; both NULL: EAI_NONAME; unknown flags, AI_CANONNAME without a name: EAI_BADFLAGS; family: EAI_FAMILY
 *   AI_ADDRCONFIG; service; NULL name: loopback or wildcard addresses; AI_IDN; numeric name
 *   AF_INET without AI_CANONNAME (to 2.18 with it, too): the whole gethostbyname2 path
 *   nscd GETAI; the services; sorting when more than one address is there
 *
 * Source: glibc sysdeps/posix/getaddrinfo.c (nss/getaddrinfo.c from 2.39) at 2.12 to 2.43.
 * A name of NULL is the empty string here together with the flag `nullName`.
 */
import { mapIpv4, splitZone } from '../address/address.ts';
import { addrFrom, addrOf, LOOPBACK4, LOOPBACK6, type Addr } from '../address/addr.ts';
import { parseIpv4Loose } from '../address/ipv4.ts';
import { parseIpv6 } from '../address/ipv6.ts';
import { isV4Mapped } from '../address/special.ts';
import { valueOf } from '../../facts/fact.ts';
import { needNetns, netnsOf, NeedsFacts, step, type Run } from '../nss/run.ts';
import { askNscd } from '../nscd/client.ts';
import type { AskedFamily, Call, NscdReply } from '../types.ts';
import type { GaiCode } from './errors.ts';
import { hostByAddress, hostByName } from './gethostby.ts';
import { toAscii } from './idn.ts';
import { nssAddresses } from './nss-addresses.ts';
import { serviceError } from './service.ts';
import { configuredFamilies, sortAddresses } from './sort.ts';
import { glibcSteps } from './steps.ts';
import { zoneNumber } from './resolv-conf.ts';

type Gai = Extract<Call, { call: 'getaddrinfo' }>;

export type GaiResult =
  | { readonly ok: true; readonly addresses: readonly Addr[]; readonly canonical?: string }
  | { readonly ok: false; readonly code: GaiCode; readonly errno?: string };

const fail = (code: GaiCode, errno?: string): GaiResult => ({ ok: false, code, ...(errno === undefined || errno === '' ? {} : { errno }) });

const KNOWN_FLAG_BITS = 0x0001 | 0x0002 | 0x0004 | 0x0008 | 0x0010 | 0x0020 | 0x0040 | 0x0080 | 0x0100 | 0x0200 | 0x0400;
const ANY4 = addrOf(new Uint8Array(4));
const ANY6 = addrOf(new Uint8Array(16));

export interface GaiRequest {
  readonly call: Gai;
  /** null: NULL. */
  readonly name: string | null;
  /** A family number that getaddrinfo does not know. */
  readonly badFamily?: boolean;
  /** A socket type that it does not know. */
  readonly badSocktype?: boolean;
  readonly unsorted?: boolean;
}

export function getaddrinfo(run: Run, request: GaiRequest): GaiResult {
  const { call } = request;
  const name = request.name === '*' ? null : request.name;
  const refuse = (code: GaiCode, what: string): GaiResult => {
    step(run, glibcSteps.badArgument, { what });
    return fail(code);
  };
  if (name === null && (call.service === undefined || call.service === '*')) return refuse('EAI_NONAME', 'node, service');
  if (((call.flagBits ?? 0) & ~KNOWN_FLAG_BITS) !== 0) return refuse('EAI_BADFLAGS', 'ai_flags');
  if (call.flags.includes('AI_CANONNAME') && name === null) return refuse('EAI_BADFLAGS', 'AI_CANONNAME');
  if (request.badFamily === true && run.rules.familyCheckedFirst) return refuse('EAI_FAMILY', 'ai_family');
  let family = call.family;
  if (call.flags.includes('AI_ADDRCONFIG')) {
    const narrowed = addressConfig(run, family);
    if (narrowed === undefined) return fail('EAI_NONAME');
    family = narrowed;
  }
  if (request.badFamily === true) {
    const numericOnly = call.flags.includes('AI_NUMERICSERV') ? serviceError(run, call) : undefined;
    return numericOnly === 'EAI_NONAME' ? refuse('EAI_NONAME', 'service') : refuse('EAI_FAMILY', 'ai_family');
  }
  const service =
    request.badSocktype === true && serviceError(run, { ...call, service: '' }) === undefined
      ? socktypeError(run, call)
      : serviceError(run, call);
  if (service !== undefined) return refuse(service, 'service');
  if (name === null) return withoutName(run, family, call);
  const found = lookUp(run, name, family, call);
  if (!found.ok) return found;
  const canonical = call.flags.includes('AI_CANONNAME') ? (found.canonical ?? name) : undefined;
  const addresses = request.unsorted === true ? found.addresses : sorted(run, found.addresses);
  return { ok: true, addresses, ...(canonical === undefined ? {} : { canonical }) };
}

const socktypeError = (run: Run, call: Gai): GaiCode => (serviceError(run, call) === 'EAI_NONAME' ? 'EAI_NONAME' : 'EAI_SOCKTYPE');

function sorted(run: Run, addresses: readonly Addr[]): readonly Addr[] {
  const inOrder = sortAddresses(run, addresses);
  if (addresses.length > 1) step(run, glibcSteps.sorted, { addresses: inOrder.map((a) => a.text).join(' ') });
  return inOrder;
}

/** The family that AI_ADDRCONFIG leaves, or undefined: nothing can be right. */
function addressConfig(run: Run, family: AskedFamily): AskedFamily | undefined {
  const seen = configuredFamilies(run);
  const have = seen.inet ? (seen.inet6 ? 'IPv4, IPv6' : 'IPv4') : seen.inet6 ? 'IPv6' : '-';
  if (family === 'unspec') {
    if (seen.inet === seen.inet6) {
      step(run, glibcSteps.notNarrowed, { have });
      return family;
    }
    step(run, glibcSteps.narrowed, { have, family: have });
    return seen.inet ? 'inet' : 'inet6';
  }
  if (seen[family]) return family;
  step(run, glibcSteps.noFamily, { family: family === 'inet' ? 'IPv4' : 'IPv6' });
  return undefined;
}

function withoutName(run: Run, family: AskedFamily, call: Gai): GaiResult {
  const passive = call.flags.includes('AI_PASSIVE');
  const addresses: Addr[] = [];
  if (family !== 'inet') addresses.push(passive ? ANY6 : LOOPBACK6);
  if (family !== 'inet6') addresses.push(passive ? ANY4 : LOOPBACK4);
  step(run, glibcSteps.localAddresses, { addresses: addresses.map((a) => a.text).join(' ') });
  return { ok: true, addresses: sorted(run, addresses) };
}

function lookUp(run: Run, given: string, family: AskedFamily, call: Gai): GaiResult {
  let name = given;
  if (call.flags.includes('AI_IDN')) {
    const ascii = toAscii(run, given);
    if (ascii === undefined) {
      step(run, glibcSteps.idnFails, { name });
      return fail('EAI_IDN_ENCODE');
    }
    if (ascii !== name) step(run, glibcSteps.idn, { name, ascii });
    name = ascii;
  }
  const numeric = numericName(run, name, family, call);
  if (numeric !== undefined) return numeric;
  const canonical = call.flags.includes('AI_CANONNAME');
  const mapped = call.flags.includes('AI_V4MAPPED');
  const simple6 = run.rules.simpleInet6 && family === 'inet6' && !(mapped || call.flags.includes('AI_ALL'));
  if ((family === 'inet' && (!canonical || run.rules.canonicalOfInet === 'reverse-lookup')) || simple6)
    return simple(run, name, simple6 ? 'inet6' : 'inet', canonical);
  const reply = askNscd(run, 'GETAI', name);
  if (reply !== undefined) return fromDaemon(reply, family, call);
  return nssAddresses(run, name, family, call.flags);
}

/** Mapped addresses are dropped beside any IPv6 one, whatever family was asked for: one that is a mapped address itself included. */
function fromDaemon(reply: NscdReply, family: AskedFamily, call: Gai): GaiResult {
  const mapped = call.flags.includes('AI_V4MAPPED');
  const kept: Addr[] = [];
  let gotIpv6 = false;
  for (const text of reply.found === 1 ? (reply.addresses ?? []) : []) {
    const address = addrFrom(text);
    if (address === undefined) continue;
    gotIpv6 ||= address.family === 'inet6';
    if (family === 'unspec' || address.family === family) kept.push(address);
    else if (family === 'inet6' && mapped) kept.push(addrOf(mapIpv4(address.bytes)));
  }
  const addresses = gotIpv6 && mapped && !call.flags.includes('AI_ALL') ? kept.filter((a) => !isV4Mapped(a.bytes)) : kept;
  if (addresses.length === 0) return fail('EAI_NONAME');
  return { ok: true, addresses, ...(reply.name === undefined ? {} : { canonical: reply.name }) };
}

/** The old functions: no zones, no canonical name (to 2.18 that comes from a reverse lookup of the first address). */
function simple(run: Run, name: string, family: 'inet' | 'inet6', canonical: boolean): GaiResult {
  const { host, rc } = hostByName(run, name, family, 'gethostbyname2');
  const { hErrno } = run.process;
  if (host === undefined) {
    if (rc === '') return fail(hErrno === 'NO_DATA' && run.rules.nodataOfOneFamily ? 'EAI_NODATA' : 'EAI_NONAME');
    if (hErrno === 'NETDB_INTERNAL') return fail('EAI_SYSTEM', run.errno);
    return fail(hErrno === 'TRY_AGAIN' ? 'EAI_AGAIN' : 'EAI_NODATA');
  }
  const first = host.addresses[0];
  if (first === undefined) return fail('EAI_NONAME');
  if (!canonical) return { ok: true, addresses: host.addresses };
  step(run, glibcSteps.reverseForCanonical, { address: first.text });
  const reverse = hostByAddress(run, first);
  if (reverse.rc !== '' && run.process.hErrno === 'NETDB_INTERNAL') return fail('EAI_SYSTEM', run.errno);
  return { ok: true, addresses: host.addresses, canonical: reverse.host?.name ?? name };
}

/** A name that is an address; undefined: it is none. */
function numericName(run: Run, name: string, family: AskedFamily, call: Gai): GaiResult | undefined {
  const done = (address: Addr): GaiResult => {
    step(run, glibcSteps.numeric, { name, address: address.zone === undefined ? address.text : `${address.text}%${address.zone}` });
    return { ok: true, addresses: [address], ...(call.flags.includes('AI_CANONNAME') ? { canonical: name } : {}) };
  };
  const otherFamily = (): GaiResult => {
    step(run, glibcSteps.numericFamily, { name });
    return fail('EAI_ADDRFAMILY');
  };
  const c = name.charCodeAt(0);
  const four = c >= 0x30 && c <= 0x39 ? parseIpv4Loose(name, run.rules.strictNumeric ? 'nothing' : 'space-and-anything') : undefined;
  if (four !== undefined) {
    if (family !== 'inet6') return done(addrOf(four));
    return call.flags.includes('AI_V4MAPPED') ? done(addrOf(mapIpv4(four))) : otherFamily();
  }
  const { address, zone } = name.includes(':') ? splitZone(name) : { address: name };
  const six = name.includes(':') ? parseIpv6(address) : undefined;
  if (six !== undefined) {
    if (family === 'inet') {
      if (!isV4Mapped(six)) return otherFamily();
      return done(addrOf(six.slice(12)));
    }
    if (zone === undefined) return done(addrOf(six));
    const number = zoneNumber(six, zone, (text) => indexOf(run, text), run.rules);
    if (number === undefined) {
      step(run, glibcSteps.badZone, { zone });
      return fail('EAI_NONAME');
    }
    return done(addrOf(six, String(number)));
  }
  if (!call.flags.includes('AI_NUMERICHOST')) return undefined;
  step(run, glibcSteps.numericOnly, { name });
  return fail('EAI_NONAME');
}

function indexOf(run: Run, name: string): number | undefined {
  const interfaces = valueOf(netnsOf(run).interfaces);
  if (interfaces === undefined) throw new NeedsFacts([needNetns(run, 'interfaces')]);
  const at = interfaces.find((i) => i.name === name);
  if (at === undefined) return undefined;
  if (at.index !== undefined) return at.index;
  throw new NeedsFacts([needNetns(run, 'interfaces')]);
}
