/**
 * A disposable test host: namespaces of its own (mount, network, UTS, IPC, PID) on the machine's own programs.
 *
 *   /etc, /var, /usr   overlays: everything written there is gone with the host
 *   /run         an empty tmpfs, so that a daemon's sockets stay inside
 *   /sys         mounted anew, because it shows the network namespace it was mounted in
 *   network      lo, up; everything else is added by the scenario
 *
 * Process 1 inside reads a pipe that this process holds. When the pipe closes, for whatever reason, process 1 ends and the kernel
 * kills everything that ran inside and takes the mounts and the network away: nothing can outlive the lab.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { daemonNotReady, hostNotStarted, stepFailed } from './lab-error.ts';
import { runProgram, type ProgramOptions, type ProgramResult } from './program.ts';

export interface Daemon {
  readonly name: string;
  /** As seen inside the host. */
  readonly pid: number;
  /** Where its output goes, inside the host. */
  readonly log: string;
}

export interface DaemonOptions {
  /** A shell condition that is true once it serves. */
  readonly ready?: string;
  readonly readyTimeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell prefix that enters other namespaces first, for example `nsenter -t 12 -n`. */
  readonly enter?: readonly string[];
}

export interface LabHost {
  readonly name: string;
  /** Process 1 of the host, as this process sees it: `nsenter -t PID` leads inside. */
  readonly initPid: number;
  /** Words to put before a command so that it runs inside. */
  readonly enter: readonly string[];
  exec(command: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
  /** A shell script that has to succeed; gives its standard output. */
  sh(script: string, ...args: readonly string[]): Promise<string>;
  /** In place: mode, owner and inode stay when the file is there. Makes missing folders. */
  write(path: string, content: string | Uint8Array, mode?: string): Promise<void>;
  start(name: string, command: readonly string[], options?: DaemonOptions): Promise<Daemon>;
  dispose(): Promise<void>;
}

/** The lab's own folder inside a host, for container roots and logs of daemons. */
export const LAB_FOLDER = '/var/lib/culprit-lab';

/*
 * The first tmpfs holds the upper layers of the overlays and is then covered by a second one: overlays keep what they have open.
 * Where overlays cannot be nested (some container engines), a copy of /etc does, and /var keeps only what scenarios write to.
 */
const INIT = `
set -eu
mount -t tmpfs -o mode=755 tmpfs /run
for d in etc var usr; do
  mkdir -p /run/$d.upper /run/$d.work
  mount -t overlay -o "lowerdir=/$d,upperdir=/run/$d.upper,workdir=/run/$d.work" overlay /$d 2>/dev/null || {
    [ $d != usr ] || continue
    mkdir -p /run/$d.copy
    if [ $d = etc ]; then cp -a /etc/. /run/etc.copy/; else for s in lib log; do mkdir -p /run/var.copy/$s; done; ln -s /run /run/var.copy/run; fi
    mount --bind /run/$d.copy /$d
  }
done
mount -t tmpfs -o mode=755 tmpfs /run
[ -L /var/run ] || { rm -rf /var/run 2>/dev/null; ln -s /run /var/run; }
mkdir -p /run/lock ${LAB_FOLDER}
mount -t tmpfs -o mode=755 tmpfs ${LAB_FOLDER}
mkdir -p ${LAB_FOLDER}/log ${LAB_FOLDER}/home
if [ -d /sys/fs/cgroup ]; then
  mkdir -p ${LAB_FOLDER}/cgroup
  mount --rbind /sys/fs/cgroup ${LAB_FOLDER}/cgroup
  if mount -t sysfs sysfs /sys 2>/dev/null; then mount --move ${LAB_FOLDER}/cgroup /sys/fs/cgroup; else umount -R ${LAB_FOLDER}/cgroup; fi
  rmdir ${LAB_FOLDER}/cgroup
fi
ip link set lo up
hostname "$1"
echo ready
# With SIGCHLD ignored the kernel takes orphans away by itself, as an init would.
if env --ignore-signal=CHLD true 2>/dev/null; then exec env --ignore-signal=CHLD cat >/dev/null; fi
exec cat >/dev/null
`;

const START_TIMEOUT_MS = 20_000;

/** Starts a host named `name` (also its host name). Needs root. */
export const startHost = async (name: string): Promise<LabHost> => {
  const unshare = spawn(
    'unshare',
    [
      '--mount',
      '--net',
      '--uts',
      '--ipc',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      '--propagation',
      'private',
      '--',
      'sh',
      '-c',
      INIT,
      'init',
      name,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', env: labEnvironment() },
  );
  await untilReady(unshare);
  const initPid = unshare.pid === undefined ? undefined : childOf(unshare.pid);
  if (initPid === undefined) {
    unshare.kill('SIGKILL');
    throw hostNotStarted('process 1 of the host cannot be found');
  }
  return new NamespaceHost(name, unshare, initPid);
};

const untilReady = (unshare: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let out = '';
    let errors = '';
    const give = (why: string): void => {
      clearTimeout(timer);
      reject(hostNotStarted(`${why}${errors === '' ? '' : `: ${errors.trim()}`}`));
    };
    const timer = setTimeout(() => {
      unshare.kill('SIGKILL');
      give('no host after 20 s');
    }, START_TIMEOUT_MS);
    unshare.stderr?.on('data', (chunk: Buffer) => {
      errors = `${errors}${chunk.toString('utf8')}`.slice(-2000);
    });
    unshare.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      if (!out.includes('ready')) return;
      clearTimeout(timer);
      resolve();
    });
    unshare.on('error', (error) => {
      give(error.message);
    });
    unshare.on('close', (code) => {
      give(`unshare ended with ${code ?? 'a signal'}`);
    });
    // The pipe breaks when the host ends first; its end is seen in 'close'.
    unshare.stdin?.on('error', () => undefined);
  });

/** The only child of a process. */
const childOf = (pid: number): number | undefined => {
  try {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
    if (first !== undefined && first !== '') return Number(first);
  } catch {
    // Kernels without CONFIG_PROC_CHILDREN: look through all processes.
  }
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // pid (comm) state ppid: the name may hold blanks and brackets, so count from its end.
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      if (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(pid)) return Number(entry);
    } catch {
      // It ended meanwhile.
    }
  }
  return undefined;
};

/**
 * Only what programs need to find themselves. A person's own settings would change what programs say (proxies, language, ~/.curlrc,
 * ~/.digrc), or whom they speak to: a Docker context may name another machine's engine.
 */
export const labEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: `${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin:/sbin`,
  HOME: `${LAB_FOLDER}/home`,
  LANG: 'C.UTF-8',
  ...(process.env['TERM'] === undefined ? {} : { TERM: process.env['TERM'] }),
});

class NamespaceHost implements LabHost {
  readonly name: string;
  readonly initPid: number;
  readonly enter: readonly string[];
  readonly #unshare: ChildProcess;
  #disposed: Promise<void> | undefined;

  constructor(name: string, unshare: ChildProcess, initPid: number) {
    this.name = name;
    this.initPid = initPid;
    this.#unshare = unshare;
    this.enter = ['nsenter', '-t', String(initPid), '-m', '-n', '-u', '-i', '-p', '--'];
  }

  exec(command: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return runProgram([...this.enter, ...command], { ...options, env: { ...labEnvironment(), ...options.env } });
  }

  async sh(script: string, ...args: readonly string[]): Promise<string> {
    const result = await this.exec(['sh', '-euc', script, 'sh', ...args]);
    if (result.exitStatus !== 0) throw stepFailed(result);
    return result.stdout;
  }

  async write(path: string, content: string | Uint8Array, mode?: string): Promise<void> {
    // By a program inside: from here, an absolute link (resolv.conf is often one) would lead to the machine's own file.
    const script = 'mkdir -p "$(dirname "$1")"; cat > "$1"; if [ -n "$2" ]; then chmod "$2" "$1"; fi';
    const result = await this.exec(['sh', '-euc', script, 'sh', path, mode ?? ''], { input: content });
    if (result.exitStatus !== 0) throw stepFailed(result);
  }

  async start(name: string, command: readonly string[], options: DaemonOptions = {}): Promise<Daemon> {
    const log = `${LAB_FOLDER}/log/${name}.log`;
    const ready = options.ready ?? 'true';
    const tries = Math.ceil((options.readyTimeoutMs ?? 10_000) / 20);
    const script = `
log=$1; shift
setsid "$@" >"$log" 2>&1 </dev/null &
pid=$!
i=0
until { ${ready}; } >/dev/null 2>&1; do
  i=$((i + 1))
  if [ $i -gt ${tries} ] || ! kill -0 $pid 2>/dev/null && ! { ${ready}; } >/dev/null 2>&1; then tail -n 20 "$log" >&2; exit 9; fi
  sleep 0.02
done
echo $pid`;
    const result = await this.exec(['sh', '-c', script, 'sh', log, ...(options.enter ?? []), ...command], {
      timeoutMs: (options.readyTimeoutMs ?? 10_000) * 3 + 10_000,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    if (result.exitStatus !== 0) throw daemonNotReady(name, `${result.stderr}${result.stdout}`.trim().slice(-2000));
    return { name, pid: Number(result.stdout.trim()), log };
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  #end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#unshare.exitCode !== null || this.#unshare.signalCode !== null) {
        resolve();
        return;
      }
      // Closing the pipe ends process 1; the signal is for a host that is stuck in its set-up.
      const timer = setTimeout(() => this.#unshare.kill('SIGKILL'), 3000);
      this.#unshare.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#unshare.stdin?.end();
    });
  }
}
