/** What programs get on a node: every client of every compared view, asked the same names. Pure. */
import type { Client, ClientAnswer, Need, World } from '../model/types.ts';
import { worldOf } from '../model/answering-servers.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import { needsOf } from '../diagnose/needs.ts';
import { neutral, ownOf, viewsOf, type Own, type Subject } from './subject.ts';

/** The node's own name, whatever it is called. */
export const OWN_NAME = '<own name>';

export interface AskedName {
  readonly name: string;
  readonly port?: number;
}

export interface Effect {
  /** Key of the view, client, name and port. */
  readonly key: string;
  readonly view: string;
  readonly client: string;
  readonly name: string;
  readonly port?: number;
  readonly answer: ClientAnswer;
  /** 'works', or how it fails; undefined: cannot be told. */
  readonly result: string | undefined;
  /** Who is asked and what comes back, own names and addresses taken out. */
  readonly way: string | undefined;
}

export function effectsOf(
  subject: Subject,
  node: NodeFacts,
  names: readonly AskedName[],
  clients: readonly Client[],
  only?: ReadonlySet<string>,
): ReadonlyMap<string, Effect> {
  const world = worldOf(node);
  const own = ownOf(subject.snapshot.node);
  const effects = new Map<string, Effect>();
  for (const [viewKey, { id }] of viewsOf(subject)) {
    const view = world.view(id);
    if (view === undefined) continue;
    for (const client of clients) {
      // What these are told, a program that asks for any family is told as well.
      if (ONE_FAMILY.test(client.id)) continue;
      if (client.presentIn(world, view) === false || (client.presentIn(world, view) === undefined && client.role !== 'library')) continue;
      for (const asked of names) {
        const key = keyOf(viewKey, client.id, asked);
        if (only !== undefined && !only.has(key)) continue;
        const name = asked.name === OWN_NAME ? own.names[0] : asked.name;
        if (name === undefined) continue;
        effects.set(key, effectOf(world, key, viewKey, client, { ...asked, name }, id, own));
      }
    }
  }
  return effects;
}

const ONE_FAMILY = /^getent-ahostsv[46]$/u;

const keyOf = (view: string, client: string, asked: AskedName): string => `${view} ${client} ${asked.name} ${asked.port ?? ''}`;

function effectOf(world: World, key: string, viewKey: string, client: Client, asked: AskedName, id: string, own: Own): Effect {
  const view = world.view(id);
  if (view === undefined) throw new Error(`no view ${id}`);
  const answer = client.answer(world, view, asked.name, asked.port);
  return {
    key,
    view: viewKey,
    client: client.id,
    name: asked.name,
    ...(asked.port === undefined ? {} : { port: asked.port }),
    answer,
    result: resultOf(answer),
    way: wayOf(answer, own),
  };
}

function resultOf(answer: ClientAnswer): string | undefined {
  const { outcome, resolution } = answer;
  if (outcome.kind === 'works') return 'works';
  if (outcome.kind === 'fails') return `fails ${outcome.stage} ${outcome.errno ?? outcome.error?.code ?? ''}`.trim();
  // The address is known and leads off this machine: whether somebody answers there is not of this node.
  return resolution.outcome.kind === 'addresses' ? 'resolves' : undefined;
}

function wayOf(answer: ClientAnswer, own: Own): string | undefined {
  const { resolution, attempts } = answer;
  if (resolution.outcome.kind === 'cannot-tell') return undefined;
  const got =
    resolution.outcome.kind === 'addresses' ? resolution.outcome.addresses.map((a) => a.address).join(' ') : resolution.outcome.error.code;
  const tried = attempts.map((t) => `${t.address.address} ${t.outcome.kind === 'errno' ? t.outcome.errno : t.outcome.kind}`);
  return neutral(
    [
      got,
      ...(resolution.nscdRequests ?? []).map(() => 'cache daemon'),
      ...resolution.queries.map((q) => `${q.server} ${q.name} ${q.type}`),
      ...tried,
    ].join('; '),
    own,
  );
}

export const needsOfEffects = (effects: Iterable<Effect>): readonly Need[] => [...effects].flatMap((e) => [...needsOf(e.answer)]);
