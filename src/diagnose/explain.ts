/** Who gets what for one name: every client of a view asked the same, and the first step at which two of them part. */
import type { Client, ClientAnswer, Need, World } from '../model/types.ts';
import { worldOf } from '../model/answering-servers.ts';
import { applyToNode } from '../remedy/apply-to-node.ts';
import type { Edit } from '../remedy/edit.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { distinctNeeds, needsOf } from './needs.ts';
import { reached } from './outcome-order.ts';

export interface ExplainRequest {
  readonly name: string;
  readonly port?: number;
  /** Ids of views; empty: the host alone. */
  readonly views: readonly string[];
  /** Clients, each with a version where another than the installed one is meant; empty: all that are there. */
  readonly as: readonly ClientChoice[];
  readonly clients: readonly Client[];
  readonly whatIf: readonly Edit[];
}

export interface ClientChoice {
  readonly id: string;
  readonly version?: string;
}

export interface ViewExplanation {
  readonly view: string;
  readonly answers: readonly ClientAnswer[];
  /** Clients that end differently, two by two. */
  readonly partings: readonly Parting[];
}

export interface Parting {
  readonly left: ClientAnswer;
  readonly right: ClientAnswer;
}

export interface Explanation {
  readonly name: string;
  readonly port?: number;
  readonly views: readonly ViewExplanation[];
  readonly needs: readonly Need[];
}

export function explain(snapshot: Snapshot, request: ExplainRequest): Explanation {
  const world = worldOf(applyToNode(snapshot.node, request.whatIf));
  const host = world.node.views.find((v) => v.kind === 'host') ?? world.node.views[0];
  const ids = request.views.length > 0 ? request.views : host === undefined ? [] : [host.id];
  const views = ids.map((id) => explainView(world, id, request));
  return {
    name: request.name,
    ...(request.port === undefined ? {} : { port: request.port }),
    views,
    needs: distinctNeeds(views.flatMap((v) => v.answers.flatMap((a) => [...needsOf(a)]))),
  };
}

function explainView(world: World, id: string, request: ExplainRequest): ViewExplanation {
  const view = world.view(id);
  if (view === undefined) return { view: id, answers: [], partings: [] };
  const chosen: readonly ClientChoice[] =
    request.as.length > 0 ? request.as : request.clients.filter((c) => c.presentIn(world, view) === true);
  const answerOf = ({ id: client, version }: ClientChoice): ClientAnswer | undefined =>
    request.clients.find((c) => c.id === client)?.answer(world, view, request.name, request.port, version === undefined ? {} : { version });
  const installed = chosen.flatMap((c) => answerOf(c) ?? []);
  const answers = request.as.length > 0 ? installed : withOldPing(installed, answerOf);
  return { view: id, answers, partings: partingsOf(answers) };
}

/**
 * The ping of CentOS and RHEL 7 asks for IPv4 only, which is why "ping works" on nodes where nothing else does. It is shown beside the
 * installed one where the two differ.
 */
const OLD_PING: ClientChoice = { id: 'ping', version: '20160308-10.el7' };

function withOldPing(
  answers: readonly ClientAnswer[],
  answerOf: (choice: ClientChoice) => ClientAnswer | undefined,
): readonly ClientAnswer[] {
  const at = answers.findIndex((a) => a.client === 'ping');
  const present = answers[at];
  const old = present === undefined ? undefined : answerOf(OLD_PING);
  return present === undefined || old === undefined || !endsDifferently(present, old)
    ? answers
    : [...answers.slice(0, at), old, ...answers.slice(at)];
}

/** Pairs that people meet: "ping works, telnet does not", "dig works, ping does not". */
const PAIRS: readonly (readonly [string, string])[] = [
  ['ping', 'telnet'],
  ['dig', 'ping'],
  ['curl', 'telnet'],
  ['getent-ahostsv4', 'getent-hosts'],
  ['getent-ahosts', 'getent-hosts'],
  ['nslookup', 'getent-ahosts'],
  ['getaddrinfo', 'go'],
  ['go-cgo', 'go'],
  ['java', 'telnet'],
];
const MOST_PAIRS = 3;

/** The pairs that end differently, the best known first; where none of them does, the best off and the worst off of all. */
function partingsOf(answers: readonly ClientAnswer[]): readonly Parting[] {
  const told = answers.filter((a) => reached(a) !== undefined);
  const by = (id: string): ClientAnswer | undefined => told.find((a) => a.client === id);
  const known = PAIRS.flatMap(([l, r]): readonly Parting[] => {
    const [left, right] = [by(l), by(r)];
    return left !== undefined && right !== undefined && endsDifferently(left, right) ? [{ left, right }] : [];
  });
  if (known.length > 0) return known.slice(0, MOST_PAIRS);
  const [first] = told;
  const other = first === undefined ? undefined : told.find((a) => endsDifferently(first, a));
  return first === undefined || other === undefined ? [] : [{ left: first, right: other }];
}

const endsDifferently = (a: ClientAnswer, b: ClientAnswer): boolean =>
  a.outcome.kind !== b.outcome.kind || addressText(a) !== addressText(b);

const addressText = (a: ClientAnswer): string =>
  a.resolution.outcome.kind === 'addresses' ? a.resolution.outcome.addresses.map((x) => x.address).join(' ') : a.resolution.outcome.kind;
