/** Survey of the machine's processes: who runs in which namespaces, started by whom. */
import { decimal, linesOf } from '../../facts/parse/lines.ts';
import { parseProcStat, type ProcStat } from '../../facts/parse/proc-stat.ts';
import type { ProbeRecord } from '../probe-script.ts';

export interface ProcessEntry extends ProcStat {
  /** Inode numbers of the namespaces; absent where they could not be read. */
  readonly mnt?: string;
  readonly net?: string;
  readonly uts?: string;
  /** Paths of its control groups. */
  readonly cgroups: readonly string[];
}

export interface Survey {
  readonly own: { readonly mnt?: string; readonly net?: string; readonly uts?: string; readonly pid?: string };
  readonly processes: ReadonlyMap<number, ProcessEntry>;
  /** User id that the probe ran as. */
  readonly uid?: number;
  /** Seconds since the epoch when the machine started. */
  readonly bootTime?: number;
  /** Processes whose namespaces could not be read. */
  readonly unreadable: number;
}

/** A line of `grep '' FILE...`: 'PID/stat:text'. */
export function* labelled(text: string): Generator<readonly [label: string, line: string]> {
  for (const line of linesOf(text)) {
    const at = line.indexOf(':');
    if (at > 0) yield [line.slice(0, at), line.slice(at + 1)];
  }
}

const USER_HZ = 100;
/** Seconds since the epoch, of a process. The kernel prints times of processes in hundredths of a second on every machine that runs Kubernetes. */
export const startedAt = (survey: Survey, startTicks: number): number | undefined =>
  survey.bootTime === undefined ? undefined : Math.floor(survey.bootTime + startTicks / USER_HZ);

export function readSurvey(records: readonly ProbeRecord[]): Survey {
  const data = (kind: string): string => records.find((r) => r.kind === kind)?.data.toString('latin1') ?? '';
  const namespaces = new Map<string, Record<string, string>>();
  for (const line of linesOf(data('ns'))) {
    const match = / (self|\d+)\/ns\/(mnt|net|uts|pid) -> [a-z]+:\[(\d+)\]$/u.exec(line);
    const [, who = '', kind = '', inode = ''] = match ?? [];
    if (match === null) continue;
    const entry = namespaces.get(who) ?? {};
    entry[kind] = inode;
    namespaces.set(who, entry);
  }
  const cgroups = new Map<string, string[]>();
  for (const [label, line] of labelled(data('cgroups'))) {
    const pid = label.split('/')[0] ?? '';
    const path = line.slice(line.indexOf(':', line.indexOf(':') + 1) + 1);
    const list = cgroups.get(pid);
    if (list === undefined) cgroups.set(pid, [path]);
    else list.push(path);
  }
  // A name with a newline in it makes more than one line, all with the same label.
  const stats = new Map<string, string>();
  for (const [label, line] of labelled(data('stat-lines'))) {
    const before = stats.get(label);
    stats.set(label, before === undefined ? line : `${before}\n${line}`);
  }
  const processes = new Map<number, ProcessEntry>();
  let unreadable = 0;
  for (const [label, text] of stats) {
    const stat = parseProcStat(text);
    if (stat === undefined || `${String(stat.pid)}/stat` !== label) continue;
    const ns = namespaces.get(String(stat.pid)) ?? {};
    if (ns['mnt'] === undefined) unreadable++;
    processes.set(stat.pid, { ...stat, ...ns, cgroups: cgroups.get(String(stat.pid)) ?? [] });
  }
  const uid = decimal(/^self\/status:Uid:[ \t]+(\d+)/mu.exec(data('self'))?.[1] ?? /^Uid:[ \t]+(\d+)/mu.exec(data('self'))?.[1]);
  const bootTime = decimal(/btime (\d+)/u.exec(data('clock'))?.[1]);
  return {
    own: namespaces.get('self') ?? {},
    processes,
    unreadable,
    ...(uid === undefined ? {} : { uid }),
    ...(bootTime === undefined ? {} : { bootTime }),
  };
}
