/**
 * nss-myhostname of systemd.
 *
 *   localhost, localhost.localdomain, *.localhost, *.localhost.localdomain    127.0.0.1 and, with IPv6, ::1 (name: localhost)
 *   _gateway                                                                  default gateways
 *   _outbound (systemd 249+)                                                  source addresses towards the default gateways
 *   the own host name                                                         all addresses but loopback, else 127.0.0.2 and ::1
 *                                                                             (asked for one family: by what that family has)
 *
 * Letter case and a final dot do not matter for the fixed names. Everything else is NOTFOUND.
 * Source: nss-myhostname(8), systemd src/nss-myhostname/nss-myhostname.c 247 to 257. Up to 248 there is no _outbound, up to 250 ::1 is given
 * with IPv6 off, too. Nothing in a view says which systemd its module is of; the C library beside it does: RULES_BESIDE.
 */
import type { Family } from '../../facts/node-facts.ts';
import { addrOf, LOOPBACK4, LOOPBACK6, type Addr } from '../address/addr.ts';
import { sameBytes } from '../address/address.ts';
import { versionNumber } from '../glibc/versions.ts';
import { asciiLower } from './ascii.ts';
import { defaultGateways, ipv6Enabled, localAddresses, outboundAddresses } from './local-addresses.ts';
import { notFound, type ModuleAnswer, type NssModule } from './module.ts';
import { hostname, step, type Run } from './run.ts';
import { moduleSteps } from './steps.ts';

interface SystemdRules {
  /** 249 and newer. */
  readonly outbound: boolean;
  /** 251 and newer: ::1 only where IPv6 is on. systemd-resolved asks so since 248. */
  readonly asksForIpv6: boolean;
  readonly resolvedAsksForIpv6: boolean;
}

/**
 * glibc to 2.33 comes with 248 or older (Debian 11: 247, Ubuntu 20.04: 245, RHEL 8: 239), 2.35 with 249 (Ubuntu 22.04), 2.34 with 250 and then
 * 252 (RHEL 9), 2.36 and newer with 251 or newer (Debian 12: 252).
 */
const RULES_BESIDE: readonly (readonly [to: number, rules: SystemdRules])[] = [
  [233, { outbound: false, asksForIpv6: false, resolvedAsksForIpv6: false }],
  [234, { outbound: true, asksForIpv6: true, resolvedAsksForIpv6: true }],
  [235, { outbound: true, asksForIpv6: false, resolvedAsksForIpv6: true }],
];
const NEWEST_RULES: SystemdRules = { outbound: true, asksForIpv6: true, resolvedAsksForIpv6: true };

function systemdRules(run: Run): SystemdRules {
  const release = versionNumber(run.version) ?? Infinity;
  return RULES_BESIDE.find(([to]) => release <= to)?.[1] ?? NEWEST_RULES;
}

const givesIpv6 = (run: Run): boolean => !systemdRules(run).asksForIpv6 || ipv6Enabled(run);

const LOCAL_NAME = addrOf(new Uint8Array([127, 0, 0, 2]));

/** Also what systemd-resolved synthesizes. */
export const isLocalhostName = (name: string): boolean => /^(?:.*\.)?localhost(?:\.localdomain)?\.?$/u.test(asciiLower(name));

/** What systemd makes up for a name: `addresses` are those of interfaces or gateways, `otherwise` the loopback ones where there are none. */
interface MadeUp {
  readonly canonical: string;
  readonly addresses: readonly Addr[];
  /** Absent: without addresses there is no such name. */
  readonly otherwise?: Addr;
  /** The name of this machine: its IPv6 entry without addresses has the alias localhost. */
  readonly own?: boolean;
}

function madeUp(run: Run, name: string): MadeUp | undefined {
  if (isLocalhostName(name)) return { canonical: 'localhost', addresses: [], otherwise: LOOPBACK4 };
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  if (asciiLower(bare) === '_gateway') return { canonical: '_gateway', addresses: defaultGateways(run) };
  if (asciiLower(bare) === '_outbound' && systemdRules(run).outbound) return { canonical: '_outbound', addresses: outboundAddresses(run) };
  const own = run.view.hostname.state === 'known' ? run.view.hostname.value : undefined;
  if (own === undefined && /^[A-Za-z0-9-]+$/u.test(bare)) hostname(run);
  if (own === undefined || bare !== own) return undefined;
  return { canonical: own, addresses: localAddresses(run), otherwise: LOCAL_NAME, own: true };
}

interface Synthesized {
  readonly addresses: readonly Addr[];
  readonly canonical: string;
}

/** Both families in one call, as systemd-resolved makes them up; undefined: it does not. */
export const synthesized = (run: Run, name: string): Synthesized | undefined =>
  bothFamilies(run, name, !systemdRules(run).resolvedAsksForIpv6 || ipv6Enabled(run));

function bothFamilies(run: Run, name: string, withIpv6: boolean): Synthesized | undefined {
  const made = madeUp(run, name);
  if (made === undefined) return undefined;
  const { canonical, addresses, otherwise } = made;
  if (addresses.length > 0 || otherwise === undefined) return { addresses, canonical };
  return { addresses: withIpv6 ? [otherwise, LOOPBACK6] : [otherwise], canonical };
}

function answered(run: Run, name: string, canonical: string, addresses: readonly Addr[], aliases: readonly string[]): ModuleAnswer {
  step(run, moduleSteps.answered, { module: 'myhostname', name, addresses: addresses.map((a) => a.text).join(' ') });
  return { status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses, name: canonical, aliases };
}

function notMine(run: Run, name: string): ModuleAnswer {
  step(run, moduleSteps.notMine, { module: 'myhostname', name });
  return notFound;
}

function both(run: Run, name: string): ModuleAnswer {
  const made = bothFamilies(run, name, givesIpv6(run));
  if (made === undefined || made.addresses.length === 0) return notMine(run, name);
  return answered(run, name, made.canonical, made.addresses, []);
}

/** One family: the addresses of that family alone decide whether loopback stands in for them. */
function ofFamily(run: Run, name: string, family: Family): ModuleAnswer {
  if (family === 'inet6' && !givesIpv6(run)) return notMine(run, name);
  const made = madeUp(run, name);
  // A host entry has no room for zones.
  const addresses = made?.addresses.filter((a) => a.family === family).map((a) => (a.zone === undefined ? a : addrOf(a.bytes))) ?? [];
  if (made === undefined || (addresses.length === 0 && made.otherwise === undefined)) return notMine(run, name);
  if (addresses.length > 0 || made.otherwise === undefined) return answered(run, name, made.canonical, addresses, []);
  const aliases = made.own === true && family === 'inet6' ? ['localhost'] : [];
  return answered(run, name, made.canonical, [family === 'inet' ? made.otherwise : LOOPBACK6], aliases);
}

/** Of an address of this machine all addresses of that family come back. */
function reverse(run: Run, address: Addr): ModuleAnswer {
  const named = (name: string, addresses: readonly Addr[], aliases: readonly string[] = []): ModuleAnswer => ({
    status: 'SUCCESS',
    hErrno: 'NETDB_SUCCESS',
    addresses,
    name,
    aliases,
  });
  if (address.text === '127.0.0.1') return named('localhost', [address]);
  if (address.text === LOCAL_NAME.text) return named(hostname(run), [address]);
  if (address.family === 'inet6' && !givesIpv6(run)) return notFound;
  if (address.text === '::1') return named('localhost', [address], [hostname(run)]);
  const ofFamily = (all: readonly Addr[]): readonly Addr[] => all.filter((a) => a.family === address.family);
  const isAmong = (all: readonly Addr[]): boolean => all.some((a) => sameBytes(a.bytes, address.bytes));
  const own = ofFamily(localAddresses(run));
  if (isAmong(own)) return named(hostname(run), own);
  const gateways = ofFamily(defaultGateways(run));
  return isAmong(gateways) ? named('_gateway', gateways) : notFound;
}

export const myhostnameModule: NssModule = { both, byName: ofFamily, byAddress: reverse };
