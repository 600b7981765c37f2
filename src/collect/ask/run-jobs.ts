/**
 * Finds somebody to carry jobs out. In this process's own namespace: itself. In others, one program that can enter namespaces serves them
 * all, because starting a process for each costs more than the questions: perl, else python3, else one Node for each namespace.
 */
import { readFileSync } from 'node:fs';
import type { Transport } from '../../transport/transport.ts';
import { jobLine, readOutcome, type AskJob, type JobOutcome } from './job.ts';
import { carryOutHere, helperProgram, type HelperJob } from './node-helper.ts';

const NOT_TRIED: JobOutcome = { kind: 'not-tried' };
const MAX_BYTES = 32 * 1024 * 1024;

/** Outcomes in the order of the jobs. */
export async function runJobs(transport: Transport, jobs: readonly AskJob[]): Promise<readonly JobOutcome[]> {
  const outcomes = new Array<JobOutcome>(jobs.length).fill(NOT_TRIED);
  const take = (lines: readonly string[]): void => {
    for (const line of lines) {
      const read = readOutcome(line);
      if (read !== undefined && read[0] < outcomes.length) outcomes[read[0]] = read[1];
    }
  };
  const numbers = [...jobs.keys()];
  const own = transport.kind === 'local' ? numbers.filter((n) => jobs[n]?.place === '-') : [];
  const others = numbers.filter((n) => !own.includes(n));
  await Promise.all([
    carryOutHere(own.map((n) => helperJob(jobs[n], n))).then(take),
    others.length === 0 ? undefined : askOthers(transport, jobs, others).then(take),
  ]);
  return outcomes;
}

const helperJob = (job: AskJob | undefined, number: number): HelperJob => ({
  number,
  kind: job?.kind ?? '',
  address: job?.address ?? '',
  port: job?.port ?? 0,
  timeoutMs: job?.timeoutMs ?? 0,
  hex: job?.message.toString('hex') ?? '',
});

const HELPERS = [
  { program: ['perl', '-e'], file: 'ask.pl' },
  { program: ['python3', '-c'], file: 'ask.py' },
] as const;

async function askOthers(transport: Transport, jobs: readonly AskJob[], numbers: readonly number[]): Promise<readonly string[]> {
  const longest = Math.max(...numbers.map((n) => jobs[n]?.timeoutMs ?? 0));
  const limits = { timeoutMs: longest + 3000, maxBytes: MAX_BYTES };
  const input = numbers
    .flatMap((n) => {
      const job = jobs[n];
      return job === undefined ? [] : [jobLine(job, n)];
    })
    .join('');
  for (const { program, file } of HELPERS) {
    const text = readFileSync(new URL(`../probe/${file}`, import.meta.url), 'utf8');
    const result = await transport.runProgram([...program, text], limits, input);
    // A helper that cannot even start, or whose interpreter lacks a module, has said nothing.
    if (result.startError !== undefined || (result.exitStatus !== 0 && result.stdout.length === 0)) continue;
    return result.stdout.toString('latin1').split('\n');
  }
  if (transport.kind !== 'local') return [];
  const byPlace = Map.groupBy(numbers, (n) => jobs[n]?.place ?? '-');
  const lines = await Promise.all(
    [...byPlace].map(async ([place, group]) => {
      const argv = ['nsenter', `--net=${place}`, process.execPath, '--input-type=module', '-e', helperProgram()];
      const result = await transport.runProgram(argv, limits, JSON.stringify(group.map((n) => helperJob(jobs[n], n))));
      return result.stdout.toString('latin1').split('\n');
    }),
  );
  return lines.flat();
}
