/**
 * Facts of the machine this process runs on and of every container found on it. Nothing here judges, and nothing writes.
 *
 *   round 1   the survey: processes and namespaces; the host's own view and network
 *   round 2   each other view and network namespace, in two shells side by side
 *   then      sockets of name services are asked whether somebody is there
 */
import { known, NOT_COLLECTED, unobserved, valueOf, type Fact, type NetnsId, type Unobserved } from '../facts/fact.ts';
import type { Mount, NetnsFacts, NodeFacts, Problem, ServiceSocket, ViewFacts } from '../facts/node-facts.ts';
import { linesOf } from '../facts/parse/lines.ts';
import { mountsOfView, parseMountinfo, type MountEntry } from '../facts/parse/mountinfo.ts';
import { parseOsRelease } from '../facts/parse/os-release.ts';
import { SNAPSHOT_SCHEMA, type Snapshot } from '../snapshot/snapshot.ts';
import { localTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import { chooseViews, idFromMounts, MAX_VIEWS, resolvesLikeHost, type ViewCandidate } from './collectors/choose-views.ts';
import { readNetns, type NetnsReading } from './collectors/netns.ts';
import { labelled, readSurvey, startedAt, type Survey } from './collectors/processes.ts';
import { askSocket } from './collectors/sockets.ts';
import { makeView, readView, type FoundSocket, type ViewReading } from './collectors/views.ts';
import { runProbe, type ProbeRun } from './run-probe.ts';
import type { ProbeRecord } from './probe-script.ts';

export interface CollectOptions {
  /** Which machine; only this one so far. */
  readonly target?: string;
  /** Names, ids, prefixes of ids, pod names or pids of the containers to look at; absent: all. The host is always looked at. */
  readonly containers?: readonly string[];
  /** Names in question: asked from the name servers of each view. */
  readonly names?: readonly string[];
  readonly transport?: Transport;
}

export async function collectSnapshot(options: CollectOptions = {}): Promise<Snapshot> {
  const transport = options.transport ?? localTransport();
  const first = await runProbe(transport, {
    sections: ['view', 'survey', 'host', 'netns'],
    main: 'prepare_views\ntools_ready own\nsurvey\nhost\nview host self\nproc_net host self\nnetns=host\n(eval "$NETNS")\n',
  });
  const survey = readSurvey(first.records);
  const candidates = chooseViews(survey);
  const hostMounts = parseMountinfo(first.records.find((r) => r.kind === 'mountinfo' && r.args[0] === 'self')?.data.toString('utf8') ?? '');
  const second = await probeViews(transport, candidates.slice(0, MAX_VIEWS), survey);
  return assemble(options, transport, first, survey, hostMounts, candidates, second);
}

const ownNetns = 'host';
const netnsIdOf = (candidate: ViewCandidate, survey: Survey): NetnsId => (candidate.net === survey.own.net ? ownNetns : `net:${candidate.net}`);

/** The second round: what to look at is decided here, so the shell only does as it is told. */
async function probeViews(transport: Transport, candidates: readonly ViewCandidate[], survey: Survey): Promise<ProbeRun> {
  const jobs: string[][] = [];
  const entered = new Map<NetnsId, string | undefined>([[ownNetns, survey.own.uts]]);
  for (const c of candidates) {
    const netns = netnsIdOf(c, survey);
    const job: string[] = [];
    if (!entered.has(netns)) {
      entered.set(netns, c.uts);
      job.push(`other_netns ${netns} ${String(c.pid)}`);
    }
    if (c.uts !== entered.get(netns)) job.push(`other_hostname ${c.id} ${String(c.pid)}`);
    if (!c.sharesFiles) job.push(`view ${c.id} ${String(c.pid)}`);
    jobs.push(job);
  }
  if (jobs.length === 0) return { records: [], problems: [], complete: true };
  const halves = [jobs.filter((_, i) => i % 2 === 0), jobs.filter((_, i) => i % 2 === 1)].filter((half) => half.length > 0);
  const pids = candidates.map((c) => String(c.pid));
  const runs = await Promise.all(
    halves.map((half, i) => {
      const texts = i === 0 ? `rec texts\ncd /proc && grep -as '' ${pids.map((p) => `${p}/mountinfo`).join(' ')} /dev/null\ncd /\n` : '';
      return runProbe(transport, {
        sections: ['view', 'survey', 'host', 'netns'],
        main: `prepare_views\ntools_ready other\n${texts}${half.flat().join('\n')}\nrec after\ncd /proc && grep -as '' ${pids.map((p) => `${p}/stat`).join(' ')} /dev/null\n`,
      });
    }),
  );
  return { records: runs.flatMap((r) => r.records), problems: runs.flatMap((r) => r.problems), complete: runs.every((r) => r.complete) };
}

/** Start times of the processes when the probe had ended: a pid that is gone or used again is another process. */
function startsAfter(records: readonly ProbeRecord[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const record of records) {
    if (record.kind !== 'after') continue;
    for (const [label, line] of labelled(record.data.toString('latin1'))) {
      const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
      const state = fields[0] ?? '';
      if (line.includes(')') && state !== 'Z' && state !== 'X') starts.set(Number(label.split('/')[0]), Number(fields[19]));
    }
  }
  return starts;
}

async function assemble(
  options: CollectOptions,
  transport: Transport,
  first: ProbeRun,
  survey: Survey,
  hostMounts: readonly MountEntry[],
  candidates: readonly ViewCandidate[],
  second: ProbeRun,
): Promise<Snapshot> {
  const problems: Problem[] = [...first.problems, ...second.problems];
  const hostNetns = readNetns(first.records, ownNetns);
  const hostReading = readView(first.records, 'host', 'self', false);
  const starts = startsAfter(second.records);
  const mountinfos = mountinfosOf(second.records);
  const netnsReadings = new Map<NetnsId, NetnsReading>([[ownNetns, hostNetns]]);
  const views: ViewFacts[] = [
    makeView(hostReading, {
      id: 'host',
      kind: 'host',
      names: [valueOf(hostNetns.hostname) ?? 'host'],
      netns: ownNetns,
      hostname: hostNetns.hostname,
      mounts: known<readonly Mount[]>(mountsOfView(hostMounts, hostMounts), { kind: 'file', path: '/proc/self/mountinfo', view: 'host' }),
      sockets: await askSockets(hostReading, '', transport),
      extra: {},
    }),
  ];
  problems.push(...hostReading.problems, ...hostNetns.problems);
  if (candidates.length > MAX_VIEWS) problems.push({ source: { kind: 'probe', probe: 'containers' }, reason: 'too-large', detail: `${String(candidates.length)} views` });

  const asked = options.containers;
  for (const c of candidates.slice(0, MAX_VIEWS)) {
    const mounts = c.sharesFiles ? hostMounts : (mountinfos.get(c.pid) ?? []);
    const gone = starts.get(c.pid) !== c.startTicks;
    const containerId = c.containerId ?? idFromMounts(mounts);
    if (!c.sharesFiles && c.containerId === undefined && netnsIdOf(c, survey) === ownNetns && resolvesLikeHost(mounts, hostMounts)) continue;
    const names = namesOf(c, containerId);
    if (asked !== undefined && asked.length > 0 && !asked.some((word) => isMeant(word, names, containerId, c))) continue;
    const netns = netnsIdOf(c, survey);
    if (!netnsReadings.has(netns)) netnsReadings.set(netns, readNetns(second.records, netns));
    const reading = c.sharesFiles ? sharing(hostReading) : readView(second.records, c.id, c.pid, gone);
    if (gone) problems.push({ source: { kind: 'probe', probe: `process ${String(c.pid)}`, view: c.id }, reason: 'vanished', detail: names[0] ?? c.id });
    problems.push(...(c.sharesFiles ? [] : reading.problems));
    const started = startedAt(survey, c.startTicks);
    views.push(
      makeView(reading, {
        id: c.id,
        kind: 'container',
        names,
        netns,
        hostname: hostnameOf(second.records, c, netns, survey, netnsReadings),
        mounts: mounts.length === 0 ? missingBecause(gone) : known<readonly Mount[]>(mountsOfView(mounts, hostMounts), { kind: 'file', path: `/proc/${String(c.pid)}/mountinfo` }),
        sockets: await askSockets(reading, c.sharesFiles ? '' : `/proc/${String(c.pid)}/root`, transport),
        extra: {
          runtime: containerId !== undefined && c.containerId === undefined ? 'docker' : c.runtime,
          pid: c.pid,
          ...(containerId === undefined ? {} : { containerId }),
          ...(started === undefined ? {} : { startedAt: started }),
        },
      }),
    );
  }
  for (const reading of netnsReadings.values()) if (reading !== hostNetns) problems.push(...reading.problems);
  return {
    schema: SNAPSHOT_SCHEMA,
    takenAt: new Date().toISOString(),
    target: options.target ?? transport.target,
    fromEvidence: false,
    node: nodeFacts(first.records, hostNetns, hostReading, views, [...netnsReadings.values()].map((r) => r.facts), problems),
    symptoms: [],
  };
}

const missingBecause = (gone: boolean): Unobserved => (gone ? unobserved('vanished') : NOT_COLLECTED);

/** A view that shares the host's files shares what was read of them. */
const sharing = (host: ViewReading): ViewReading => ({ ...host, env: NOT_COLLECTED, problems: [] });

function mountinfosOf(records: readonly ProbeRecord[]): ReadonlyMap<number, readonly MountEntry[]> {
  const texts = new Map<string, string[]>();
  for (const record of records) {
    if (record.kind !== 'texts') continue;
    for (const [label, line] of labelled(record.data.toString('utf8'))) {
      const list = texts.get(label);
      if (list === undefined) texts.set(label, [line]);
      else list.push(line);
    }
  }
  return new Map([...texts].map(([label, lines]) => [Number(label.split('/')[0]), parseMountinfo(lines.join('\n'))]));
}

function namesOf(c: ViewCandidate, containerId: string | undefined): readonly string[] {
  return containerId === undefined ? [`${c.comm} (${String(c.pid)})`, String(c.pid)] : [containerId.slice(0, 12), containerId];
}

function isMeant(word: string, names: readonly string[], containerId: string | undefined, c: ViewCandidate): boolean {
  if (names.includes(word) || word === c.id) return true;
  if (/^[0-9]+$/u.test(word) && c.pids.includes(Number(word))) return true;
  return containerId !== undefined && /^[0-9a-f]{4,64}$/u.test(word) && containerId.startsWith(word);
}

function hostnameOf(records: readonly ProbeRecord[], c: ViewCandidate, netns: NetnsId, survey: Survey, readings: ReadonlyMap<NetnsId, NetnsReading>): Fact<string> {
  const own = records.find((r) => r.kind === 'view-hostname' && r.args[0] === c.id)?.data.toString('utf8').trim();
  if (own !== undefined && own !== '') return known(own, { kind: 'file', path: '/proc/sys/kernel/hostname', view: c.id });
  if (c.uts !== undefined && c.uts === survey.own.uts) return readings.get(ownNetns)?.hostname ?? NOT_COLLECTED;
  return netns === ownNetns ? NOT_COLLECTED : (readings.get(netns)?.hostname ?? NOT_COLLECTED);
}

const SOCKET_TIMEOUT_MS = 1000;

async function askSockets(reading: ViewReading, root: string, transport: Transport): Promise<Fact<readonly ServiceSocket[]>> {
  if (reading.sockets.state !== 'known') return reading.sockets;
  const local = transport.kind === 'local';
  const states = new Map<string, Promise<ServiceSocket['state']>>();
  const ask = (socket: FoundSocket): Promise<ServiceSocket['state']> => {
    const seen = states.get(socket.real);
    if (seen !== undefined) return seen;
    const state = local ? askSocket(`${root}${socket.real}`, socket.service, SOCKET_TIMEOUT_MS) : Promise.resolve<ServiceSocket['state']>('present');
    states.set(socket.real, state);
    return state;
  };
  const sockets = await Promise.all(reading.sockets.value.map(async (s): Promise<ServiceSocket> => ({ service: s.service, path: s.path, state: await ask(s) })));
  return known(sockets, reading.sockets.source);
}

function nodeFacts(
  records: readonly ProbeRecord[],
  hostNetns: NetnsReading,
  host: ViewReading,
  views: readonly ViewFacts[],
  netns: readonly NetnsFacts[],
  problems: readonly Problem[],
): NodeFacts {
  const lines = new Map<string, string>();
  for (const line of linesOf(records.find((r) => r.kind === 'uname')?.data.toString('utf8') ?? '')) {
    const at = line.indexOf(':');
    if (!lines.has(line.slice(0, at))) lines.set(line.slice(0, at), line.slice(at + 1));
  }
  const text = (path: string): Fact<string> => {
    const value = lines.get(path);
    return value === undefined ? NOT_COLLECTED : known(value, { kind: 'file', path });
  };
  const osRelease = host.files['/etc/os-release'];
  return {
    hostname: hostNetns.hostname,
    kernelRelease: text('/proc/sys/kernel/osrelease'),
    bootParameters: text('/proc/cmdline'),
    osRelease: osRelease?.state === 'known' ? known(parseOsRelease(osRelease.value.text), osRelease.source) : (osRelease ?? NOT_COLLECTED),
    products: [],
    netns,
    views,
    daemons: [],
    dns: [],
    runs: [],
    dials: [],
    logs: [],
    observations: {},
    problems,
  };
}
