/**
 * Fifty containers of one image on one node ask the same thing fifty times. Two views with the same files, sockets, environment and
 * programs, in network namespaces that are the same but for their ids, get the same answers: one of them is asked, and the others take
 * its answer with their own ids in it.
 */
import type { NetnsId, ViewId } from '../facts/fact.ts';
import { valueOf } from '../facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { answersItself } from '../model/answering-servers.ts';
import type { ClientAnswer, DialAttempt, Need, Resolution, Step, World } from '../model/types.ts';
import type { Ask } from './prove.ts';

interface Ids {
  readonly view: ViewId;
  readonly netns: NetnsId;
}

/** What no answer of a program depends on, beside the ids themselves. */
const NOT_ASKED: ReadonlySet<string> = new Set(['id', 'names', 'containerId', 'image', 'pid', 'startedAt', 'netns', 'mounts', 'runtime']);

/** For each view the first one that gets the same answers; a view that is not in it stands for itself. */
export function standIns(node: NodeFacts): ReadonlyMap<ViewId, ViewFacts> {
  const found = new Map<ViewId, ViewFacts>();
  if (node.views.length < 2) return found;
  // What was observed in one view, and a daemon that lives in it, are its own.
  const ownViews = new Set<ViewId>([...node.runs.map((r) => r.view), ...node.daemons.map((d) => d.view)]);
  const ownNetns = new Set<NetnsId>([...node.dns.map((o) => o.netns), ...node.dials.map((d) => d.netns)]);
  const netns = new Map(node.netns.map((n) => [n.id, n]));
  const candidates = new Map<string, ViewFacts[]>();
  for (const view of node.views) {
    if (ownViews.has(view.id)) continue;
    const key = fingerprint(view);
    const others = candidates.get(key);
    if (others === undefined) {
      candidates.set(key, [view]);
      continue;
    }
    const like = others.find((other) => {
      const from: Ids = { view: other.id, netns: other.netns };
      const to: Ids = { view: view.id, netns: view.netns };
      const sameNetns =
        view.netns === other.netns ||
        (!ownNetns.has(view.netns) && !ownNetns.has(other.netns) && same(netns.get(other.netns), netns.get(view.netns), from, to, ID_ONLY));
      return sameNetns && same(other, view, from, to, NOT_ASKED);
    });
    if (like === undefined) others.push(view);
    else found.set(view.id, like);
  }
  return found;
}

const ID_ONLY: ReadonlySet<string> = new Set(['id']);

/** Cheap, and different for most views that are not the same. */
function fingerprint(view: ViewFacts): string {
  const text = (path: string): string => valueOf(view.files[path])?.text ?? '';
  return `${view.kind}\0${valueOf(view.hostname) ?? ''}\0${text('/etc/hosts')}\0${text('/etc/resolv.conf')}`;
}

const NOTHING_LEFT_OUT: ReadonlySet<string> = new Set();

/** The same data, where the ids of the one stand for those of the other. `leftOut`: keys of the outermost object that do not count. */
function same(a: unknown, b: unknown, from: Ids, to: Ids, leftOut: ReadonlySet<string> = NOTHING_LEFT_OUT): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    if (a === b) return a === to.view ? a === from.view : true;
    return (a === from.view && b === to.view) || (a === from.netns && b === to.netns);
  }
  if (a === b && from.view === to.view) return true;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const key of keys) {
    if (leftOut.has(key)) continue;
    if (!(key in right) || !same(left[key], right[key], from, to)) return false;
  }
  return true;
}

interface Kept {
  readonly answer: ClientAnswer;
  readonly movable: boolean;
}

/** Asks each question once of all views that get the same answer. */
export function askOnce(world: World, ask: Ask): Ask {
  const standIn = standIns(world.node);
  if (standIn.size === 0) return ask;
  const serversHere = answersItself(world.node);
  const kept = new Map<ViewId, Map<string, Kept[]>>();
  for (const view of standIn.values()) kept.set(view.id, new Map());
  return (asked, question) => {
    const like = standIn.get(question.view);
    const byName = kept.get(like?.id ?? question.view);
    if (asked !== world || byName === undefined) return ask(asked, question);
    let ofName = byName.get(question.name);
    if (ofName === undefined) byName.set(question.name, (ofName = []));
    let first = ofName.find(({ answer }) => answer.client === question.client && answer.port === question.port);
    if (first === undefined) {
      const of = like ?? world.view(question.view);
      const answer = of === undefined ? undefined : ask(world, { ...question, view: of.id });
      if (of === undefined || answer === undefined) return undefined;
      const ownServer = serversHere && answer.resolution.queries.length > 0;
      first = { answer, movable: !ownServer && !mentions(answer, { view: of.id, netns: of.netns }) };
      ofName.push(first);
    }
    if (like === undefined) return first.answer;
    const view = world.view(question.view);
    if (view === undefined || !first.movable) return ask(world, question);
    return moved(first.answer, { view: like.id, netns: like.netns }, { view: view.id, netns: view.netns });
  };
}

/** Do the texts of an answer speak of the ids? Then it is not for another view. */
function mentions(answer: ClientAnswer, ids: Ids): boolean {
  const has = (text: string | number | undefined): boolean =>
    typeof text === 'string' && (text.includes(ids.view) || (ids.netns !== 'host' && text.includes(ids.netns)));
  const inStep = (step: Step): boolean =>
    (step.values !== undefined && Object.values(step.values).some((v) => has(String(v)))) || step.inner?.some(inStep) === true;
  const inNeed = (need: Need): boolean => need.kind === 'ask' && Object.values(need.values ?? {}).some((v) => has(String(v)));
  const { resolution, attempts, outcome, prints } = answer;
  return (
    prints.some(has) ||
    has(resolution.stderr) ||
    resolution.steps.some(inStep) ||
    attempts.some((attempt) => attempt.steps.some(inStep)) ||
    (outcome.kind === 'cannot-tell' && outcome.needs.some(inNeed))
  );
}

/** The answer with the ids of one view and namespace in the place of another's. */
function moved(answer: ClientAnswer, from: Ids, to: Ids): ClientAnswer {
  const need = (one: Need): Need => {
    if ('view' in one) return one.view === from.view ? { ...one, view: to.view } : one;
    return 'netns' in one && one.netns === from.netns ? { ...one, netns: to.netns } : one;
  };
  const withNeeds = <T extends { readonly kind: string }>(outcome: T): T =>
    'needs' in outcome ? { ...outcome, needs: (outcome.needs as readonly Need[]).map(need) } : outcome;
  const step = (one: Step): Step => {
    const at = one.at?.kind !== 'statement' && one.at?.view === from.view ? { ...one.at, view: to.view } : one.at;
    if (at === one.at && one.inner === undefined) return one;
    return { ...one, ...(at === undefined ? {} : { at }), ...(one.inner === undefined ? {} : { inner: one.inner.map(step) }) };
  };
  const resolution: Resolution = {
    ...answer.resolution,
    outcome: withNeeds(answer.resolution.outcome),
    steps: answer.resolution.steps.map(step),
  };
  const attempts = answer.attempts.map((one): DialAttempt => ({ ...one, outcome: withNeeds(one.outcome), steps: one.steps.map(step) }));
  return { ...answer, view: to.view, resolution, attempts, outcome: withNeeds(answer.outcome) };
}
