/**
 * The process inside the namespaces: it gets trials on its standard input, makes their surroundings (files, host name, network, DNS servers,
 * cache daemon), has the subject answer, and writes what happened, one JSON object a line. arena-client.ts starts it with
 * unshare --net --mount --uts; nothing it does can be seen outside, and everything it made goes with it.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../vectors/adapter.ts';
import { isObject, listOf, objectOf, ScriptedServer, SERVICES, stringsOf, textOf } from '../vectors/world-from-given.ts';
import { DnsServers } from './dns-server.ts';
import { Listeners } from './listeners.ts';
import { setUpNetwork } from './network-setup.ts';
import type { ArenaRequest, ArenaSetup, Command, Raw } from './trial.ts';

/** What programs need of /etc besides the files of a trial. */
const KEPT = [
  'passwd',
  'group',
  'protocols',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'alternatives',
  'localtime',
  'ssl',
  'java-17-openjdk',
  'java-21-openjdk',
];
const STANDARD = ['hosts', 'nsswitch.conf', 'resolv.conf', 'host.conf', 'gai.conf', 'nscd.conf'];

function must(command: string, args: readonly string[]): void {
  const run = spawnSync(command, args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${run.stderr}`);
}

class Arena {
  readonly #setup: ArenaSetup;
  readonly #work: string;
  readonly #dns = new DnsServers();
  readonly #listeners = new Listeners();
  readonly #root: string;
  #launcher: ChildProcessWithoutNullStreams | undefined;
  #waiting: ((line: string) => void) | undefined;
  #stderr = '';
  #written: string[] = [];

  constructor(setup: ArenaSetup) {
    this.#setup = setup;
    this.#root = setup.rootfs ?? '';
    this.#work = mkdtempSync(join(tmpdir(), 'culprit-arena-'));
    must('mount', ['-t', 'tmpfs', 'tmpfs', this.#work]);
    for (const name of ['etc', 'daemon-etc']) this.#makeEtc(join(this.#work, name));
    must('mount', ['--bind', join(this.#work, 'etc'), `${this.#root}/etc`]);
    must('mount', ['-t', 'tmpfs', 'tmpfs', `${this.#root}/run`]);
    if (this.#root !== '') must('mount', ['-t', 'proc', 'proc', `${this.#root}/proc`]);
    mkdirSync(`${this.#root}/run/nscd`, { mode: 0o755 });
    for (const [inside, from] of Object.entries(setup.copies ?? {})) {
      mkdirSync(dirname(`${this.#root}${inside}`), { recursive: true });
      copyFileSync(from, `${this.#root}${inside}`);
      chmodSync(`${this.#root}${inside}`, 0o755);
    }
  }

  #makeEtc(to: string): void {
    mkdirSync(to);
    writeFileSync(join(to, 'services'), SERVICES);
    for (const name of KEPT) if (existsSync(`${this.#root}/etc/${name}`)) must('cp', ['-a', `${this.#root}/etc/${name}`, to]);
  }

  async run({ trial, command }: ArenaRequest): Promise<Raw> {
    const { given } = trial;
    setUpNetwork(objectOf(given['net']));
    writeFileSync('/proc/sys/kernel/hostname', textOf(given['hostname']) ?? 'node1');
    this.#writeFiles(join(this.#work, 'etc'), objectOf(given['files']));
    const scripts = new Map<string, ScriptedServer>();
    for (const item of listOf(given['dns']).filter(isObject)) {
      scripts.set(textOf(item['server']) ?? '', new ScriptedServer(objectOf(item['records']), textOf(item['default']) ?? 'NXDOMAIN'));
    }
    await this.#dns.serve(scripts);
    await this.#listeners.listen(stringsOf(given['listening']));
    const daemon = isObject(given['nscd_daemon']) ? await this.#startDaemon(given['nscd_daemon']) : undefined;
    this.#stderr = '';
    const started = performance.now();
    try {
      const done = command.kind === 'line' ? await this.#ask(command.line) : await this.#spawn(command);
      return { ...done, ms: performance.now() - started, queries: [...this.#dns.seen] };
    } finally {
      if (daemon !== undefined) {
        daemon.kill('SIGKILL');
        rmSync(`${this.#root}/run/nscd`, { recursive: true, force: true });
        mkdirSync(`${this.#root}/run/nscd`);
      }
    }
  }

  #writeFiles(etc: string, files: JsonObject): void {
    for (const name of [...STANDARD, ...this.#written]) rmSync(join(etc, name), { force: true });
    this.#written = [];
    for (const [path, text] of Object.entries(files)) {
      if (!path.startsWith('/etc/') || typeof text !== 'string') continue;
      const name = path.slice('/etc/'.length);
      writeFileSync(join(etc, name), text);
      if (!STANDARD.includes(name)) this.#written.push(name);
    }
  }

  /** A real nscd or unscd with an /etc of its own in a mount namespace of its own; only the socket is shared. */
  async #startDaemon(daemon: JsonObject): Promise<ChildProcessWithoutNullStreams> {
    const etc = join(this.#work, 'daemon-etc');
    this.#writeFiles(etc, objectOf(daemon['files']));
    const program = textOf(daemon['program']) ?? 'nscd';
    const argv = `${textOf(daemon['binary']) ?? program} ${program === 'unscd' ? '-d' : '-F'}`;
    const child = spawn('unshare', ['--mount', 'sh', '-c', `mount --bind ${etc} /etc && exec ${argv}`]);
    child.stdout.resume();
    child.stderr.resume();
    for (let i = 0; i < 200 && !existsSync('/run/nscd/socket'); i++) await new Promise((done) => setTimeout(done, 20));
    await new Promise((done) => setTimeout(done, 30));
    return child;
  }

  #start(): ChildProcessWithoutNullStreams {
    const launcher = this.#setup.launcher ?? [];
    const argv = this.#root === '' ? launcher : ['chroot', this.#root, ...launcher];
    const child = spawn(argv[0] ?? '', argv.slice(1), {
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...this.#setup.launcherEnv },
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#waiting?.(line);
      this.#waiting = undefined;
    });
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString('latin1')));
    child.on('error', () => (this.#launcher = undefined));
    child.on('exit', () => (this.#launcher = undefined));
    return child;
  }

  async #ask(line: string): Promise<Omit<Raw, 'ms' | 'queries'>> {
    this.#launcher ??= this.#start();
    const child = this.#launcher;
    const answer = await new Promise<string | undefined>((done) => {
      const timer = setTimeout(() => {
        done(undefined);
      }, 120_000);
      this.#waiting = (text) => {
        clearTimeout(timer);
        done(text);
      };
      child.stdin.write(`${line}\n`);
    });
    // What the library prints comes over another pipe than the answer.
    await new Promise((done) => setTimeout(done, 2));
    if (answer === undefined) {
      child.kill('SIGKILL');
      return { stdout: '', stderr: this.#stderr, exit: null, failure: 'no answer in 120 s' };
    }
    return { stdout: answer, stderr: this.#stderr, exit: null };
  }

  #spawn(command: Extract<Command, { kind: 'spawn' }>): Promise<Omit<Raw, 'ms' | 'queries'>> {
    const argv = this.#root === '' ? command.argv : ['chroot', this.#root, ...command.argv];
    return new Promise((done) => {
      const child = spawn(argv[0] ?? '', argv.slice(1), {
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', ...command.env },
      });
      let stdout = '';
      let stderr = '';
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, command.timeoutMs ?? 60_000);
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('latin1')));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('latin1')));
      child.on('error', (error) => {
        done({ stdout, stderr, exit: null, failure: error.message });
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        done({ stdout, stderr, exit: code, ...(timedOut ? { failure: 'time-out' } : {}) });
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(command.stdin ?? '');
    });
  }

  close(): void {
    this.#dns.close();
    this.#listeners.close();
    this.#launcher?.kill('SIGKILL');
    spawnSync('umount', ['-l', this.#work]);
    rmSync(this.#work, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  // The end of the standard input ends an arena; signals are for whoever started it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const arena = new Arena(JSON.parse(process.argv[2] ?? '{}') as ArenaSetup);
  const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say(await arena.run(JSON.parse(line) as ArenaRequest));
    } catch (error) {
      say({ stdout: '', stderr: '', exit: null, ms: 0, queries: [], failure: error instanceof Error ? error.message : 'unknown' });
    }
  }
  arena.close();
}

await main();
