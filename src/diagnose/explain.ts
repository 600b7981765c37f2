/** Who gets what for one name: every client of a view asked the same, and the first step at which two of them part. */
import type { Client, ClientAnswer, Need, World } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
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
  /** Ids of clients; empty: all that are there or may be. */
  readonly as: readonly string[];
  readonly clients: readonly Client[];
  readonly whatIf: readonly Edit[];
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
  const world = makeWorld(applyToNode(snapshot.node, request.whatIf));
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
  const chosen = request.clients.filter((c) => (request.as.length > 0 ? request.as.includes(c.id) : c.presentIn(world, view) === true));
  const answers = chosen.map((c) => c.answer(world, view, request.name, request.port));
  return { view: id, answers, partings: partingsOf(answers) };
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

const endsDifferently = (a: ClientAnswer, b: ClientAnswer): boolean => a.outcome.kind !== b.outcome.kind || addressText(a) !== addressText(b);

const addressText = (a: ClientAnswer): string =>
  a.resolution.outcome.kind === 'addresses' ? a.resolution.outcome.addresses.map((x) => x.address).join(' ') : a.resolution.outcome.kind;
