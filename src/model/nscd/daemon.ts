/**
 * The daemon behind the nscd socket, evaluated as a resolver in its own view.
 *
 *                       glibc nscd                                   unscd
 *   hosts not cached    found = -1                                   closes the connection
 *   GETAI               both families, services' order, unsorted     getaddrinfo(AF_UNSPEC, SOCK_STREAM), sorted
 *   not found           found = 0 with HOST_NOT_FOUND                found = 0 with 0
 *   a slow lookup       the client gives up after 5 s                the same; its worker ends after 30 s
 *
 * Sources: glibc nscd/connections.c, aicache.c, hstcache.c; unscd nscd.c.
 */
import type { DaemonFacts, ViewFacts } from '../../facts/node-facts.ts';
import { atLine, NeedsFacts, openFile, step, type Run } from '../nss/run.ts';
import { serviceSocket } from '../nss/socket.ts';
import type { Call, NscdReply, NscdRequest, Resolution } from '../types.ts';
import { parseNscdConf } from './nscd-conf.ts';
import { nscdSteps } from './nscd-steps.ts';

/** The path that every glibc client uses (nscd/nscd-client.h). */
export const LOCAL_NSCD_SOCKET = '/var/run/nscd/socket';

const CLIENT_WAIT_MS = 5000;
const WHO = { en: 'Which process answers at {socket} in {view}?', zh: '{view} 中的 {socket} 由哪个进程应答？' };

export function askDaemon(run: Run, request: NscdRequest): NscdReply | 'none' | 'refused' | 'closed' | 'silent' {
  const reachable = serviceSocket(run, 'nscd');
  if (reachable.kind === 'none') {
    const stale = run.view.sockets.state === 'known' && run.view.sockets.value.some((s) => s.service === 'nscd');
    return stale ? 'refused' : 'none';
  }
  const { socket, daemon } = reachable;
  if (socket.state === 'silent') return 'silent';
  const view = daemon === undefined ? undefined : run.world.view(daemon.view);
  if (daemon === undefined || view === undefined) {
    throw new NeedsFacts([
      { kind: 'ask', what: WHO, command: `ss -xlp src ${socket.path}`, values: { socket: socket.path, view: run.view.id } },
    ]);
  }
  run.nscdRequests.push(`${request.type} ${request.key}`);
  step(run, nscdSteps.asked, { socket: socket.path, request: request.type, name: request.key });
  return answerOf(run, daemon, view, request);
}

function answerOf(run: Run, daemon: DaemonFacts, view: ViewFacts, request: NscdRequest): NscdReply | 'closed' | 'silent' {
  const unscd = daemon.kind === 'unscd';
  const inDaemon: Run = { ...run, view };
  const path = daemon.configPath ?? '/etc/nscd.conf';
  const opened = openFile(inDaemon, path);
  const conf = 'content' in opened ? parseNscdConf(opened.content, unscd ? 'unscd' : 'nscd') : undefined;
  if (conf?.enabled !== true) {
    step(run, nscdSteps.disabled, { daemon: daemon.id }, atLine(inDaemon, path, conf?.line, conf?.text));
    return unscd ? 'closed' : { found: -1 };
  }
  const held = daemon.cached?.find((c) => c.name === request.key);
  if (held !== undefined) {
    step(run, nscdSteps.cached, { daemon: daemon.id, name: request.key, answer: held.addresses.join(', ') || '-' });
    return held.addresses.length === 0 ? { found: 0, error: unscd ? 0 : 1 } : { found: 1, error: 0, addresses: held.addresses };
  }
  const got = lookUp(run, view, request, unscd);
  run.steps.push({
    kind: nscdSteps.daemonLooks,
    values: { daemon: daemon.id, name: request.key, view: view.id },
    at: atLine(inDaemon, path, conf.line, conf.text),
    inner: got.steps,
    ...(got.elapsedMs > 0 ? { ms: Math.min(got.elapsedMs, CLIENT_WAIT_MS) } : {}),
  });
  if (got.elapsedMs >= CLIENT_WAIT_MS) return 'silent';
  run.elapsedMs += got.elapsedMs;
  run.queries.push(...got.queries);
  return replyOf(got, unscd);
}

/** What the daemon calls for a request, by the libc of its own view. */
function lookUp(run: Run, view: ViewFacts, request: NscdRequest, unscd: boolean): Resolution {
  const libc = view.libc;
  const version =
    libc.state === 'known' && libc.value.kind === 'glibc' && libc.value.version !== undefined ? libc.value.version : run.version;
  const calls: Readonly<Record<NscdRequest['type'], Call>> = {
    GETHOSTBYNAME: { call: 'gethostbyname' },
    GETHOSTBYNAMEv6: { call: 'gethostbyname2', family: 'inet6' },
    GETHOSTBYADDR: { call: 'gethostbyaddr' },
    GETHOSTBYADDRv6: { call: 'gethostbyaddr' },
    GETAI: { call: 'getaddrinfo', family: 'unspec', flags: ['AI_CANONNAME'], socktype: 'stream' },
  };
  return run.evaluate(run.world, view, version, calls[request.type], request.key, !unscd);
}

/** nscd's negative reply is a constant with HOST_NOT_FOUND, whatever went wrong (hstcache.c `notfound`). */
function replyOf(got: Resolution, unscd: boolean): NscdReply {
  const { outcome } = got;
  if (outcome.kind === 'cannot-tell') throw new NeedsFacts(outcome.needs);
  if (outcome.kind === 'error') return { found: 0, error: unscd ? 0 : 1 };
  return {
    found: 1,
    error: 0,
    addresses: outcome.addresses.map((a) => a.address),
    ...(outcome.canonicalName === undefined ? {} : { name: outcome.canonicalName }),
    ...(outcome.aliases === undefined ? {} : { aliases: outcome.aliases }),
  };
}
