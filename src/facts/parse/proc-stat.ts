/** /proc/PID/stat (proc_pid_stat(5)): `pid (comm) state ppid ...`. The name may hold blanks, brackets and newlines: the last ')' ends it. */
export interface ProcStat {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  /** Clock ticks (1/100 s) since the machine started. */
  readonly startTicks: number;
  /** Bytes of the process image; 0 for a kernel thread. */
  readonly virtualBytes: number;
}

export function parseProcStat(text: string): ProcStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return undefined;
  const rest = text.slice(close + 2).split(' ');
  const pid = Number(text.slice(0, open));
  const ppid = Number(rest[1]);
  // Fields are counted from 1 with comm as 2, so field n is rest[n - 3].
  const startTicks = Number(rest[19]);
  if (!Number.isInteger(pid) || !Number.isInteger(ppid) || !Number.isInteger(startTicks)) return undefined;
  return { pid, comm: text.slice(open + 1, close), state: rest[0] ?? '', ppid, startTicks, virtualBytes: Number(rest[20] ?? 0) };
}
