/** Fetches the facts that the model asked for in vain, and gives the snapshot with them. Called in turn with diagnose until nothing new comes. */
import type { ViewId } from '../facts/fact.ts';
import type { DialObservation, DnsObservation, NodeFacts, Problem, ProgramRun, ViewFacts } from '../facts/node-facts.ts';
import type { Need } from '../model/types.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { localTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import { askDns, dial, placesOf, runProgram, type DialTarget, type NetnsQuestion } from './ask/ask.ts';
import { readFiles, readStats } from './collectors/files.ts';
import { runProbe } from './run-probe.ts';

export interface NeedsOptions {
  readonly transport?: Transport;
  /** Connections to other machines are tried only for what a person asked: a hostile log must not choose whom we call. */
  readonly dials?: boolean;
  /** For one DNS question. Default 1500 ms. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 1500;
/** A server that has answered nothing yet in this namespace is given less time for further questions. */
const SILENT_TIMEOUT_MS = 400;
const MAX_QUESTIONS = 4000;

/** The same snapshot object when nothing could be fetched. */
export async function collectNeeds(snapshot: Snapshot, needs: readonly Need[], options: NeedsOptions = {}): Promise<Snapshot> {
  if (snapshot.fromEvidence || needs.length === 0) return snapshot;
  const transport = options.transport ?? localTransport();
  const { node } = snapshot;
  const [dns, views, dials, runs] = await Promise.all([
    askQuestions(transport, node, needs, options),
    readMoreFiles(transport, node, needs),
    options.dials === true ? tryDials(transport, node, needs) : [],
    runPrograms(transport, node, needs),
  ]);
  if (dns.length + dials.length + runs.length === 0 && views === undefined) return snapshot;
  return {
    ...snapshot,
    node: {
      ...node,
      dns: [...node.dns, ...dns],
      dials: [...node.dials, ...dials],
      runs: [...node.runs, ...runs],
      ...(views === undefined ? {} : { views: views.views, problems: [...node.problems, ...views.problems] }),
    },
  };
}

const MAX_DIALS = 40;
const DIAL_TIMEOUT_MS = 2000;

async function tryDials(transport: Transport, node: NodeFacts, needs: readonly Need[]): Promise<readonly DialObservation[]> {
  const targets = new Map<string, DialTarget>();
  for (const need of needs) {
    if (need.kind !== 'dial') continue;
    const { netns, address, port, protocol } = need;
    const tried = node.dials.some((d) => d.netns === netns && d.address === address && d.port === port && d.protocol === protocol);
    if (!tried && targets.size < MAX_DIALS)
      targets.set(`${netns} ${address} ${String(port)} ${protocol}`, { netns, address, port, protocol });
  }
  return targets.size === 0 ? [] : dial(transport, placesOf(node, transport), [...targets.values()], DIAL_TIMEOUT_MS);
}

const MAX_RUNS = 20;

/** Only programs of the host view; runProgram() refuses the others. */
async function runPrograms(transport: Transport, node: NodeFacts, needs: readonly Need[]): Promise<readonly ProgramRun[]> {
  const wanted = needs
    .filter((n) => n.kind === 'run')
    .filter((n) => !node.runs.some((r) => r.view === n.view && r.client === n.client && r.name === n.name));
  const runs = await Promise.all(
    wanted
      .slice(0, MAX_RUNS)
      .map(({ view, client, name }) => runProgram(transport, node, { view, client, name, argv: ['getent', 'ahosts', name] })),
  );
  return runs.flatMap((run) => (run === undefined ? [] : [run]));
}

const keyOf = ({ netns, question: q }: NetnsQuestion): string =>
  JSON.stringify([netns, q.server, q.port ?? 53, q.transport, q.type, q.name]);

async function askQuestions(
  transport: Transport,
  node: NodeFacts,
  needs: readonly Need[],
  options: NeedsOptions,
): Promise<readonly DnsObservation[]> {
  const known = new Set(node.dns.map(keyOf));
  const questions = new Map<string, NetnsQuestion>();
  for (const need of needs) {
    if (need.kind !== 'dns') continue;
    const item = { netns: need.netns, question: need.question };
    const key = keyOf(item);
    if (!known.has(key) && questions.size < MAX_QUESTIONS) questions.set(key, item);
  }
  if (questions.size === 0) return [];
  const silent = silentServers(node.dns);
  const full = options.timeoutMs ?? TIMEOUT_MS;
  return askDns(transport, placesOf(node, transport), [...questions.values()], {
    timeoutFor: (q) => (silent.has(`${q.netns} ${q.question.server}`) ? Math.min(full, SILENT_TIMEOUT_MS) : full),
  });
}

function silentServers(dns: readonly DnsObservation[]): ReadonlySet<string> {
  const silent = new Set<string>();
  for (const o of dns) if (o.reply.kind === 'silent') silent.add(`${o.netns} ${o.question.server}`);
  for (const o of dns) if (o.reply.kind === 'answer') silent.delete(`${o.netns} ${o.question.server}`);
  return silent;
}

/** Absolute, of plain characters: the path becomes a word of the probe's script. */
const isPlainPath = (path: string): boolean => /^\/[\w./@:+-]{1,255}$/u.test(path);

async function readMoreFiles(
  transport: Transport,
  node: NodeFacts,
  needs: readonly Need[],
): Promise<{ readonly views: readonly ViewFacts[]; readonly problems: readonly Problem[] } | undefined> {
  const wanted = new Map<ViewId, Set<string>>();
  for (const need of needs) {
    if (need.kind !== 'file' || !isPlainPath(need.path)) continue;
    const view = node.views.find((v) => v.id === need.view);
    if (view === undefined || view.files[need.path] !== undefined || (view.kind !== 'host' && view.pid === undefined)) continue;
    wanted.set(view.id, (wanted.get(view.id) ?? new Set()).add(need.path));
  }
  if (wanted.size === 0) return undefined;
  const pidOf = (id: ViewId): string => String(node.views.find((v) => v.id === id)?.pid ?? 'self');
  const jobs = [...wanted].map(([id, paths]) => `some_files ${id} ${pidOf(id)} ${[...paths].join(' ')}`);
  const run = await runProbe(transport, {
    sections: ['view'],
    prepare: `prepare_views\nmount_tables ${[...wanted.keys()].map(pidOf).join(' ')}`,
    steps: jobs,
  });
  const problems: Problem[] = [...run.problems];
  const views = node.views.map((view) => {
    if (!wanted.has(view.id)) return view;
    const records = run.records.filter((r) => r.args[0] === view.id);
    const prefix = view.kind === 'host' ? '' : `/proc/${String(view.pid)}/root`;
    const stats = new Map(
      [...readStats(records.find((r) => r.kind === 'stat')?.data.toString('latin1') ?? '')].map(([p, s]) => [p.slice(prefix.length), s]),
    );
    const read = readFiles(
      records,
      view.id,
      stats,
      records.some((r) => r.kind === 'gone'),
    );
    problems.push(...read.problems);
    return { ...view, files: { ...view.files, ...read.files } };
  });
  return { views, problems };
}
