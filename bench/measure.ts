/** Whole processes side by side: alternating runs, medians, and the peak memory of a process tree's main program. */
import { spawn } from 'node:child_process';
import { median } from './bench.ts';

export interface Run {
  readonly seconds: number;
  readonly status: number | null;
  readonly stdout: string;
  /** Peak resident memory of the process itself, in MiB (VmHWM, read while it runs). */
  readonly peakMiB: number;
}

export function run(
  argv: readonly string[],
  options: { readonly input?: string; readonly cwd?: string; readonly memory?: boolean } = {},
): Promise<Run> {
  const [file = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], ...(options.cwd === undefined ? {} : { cwd: options.cwd }) });
    let stdout = '';
    let peakMiB = 0;
    const watch =
      options.memory === true ? setInterval(() => void peakOf(child.pid).then((mib) => (peakMiB = Math.max(peakMiB, mib))), 10) : undefined;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(watch);
      resolve({ seconds: (performance.now() - started) / 1000, status, stdout, peakMiB });
    });
    child.stdin.end(options.input ?? '');
  });
}

async function peakOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:[ \t]+(\d+)/u.exec(status)?.[1] ?? 0) / 1024;
}

/** Median seconds of each command, run in turn `rounds` times after one warm-up of each. */
export async function alternate(
  commands: readonly { readonly argv: readonly string[]; readonly input?: string }[],
  rounds: number,
): Promise<readonly number[]> {
  const times: number[][] = commands.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const { seconds } = await run(command.argv, command);
      if (round > 0) times[index]?.push(seconds);
    }
  }
  return times.map(median);
}
