/** From files, standard input or a command to a told trace, held against the model where the view is known. */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { say, type Said, type Text } from '../shared/text.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import { checkWithModel, clientOf, type ModelCheck } from '../strace/model-check.ts';
import { pointersOf, type Pointer } from '../strace/pointers.ts';
import { readTrace, type TraceInput } from '../strace/read-trace.ts';
import { tell, type Story } from '../strace/story.ts';
import type { Trace } from '../strace/trace.ts';
import { collectFacts, viewsNamed } from './diagnosis-session.ts';

const texts = {
  noFile: { en: 'there is no file {path}, and none of strace -ff that begins so', zh: '没有文件 {path}，也没有以此开头的 strace -ff 文件' },
  unreadable: { en: '{path} cannot be read: {why}', zh: '无法读取 {path}：{why}' },
  emptyFolder: { en: 'there is no trace in the folder {path}', zh: '文件夹 {path} 中没有跟踪记录' },
  noStrace: {
    en: 'strace is not installed here: install it, or trace elsewhere with "strace -f -s 256 -o FILE COMMAND" and give FILE',
    zh: '本机没有安装 strace：请安装，或在别处用 “strace -f -s 256 -o FILE 命令” 记录后给出 FILE',
  },
  notTraced: { en: 'strace could not trace {command}: {why}', zh: 'strace 无法跟踪 {command}：{why}' },
  behind: {
    en: 'behind {socket} stands {daemon} of {where}: it answers out of that view, not of {view}',
    zh: '{socket} 背后是 {where} 的 {daemon}：它按那里的视角应答，而不是 {view} 的',
  },
  behindHost: {
    en: '{socket} is the host’s: {daemon} of the host answers out of its own view, not of {view}',
    zh: '{socket} 属于宿主机：由宿主机的 {daemon} 按它自己的视角应答，而不是 {view} 的',
  },
  noPid: { en: 'the container {name} has no running process to enter', zh: '容器 {name} 没有可进入的运行中进程' },
} as const;

export interface TraceRequest {
  /** Files, folders or '-'; all of one trace. */
  readonly paths: readonly string[];
  readonly command?: readonly string[];
  readonly container?: string;
  readonly evidence: readonly string[];
  readonly stdin: AsyncIterable<Buffer | string>;
  readonly check: boolean;
}

export interface TraceSession {
  readonly trace: Trace;
  readonly story: Story;
  readonly pointers: readonly (Pointer & { readonly title: Text })[];
  readonly check?: ModelCheck;
  /** Whose cache daemon is asked, where that is known and it is another view's. */
  readonly behind?: Said;
}

export async function traceSession(request: TraceRequest): Promise<TraceSession> {
  // Only a machine or evidence that is named is taken for the place where the trace was made.
  const known = request.check && (request.command !== undefined || request.container !== undefined || request.evidence.length > 0);
  const containers = request.container === undefined ? [] : [request.container];
  const snapshot =
    known || request.container !== undefined ? await collectFacts({ names: [], containers, evidence: request.evidence }) : undefined;
  const trace =
    request.command === undefined
      ? await readPaths(request.paths, request.stdin)
      : await runTraced(request.command, request.container === undefined ? undefined : pidOf(snapshot, request.container));
  const { causes } = await import('../causes/index.ts');
  const pointers = pointersOf(trace).flatMap((p) => {
    const cause = causes.find((c) => c.id === p.cause);
    return cause === undefined ? [] : [{ ...p, title: cause.title }];
  });
  const check = known && snapshot !== undefined ? await checkTrace(trace, snapshot, request.evidence.length === 0, containers) : undefined;
  const behind = snapshot === undefined ? undefined : daemonBehind(trace, snapshot, containers);
  return { trace, story: tell(trace), pointers, ...(check === undefined ? {} : { check }), ...(behind === undefined ? {} : { behind }) };
}

export async function readPaths(paths: readonly string[], stdin: AsyncIterable<Buffer | string>): Promise<Trace> {
  const inputs: TraceInput[] = [];
  for (const path of paths) inputs.push(...(path === '-' ? [{ name: '-', chunks: stdin }] : await inputsOf(path)));
  return readTrace(inputs, paths.join(' '));
}

async function inputsOf(path: string): Promise<readonly TraceInput[]> {
  const found = await stat(path).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) {
    if (found.code !== 'ENOENT') throw new CulpritError('trace-unreadable', texts.unreadable, { path, why: found.code ?? found.message });
    const parts = await ofProcesses(dirname(path), (name) => name.startsWith(`${basename(path)}.`));
    if (parts.length === 0) throw new CulpritError('trace-not-found', texts.noFile, { path });
    return parts;
  }
  if (!found.isDirectory()) return [fileInput(path)];
  const parts = await ofProcesses(path, () => true);
  if (parts.length === 0) throw new CulpritError('trace-not-found', texts.emptyFolder, { path });
  return parts;
}

/** Files of `strace -ff -o NAME`: NAME.PID, one a process. */
async function ofProcesses(folder: string, fits: (name: string) => boolean): Promise<readonly TraceInput[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      const pid = /\.(\d{1,10})$/u.exec(name)?.[1];
      return pid !== undefined && fits(name) ? [{ name, pid: Number(pid) }] : [];
    })
    .sort((a, b) => a.pid - b.pid)
    .slice(0, 2000)
    .map(({ name, pid }) => ({ ...fileInput(join(folder, name), PROCESS_READ), pid }));
}

const PACKED_READ = 512;

/** The files of all processes are open at once. */
const PROCESS_READ = 1 << 14;
const fileInput = (path: string, size = 1 << 20): TraceInput => {
  const outcome: { damaged?: string } = {};
  return { name: path, chunks: chunksOf(path, size, outcome), damaged: () => outcome.damaged };
};

/** What stands before the damage of a packed file is used. */
async function* chunksOf(path: string, size: number, outcome: { damaged?: string }): AsyncGenerator<Buffer> {
  let isBegun = false;
  try {
    const handle = await open(path);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close());
    const packed = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    const stream = createReadStream(path, { highWaterMark: packed ? PACKED_READ : size });
    for await (const chunk of packed ? stream.pipe(createGunzip()) : stream) {
      isBegun = true;
      yield chunk as Buffer;
    }
  } catch (error) {
    const why = error as NodeJS.ErrnoException;
    if (!isBegun) throw new CulpritError('trace-unreadable', texts.unreadable, { path, why: why.code ?? why.message });
    outcome.damaged = why.code ?? why.message;
  }
}

/** What a look-up or a connection can be seen in. A call that an architecture does not have is no mistake (`?`, strace 4.17). */
const TRACED =
  'trace=network,?execve,?clone,?clone3,?fork,?vfork,?open,?openat,?close,?read,?readv,?write,?writev,?poll,?ppoll,?select,?pselect6,?dup,?dup2,?dup3,?exit_group,?epoll_wait,?epoll_pwait,?nanosleep,?clock_nanosleep';
const TIMEOUT_MS = 60_000;

async function runTraced(command: readonly string[], pid: number | undefined): Promise<Trace> {
  const folder = await mkdtemp(join(tmpdir(), 'culprit-trace-'));
  const file = join(folder, 'trace');
  try {
    const { localTransport } = await import('../transport/local.ts');
    // strace itself stays outside, with its own files; the program runs inside.
    const entered = pid === undefined ? command : ['nsenter', '-t', String(pid), '-m', '-n', '-u', '-i', '--', ...command];
    const run = await localTransport().runProgram(['strace', '-f', '-s', '256', '-tt', '-T', '-e', TRACED, '-o', file, '--', ...entered], {
      timeoutMs: TIMEOUT_MS,
      maxBytes: 1 << 20,
    });
    if (run.startError !== undefined) throw new CulpritError('no-strace', texts.noStrace);
    const why = /^strace: (.{1,200})/mu.exec(run.stderr)?.[1];
    const size = await stat(file).then(
      (s) => s.size,
      () => 0,
    );
    if (size === 0)
      throw new CulpritError('not-traced', texts.notTraced, { command: command.join(' '), why: why ?? run.stderr.trim().slice(0, 200) });
    return await readTrace([fileInput(file)], command.join(' '));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pidOf(snapshot: Snapshot | undefined, container: string): number {
  const [id] = snapshot === undefined ? [] : viewsNamed(snapshot, [container]);
  const pid = snapshot?.node.views.find((v) => v.id === id)?.pid;
  if (pid === undefined) throw new CulpritError('container-not-running', texts.noPid, { name: container });
  return pid;
}

/** A container that asks the socket of a daemon elsewhere gets what that one sees. */
function daemonBehind(trace: Trace, snapshot: Snapshot, containers: readonly string[]): Said | undefined {
  const { node } = snapshot;
  if (!trace.lookups.some((l) => l.events.some((e) => e.event === 'cache-request'))) return undefined;
  const [id] = viewsNamed(snapshot, containers);
  const view = node.views.find((v) => (id === undefined ? v.kind === 'host' : v.id === id));
  const socket = view?.sockets.state === 'known' ? view.sockets.value.find((s) => s.service === 'nscd') : undefined;
  const daemon = node.daemons.find((d) => d.id === socket?.daemon);
  if (view === undefined || socket === undefined || daemon === undefined || daemon.view === view.id) return undefined;
  const other = node.views.find((v) => v.id === daemon.view);
  const isHost = other === undefined || other.kind === 'host';
  return say(isHost ? texts.behindHost : texts.behind, {
    socket: socket.path,
    daemon: daemon.pid === undefined ? daemon.kind : `${daemon.kind} (${String(daemon.pid)})`,
    where: other?.names[0] ?? daemon.view,
    view: view.names[0] ?? view.id,
  });
}

const MAX_ROUNDS = 4;

async function checkTrace(trace: Trace, given: Snapshot, live: boolean, containers: readonly string[]): Promise<ModelCheck | undefined> {
  const lookup = trace.lookups.find((l) => l.name !== undefined && l.nameCut !== true);
  if (lookup?.name === undefined) return undefined;
  const [{ explain }, { clients }] = await Promise.all([import('../diagnose/explain.ts'), import('../model/clients/index.ts')]);
  const views = viewsNamed(given, containers);
  const request = { name: lookup.name, views, as: [{ id: clientOf(trace) }], clients, whatIf: [] };
  let snapshot = given;
  let explanation = explain(snapshot, request);
  for (let round = 1; live && round < MAX_ROUNDS && explanation.needs.length > 0; round++) {
    const { collectNeeds } = await import('../collect/collect-needs.ts');
    const richer = await collectNeeds(snapshot, explanation.needs);
    if (richer === snapshot) break;
    snapshot = richer;
    explanation = explain(snapshot, request);
  }
  const answer = explanation.views[0]?.answers[0];
  if (answer === undefined) return undefined;
  const view = snapshot.node.views.find((v) => v.id === answer.view);
  return checkWithModel(lookup, answer, view?.names[0] ?? answer.view);
}
