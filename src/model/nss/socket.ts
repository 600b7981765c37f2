/** Is a name service daemon reachable from a view? */
import type { DaemonFacts, ServiceSocket } from '../../facts/node-facts.ts';
import { needView, NeedsFacts, type Run } from './run.ts';

export type Reachable =
  { readonly kind: 'none' } | { readonly kind: 'socket'; readonly socket: ServiceSocket; readonly daemon: DaemonFacts | undefined };

/** The socket of a service as the view sees it. Throws when the view's sockets were not looked at. A stale file counts as none. */
export function serviceSocket(run: Run, service: ServiceSocket['service']): Reachable {
  const fact = run.view.sockets;
  if (fact.state === 'absent') return { kind: 'none' };
  if (fact.state === 'unobserved') throw new NeedsFacts([needView(run, 'sockets')]);
  const socket = fact.value.find((s) => s.service === service);
  if (socket === undefined || socket.state === 'refused') return { kind: 'none' };
  return { kind: 'socket', socket, daemon: socket.daemon === undefined ? undefined : run.world.daemon(socket.daemon) };
}
