/**
 * A way to run things on the node that is looked at. It knows no facts. Every result has the same form, whether the program worked,
 * failed, was stopped or could not be started: callers read the parts they need and never have to catch.
 */
export interface RunLimits {
  /** Milliseconds until the program and everything it started is killed. */
  readonly timeoutMs: number;
  /** Bytes of standard output that are kept; more than that stops the program. */
  readonly maxBytes: number;
  /** Milliseconds without any output until it counts as hung and is killed. Default: no such limit. */
  readonly stallMs?: number;
}

export interface RunResult {
  readonly stdout: Buffer;
  /** The first 64 KiB, as UTF-8. */
  readonly stderr: string;
  /** Absent when a signal ended it or it never started. */
  readonly exitStatus?: number;
  readonly signal?: string;
  readonly ms: number;
  /** It was killed because its time was over, or because nothing came for too long. */
  readonly timedOut: boolean;
  /** Standard output was longer than allowed. */
  readonly truncated: boolean;
  /** It could not be started: 'ENOENT', 'EACCES' ... */
  readonly startError?: string;
}

export interface Transport {
  readonly kind: 'local' | 'ssh' | 'docker' | 'kubectl';
  /** What a person calls the machine: 'this machine', 'user@host'. */
  readonly target: string;
  /** Runs POSIX shell text with `args` as $1, $2 ...; standard input is `input`, or empty. */
  runScript(script: string, args: readonly string[], limits: RunLimits, input?: string): Promise<RunResult>;
  /** Runs one program without a shell. */
  runProgram(argv: readonly string[], limits: RunLimits, input?: string): Promise<RunResult>;
}
