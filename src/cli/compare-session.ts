/** From what a person names to subjects that can be compared: this machine, its containers, saved facts, evidence, traces. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../model/types.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import { compareNodes, namesFor, type NodeComparison } from '../compare/compare-nodes.ts';
import { compareManyTraces, type ManyTraces } from '../compare/compare-traces.ts';
import { effectsOf, needsOfEffects, type AskedName } from '../compare/effects.ts';
import type { Subject } from '../compare/subject.ts';
import { looksLikeTrace } from '../strace/read-trace.ts';
import type { Trace } from '../strace/trace.ts';
import { collectFacts, viewsNamed } from './diagnosis-session.ts';
import { readPaths } from './trace-session.ts';

const texts = {
  mixed: {
    en: '{traces} is a trace and {others} is not: compare traces with traces, nodes with nodes',
    zh: '{traces} 是跟踪记录而 {others} 不是：请将跟踪记录与跟踪记录比较，节点与节点比较',
  },
  noFile: {
    en: 'there is no file or folder {path}; write container:NAME for a container, or . for this machine',
    zh: '没有文件或文件夹 {path}；容器请写 container:NAME，本机请写 .',
  },
  same: { en: '{what} is given twice: name two different things', zh: '{what} 给出了两次：请给出两个不同的对象' },
} as const;

export interface CompareRequest {
  readonly subjects: readonly string[];
  readonly names: readonly AskedName[];
}

export type CompareSession =
  | { readonly kind: 'nodes'; readonly subjects: readonly Subject[]; readonly comparison: NodeComparison }
  | { readonly kind: 'traces'; readonly traces: readonly Trace[]; readonly comparison: ManyTraces };

export async function compareSession(request: CompareRequest): Promise<CompareSession> {
  const twice = request.subjects.find((s, i) => request.subjects.indexOf(s) !== i);
  if (twice !== undefined) throw new CulpritError('compare-same', texts.same, { what: twice });
  const traced = await Promise.all(request.subjects.map(isTrace));
  if (traced.some(Boolean)) return tracesSession(request, traced);
  const [{ clients }, { causes }, subjects] = await Promise.all([
    import('../model/clients/index.ts'),
    import('../causes/index.ts'),
    subjectsOf(request),
  ]);
  const enriched = await withAnswers(subjects, request.names, clients);
  const options = { names: request.names, clients, causes };
  const comparison = compareNodes(enriched, options);
  if (comparison.untold === 0 || !enriched.some((s) => s.snapshot.fromEvidence)) return { kind: 'nodes', subjects: enriched, comparison };
  // Files that somebody saved leave gaps: what nobody looked at is taken to be as usual, on all of them alike.
  const { withUsualFacts } = await import('../diagnose/usual-facts.ts');
  const assumed = enriched.map((s) => ({ ...s, assumed: withUsualFacts(s.snapshot.node, s.snapshot.symptoms) }));
  const again = compareNodes(assumed, options);
  return again.asked > comparison.asked
    ? { kind: 'nodes', subjects: assumed, comparison: again }
    : { kind: 'nodes', subjects: enriched, comparison };
}

async function tracesSession(request: CompareRequest, traced: readonly boolean[]): Promise<CompareSession> {
  if (!traced.every(Boolean)) {
    throw new CulpritError('compare-mixed', texts.mixed, {
      traces: request.subjects.filter((_, i) => traced[i]).join(', '),
      others: request.subjects.filter((_, i) => traced[i] !== true).join(', '),
    });
  }
  const none = async function* (): AsyncGenerator<string> {
    // Standard input is no subject.
  };
  const traces: Trace[] = [];
  for (const subject of request.subjects) traces.push(await readPaths([subject], none()));
  return { kind: 'traces', traces, comparison: compareManyTraces(traces) };
}

const HEAD_BYTES = 64 * 1024;

async function isTrace(path: string): Promise<boolean> {
  if (isLive(path)) return false;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new CulpritError('compare-not-found', texts.noFile, { path });
  if (found.isDirectory()) return isFolderOfTraces(path);
  return found.isFile() && startsLikeTrace(path);
}

/** What strace -ff -o FOLDER/NAME wrote: NAME.PID, and nothing else. */
async function isFolderOfTraces(path: string): Promise<boolean> {
  const names = await readdir(path);
  const [first] = names;
  return first !== undefined && names.every((n) => /\.\d{1,10}$/u.test(n)) && startsLikeTrace(join(path, first));
}

async function startsLikeTrace(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return looksLikeTrace(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

const CONTAINER = 'container:';
const isLive = (subject: string): boolean => subject === '.' || subject === 'host' || subject.startsWith(CONTAINER);

async function subjectsOf(request: CompareRequest): Promise<readonly Subject[]> {
  const containers = request.subjects.flatMap((s) => (s.startsWith(CONTAINER) ? [s.slice(CONTAINER.length)] : []));
  const names = request.names.map((n) => ({ name: n.name }));
  const live = request.subjects.some(isLive) ? await collectFacts({ names, containers, evidence: [] }) : undefined;
  const subjects: Subject[] = [];
  for (const label of request.subjects) {
    if (live !== undefined && isLive(label)) {
      const host = live.node.views.find((v) => v.kind === 'host');
      const [view] = label.startsWith(CONTAINER)
        ? viewsNamed(live, [label.slice(CONTAINER.length)])
        : containers.length > 0 && host !== undefined
          ? [host.id]
          : [];
      subjects.push({ label, snapshot: live, ...(view === undefined ? {} : { view }) });
    } else {
      const snapshot = await collectFacts({ names, containers: [], evidence: [label] });
      subjects.push({ label, snapshot });
    }
  }
  return subjects;
}

const MAX_ROUNDS = 3;

/** On this machine, what the model lacks can be fetched; saved facts stay as they are. */
async function withAnswers(
  subjects: readonly Subject[],
  asked: readonly AskedName[],
  clients: readonly Client[],
): Promise<readonly Subject[]> {
  const names = namesFor(subjects, asked);
  const live = new Map<Snapshot, Snapshot>();
  for (const subject of subjects.filter((s) => isLive(s.label))) {
    let current = live.get(subject.snapshot) ?? subject.snapshot;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const needs = needsOfEffects(effectsOf({ ...subject, snapshot: current }, current.node, names, clients).values());
      if (needs.length === 0) break;
      const { collectNeeds } = await import('../collect/collect-needs.ts');
      const richer = await collectNeeds(current, needs);
      if (richer === current) break;
      current = richer;
    }
    live.set(subject.snapshot, current);
  }
  return subjects.map((s) => ({ ...s, snapshot: live.get(s.snapshot) ?? s.snapshot }));
}
