/**
 * systemd-resolved as the server on 127.0.0.53 (and, since 250, the plain proxy on 127.0.0.54).
 *
 *   1  its hosts file, for every type once the name is listed: A of a name with IPv6 only is an empty answer
 *   2  localhost, _gateway, _outbound, _localdnsstub, the own host name: made up, never sent
 *   3  A and AAAA of a single label are not sent to unicast DNS (ResolveUnicastSingleLabel=no): SERVFAIL with LLMNR off
 *   4  *.local goes to mDNS, not to DNS, unless a search or routing domain covers it
 *   5  anything else goes to the servers in /run/systemd/resolve/resolv.conf; the search list is the client's affair
 *
 * Sources: systemd src/resolve/resolved-dns-query.c, resolved-dns-scope.c, resolved-dns-synthesize.c, resolved-dns-stub.c,
 * resolved-etc-hosts.c at 255; systemd-resolved.service(8); systemd issue 19964 (single labels).
 */
import type { DaemonFacts, ViewFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import { addressRecords, answerWith, forward, ofType, type Question, type ServerReply } from '../name-server.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { ownAddressesOf } from '../dial/route.ts';
import { lineOf, openFile } from '../go/view-file.ts';
import type { Step, World } from '../types.ts';
import { isResolvedLocalhost, resolvedConfig, resolvedHosts } from './config.ts';
import { resolvedSteps } from './steps.ts';

export const RESOLVED_ADDRESSES: readonly string[] = ['127.0.0.53', '127.0.0.54'];

const UPLINK = '/run/systemd/resolve/resolv.conf';
/** A transaction gives up on a silent server after its attempts; clients have given up before. */
const TIMEOUT_MS = 5000;

/** The daemon of the node that answers on 127.0.0.53, when it is known to run. */
export const resolvedDaemon = (world: World): DaemonFacts | undefined =>
  world.node.daemons.find((daemon) => daemon.kind === 'systemd-resolved');

/** `server`: the address that was asked. */
export function resolvedAnswer(world: World, daemon: DaemonFacts, server: string, question: Question): ServerReply {
  const view = world.view(daemon.view);
  if (view === undefined) return { kind: 'cannot-tell', needs: [{ kind: 'file', view: daemon.view, path: UPLINK }], steps: [] };
  const steps: Step[] = [];
  const done = (rcode: string, addresses: readonly string[] = []): ServerReply => ({
    kind: 'reply',
    reply: answerWith(rcode, addressRecords(question.name, question.type, addresses)),
    steps,
  });
  const config = resolvedConfig(view);
  if (!config.stubListener) {
    steps.push({ kind: resolvedSteps.noStub });
    return { kind: 'reply', reply: { kind: 'error', errno: 'ECONNREFUSED' }, steps };
  }
  if (server === '127.0.0.54') return forwarded(world, view, question, steps);
  const listed = config.readEtcHosts ? fromHosts(view, question, steps) : undefined;
  if (listed === 'unknown') return { kind: 'cannot-tell', needs: [{ kind: 'file', view: view.id, path: '/etc/hosts' }], steps };
  if (listed !== undefined) return done('NOERROR', listed);
  const made = synthesized(world, view, question);
  if (made === 'unknown') return { kind: 'cannot-tell', needs: [{ kind: 'view', view: view.id, fact: 'hostname' }], steps };
  if (made !== undefined) {
    steps.push({ kind: resolvedSteps.synthesized, values: { name: question.name, addresses: made.join(', ') } });
    return done('NOERROR', made);
  }
  const isAddress = question.type === 'A' || question.type === 'AAAA';
  if (isAddress && !question.name.includes('.') && !config.resolveUnicastSingleLabel) {
    steps.push({ kind: resolvedSteps.singleLabel, values: { name: question.name } });
    // With LLMNR on and nobody answering, a name that does not exist is NXDOMAIN.
    return done(config.llmnr === true ? 'NXDOMAIN' : 'SERVFAIL');
  }
  return forwarded(world, view, question, steps, config.domains);
}

function fromHosts(view: ViewFacts, { name, type }: Question, steps: Step[]): readonly string[] | 'unknown' | undefined {
  const file = openFile(view, '/etc/hosts');
  if (file.kind === 'unknown') return 'unknown';
  if (file.kind !== 'content' || (type !== 'A' && type !== 'AAAA')) return undefined;
  const hosts = resolvedHosts(file.content);
  const entries = hosts.byName.get(name);
  if (entries === undefined) return undefined;
  const addresses = entries.map(({ address }) => address);
  steps.push({
    kind: resolvedSteps.inHosts,
    values: { name, addresses: addresses.join(', ') },
    at: lineOf(view, '/etc/hosts', entries[0]?.line, hosts.lines),
  });
  return ofType(type, addresses);
}

/** Addresses of the asked type for names that resolved makes up; undefined: it does not. */
function synthesized(world: World, view: ViewFacts, { name, type }: Question): readonly string[] | 'unknown' | undefined {
  const netns = world.netns(view.netns);
  if (isResolvedLocalhost(name)) {
    // ::1 only where IPv6 is on (since 248): systemd src/basic/socket-util.c socket_ipv6_is_enabled.
    const off = netns === undefined ? false : ipv6SocketOf(world.node, netns) === false || valueOf(netns.disableIpv6['all']) === true;
    return ofType(type, off ? ['127.0.0.1'] : ['127.0.0.1', '::1']);
  }
  if (name === '_localdnsstub') return ofType(type, ['127.0.0.53']);
  if (name === '_localdnsproxy') return ofType(type, ['127.0.0.54']);
  const own = netns === undefined ? [] : (ownAddressesOf(netns) ?? []);
  if (name === '_gateway') {
    const routes = netns === undefined ? [] : (valueOf(netns.routes) ?? []);
    return ofType(
      type,
      routes.filter((r) => r.destination === '0.0.0.0/0' || r.destination === '::/0').flatMap((r) => r.gateway ?? []),
    );
  }
  const hostname = valueOf(view.hostname);
  if (hostname === undefined) return name.includes('.') ? undefined : 'unknown';
  if (name !== hostname.toLowerCase().replace(/\.$/u, '')) return undefined;
  const outside = own.filter((a) => a.device !== 'lo').map((a) => a.text);
  return ofType(type, outside.length > 0 ? outside : ['127.0.0.2', '::1']);
}

function forwarded(world: World, view: ViewFacts, question: Question, steps: Step[], domains: readonly string[] = []): ServerReply {
  const file = openFile(view, UPLINK);
  if (file.kind === 'unknown') return { kind: 'cannot-tell', needs: [{ kind: 'file', view: view.id, path: UPLINK }], steps };
  const text = file.kind === 'content' ? file.content.text : '';
  const fields = text.split('\n').map((line) => line.split(/[ \t\r]+/u).filter((word) => word !== ''));
  const servers = fields.filter(([keyword]) => keyword === 'nameserver').flatMap(([, server]) => server ?? []);
  const search = fields.filter(([keyword]) => keyword === 'search' || keyword === 'domain').flatMap(([, ...names]) => names);
  const local = question.name === 'local' || question.name.endsWith('.local');
  const covered = [...search, ...domains].some((domain) => covers(domain, question.name));
  if (local && !covered) {
    steps.push({ kind: resolvedSteps.dotLocal, values: { name: question.name } });
    return { kind: 'reply', reply: answerWith('SERVFAIL', []), steps };
  }
  if (servers.length === 0) {
    steps.push({ kind: resolvedSteps.noServers, values: { path: UPLINK } });
    return { kind: 'reply', reply: answerWith('SERVFAIL', []), steps };
  }
  steps.push({ kind: resolvedSteps.forwards, values: { name: question.name, servers: servers.join(', ') } });
  const upstreams = servers.map((server) => ({ server, netns: view.netns }));
  const got = forward(world, upstreams, question, (reply) => reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN', TIMEOUT_MS);
  if (got.kind === 'unknown') return { kind: 'cannot-tell', needs: got.needs, steps };
  return { kind: 'reply', reply: got.kind === 'reply' ? got.reply : got.ms > 0 ? { kind: 'silent' } : answerWith('SERVFAIL', []), steps };
}

const covers = (domain: string, name: string): boolean => {
  const plain = domain.replace(/^~/u, '').replace(/\.$/u, '').toLowerCase();
  return plain !== '' && (name === plain || name.endsWith(`.${plain}`));
};
