/** Runs one script of the probe and takes its records. A probe that hangs or ends early gives what it had, and a problem that says where. */
import type { Problem } from '../facts/node-facts.ts';
import type { Transport } from '../transport/transport.ts';
import { newNonce, parseRecords, probeScript, type ProbeRecord, type ProbeSection } from './probe-script.ts';

export interface ProbeJob {
  readonly sections: readonly ProbeSection[];
  /** Shell text that calls the sections' functions. */
  readonly main: string;
  readonly timeoutMs?: number;
}

export interface ProbeRun {
  readonly records: readonly ProbeRecord[];
  readonly problems: readonly Problem[];
  readonly complete: boolean;
}

const TIMEOUT_MS = 15_000;
/** One read that gives nothing for so long hangs: a dead network file system, a FUSE server that is stopped. */
const STALL_MS = 4000;
const MAX_BYTES = 96 * 1024 * 1024;

export async function runProbe(transport: Transport, job: ProbeJob): Promise<ProbeRun> {
  const timeoutMs = job.timeoutMs ?? TIMEOUT_MS;
  const nonce = newNonce();
  const script = probeScript(job.sections, job.main, transport.kind === 'local' ? undefined : Math.ceil(timeoutMs / 1000) + 5);
  const result = await transport.runScript(script, [nonce], { timeoutMs, maxBytes: MAX_BYTES, stallMs: STALL_MS });
  const { records, complete } = parseRecords(result.stdout, nonce);
  if (complete) return { records, problems: [], complete };
  const last = records.at(-1);
  const where = last === undefined ? 'probe' : [last.kind, ...last.args].join(' ');
  const reason = result.timedOut ? 'timeout' : result.truncated ? 'too-large' : 'io-error';
  const detail = result.startError ?? (result.stderr.split('\n')[0] ?? '');
  // The last record may be cut: it says nothing.
  return {
    records: records.slice(0, -1),
    problems: [{ source: { kind: 'probe', probe: where }, reason, ...(detail === '' ? {} : { detail }) }],
    complete,
  };
}
