/** Questions to name servers and connections, tried from inside the network namespace of a view. */
import { readlinkSync } from 'node:fs';
import type { NetnsId, Source, ViewId } from '../../facts/fact.ts';
import type { DialObservation, DnsObservation, DnsQuestion, DnsReply, NodeFacts, ProgramRun } from '../../facts/node-facts.ts';
import type { Transport } from '../../transport/transport.ts';
import { decodeReply, encodeQuestion, type Query } from './dns-message.ts';
import { askWithTools } from './dns-tools.ts';
import { isNumericAddress, type AskJob } from './job.ts';
import { runJobs } from './run-jobs.ts';

export interface NetnsQuestion {
  readonly netns: NetnsId;
  readonly question: DnsQuestion;
}

export interface AskOptions {
  /** For one question, in milliseconds; a datagram is sent again at half of it. */
  readonly timeoutMs?: number;
  /** Questions under way at once. */
  readonly parallel?: number;
  /** Overrides timeoutMs for a server. */
  readonly timeoutFor?: (question: NetnsQuestion) => number;
}

const TIMEOUT_MS = 1500;
const PARALLEL = 256;
const NO_BYTES = Buffer.alloc(0);

/** Where a network namespace can be entered; undefined when no process is known to live in it any more. */
export type PlaceOf = (netns: NetnsId) => string | undefined;

/** Places of the namespaces of a snapshot's views. A pid that was given to another process since leads to another namespace: it is not used. */
export function placesOf(node: NodeFacts, transport: Transport): PlaceOf {
  const places = new Map<NetnsId, string>([['host', '-']]);
  for (const view of node.views) {
    if (view.pid === undefined || places.has(view.netns)) continue;
    const place = `/proc/${String(view.pid)}/ns/net`;
    if (transport.kind === 'local' && !leadsTo(place, view.netns)) continue;
    places.set(view.netns, place);
  }
  return (netns) => places.get(netns);
}

function leadsTo(place: string, netns: NetnsId): boolean {
  try {
    return readlinkSync(place) === `net:[${netns.slice('net:'.length)}]`;
  } catch {
    return false;
  }
}

interface Asked {
  readonly item: NetnsQuestion;
  readonly query: Query;
  readonly job: AskJob;
}

/** Questions that could not be put (no such namespace any more, no helper, a name that fits in no message) are left out. */
export async function askDns(
  transport: Transport,
  placeOf: PlaceOf,
  questions: readonly NetnsQuestion[],
  options: AskOptions = {},
): Promise<readonly DnsObservation[]> {
  const asked: Asked[] = [];
  for (const item of questions) {
    const { netns, question } = item;
    const place = placeOf(netns);
    const query = encodeQuestion(question);
    if (place === undefined || query === undefined || !isNumericAddress(question.server)) continue;
    const timeoutMs = options.timeoutFor?.(item) ?? options.timeoutMs ?? TIMEOUT_MS;
    asked.push({
      item,
      query,
      job: { netns, place, kind: question.transport, address: question.server, port: question.port ?? 53, timeoutMs, message: query.bytes },
    });
  }
  const observations: DnsObservation[] = [];
  const size = options.parallel ?? PARALLEL;
  for (let at = 0; at < asked.length; at += size) {
    const part = asked.slice(at, at + size);
    const outcomes = await runJobs(
      transport,
      part.map((a) => a.job),
    );
    const untried = part.filter((_, i) => outcomes[i] === undefined || outcomes[i].kind === 'not-tried');
    const byTools = new Map(untried.length === 0 ? [] : await toolReplies(transport, untried));
    for (const [i, asked] of part.entries()) {
      const outcome = outcomes[i];
      const reply =
        outcome === undefined || outcome.kind === 'not-tried' || outcome.kind === 'connected'
          ? byTools.get(asked)
          : outcome.kind === 'answer'
            ? decodeReply(outcome.message, asked.query, outcome.ms)
            : outcome;
      if (reply !== undefined) observations.push({ ...asked.item, reply, source: sourceOf(asked.item) });
    }
  }
  return observations;
}

async function toolReplies(transport: Transport, asked: readonly Asked[]): Promise<readonly (readonly [Asked, DnsReply | undefined])[]> {
  const replies = await askWithTools(
    transport,
    asked.map(({ item, job }) => ({ place: job.place, question: item.question, timeoutMs: job.timeoutMs })),
  );
  return asked.map((a, i) => [a, replies[i]]);
}

function sourceOf({ netns, question }: NetnsQuestion): Source {
  const port = question.port === undefined || question.port === 53 ? '' : ` -p ${String(question.port)}`;
  return {
    kind: 'command',
    command: `dig${question.transport === 'tcp' ? ' +tcp' : ''} @${question.server}${port} ${question.name === '' ? '.' : question.name} ${question.type}`,
    text: netns,
  };
}

export interface DialTarget {
  readonly netns: NetnsId;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

/** Connections tried: TCP to the end of the handshake; UDP as far as the kernel lets the socket connect. */
export async function dial(
  transport: Transport,
  placeOf: PlaceOf,
  targets: readonly DialTarget[],
  timeoutMs = TIMEOUT_MS,
): Promise<readonly DialObservation[]> {
  const tried: { readonly target: DialTarget; readonly job: AskJob }[] = [];
  for (const target of targets) {
    const place = placeOf(target.netns);
    if (place === undefined || !isNumericAddress(target.address) || target.protocol !== 'tcp') continue;
    tried.push({
      target,
      job: { netns: target.netns, place, kind: 'dial', address: target.address, port: target.port, timeoutMs, message: NO_BYTES },
    });
  }
  const outcomes = await runJobs(
    transport,
    tried.map((t) => t.job),
  );
  return tried.flatMap(({ target }, i) => {
    const outcome = outcomes[i];
    const result =
      outcome?.kind === 'connected' ? 'OK' : outcome?.kind === 'silent' ? 'TIMEOUT' : outcome?.kind === 'error' ? outcome.errno : undefined;
    return result === undefined
      ? []
      : [
          {
            ...target,
            result,
            source: { kind: 'probe', probe: `connect ${target.address} ${String(target.port)}`, text: target.netns } as const,
          },
        ];
  });
}

export interface ProgramToRun {
  readonly view: ViewId;
  /** Client id of the model. */
  readonly client: string;
  readonly argv: readonly string[];
  readonly name: string;
  readonly port?: number;
}

const RUN_BYTES = 262_144;

/**
 * Runs one of the machine's own programs in the host view. A container's programs are run only on request (`insideContainers`), and
 * then inside all of the container's namespaces, never as a program of the host.
 */
export async function runProgram(
  transport: Transport,
  node: NodeFacts,
  program: ProgramToRun,
  options: { readonly timeoutMs?: number; readonly insideContainers?: boolean } = {},
): Promise<ProgramRun | undefined> {
  const view = node.views.find((v) => v.id === program.view);
  if (view === undefined) return undefined;
  let argv = program.argv;
  if (view.kind !== 'host') {
    if (options.insideContainers !== true || view.pid === undefined) return undefined;
    argv = ['nsenter', '-t', String(view.pid), '-a', ...program.argv];
  }
  const result = await transport.runProgram(argv, { timeoutMs: options.timeoutMs ?? 6000, maxBytes: RUN_BYTES });
  if (result.startError !== undefined) return undefined;
  return {
    view: program.view,
    client: program.client,
    command: program.argv.join(' '),
    name: program.name,
    ...(program.port === undefined ? {} : { port: program.port }),
    ...(result.exitStatus === undefined ? {} : { exitStatus: result.exitStatus }),
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr,
    ms: Math.round(result.ms),
    ...(result.timedOut ? { timedOut: true } : {}),
  };
}
