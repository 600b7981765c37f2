/**
 * The files module for hosts.
 *
 *   line has           AF_INET asked         AF_INET6 asked               both asked (gethostbyname4_r)
 *   IPv4               itself                passed over; to 2.29 with    itself
 *                                            `options inet6`: mapped
 *   ::1                127.0.0.1             itself                       itself
 *   ::ffff:a.b.c.d     a.b.c.d               itself                       itself
 *   other IPv6         passed over           itself                       itself
 *
 * `multi off` (the default): the first matching line ends the lookup. `multi on`: all lines, in order, duplicates kept.
 * Names match without regard to ASCII letter case, else exactly: no final dot is dropped.
 * Source: glibc nss/nss_files/files-hosts.c at 2.12 to 2.43.
 */
import type { Family, FileContent } from '../../facts/node-facts.ts';
import { mapIpv4, sameBytes } from '../address/address.ts';
import { addrOf, LOOPBACK4, type Addr } from '../address/addr.ts';
import { isLoopback6, isV4Mapped } from '../address/special.ts';
import { hostConf, hostConfIfSeen, resolvConf } from '../glibc/res-state.ts';
import { parseHosts, parseHostsMovingLines, type HostsEntry, type HostsFile } from './hosts-file.ts';
import { notFound, type ModuleAnswer, type NssModule } from './module.ts';
import { atLine, needFile, NeedsFacts, openFile, step, type Run } from './run.ts';
import { filesSteps } from './steps.ts';

const PATH = '/etc/hosts';

const unpacked = new WeakMap<HostsEntry, Addr>();

/** The address that a line gives for the family, or undefined when the line is passed over. */
function addressFor(entry: HostsEntry, family: Family, mapFromIpv4: boolean): Addr | undefined {
  const { address } = entry;
  if (address.family === family) return address;
  if (family === 'inet6') return mapFromIpv4 ? addrOf(mapIpv4(address.bytes)) : undefined;
  if (isLoopback6(address.bytes)) return LOOPBACK4;
  if (!isV4Mapped(address.bytes)) return undefined;
  const known = unpacked.get(entry);
  if (known !== undefined) return known;
  const made = addrOf(address.bytes.slice(12));
  unpacked.set(entry, made);
  return made;
}

const hostsOf = (run: Run, content: FileContent): HostsFile => (run.rules.movesLines ? parseHostsMovingLines : parseHosts)(content);

function lookUp(run: Run, name: string, family: Family | 'unspec'): ModuleAnswer {
  const opened = openFile(run, PATH);
  if (!('content' in opened)) {
    step(run, filesSteps.cannotOpen, { errno: opened.errno }, atLine(run, PATH));
    run.errno = opened.errno;
    // Only gethostbyname4_r hands errno back.
    if (family !== 'unspec') return { status: 'UNAVAIL' };
    return { status: 'UNAVAIL', hErrno: run.rules.debian ? 'HOST_NOT_FOUND' : 'NO_DATA', errno: opened.errno };
  }
  const mapFromIpv4 = family === 'inet6' && run.mapsToIpv6 && run.rules.inet6Option && resolvConf(run).options.has('inet6');
  const matches: { entry: HostsEntry; address: Addr }[] = [];
  for (const entry of hostsOf(run, opened.content).entriesOf(name)) {
    const address = family === 'unspec' ? entry.address : addressFor(entry, family, mapFromIpv4);
    if (address === undefined)
      step(run, filesSteps.otherFamily, { name, address: entry.address.text }, atLine(run, PATH, entry.line, entry.text));
    else matches.push({ entry, address });
  }
  const first = matches[0];
  if (first === undefined) {
    if (opened.content.truncated === true) throw new NeedsFacts([needFile(run, PATH)]);
    step(run, filesSteps.notFound, { name }, atLine(run, PATH));
    return notFound;
  }
  const all =
    matches.length > 1 &&
    multi(
      run,
      matches.map(({ address }) => address.text),
    );
  for (const { entry, address } of all ? matches : [first]) {
    const at = atLine(run, PATH, entry.line, entry.text);
    if (address === LOOPBACK4 && entry.address !== address && isLoopback6(entry.address.bytes))
      step(run, filesSteps.loopbackMapped, { name, address: address.text }, at);
    else if (entry.address.family === 'inet6' && address.family === 'inet')
      step(run, filesSteps.mappedUnpacked, { name, address: address.text }, at);
    else step(run, filesSteps.found, { name, address: address.text }, at);
  }
  if (!all && matches.length > 1)
    step(run, filesSteps.firstOnly, { name, count: matches.length - 1 }, atLine(run, '/etc/host.conf', hostConfIfSeen(run)?.multiLine));
  const addresses = all ? matches.map(({ address }) => address) : [first.address];
  const aliases = [...first.entry.aliases];
  if (all) {
    for (const { entry } of matches.slice(1)) {
      aliases.push(...entry.aliases);
      if (entry.canonical !== first.entry.canonical) aliases.push(entry.canonical);
    }
  }
  // With multi on the file is read to its end, which leaves its mark; it shows where the success is thrown away (merge).
  const readToEnd = family !== 'unspec' && hostConfIfSeen(run)?.multi === true;
  return {
    status: 'SUCCESS',
    ...(readToEnd ? { hErrno: 'HOST_NOT_FOUND' } : {}),
    addresses,
    name: first.entry.canonical,
    aliases,
  };
}

/** Does `multi` join these lines? When nobody saw host.conf it only matters if they give different addresses. */
function multi(run: Run, addresses: readonly string[]): boolean {
  const seen = hostConfIfSeen(run);
  if (seen === undefined && addresses.every((address) => address === addresses[0])) return false;
  return (seen ?? hostConf(run)).multi;
}

function reverse(run: Run, wanted: Addr): ModuleAnswer {
  const opened = openFile(run, PATH);
  if (!('content' in opened)) {
    step(run, filesSteps.cannotOpen, { errno: opened.errno }, atLine(run, PATH));
    run.errno = opened.errno;
    return { status: 'UNAVAIL', errno: opened.errno };
  }
  for (const entry of hostsOf(run, opened.content).entries) {
    const address = addressFor(entry, wanted.family, wanted.family === 'inet6' && run.rules.reverseMapped);
    if (address === undefined || !sameBytes(address.bytes, wanted.bytes)) continue;
    step(run, filesSteps.found, { name: entry.canonical, address: entry.address.text }, atLine(run, PATH, entry.line, entry.text));
    return { status: 'SUCCESS', addresses: [wanted], name: entry.canonical, aliases: entry.aliases };
  }
  if (opened.content.truncated === true) throw new NeedsFacts([needFile(run, PATH)]);
  step(run, filesSteps.notFound, { name: wanted.text }, atLine(run, PATH));
  return notFound;
}

export const filesModule: NssModule = {
  both: (run, name) => lookUp(run, name, 'unspec'),
  byName: lookUp,
  byAddress: reverse,
};
