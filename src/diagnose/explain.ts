/** Who gets what for one name: every client of a view asked the same, and the first step at which two of them part. */
import type { Client, ClientAnswer, Need, World } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
import { applyToNode } from '../remedy/apply-to-node.ts';
import type { Edit } from '../remedy/edit.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { distinctNeeds, needsOf } from './needs.ts';
import { progress } from './outcome-order.ts';

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
  /** Two clients that end differently: the pair that a person meets first. */
  readonly parting?: { readonly left: ClientAnswer; readonly right: ClientAnswer };
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
  if (view === undefined) return { view: id, answers: [] };
  const chosen = request.clients.filter((c) => (request.as.length > 0 ? request.as.includes(c.id) : c.presentIn(world, view) === true));
  const answers = chosen.map((c) => c.answer(world, view, request.name, request.port));
  const parting = partingOf(answers);
  return { view: id, answers, ...(parting === undefined ? {} : { parting }) };
}

/** The best and the worst off: where they end at the same stage, the first two that get different addresses. */
function partingOf(answers: readonly ClientAnswer[]): ViewExplanation['parting'] {
  const told = answers.filter((a) => progress(a) !== undefined);
  const by = (a: ClientAnswer): number => progress(a) ?? 0;
  const best = told.reduce<ClientAnswer | undefined>((x, a) => (x === undefined || by(a) > by(x) ? a : x), undefined);
  const worst = told.reduce<ClientAnswer | undefined>((x, a) => (x === undefined || by(a) < by(x) ? a : x), undefined);
  if (best !== undefined && worst !== undefined && by(best) > by(worst)) return { left: best, right: worst };
  const [first] = told;
  const other = first === undefined ? undefined : told.find((a) => addressText(a) !== addressText(first));
  return first === undefined || other === undefined ? undefined : { left: first, right: other };
}

const addressText = (a: ClientAnswer): string =>
  a.resolution.outcome.kind === 'addresses' ? a.resolution.outcome.addresses.map((x) => x.address).join(' ') : a.resolution.outcome.kind;
