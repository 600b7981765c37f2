/** Views and network namespaces, made from what the rounds of the probe brought. */
import { known, NOT_COLLECTED, unobserved, valueOf, type Fact, type NetnsId, type ViewId } from '../facts/fact.ts';
import type { DaemonFacts, Mount, Problem, ProgramFacts, ServiceSocket, ViewFacts } from '../facts/node-facts.ts';
import { mountsOfView, parseMountinfo, type MountEntry } from '../facts/parse/mountinfo.ts';
import type { Transport } from '../transport/transport.ts';
import { idFromMounts, resolvesLikeHost, type ViewCandidate } from './collectors/choose-views.ts';
import { isMeant, namesFrom } from './collectors/container-names.ts';
import { daemonBehind, daemonFacts, viewOfDaemon, type DaemonProcess } from './collectors/daemons.ts';
import type { EngineContainer } from './collectors/docker-engine.ts';
import { readMainProgram } from './collectors/main-program.ts';
import { readNetns, type NetnsReading } from './collectors/netns.ts';
import { labelled, startedAt, type Survey } from './collectors/processes.ts';
import { askSocket } from './collectors/sockets.ts';
import { makeView, readView, type FoundSocket, type ViewReading } from './collectors/views.ts';
import type { ProbeRecord } from './probe-script.ts';
import { HOST_NETNS, netnsIdOf } from './rounds.ts';

export interface Gathered {
  readonly transport: Transport;
  readonly survey: Survey;
  readonly candidates: readonly ViewCandidate[];
  readonly daemons: readonly DaemonProcess[];
  readonly engine: readonly EngineContainer[];
  /** Records of the survey and of the views. */
  readonly first: readonly ProbeRecord[];
  readonly second: readonly ProbeRecord[];
  readonly hostPrograms: ViewFacts['programs'];
  readonly wanted: readonly string[];
}

export interface Assembled {
  readonly views: readonly ViewFacts[];
  readonly netns: readonly NetnsReading[];
  readonly daemons: readonly DaemonFacts[];
  readonly problems: readonly Problem[];
  /** Words of `wanted` that mean no view. */
  readonly unknown: readonly string[];
}

interface Prepared {
  readonly candidate: ViewCandidate;
  readonly reading: ViewReading;
  readonly mounts: readonly MountEntry[];
  readonly names: readonly string[];
  readonly netns: NetnsId;
  readonly gone: boolean;
  readonly containerId?: string;
  readonly image?: string;
  readonly mainProgram?: Fact<ProgramFacts>;
  readonly runtime: NonNullable<ViewFacts['runtime']>;
}

export async function assembleViews(g: Gathered): Promise<Assembled> {
  const { survey } = g;
  const problems: Problem[] = [];
  const hostMounts = mountinfosOf(g.first).get('self') ?? [];
  const hostNetns = readNetns(g.first, HOST_NETNS, 'self');
  const host = readView(g.first, 'host', 'self', false);
  const prepared = prepare(g, host, hostMounts);

  const readings = new Map<ViewId, ViewReading>([['host', host], ...prepared.map((p) => [p.candidate.id, p.reading] as const)]);
  const socketsOf = (view: ViewId): readonly FoundSocket[] => {
    const sockets = readings.get(view)?.sockets;
    return sockets?.state === 'known' ? sockets.value : [];
  };
  const daemons = g.daemons.flatMap((d) => {
    const view = viewOfDaemon(
      d,
      survey,
      prepared.map((p) => p.candidate),
    );
    return view === undefined
      ? []
      : [{ facts: daemonFacts(d, view, survey, g.second), ...(d.service === undefined ? {} : { service: d.service }) }];
  });

  const meant = g.wanted.map((word) => prepared.filter((p) => isMeant(word, p.names, p.containerId, p.candidate.id, p.candidate.pids)));
  const unknown = g.wanted.filter((_, i) => meant[i]?.length === 0);
  // A pid inside a container is a name for it too, once somebody used it.
  const called = (p: Prepared): readonly string[] => [
    ...p.names,
    ...g.wanted.filter((word, i) => meant[i]?.includes(p) === true && !p.names.includes(word)),
  ];
  const kept = new Set(g.wanted.length === 0 ? prepared : meant.flat());
  // The daemon that answers for a view is part of its story, in whatever container it runs.
  for (const view of ['host', ...[...kept].map((p) => p.candidate.id)]) {
    for (const socket of socketsOf(view)) {
      const behind = daemons.find((d) => d.facts.id === daemonBehind(socket, daemons, socketsOf))?.facts.view;
      const other = prepared.find((p) => p.candidate.id === behind);
      if (other !== undefined) kept.add(other);
    }
  }

  const ask = (reading: ViewReading, root: string): Promise<Fact<readonly ServiceSocket[]>> =>
    askSockets(reading, root, g.transport, (socket) => daemonBehind(socket, daemons, socketsOf));
  const netns = new Map<NetnsId, NetnsReading>([[HOST_NETNS, hostNetns]]);
  problems.push(...host.problems, ...hostNetns.problems);
  const hostView = makeView(
    { ...host, programs: { ...host.programs, ...g.hostPrograms } },
    {
      id: 'host',
      kind: 'host',
      names: [hostNetns.hostname.state === 'known' ? hostNetns.hostname.value : 'host'],
      netns: HOST_NETNS,
      hostname: hostNetns.hostname,
      mounts: known<readonly Mount[]>(mountsOfView(hostMounts, hostMounts), { kind: 'file', path: '/proc/self/mountinfo', view: 'host' }),
      sockets: await ask(host, ''),
      extra: {},
    },
  );
  const views = await Promise.all(
    prepared
      .filter((p) => kept.has(p))
      .map(async (p): Promise<ViewFacts | undefined> => {
        const { candidate: c, reading } = p;
        const id = c.id;
        if (p.gone)
          problems.push({
            source: { kind: 'probe', probe: `process ${String(c.pid)}`, view: id },
            reason: 'vanished',
            detail: p.names[0] ?? id,
          });
        // It ended before anything was read: there is nothing to tell about it.
        if (p.gone && !Object.values(reading.files).some((f) => f.state === 'known')) return undefined;
        if (!netns.has(p.netns)) {
          const found = readNetns(g.second, p.netns, c.pid);
          netns.set(p.netns, found);
          problems.push(...found.problems);
        }
        if (!c.sharesFiles) problems.push(...reading.problems);
        const started = startedAt(survey, c.startTicks);
        return makeView(reading, {
          id,
          kind: 'container',
          names: called(p),
          netns: p.netns,
          hostname: hostnameOf(g.second, c, p.netns, survey, hostNetns, netns),
          mounts:
            p.mounts.length === 0
              ? p.gone
                ? unobserved('vanished')
                : NOT_COLLECTED
              : known<readonly Mount[]>(mountsOfView(p.mounts, hostMounts), { kind: 'file', path: `/proc/${String(c.pid)}/mountinfo` }),
          sockets: await ask(reading, c.sharesFiles ? '' : `/proc/${String(c.pid)}/root`),
          extra: {
            runtime: p.runtime,
            pid: c.pid,
            ...(p.containerId === undefined ? {} : { containerId: p.containerId }),
            ...(p.image === undefined ? {} : { image: p.image }),
            ...(started === undefined ? {} : { startedAt: started }),
            ...(p.mainProgram === undefined ? {} : { mainProgram: p.mainProgram }),
          },
        });
      }),
  );
  return {
    views: [hostView, ...views.filter((v) => v !== undefined)],
    netns: [...netns.values()],
    daemons: daemons.map((d) => d.facts),
    problems,
    unknown,
  };
}

/** Every candidate that is a view of its own, with its files and names. */
function prepare(g: Gathered, host: ViewReading, hostMounts: readonly MountEntry[]): readonly Prepared[] {
  const starts = startsAfter(g.second);
  const mountinfos = mountinfosOf(g.second);
  const engine = new Map(g.engine.map((c) => [c.id, c]));
  const prepared: Prepared[] = [];
  for (const c of g.candidates) {
    const netns = netnsIdOf(c, g.survey);
    const mounts = c.sharesFiles ? hostMounts : (mountinfos.get(String(c.pid)) ?? []);
    const containerId = c.containerId ?? idFromMounts(mounts);
    if (!c.sharesFiles && containerId === undefined && netns === HOST_NETNS && resolvesLikeHost(mounts, hostMounts)) continue;
    const gone = starts.get(c.pid) !== c.startTicks;
    const named = containerId === undefined ? undefined : namesFrom(containerId, engine.get(containerId), g.second);
    const own = readView(g.second, c.id, c.pid, gone);
    const mainProgram = mainProgramOf(g.transport, c, own);
    prepared.push({
      candidate: c,
      reading: c.sharesFiles ? { ...host, env: own.env, problems: [] } : own,
      mounts,
      names: named?.names ?? [`${valueOf(mainProgram)?.name ?? c.comm} (${String(c.pid)})`, String(c.pid)],
      netns,
      gone,
      ...(containerId === undefined ? {} : { containerId }),
      ...(named?.image === undefined ? {} : { image: named.image }),
      ...(mainProgram === undefined ? {} : { mainProgram }),
      runtime: named?.runtime ?? c.runtime,
    });
  }
  return prepared;
}

/** From here its bytes can be read; from afar its path is all that is known. */
function mainProgramOf(transport: Transport, c: ViewCandidate, reading: ViewReading): Fact<ProgramFacts> | undefined {
  if (transport.kind === 'local') return readMainProgram(c.pid, c.id);
  const { exe } = reading;
  if (exe === undefined) return undefined;
  return known({ name: exe.slice(exe.lastIndexOf('/') + 1), path: exe, installed: true }, { kind: 'file', path: exe, view: c.id });
}

/** Start times of the processes when the probe had ended: a pid that is gone or used again stands for another process. */
function startsAfter(records: readonly ProbeRecord[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const record of records) {
    if (record.kind !== 'after') continue;
    for (const [label, line] of labelled(record.data.toString('latin1'))) {
      const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
      if (line.includes(')') && fields[0] !== 'Z' && fields[0] !== 'X') starts.set(Number(label.split('/')[0]), Number(fields[19]));
    }
  }
  return starts;
}

/** By pid, or 'self'. A shell that went on after another hung has read them anew: the last count. */
export function mountinfosOf(records: readonly ProbeRecord[]): ReadonlyMap<string, readonly MountEntry[]> {
  const mounts = new Map<string, readonly MountEntry[]>();
  for (const record of records) {
    if (record.kind !== 'mountinfos') continue;
    const texts = new Map<string, string[]>();
    for (const [label, line] of labelled(record.data.toString('utf8'))) {
      const list = texts.get(label);
      if (list === undefined) texts.set(label, [line]);
      else list.push(line);
    }
    for (const [label, lines] of texts) mounts.set(label.split('/')[0] ?? '', parseMountinfo(lines.join('\n')));
  }
  return mounts;
}

function hostnameOf(
  records: readonly ProbeRecord[],
  c: ViewCandidate,
  netns: NetnsId,
  survey: Survey,
  host: NetnsReading,
  readings: ReadonlyMap<NetnsId, NetnsReading>,
): Fact<string> {
  const own = records
    .find((r) => r.kind === 'view-hostname' && r.args[0] === c.id)
    ?.data.toString('utf8')
    .replace(/\n$/u, '');
  if (own !== undefined && own !== '') return known(own, { kind: 'file', path: '/proc/sys/kernel/hostname', view: c.id });
  if (c.uts !== undefined && c.uts === survey.own.uts) return host.hostname;
  return netns === HOST_NETNS ? NOT_COLLECTED : (readings.get(netns)?.hostname ?? NOT_COLLECTED);
}

const SOCKET_TIMEOUT_MS = 1000;

async function askSockets(
  reading: ViewReading,
  root: string,
  transport: Transport,
  behind: (socket: FoundSocket) => string | undefined,
): Promise<Fact<readonly ServiceSocket[]>> {
  if (reading.sockets.state !== 'known') return reading.sockets;
  const states = new Map<string, Promise<ServiceSocket['state']>>();
  const ask = (socket: FoundSocket): Promise<ServiceSocket['state']> => {
    if (transport.kind !== 'local') return Promise.resolve('present');
    const state = states.get(socket.real) ?? askSocket(`${root}${socket.real}`, socket.service, SOCKET_TIMEOUT_MS);
    states.set(socket.real, state);
    return state;
  };
  const sockets = await Promise.all(
    reading.sockets.value.map(async (s): Promise<ServiceSocket> => {
      const state = await ask(s);
      const daemon = state === 'refused' ? undefined : behind(s);
      return { service: s.service, path: s.path, state, ...(daemon === undefined ? {} : { daemon }) };
    }),
  );
  return known(sockets, reading.sockets.source);
}
