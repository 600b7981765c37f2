/**
 * Which processes are views of their own?
 *
 * "The host" is what the running Culprit sees: its own mount and network namespace. Processes are grouped by mount and network
 * namespace; a group that differs from the host's in either is a candidate. It is one of ours when whoever started it (the nearest
 * ancestor outside the group: a containerd shim, conmon, a shell) lives in the host's network namespace. So a Culprit that was started in a
 * network namespace of its own does not take the machine's containers for its own, and a container does not bring the containers inside it.
 *
 *   started by              candidate                    result
 *   shim in our netns       control group with an id     a container
 *   shell in our netns      no id                        a plain view, if it resolves names from other files or in another network
 *   process 1               unit.service, our netns      part of the host: a service that systemd put in a sandbox
 *   process in other netns  anything                     not ours
 *   -                       process 1                    the machine itself, when Culprit was started in namespaces of its own: not ours
 */
import type { ViewId } from '../../facts/fact.ts';
import type { ViewFacts } from '../../facts/node-facts.ts';
import { originOf, type MountEntry } from '../../facts/parse/mountinfo.ts';
import type { ProcessEntry, Survey } from './processes.ts';

export interface ViewCandidate {
  readonly id: ViewId;
  /** The process that stands for it. */
  readonly pid: number;
  readonly startTicks: number;
  readonly comm: string;
  readonly mnt: string;
  readonly net: string;
  readonly uts?: string;
  readonly containerId?: string;
  readonly runtime: NonNullable<ViewFacts['runtime']>;
  /** Its files are the host's own: only the network differs. */
  readonly sharesFiles: boolean;
  /** Its pids, for the finding of daemons. */
  readonly pids: readonly number[];
}

/** Views that are looked at; more than that are named as a problem. */
export const MAX_VIEWS = 400;

const groupKey = (p: { readonly mnt?: string; readonly net?: string }): string => `${p.mnt ?? '?'} ${p.net ?? '?'}`;

export function chooseViews(survey: Survey): readonly ViewCandidate[] {
  const { own, processes } = survey;
  if (own.mnt === undefined || own.net === undefined) return [];
  const groups = new Map<string, ProcessEntry[]>();
  for (const p of processes.values()) {
    // A zombie has no files any more; kernel threads live with process 1.
    if (p.mnt === undefined || p.net === undefined || p.state === 'Z' || p.virtualBytes === 0) continue;
    if (p.mnt === own.mnt && p.net === own.net) continue;
    const key = groupKey(p);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [p]);
    else list.push(p);
  }
  const found: ViewCandidate[] = [];
  const init = processes.get(1);
  for (const members of groups.values()) {
    const leader = members.reduce((a, b) => (b.startTicks < a.startTicks || (b.startTicks === a.startTicks && b.pid < a.pid) ? b : a));
    const { mnt, net } = leader;
    if (mnt === undefined || net === undefined) continue;
    const launcher = launcherOf(leader, processes);
    // Process 1 stands for the machine itself, from which this process has moved away.
    if (members.some((m) => m.pid === 1)) continue;
    // Whoever started it is gone, or outside of what can be seen: process 1 has taken it over.
    const startedIn = (launcher ?? init)?.net;
    if (startedIn !== undefined && startedIn !== own.net) continue;
    const { containerId, runtime } = runtimeOf(leader, launcher);
    if (containerId === undefined && isSandboxedService(leader, own.net)) continue;
    if (leader.comm === 'pause') continue;
    found.push({
      id: containerId === undefined ? `pid:${String(leader.pid)}` : `container:${containerId.slice(0, 12)}`,
      pid: leader.pid,
      startTicks: leader.startTicks,
      comm: leader.comm,
      mnt,
      net,
      ...(leader.uts === undefined ? {} : { uts: leader.uts }),
      ...(containerId === undefined ? {} : { containerId }),
      runtime,
      sharesFiles: mnt === own.mnt,
      pids: members.map((m) => m.pid),
    });
  }
  return withUniqueIds(found.toSorted((a, b) => a.startTicks - b.startTicks || a.pid - b.pid));
}

/** The nearest ancestor in other namespaces. */
function launcherOf(leader: ProcessEntry, processes: ReadonlyMap<number, ProcessEntry>): ProcessEntry | undefined {
  const key = groupKey(leader);
  let at = processes.get(leader.ppid);
  for (let hops = 0; at !== undefined && hops < 64; hops++) {
    if (groupKey(at) !== key) return at;
    at = processes.get(at.ppid);
  }
  return undefined;
}

/** Two groups of one container (a process that unshared its network) keep apart. */
function withUniqueIds(views: readonly ViewCandidate[]): readonly ViewCandidate[] {
  const seen = new Set<string>();
  return views.map((view) => {
    const id = seen.has(view.id) ? `pid:${String(view.pid)}` : view.id;
    seen.add(id);
    return id === view.id ? view : { ...view, id };
  });
}

const ID = /(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?(?:$|\/)/u;

/** Container id and runtime, from the control group's path and the process that started it. */
function runtimeOf(leader: ProcessEntry, launcher: ProcessEntry | undefined): { containerId?: string; runtime: ViewCandidate['runtime'] } {
  for (const path of leader.cgroups) {
    const containerId = ID.exec(path)?.[1];
    if (containerId === undefined) continue;
    const by = launcher?.comm ?? '';
    const runtime =
      path.includes('docker') || by.startsWith('docker')
        ? 'docker'
        : /cri-?o-|crio/u.test(path) || by.startsWith('conmon')
          ? 'cri-o'
          : path.includes('libpod')
            ? 'plain'
            : 'containerd';
    return { containerId, runtime };
  }
  return { runtime: 'plain' };
}

const isSandboxedService = (leader: ProcessEntry, ownNet: string): boolean =>
  leader.net === ownNet && leader.ppid === 1 && leader.cgroups.some((path) => path.endsWith('.service'));

/** Where a view's names come from. If all of these are the host's own files and the network is too, it is no view of its own. */
const RESOLUTION_PATHS = [
  '/',
  '/etc',
  '/etc/hosts',
  '/etc/nsswitch.conf',
  '/etc/resolv.conf',
  '/etc/host.conf',
  '/etc/gai.conf',
  '/run/nscd/socket',
  '/var/run/nscd/socket',
  '/run/systemd/resolve',
  '/var/lib/sss/pipes',
];

export function resolvesLikeHost(own: readonly MountEntry[], host: readonly MountEntry[]): boolean {
  if (own.length === 0) return false;
  return RESOLUTION_PATHS.every((path) => {
    const a = originOf(own, path);
    const b = originOf(host, path);
    return a?.device === b?.device && a?.path === b?.path;
  });
}

/** Engines mount hosts, hostname and resolv.conf from a folder that is named after the container. */
export function idFromMounts(mounts: readonly MountEntry[]): string | undefined {
  for (const mount of mounts) {
    if (!mount.target.startsWith('/etc/')) continue;
    const id = /\/containers\/([0-9a-f]{64})\/(?:hostname|hosts|resolv\.conf)$/u.exec(mount.root)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}
