/**
 * Runs one program and keeps everything that can be known about the run. The lab stands apart from transport/: that layer only reads
 * machines, the lab builds and breaks its own.
 */
import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly command: readonly string[];
  /** Absent when a signal ended it or it could not be started. */
  readonly exitStatus?: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** More than `maxBytes` came out of one of its streams; the rest was thrown away. */
  readonly truncated: boolean;
  /** The system's own words when it could not be started. */
  readonly startError?: string;
}

export interface ProgramOptions {
  readonly input?: string | Uint8Array;
  /** Default 30 s. The whole process group is killed then. */
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** For each of the two streams. Default 8 MiB. */
  readonly maxBytes?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

class Capture {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const room = this.#limit - this.#size;
    if (chunk.length > room) this.truncated = true;
    if (room <= 0) return;
    this.#chunks.push(chunk.subarray(0, room));
    this.#size += Math.min(chunk.length, room);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

export const runProgram = (command: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> => {
  const [file, ...rest] = command;
  if (file === undefined) throw new Error('an empty command');
  const started = performance.now();
  const stdout = new Capture(options.maxBytes ?? DEFAULT_MAX_BYTES);
  const stderr = new Capture(options.maxBytes ?? DEFAULT_MAX_BYTES);
  return new Promise((resolve) => {
    const child = spawn(file, rest, {
      // A group of its own, so that a timeout ends its children as well.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    let timedOut = false;
    let startError: string | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
      // A grandchild that left the group may hold the pipes open: do not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.add(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.add(chunk);
    });
    child.on('error', (error) => {
      startError = error.message;
    });
    // A program that ends without reading its input is no failure of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        command,
        ...(code === null || startError !== undefined ? {} : { exitStatus: code }),
        ...(signal === null ? {} : { signal }),
        stdout: stdout.text(),
        stderr: stderr.text(),
        durationMs: performance.now() - started,
        timedOut,
        truncated: stdout.truncated || stderr.truncated,
        ...(startError === undefined ? {} : { startError }),
      });
    });
  });
};

const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
};

/** One word for a POSIX shell. */
export const shellQuote = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A command as a person would type it. */
export const shellLine = (command: readonly string[]): string => command.map(shellQuote).join(' ');
