/** Name service daemons: which run, in whose view, and which of them stands behind the socket that a view reaches. */
import { known, type ViewId } from '../../facts/fact.ts';
import type { DaemonFacts, ServiceSocket } from '../../facts/node-facts.ts';
import type { ProbeRecord } from '../probe-script.ts';
import type { ViewCandidate } from './choose-views.ts';
import { startedAt, type ProcessEntry, type Survey } from './processes.ts';
import type { FoundSocket } from './views.ts';

/** By the name of the process, of which the kernel keeps 15 characters. unscd is installed as nscd on Debian: its bytes tell. */
const DAEMONS: Readonly<
  Record<string, { readonly kind: DaemonFacts['kind']; readonly service?: ServiceSocket['service']; readonly configPath?: string }>
> = {
  nscd: { kind: 'nscd', service: 'nscd', configPath: '/etc/nscd.conf' },
  unscd: { kind: 'unscd', service: 'nscd', configPath: '/etc/nscd.conf' },
  'systemd-resolve': { kind: 'systemd-resolved', service: 'resolved', configPath: '/etc/systemd/resolved.conf' },
  sssd_nss: { kind: 'sssd', service: 'sssd', configPath: '/etc/sssd/sssd.conf' },
  'avahi-daemon': { kind: 'avahi', service: 'avahi', configPath: '/etc/avahi/avahi-daemon.conf' },
  dnsmasq: { kind: 'dnsmasq', configPath: '/etc/dnsmasq.conf' },
};

export interface DaemonProcess {
  readonly process: ProcessEntry;
  readonly kind: DaemonFacts['kind'];
  readonly service?: ServiceSocket['service'];
  readonly configPath?: string;
}

/** Daemons of the machine: a process whose parent has the same name is a worker of the same daemon. */
export function findDaemons(survey: Survey): readonly DaemonProcess[] {
  const found: DaemonProcess[] = [];
  for (const process of survey.processes.values()) {
    const daemon = Object.hasOwn(DAEMONS, process.comm) ? DAEMONS[process.comm] : undefined;
    if (daemon === undefined || process.state === 'Z' || survey.processes.get(process.ppid)?.comm === process.comm) continue;
    found.push({ process, ...daemon });
  }
  return found;
}

/** The view that a daemon resolves in: the container it runs in, else the host. Undefined: a process of some other machine's namespaces. */
export function viewOfDaemon(daemon: DaemonProcess, survey: Survey, candidates: readonly ViewCandidate[]): ViewId | undefined {
  const { mnt, net, pid } = daemon.process;
  const inside = candidates.find((c) => c.pids.includes(pid));
  if (inside !== undefined) return inside.id;
  if (mnt === undefined || (mnt === survey.own.mnt && net === survey.own.net)) return 'host';
  // A service in a sandbox of systemd: its own mounts, the host's network and files.
  return net === survey.own.net ? 'host' : undefined;
}

export function daemonFacts(daemon: DaemonProcess, view: ViewId, survey: Survey, records: readonly ProbeRecord[]): DaemonFacts {
  const { pid, startTicks } = daemon.process;
  const strings = records.find((r) => r.kind === 'daemon' && r.args[0] === String(pid))?.data.toString('latin1') ?? '';
  const kind = daemon.kind === 'nscd' && strings.includes('unscd') ? 'unscd' : daemon.kind;
  const version = (kind === 'unscd' ? /unscd[^\n]*?v\.?(\d+\.[0-9.]*\d)/u : /GNU libc\)? (\d+\.\d+)/u).exec(strings)?.[1];
  const started = startedAt(survey, startTicks);
  return {
    id: `${kind}:${String(pid)}`,
    kind,
    pid,
    view,
    ...(version === undefined ? {} : { version: known(version, { kind: 'file', path: `/proc/${String(pid)}/exe` }) }),
    ...(started === undefined ? {} : { startedAt: known(started, { kind: 'file', path: `/proc/${String(pid)}/stat` }) }),
    ...(daemon.configPath === undefined ? {} : { configPath: daemon.configPath }),
  };
}

/**
 * A socket that two views see as the same file (device and inode) has the same daemon behind it; the daemon's own view says which.
 * Where nothing was seen of the file, the only daemon of the kind on the machine is taken.
 */
export function daemonBehind(
  socket: FoundSocket,
  daemons: readonly { readonly facts: DaemonFacts; readonly service?: ServiceSocket['service'] }[],
  socketsOf: (view: ViewId) => readonly FoundSocket[],
): string | undefined {
  const fitting = daemons.filter((d) => d.service === socket.service);
  for (const { facts } of fitting.toReversed()) {
    const same = socketsOf(facts.view).some(
      (s) => s.stat !== undefined && s.stat.device === socket.stat?.device && s.stat.inode === socket.stat.inode,
    );
    if (same) return facts.id;
  }
  return socket.stat === undefined && fitting.length === 1 ? fitting[0]?.facts.id : undefined;
}
