/**
 * The nscd client inside glibc: when it asks, and what each outcome means.
 *
 *   no socket, refused, closed, short reply, time-out, found = -1    go on with the name service switch; the next 100 lookups do not ask
 *   found = 1                                                        final
 *   found = 0                                                        final: no such name
 *
 * It comes before nsswitch.conf is read, and is skipped with LOCALDOMAIN in the environment and inside nscd itself.
 * Asking a live socket is evaluating the daemon's own view: glibc/stack.ts is called again for it.
 * Source: glibc nscd/nscd_getai.c, nscd_gethst_r.c, nscd_helper.c, nss/getXXbyYY_r.c at 2.12 to 2.43.
 * Not modelled: what a daemon holds in its cache, and the shared mapping of it (a fresh answer is assumed); distributions whose glibc has
 * no nscd client (Fedora 36+, RHEL 10).
 */
import type { NscdReply, NscdRequest } from '../types.ts';
import { LOCAL_NSCD_SOCKET, askDaemon } from './daemon.ts';
import { step, type Run } from '../nss/run.ts';
import { nscdSteps } from './nscd-steps.ts';

/** Lookups without nscd after a fall-back: NSS_NSCD_RETRY of nss/nsswitch.h. */
const RETRY = 100;
const WAIT_MS = 5000;

/** The daemon's final answer, or undefined: look the name up without it. */
export function askNscd(run: Run, type: NscdRequest['type'], key: string): NscdReply | undefined {
  const { process } = run;
  if (process.isNscd) return undefined;
  if (process.notUseNscd > 0 && ++process.notUseNscd > RETRY) process.notUseNscd = 0;
  if (process.notUseNscd > 0) return undefined;
  if (run.env['LOCALDOMAIN'] !== undefined) {
    if (run.world.nscd !== undefined || (run.view.sockets.state === 'known' && run.view.sockets.value.length > 0))
      step(run, nscdSteps.skippedLocalDomain);
    return undefined;
  }
  const reply = conversation(run, { type, key });
  if (typeof reply !== 'string' && reply.found >= 0) return reply;
  process.notUseNscd = 1;
  return undefined;
}

function conversation(run: Run, request: NscdRequest): NscdReply | 'none' | 'refused' | 'closed' | 'silent' {
  const socket = LOCAL_NSCD_SOCKET;
  const scripted = run.world.nscd;
  let reply: NscdReply | 'none' | 'refused' | 'closed' | 'silent';
  if (scripted !== undefined) {
    reply = scripted(run.view.id, request) ?? 'none';
    if (reply !== 'none' && reply !== 'refused') run.nscdRequests.push(`${request.type} ${request.key}`);
  } else reply = askDaemon(run, request);
  if (reply === 'none') step(run, nscdSteps.noSocket);
  else if (reply === 'refused') step(run, nscdSteps.refused, { socket });
  else if (reply === 'closed') step(run, nscdSteps.closed, { socket });
  else if (reply === 'silent') {
    // One wait for the shared mapping, one for the request.
    run.elapsedMs += 2 * WAIT_MS;
    step(run, nscdSteps.silent, { socket, seconds: (2 * WAIT_MS) / 1000 }, undefined, 2 * WAIT_MS);
  } else if (reply.found < 0) step(run, nscdSteps.notCached);
  else if (reply.found === 0) step(run, nscdSteps.notFound, { name: request.key });
  else step(run, nscdSteps.found, { addresses: (reply.addresses ?? []).join(' ') });
  return reply;
}
