/**
 * What does a cache hold? Only a real look-up tells: where getent's answer is not the one that the daemon's own view gives now, the
 * daemon still keeps an older one. That is put down as a fact of the daemon, so that the model and the proof can use it.
 */
import { valueOf } from '../facts/fact.ts';
import type { NodeFacts, ProgramRun, ViewFacts } from '../facts/node-facts.ts';
import type { Client, Need } from '../model/types.ts';
import { worldOf } from '../model/answering-servers.ts';

const GETENT = 'getent-ahosts';

/** The daemon that answers host names for a view through a cache socket. */
function cacheOf(node: NodeFacts, view: ViewFacts): string | undefined {
  return valueOf(view.sockets)?.find(
    (s) => s.service === 'nscd' && s.daemon !== undefined && s.state !== 'refused' && node.daemons.some((d) => d.id === s.daemon),
  )?.daemon;
}

export function withCachedAnswers(node: NodeFacts, clients: readonly Client[]): NodeFacts {
  const getent = clients.find((c) => c.id === GETENT);
  if (getent === undefined || node.runs.length === 0) return node;
  const world = worldOf(node);
  const held = new Map<string, { readonly name: string; readonly addresses: readonly string[] }[]>();
  for (const run of node.runs) {
    const view = world.view(run.view);
    const daemon = view === undefined || run.client !== GETENT ? undefined : cacheOf(node, view);
    if (view === undefined || daemon === undefined || run.timedOut === true) continue;
    const { resolution } = getent.answer(world, view, run.name, undefined);
    if ((resolution.nscdRequests?.length ?? 0) === 0 || resolution.outcome.kind === 'cannot-tell') continue;
    const told = resolution.outcome.kind === 'addresses' ? resolution.outcome.addresses.map((a) => a.address) : [];
    const real = addressesOf(run);
    if (!sameSet(told, real)) held.set(daemon, [...(held.get(daemon) ?? []), { name: run.name, addresses: real }]);
  }
  if (held.size === 0) return node;
  return { ...node, daemons: node.daemons.map((d) => (held.has(d.id) ? { ...d, cached: held.get(d.id) ?? [] } : d)) };
}

/** A look-up by the real getent in the host view is worth its while where a cache stands between. */
export function cacheNeeds(node: NodeFacts, names: readonly string[]): readonly Need[] {
  return node.views
    .filter((view) => view.kind === 'host' && cacheOf(node, view) !== undefined)
    .flatMap((view) =>
      names
        .filter((name) => !node.runs.some((r) => r.view === view.id && r.name === name && r.client === GETENT))
        .map((name): Need => ({ kind: 'run', view: view.id, client: GETENT, name })),
    );
}

/** The first column of `getent ahosts`, each address once. */
export const addressesOf = (run: ProgramRun): readonly string[] => [
  ...new Set(run.stdout.split('\n').flatMap((line) => /^[0-9a-f.:%]+(?=[ \t])/iu.exec(line)?.[0] ?? [])),
];

const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((x) => b.includes(x));
