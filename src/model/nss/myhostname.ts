/**
 * nss-myhostname of systemd.
 *
 *   localhost, localhost.localdomain, *.localhost, *.localhost.localdomain    127.0.0.1 and, with IPv6, ::1 (name: localhost)
 *   _gateway                                                                  default gateways
 *   _outbound (systemd 249+)                                                  preferred sources; here: the local addresses
 *   the own host name                                                         all addresses but loopback, else 127.0.0.2 and ::1
 *
 * Letter case and a final dot do not matter for the fixed names. Everything else is NOTFOUND.
 * Source: nss-myhostname(8), systemd src/nss-myhostname/nss-myhostname.c 247 to 257. Up to 250 it gave ::1 also with IPv6 off: not modelled.
 */
import type { Family } from '../../facts/node-facts.ts';
import { addrOf, LOOPBACK4, LOOPBACK6, type Addr } from '../address/addr.ts';
import { sameBytes } from '../address/address.ts';
import { asciiLower } from './ascii.ts';
import { defaultGateways, ipv6Enabled, localAddresses } from './local-addresses.ts';
import { notFound, type ModuleAnswer, type NssModule } from './module.ts';
import { hostname, step, type Run } from './run.ts';
import { moduleSteps } from './steps.ts';

const LOCAL_NAME = addrOf(new Uint8Array([127, 0, 0, 2]));

/** Also what systemd-resolved synthesizes. */
export const isLocalhostName = (name: string): boolean => /^(?:.*\.)?localhost(?:\.localdomain)?\.?$/u.test(asciiLower(name));

/** Addresses and canonical name that systemd makes up for a name; undefined: none. */
export function synthesized(run: Run, name: string): { readonly addresses: readonly Addr[]; readonly canonical: string } | undefined {
  if (isLocalhostName(name)) return { addresses: ipv6Enabled(run) ? [LOOPBACK4, LOOPBACK6] : [LOOPBACK4], canonical: 'localhost' };
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  if (asciiLower(bare) === '_gateway') return { addresses: defaultGateways(run), canonical: '_gateway' };
  if (asciiLower(bare) === '_outbound') return { addresses: localAddresses(run), canonical: '_outbound' };
  const own = run.view.hostname.state === 'known' ? run.view.hostname.value : undefined;
  if (own === undefined && /^[A-Za-z0-9-]+$/u.test(bare)) hostname(run);
  if (own === undefined || bare !== own) return undefined;
  const addresses = localAddresses(run);
  if (addresses.length > 0) return { addresses, canonical: own };
  return { addresses: ipv6Enabled(run) ? [LOCAL_NAME, LOOPBACK6] : [LOCAL_NAME], canonical: own };
}

function answer(run: Run, name: string, family: Family | 'unspec'): ModuleAnswer {
  const made = synthesized(run, name);
  if (made === undefined || made.addresses.length === 0) {
    step(run, moduleSteps.notMine, { module: 'myhostname', name });
    return notFound;
  }
  const addresses = family === 'unspec' ? made.addresses : made.addresses.filter((a) => a.family === family);
  step(run, moduleSteps.answered, { module: 'myhostname', name, addresses: addresses.map((a) => a.text).join(' ') });
  if (addresses.length === 0) return { status: 'NOTFOUND', hErrno: 'NO_DATA' };
  return { status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses, name: made.canonical, aliases: [] };
}

function reverse(run: Run, address: Addr): ModuleAnswer {
  const named = (name: string): ModuleAnswer => ({ status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses: [address], name, aliases: [] });
  if (address.text === '127.0.0.1' || address.text === '::1') return named('localhost');
  if (address.text === LOCAL_NAME.text || localAddresses(run).some((a) => sameBytes(a.bytes, address.bytes))) return named(hostname(run));
  return defaultGateways(run).some((a) => sameBytes(a.bytes, address.bytes)) ? named('_gateway') : notFound;
}

export const myhostnameModule: NssModule = { both: (run, name) => answer(run, name, 'unspec'), byName: answer, byAddress: reverse };
