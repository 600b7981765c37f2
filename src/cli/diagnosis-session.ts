/** From what a person asked to a diagnosis: collect or read evidence, ask the model, fetch what it lacks, ask again. */
import type { Cause } from '../causes/define-cause.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import type { ViewFacts } from '../facts/node-facts.ts';
import type { Signature } from '../facts/signature.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { TypedName } from './parse-name.ts';

/** Each round brings what the last one lacked: the answers to first questions, then those that a cured world would ask. */
const MAX_ROUNDS = 4;

export interface SessionRequest {
  readonly names: readonly TypedName[];
  readonly containers: readonly string[];
  /** Files, folders, archives, or '-' for standard input; empty: this machine. */
  readonly evidence: readonly string[];
  readonly stdin?: AsyncIterable<Buffer | string>;
  readonly progress?: (text: 'collecting' | 'reading' | 'asking') => void;
}

export interface Session {
  readonly snapshot: Snapshot;
  readonly diagnosis: Diagnosis;
}

export async function runSession(request: SessionRequest): Promise<Session> {
  const started = performance.now();
  const [{ causes }, { clients }] = await Promise.all([import('../causes/index.ts'), import('../model/clients/index.ts')]);
  const live = request.evidence.length === 0;
  let snapshot = await collectFacts(request, causes);
  const collected = performance.now();
  const views = viewsNamed(snapshot, request.containers);
  const run = (s: Snapshot): Diagnosis =>
    diagnose(s, { names: request.names, views, causes, clients: clients, now: () => performance.now() });
  let diagnosis = run(snapshot);
  if (live) {
    for (let round = 1; round < MAX_ROUNDS && diagnosis.needs.length > 0; round++) {
      const { collectNeeds } = await import('../collect/collect-needs.ts');
      const richer = await collectNeeds(snapshot, diagnosis.needs, { dials: request.names.length > 0 });
      if (richer === snapshot) break;
      snapshot = richer;
      diagnosis = run(snapshot);
    }
  }
  const { timings } = diagnosis;
  const done = performance.now();
  return { snapshot, diagnosis: { ...diagnosis, timings: { collect: collected - started, ...timings, total: done - started } } };
}

/** Facts of this machine, or of what was given, with the failures that its logs tell. */
export async function collectFacts(request: SessionRequest, causes?: readonly Cause[]): Promise<Snapshot> {
  const known = causes ?? (await import('../causes/index.ts')).causes;
  return request.evidence.length === 0 ? collectLive(request, known) : readGiven(request, known);
}

export const signaturesOf = (causes: readonly Cause[]): readonly Signature[] => causes.flatMap((c) => c.signatures ?? []);

async function collectLive(request: SessionRequest, causes: readonly Cause[]): Promise<Snapshot> {
  request.progress?.('collecting');
  const { collectSnapshot } = await import('../collect/collect.ts');
  const snapshot = await collectSnapshot({
    ...(request.containers.length === 0 ? {} : { containers: request.containers }),
    names: request.names.map((n) => n.name),
  });
  if (snapshot.node.logs.length === 0) return snapshot;
  request.progress?.('reading');
  const { symptomsOfLogs } = await import('../evidence/symptoms-of-logs.ts');
  return { ...snapshot, symptoms: [...snapshot.symptoms, ...symptomsOfLogs(snapshot.node.logs, signaturesOf(causes), snapshot.takenAt)] };
}

async function readGiven(request: SessionRequest, causes: readonly Cause[]): Promise<Snapshot> {
  request.progress?.('reading');
  const { readEvidence } = await import('../evidence/read-evidence.ts');
  const inputs = await Promise.all(
    request.evidence.map(async (path) =>
      path === '-'
        ? { kind: 'text' as const, name: '-', text: await allOf(request.stdin ?? process.stdin) }
        : { kind: 'path' as const, path },
    ),
  );
  return readEvidence(inputs, signaturesOf(causes));
}

/** More than this on standard input belongs in a file, which is read line by line. */
const MAX_STDIN_BYTES = 256 * 2 ** 20;

async function allOf(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > MAX_STDIN_BYTES) throw new CulpritError('stdin-too-large', texts.stdinTooLarge, { megabytes: MAX_STDIN_BYTES / 2 ** 20 });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const texts = {
  noContainer: {
    en: 'there is no container "{name}" here; seen: {seen}',
    zh: '没有名为 “{name}” 的容器；已发现：{seen}',
  },
  stdinTooLarge: {
    en: 'standard input is larger than {megabytes} MiB: save it to a file and give its path',
    zh: '标准输入超过 {megabytes} MiB：请保存为文件并给出路径',
  },
} as const;

/** A container by name, id, prefix of its id, or pid. No container asked for: every view. */
export function viewsNamed(snapshot: Snapshot, containers: readonly string[]): readonly string[] {
  return containers.map((wanted) => {
    const view = snapshot.node.views.find((v) => v.kind === 'container' && isNamed(v, wanted));
    if (view !== undefined) return view.id;
    const seen = snapshot.node.views.filter((v) => v.kind === 'container').map((v) => v.names[0] ?? v.id);
    throw new CulpritError('container-not-found', texts.noContainer, {
      name: wanted,
      seen: seen.length === 0 ? '-' : seen.slice(0, 20).join(', '),
    });
  });
}

const isNamed = (view: ViewFacts, wanted: string): boolean =>
  view.id === wanted ||
  view.names.includes(wanted) ||
  String(view.pid ?? '') === wanted ||
  (wanted.length >= 4 && view.containerId?.startsWith(wanted) === true);
