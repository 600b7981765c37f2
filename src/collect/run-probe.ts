/**
 * Runs one script of the probe, step by step, and takes its records. A step that hangs (a dead network file system, a stopped FUSE server) is
 * given up, and a new shell goes on with the steps after it: one bad place costs its own facts and a few seconds, never the rest.
 */
import type { Problem } from '../facts/node-facts.ts';
import type { Transport } from '../transport/transport.ts';
import { newNonce, parseRecords, probeScript, type ProbeRecord, type ProbeSection } from './probe-script.ts';

export interface ProbeJob {
  readonly sections: readonly ProbeSection[];
  /** Shell text that every shell runs first. */
  readonly prepare?: string;
  /** Shell text that calls the sections' functions; one that hangs is left out of what follows. */
  readonly steps: readonly string[];
  /** For all of it together. Default 20 s. */
  readonly timeoutMs?: number;
  /** Without any output for so long, a step counts as hung. */
  readonly stallMs?: number;
}

export interface ProbeRun {
  readonly records: readonly ProbeRecord[];
  readonly problems: readonly Problem[];
  readonly complete: boolean;
}

const TIMEOUT_MS = 20_000;
const STALL_MS = 4000;
const MAX_HANGS = 4;
const MAX_BYTES = 96 * 1024 * 1024;

export async function runProbe(transport: Transport, job: ProbeJob): Promise<ProbeRun> {
  const deadline = performance.now() + (job.timeoutMs ?? TIMEOUT_MS);
  const records: ProbeRecord[] = [];
  const problems: Problem[] = [];
  let first = 0;
  for (let hangs = 0; first < job.steps.length && hangs <= MAX_HANGS; hangs++) {
    const timeoutMs = Math.max(500, deadline - performance.now());
    const run = await runSteps(transport, job, first, timeoutMs);
    records.push(...run.records);
    if (run.complete) return { records, problems, complete: problems.length === 0 };
    problems.push(run.problem);
    // Only silence is worth a new attempt: an end of time, memory or the shell itself would come again.
    if (!run.hung || performance.now() >= deadline) break;
    first = run.step + 1;
  }
  return { records, problems, complete: false };
}

type StepsRun =
  | { readonly complete: true; readonly records: readonly ProbeRecord[] }
  | {
      readonly complete: false;
      readonly records: readonly ProbeRecord[];
      readonly problem: Problem;
      readonly hung: boolean;
      readonly step: number;
    };

async function runSteps(transport: Transport, job: ProbeJob, first: number, timeoutMs: number): Promise<StepsRun> {
  const nonce = newNonce();
  const main = [job.prepare ?? '', ...job.steps.slice(first).map((step, i) => `rec step ${String(first + i)}\n${step}`)].join('\n');
  const limitSeconds = transport.kind === 'local' ? undefined : Math.ceil(timeoutMs / 1000) + 5;
  const script = probeScript(job.sections, main, limitSeconds);
  const result = await transport.runScript(script, [nonce], { timeoutMs, maxBytes: MAX_BYTES, stallMs: job.stallMs ?? STALL_MS });
  const { records, complete } = parseRecords(result.stdout, nonce);
  if (complete) return { complete, records };
  const last = records.at(-1);
  const step = Number(records.findLast((r) => r.kind === 'step')?.args[0] ?? first);
  const where =
    last === undefined || last.kind === 'step' ? ((job.steps[step] ?? 'probe').split('\n')[0] ?? '') : [last.kind, ...last.args].join(' ');
  const detail = result.startError ?? result.stderr.split('\n')[0] ?? '';
  return {
    complete,
    // The last record may be cut: it says nothing.
    records: records.slice(0, -1),
    problem: {
      source: { kind: 'probe', probe: where.slice(0, 200) },
      reason: result.timedOut ? 'timeout' : result.truncated ? 'too-large' : 'io-error',
      ...(detail === '' ? {} : { detail }),
    },
    hung: result.timedOut,
    step,
  };
}
