/**
 * nss-resolve and the systemd-resolved behind it, which looks names up in its own view.
 *
 *   no socket, refused              UNAVAIL
 *   no such name, no data           NOTFOUND (final with the usual [!UNAVAIL=return])
 *   no server, time-out             TRYAGAIN
 *
 * systemd-resolved here: made-up names (localhost, own name, _gateway), /etc/hosts of its view, then its DNS servers: those of
 * /run/systemd/resolve/resolv.conf, each asked until one answers. A name without a dot goes to DNS only with a search domain.
 * Sources: nss-resolve(8), systemd-resolved.service(8), resolved.conf(5).
 * Not modelled: servers and routing domains per link, LLMNR, mDNS, DNSSEC, its cache, ResolveUnicastSingleLabel.
 */
import type { Family } from '../../facts/node-facts.ts';
import { exchange, lastAlias } from '../dns/exchange.ts';
import { addrFrom, type Addr } from '../address/addr.ts';
import type { Need } from '../types.ts';
import { lines, words } from './ascii.ts';
import { parseHosts } from './hosts-file.ts';
import { notFound, type ModuleAnswer, type NssModule } from './module.ts';
import { synthesized } from './myhostname.ts';
import { NeedsFacts, openFile, step, type Run } from './run.ts';
import { serviceSocket } from './socket.ts';
import { moduleSteps } from './steps.ts';

const UPLINK = '/run/systemd/resolve/resolv.conf';
const SOCKET = '/run/systemd/resolve/io.systemd.Resolve';

interface Settings {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

function settings(run: Run): Settings {
  const opened = openFile(run, UPLINK);
  const servers: string[] = [];
  let search: string[] = [];
  for (const line of lines('content' in opened ? opened.content.text : '')) {
    const [keyword, ...rest] = words(line);
    if (keyword === 'nameserver' && rest[0] !== undefined) servers.push(rest[0]);
    else if (keyword === 'search') search = rest.filter((domain) => domain !== '.');
  }
  return { servers, search };
}

/** The daemon's own account of a name, from the view it runs in. */
function daemonLookUp(run: Run, name: string, families: readonly Family[]): ModuleAnswer {
  const made = synthesized(run, name);
  if (made !== undefined && made.addresses.length > 0) return found(made.addresses, made.canonical, families);
  const hosts = openFile(run, '/etc/hosts');
  const entries = 'content' in hosts ? parseHosts(hosts.content).entriesOf(name.replace(/\.$/u, '')) : [];
  const first = entries[0];
  if (first !== undefined)
    return found(
      entries.map((e) => e.address),
      first.canonical,
      families,
    );
  const { servers, search } = settings(run);
  if (servers.length === 0) return { status: 'TRYAGAIN', hErrno: 'TRY_AGAIN', errno: 'EAGAIN' };
  const single = !name.replace(/\.$/u, '').includes('.');
  const candidates = name.endsWith('.') ? [name] : single ? search.map((d) => `${name}.${d}`) : [name];
  for (const candidate of candidates) {
    const answer = ask(run, candidate, families, servers);
    if (answer.status !== 'NOTFOUND') return answer;
  }
  return notFound;
}

function ask(run: Run, name: string, families: readonly Family[], servers: readonly string[]): ModuleAnswer {
  const addresses: Addr[] = [];
  const needs: Need[] = [];
  let canonical = name;
  let failed = false;
  for (const family of families) {
    const type = family === 'inet' ? 'A' : 'AAAA';
    let answered = false;
    for (const server of servers) {
      const got = exchange(run.world, run.view.netns, server, name, type, 'udp');
      if (got.kind === 'unknown') {
        needs.push(got.need);
        answered = true;
        break;
      }
      if (got.kind !== 'answer' || (got.rcode !== 'NOERROR' && got.rcode !== 'NXDOMAIN')) continue;
      answered = true;
      const owner = lastAlias(name, got.answers);
      const read = got.answers.filter((r) => r.type === type && r.name.toLowerCase() === owner).map((r) => addrFrom(r.data));
      if (read.length > 0) canonical = owner;
      addresses.push(...read.filter((a): a is Addr => a !== undefined));
      break;
    }
    failed ||= !answered;
  }
  if (needs.length > 0) throw new NeedsFacts(needs);
  if (addresses.length > 0) return { status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses, name: canonical, aliases: [] };
  return failed ? { status: 'TRYAGAIN', hErrno: 'TRY_AGAIN', errno: 'EAGAIN' } : notFound;
}

function found(all: readonly Addr[], name: string, families: readonly Family[]): ModuleAnswer {
  const addresses = all.filter((a) => families.includes(a.family));
  return addresses.length === 0
    ? { status: 'NOTFOUND', hErrno: 'NO_DATA' }
    : { status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses, name, aliases: [] };
}

function answer(run: Run, name: string, families: readonly Family[]): ModuleAnswer {
  const reachable = serviceSocket(run, 'resolved');
  if (reachable.kind === 'none') {
    step(run, moduleSteps.serviceDown, { module: 'resolve', socket: SOCKET });
    return { status: 'UNAVAIL', hErrno: 'NO_RECOVERY', errno: 'ECONNREFUSED' };
  }
  const daemonView = reachable.daemon === undefined ? undefined : run.world.view(reachable.daemon.view);
  if (daemonView === undefined) {
    throw new NeedsFacts([
      { kind: 'ask', what: WHO_ANSWERS, command: `resolvectl query ${name}`, values: { socket: reachable.socket.path } },
    ]);
  }
  const inner: Run = { ...run, view: daemonView, steps: [], env: {} };
  const got = daemonLookUp(inner, name, families);
  run.steps.push({
    kind: moduleSteps.daemonLooks,
    values: { module: 'resolve', daemon: reachable.daemon?.id ?? 'systemd-resolved', name },
    inner: inner.steps,
  });
  return got;
}

const WHO_ANSWERS = { en: 'Which process answers at {socket}, and what does it know?', zh: '{socket} 由哪个进程应答，它知道什么？' };
const BOTH: readonly Family[] = ['inet', 'inet6'];

export const resolveModule: NssModule = {
  both: (run, name) => answer(run, name, BOTH),
  byName: (run, name, family) => answer(run, name, [family]),
  byAddress: (run, address) => {
    const reachable = serviceSocket(run, 'resolved');
    if (reachable.kind === 'none') return { status: 'UNAVAIL', hErrno: 'NO_RECOVERY', errno: 'ECONNREFUSED' };
    throw new NeedsFacts([
      { kind: 'ask', what: WHO_ANSWERS, command: `resolvectl query ${address.text}`, values: { socket: reachable.socket.path } },
    ]);
  },
};
