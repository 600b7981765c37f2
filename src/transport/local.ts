/**
 * This machine. Programs run in a process group of their own, so that a time limit ends their children too, and with an environment
 * that makes them speak one language and starts no files of a person's shell.
 */
import { spawn } from 'node:child_process';
import type { RunLimits, RunResult, Transport } from './transport.ts';

const STDERR_BYTES = 65_536;
/** Administrators' programs (ip, nsenter, iptables-save) are often missing from a person's PATH. */
const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export interface LocalOptions {
  /** The shell, as words: ['busybox', 'sh']. Default: sh. */
  readonly shell?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Exactly this PATH. Default: the one of `env`, and then where systems keep the administrator's programs. */
  readonly path?: string;
}

export const localTransport = (options: LocalOptions = {}): Transport => {
  const env = { ...cleanEnvironment(options.env ?? process.env), ...(options.path === undefined ? {} : { PATH: options.path }) };
  const shell = options.shell ?? ['sh'];
  return {
    kind: 'local',
    target: 'this machine',
    runScript: (script, args, limits, input) => run([...shell, '-c', script, 'sh', ...args], env, limits, input),
    runProgram: (argv, limits, input) => run(argv, env, limits, input),
  };
};

/** BASH_ENV and ENV would run a file before our script; the rest would change what programs print. */
const DROPPED = new Set([
  'ENV',
  'BASH_ENV',
  'CDPATH',
  'POSIXLY_CORRECT',
  'LANGUAGE',
  'GREP_OPTIONS',
  'GREP_COLOR',
  'LS_COLORS',
  'TAR_OPTIONS',
  'NODE_OPTIONS',
  'LD_PRELOAD',
]);

const cleanEnvironment = (from: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => {
  const env: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(from)) if (value !== undefined && !DROPPED.has(key)) env[key] = value;
  env['LC_ALL'] = 'C';
  const path = (from['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  env['PATH'] = [...path, ...SYSTEM_PATH.filter((folder) => !path.includes(folder))].join(':');
  return env;
};

const run = (argv: readonly string[], env: NodeJS.ProcessEnv, limits: RunLimits, input?: string): Promise<RunResult> =>
  new Promise((resolve) => {
    const started = performance.now();
    const [program = '', ...args] = argv;
    const out: Buffer[] = [];
    let outBytes = 0;
    let stderr = '';
    let timedOut = false;
    let truncated = false;
    let stall: NodeJS.Timeout | undefined;
    let done = false;
    const child = spawn(program, args, { env, detached: true, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], cwd: '/' });

    const finish = (end: { exitStatus?: number; signal?: string; startError?: string }): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      clearTimeout(stall);
      clearTimeout(abandon);
      resolve({ stdout: Buffer.concat(out, outBytes), stderr, ms: performance.now() - started, timedOut, truncated, ...end });
    };
    const kill = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group is gone already.
      }
    };
    const expire = (): void => {
      timedOut = true;
      kill();
      // A process in uninterruptible sleep (a dead network file system) does not even die: leave it behind.
      abandon = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
        finish({ signal: 'SIGKILL' });
      }, 500);
    };
    let abandon: NodeJS.Timeout | undefined;
    const timer = setTimeout(expire, limits.timeoutMs);
    const touch = (): void => {
      if (limits.stallMs === undefined || timedOut) return;
      if (stall === undefined) stall = setTimeout(expire, limits.stallMs);
      else stall.refresh();
    };
    touch();

    child.stdout?.on('data', (chunk: Buffer) => {
      touch();
      if (truncated) return;
      const room = limits.maxBytes - outBytes;
      if (chunk.length > room) {
        truncated = true;
        kill();
      }
      const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
      out.push(kept);
      outBytes += kept.length;
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < STDERR_BYTES) stderr = (stderr + chunk.toString('utf8')).slice(0, STDERR_BYTES);
    });
    child.on('error', (error) => {
      finish({ startError: 'code' in error && typeof error.code === 'string' ? error.code : error.message });
    });
    child.on('close', (code, signal) => {
      finish(code === null ? { signal: signal ?? 'unknown' } : { exitStatus: code });
    });
    if (input !== undefined && child.stdin !== null) {
      // A program that ends without reading its input breaks the pipe; its exit status says what happened.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    }
  });
