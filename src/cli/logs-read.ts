/** Reads logs on as many threads as pay, and puts the shares together. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Source } from '../facts/fact.ts';
import type { Signature } from '../facts/signature.ts';
import type { Symptom } from '../facts/symptom.ts';
import type { LogPart } from '../logs/log-parts.ts';
import { lineNumbers, mergeShares } from '../logs/merge-triage.ts';
import type { FileTotal } from '../logs/merge-triage.ts';
import type { ReadTrouble } from '../logs/block-reader.ts';
import { TASK_LINES } from '../logs/triage.ts';
import type { Range } from '../logs/triage-types.ts';
import { readShare } from './logs-share.ts';
import type { LogTask, LossSeen, Share, ShareRequest } from './logs-share.ts';
import type { WorkerOrder } from './logs-worker.ts';

export interface ReadRequest {
  readonly parts: readonly LogPart[];
  readonly signatures: readonly Signature[];
  readonly range?: Range;
  readonly stdin?: Readable;
  /** Default: as many as the machine has, where there is enough to read. */
  readonly threads?: number;
  readonly core?: 'typescript';
  readonly onLine?: NonNullable<ShareRequest['onLine']>;
}

export interface ReadLogs {
  readonly files: readonly FileTotal[];
  readonly symptoms: readonly Symptom[];
  readonly dropped: number;
  readonly losses: readonly LossSeen[];
  readonly troubles: readonly ReadTrouble[];
}

const STRETCH = 8 * 2 ** 20;
/** A thread costs some tens of milliseconds and a copy of the program. */
const THREADS_PAY = 96 * 2 ** 20;
const MOST_THREADS = 4;

export async function readLogs(request: ReadRequest): Promise<ReadLogs> {
  const plain = request.parts.filter((p) => p.path !== undefined).reduce((sum, p) => sum + p.size, 0);
  const threads = request.threads ?? (plain >= THREADS_PAY ? Math.min(MOST_THREADS, availableParallelism()) : 1);
  const tasks = request.parts.flatMap((part, file) => tasksOf(part, file, threads));
  const counter = new SharedArrayBuffer(4);
  const view = new Int32Array(counter);
  // Standard input is this thread's; the others take from the rest.
  const isStdin = ({ file }: LogTask): boolean => request.parts[file]?.path === undefined;
  const own = tasks.flatMap((t, i) => (isStdin(t) ? [i] : []));
  const shared = tasks.flatMap((t, i) => (isStdin(t) ? [] : [i]));
  const order: WorkerOrder = {
    parts: request.parts,
    signatures: request.signatures,
    tasks,
    shared,
    counter,
    ...(request.range === undefined ? {} : { range: request.range }),
  };
  const others = Array.from({ length: Math.max(0, Math.min(threads, shared.length) - 1) }, () => shareOfThread(order));
  const mine = await readShare({ ...request, tasks, next: () => own.shift() ?? shared[Atomics.add(view, 0, 1)] ?? tasks.length });
  return merge([mine, ...(await Promise.all(others))], request.parts);
}

function tasksOf(part: LogPart, file: number, threads: number): readonly LogTask[] {
  if (part.path === undefined || part.packing !== 'none') return [{ file }];
  if (threads <= 1 || part.size <= 2 * STRETCH) return [{ file, start: 0, end: part.size }];
  return Array.from({ length: Math.ceil(part.size / STRETCH) }, (_, i) => ({
    file,
    start: i * STRETCH,
    end: Math.min(part.size, (i + 1) * STRETCH),
  }));
}

/** Built, it stands beside the program; from source, beside this file. */
function workerFile(): string {
  const built = join(dirname(process.argv[1] ?? ''), 'logs-worker.js');
  return existsSync(built) ? built : join(import.meta.dirname, 'logs-worker.ts');
}

const shareOfThread = (order: WorkerOrder): Promise<Share> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), { workerData: order, resourceLimits: { maxYoungGenerationSizeMb: 3 } });
    worker.on('message', (share: Share) => {
      resolve(share);
    });
    worker.on('error', reject);
  });

function merge(shares: readonly Share[], parts: readonly LogPart[]): ReadLogs {
  const files = shares.flatMap((s) => s.files);
  const numbers = new Map(parts.map((p, i) => [p.shown, lineNumbers(files.filter((f) => f.file === i))]));
  const place = (s: Source): Source => {
    if (s.kind !== 'log' || s.line === undefined) return s;
    return { ...s, line: numbers.get(s.path)?.(s.line) ?? s.line % TASK_LINES };
  };
  const byFile = parts.map((_, i) => lineNumbers(files.filter((f) => f.file === i)));
  const numberOf = new Map(parts.map((p, i) => [p.shown, i]));
  const symptoms = mergeSymptoms(
    shares.map((s) => s.symptoms.map((y) => ({ ...y, evidence: y.evidence.map(place) }))),
    (s) => (s.kind === 'log' ? [numberOf.get(s.path) ?? 0, s.line ?? 0] : [0, 0]),
  );
  const troubles = new Map(shares.flatMap((s) => s.troubles).map((t) => [`${t.shown}\u0000${t.problem}`, t]));
  return {
    files: mergeShares(files),
    symptoms,
    dropped: shares.reduce((sum, s) => sum + s.dropped, 0),
    losses: shares.flatMap((s) => s.losses).map((l) => ({ ...l, lineNumber: byFile[l.file]?.(l.lineNumber) ?? 0 })),
    troubles: [...troubles.values()],
  };
}

/** Details that differ from line to line do not make another symptom (as symptom-collector.ts has it). */
const VARYING = new Set(['url', 'text', 'currentTime', 'error', 'local', 'process']);
const SOURCES_KEPT = 4;

const identity = ({ count: _c, evidence: _e, firstSeen: _f, lastSeen: _l, terminal: _t, details, ...rest }: Symptom): string =>
  JSON.stringify([
    Object.entries(rest).sort(),
    Object.entries(details ?? {})
      .filter(([k]) => !VARYING.has(k))
      .sort(),
    rest.kind === 'terminated' ? details?.['text']?.replaceAll(/\d+/gu, '0') : '',
  ]);

/** Where a source stands: its file's number, and its line. Shares are of whole files' stretches, in no order. */
type Place = (source: Source) => readonly [number, number];

const inOrder =
  (place: Place) =>
  (a: Source, b: Source): number => {
    const [p, q] = [place(a), place(b)];
    return p[0] - q[0] || p[1] - q[1];
  };

/** The same whoever read what: the first sources of all shares, and the last one; what varies is told as the first line has it. */
function mergeSymptoms(lists: readonly (readonly Symptom[])[], place: Place): readonly Symptom[] {
  const order = inOrder(place);
  if (lists.length === 1) return (lists[0] ?? []).map((s) => ({ ...s, evidence: [...s.evidence].sort(order) }));
  const firstOf = (a: Symptom, b: Symptom): number => {
    const [p, q] = [a.evidence[0], b.evidence[0]];
    return p === undefined || q === undefined ? 0 : order(p, q);
  };
  const found = new Map<string, Symptom>();
  for (const symptom of lists.flat()) {
    const key = identity(symptom);
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, symptom);
      continue;
    }
    const [a, b] = firstOf(known, symptom) <= 0 ? [known, symptom] : [symptom, known];
    const evidence = [...a.evidence, ...b.evidence].sort(order);
    const last = evidence.at(-1);
    const firstSeen = [a.firstSeen, b.firstSeen].filter((t) => t !== undefined).sort()[0];
    const lastSeen = [a.lastSeen, b.lastSeen]
      .filter((t) => t !== undefined)
      .sort()
      .at(-1);
    found.set(key, {
      ...a,
      count: a.count + b.count,
      evidence: evidence.length <= SOURCES_KEPT || last === undefined ? evidence : [...evidence.slice(0, SOURCES_KEPT - 1), last],
      ...(firstSeen === undefined ? {} : { firstSeen }),
      ...(lastSeen === undefined ? {} : { lastSeen }),
      ...(a.terminal === true || b.terminal === true ? { terminal: true } : {}),
    });
  }
  return [...found.values()].sort(firstOf);
}
