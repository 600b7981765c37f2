/**
 * Fifty containers of one image on one node ask the same thing fifty times. Two views with the same files, sockets, environment and
 * programs, in network namespaces that are the same but for their ids, get the same answers: one of them is asked, and the others take
 * its answer with their own ids in it. Where only the hosts file and the host name differ, as they do from container to container, this
 * still holds for a name that both hosts files have on the same lines, or on none.
 */
import type { NetnsId, ViewId } from '../facts/fact.ts';
import { valueOf } from '../facts/fact.ts';
import type { FileContent, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { answersItself } from '../model/answering-servers.ts';
import { memoByText } from '../model/memo.ts';
import type { ClientAnswer, DialAttempt, Need, Resolution, Step, World } from '../model/types.ts';
import type { Ask } from './prove.ts';

interface Ids {
  readonly view: ViewId;
  readonly netns: NetnsId;
}

/** What no answer of a program depends on, beside the ids themselves. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  'id',
  'names',
  'containerId',
  'image',
  'pid',
  'startedAt',
  'netns',
  'mounts',
  'runtime',
  'files',
]);

/** Alike but for what is here: a container's own lines. */
const NAMING: ReadonlySet<string> = new Set([...NOT_ASKED, 'hostname']);
const HOSTS = '/etc/hosts';
const NAMING_FILES: ReadonlySet<string> = new Set([HOSTS, '/etc/hostname']);

interface Alike {
  readonly leftOut: ReadonlySet<string>;
  readonly filesLeftOut: ReadonlySet<string>;
  readonly fingerprint: (view: ViewFacts) => string;
}

const WHOLLY: Alike = { leftOut: NOT_ASKED, filesLeftOut: new Set(), fingerprint };
const BUT_FOR_NAMING: Alike = { leftOut: NAMING, filesLeftOut: NAMING_FILES, fingerprint: namelessFingerprint };

/** For each view the first one that gets the same answers; a view that is not in it stands for itself. */
export const standIns = (node: NodeFacts): ReadonlyMap<ViewId, ViewFacts> => firstAlike(node, node.views, WHOLLY);

function firstAlike(node: NodeFacts, views: readonly ViewFacts[], { leftOut, filesLeftOut, fingerprint }: Alike): Map<ViewId, ViewFacts> {
  const found = new Map<ViewId, ViewFacts>();
  if (views.length < 2) return found;
  // What was observed in one view, and a daemon that lives in it, are its own.
  const ownViews = new Set<ViewId>([...node.runs.map((r) => r.view), ...node.daemons.map((d) => d.view)]);
  const ownNetns = new Set<NetnsId>([...node.dns.map((o) => o.netns), ...node.dials.map((d) => d.netns)]);
  const netns = new Map(node.netns.map((n) => [n.id, n]));
  const candidates = new Map<string, ViewFacts[]>();
  for (const view of views) {
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
      return sameNetns && same(other, view, from, to, leftOut) && same(other.files, view.files, from, to, filesLeftOut);
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
  return `${view.kind}\0${valueOf(view.hostname) ?? ''}\0${text(HOSTS)}\0${text('/etc/resolv.conf')}`;
}

function namelessFingerprint(view: ViewFacts): string {
  const text = (path: string): string => valueOf(view.files[path])?.text ?? '';
  return `${view.kind}\0${text('/etc/resolv.conf')}\0${text('/etc/nsswitch.conf')}`;
}

interface HostsLines {
  readonly lines: readonly string[];
  readonly lowered: string;
}

/** musl reads pieces of 511 bytes; a character has at most four. */
const LONGEST_LINE = 127;

/** undefined: more than the lines with a name decide what the file says of it (pieces of long lines, an unfinished last one). */
const hostsLines = memoByText((text: string): HostsLines | undefined => {
  const lines = text.split('\n');
  const lowered = text.toLowerCase();
  const isPlain = lines.at(-1) === '' && lowered.length === text.length && lines.every((line) => line.length <= LONGEST_LINE);
  return isPlain ? { lines, lowered } : undefined;
});

/**
 * All that a view says by itself of a name: the lines of its hosts file that hold the text, with their numbers. undefined: it cannot be told
 * so, or the name may be the view's own.
 */
function ownWords(view: ViewFacts, name: string): string | undefined {
  const file = view.files[HOSTS];
  const content: FileContent | undefined = file?.state === 'known' ? file.value : undefined;
  const hostname = valueOf(view.hostname);
  if (content === undefined || content.truncated === true || hostname === undefined || hostname.includes('.')) return undefined;
  const wanted = (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
  if (wanted === '' || hostname.toLowerCase() === wanted) return undefined;
  const hosts = hostsLines(content);
  if (hosts === undefined) return undefined;
  let words = '';
  let line = 0;
  let start = 0;
  for (let at = hosts.lowered.indexOf(wanted); at >= 0; at = hosts.lowered.indexOf(wanted, start)) {
    while (start <= at) start += (hosts.lines[line++]?.length ?? 0) + 1;
    words += `\0${String(line)} ${hosts.lines[line - 1] ?? ''}`;
  }
  return words;
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
  readonly of: ViewFacts;
  readonly answer: ClientAnswer;
  readonly movable: boolean;
  /** What `of` says of the name by itself; undefined: the answer is for views that are wholly alike. */
  readonly words: string | undefined;
}

/** These ask for the name alone: never backwards, never for the own host name. */
const ASKS_THE_NAME_ALONE: ReadonlySet<string> = new Set(['getaddrinfo', 'go', 'go-cgo']);

/** Asks each question once of all views that get the same answer. */
export function askOnce(world: World, ask: Ask): Ask {
  const { node } = world;
  const wholly = standIns(node);
  const leaders = node.views.filter((view) => !wholly.has(view.id));
  const butForNaming = firstAlike(node, leaders, BUT_FOR_NAMING);
  if (wholly.size === 0 && butForNaming.size === 0) return ask;
  const serversHere = answersItself(node);
  const groups = new Set<ViewId>([...wholly.values(), ...butForNaming.values()].map(({ id }) => butForNaming.get(id)?.id ?? id));
  const kept = new Map<ViewId, Map<string, Kept[]>>();
  for (const id of groups) kept.set(id, new Map());
  // Views that are wholly alike need no look at their hosts files.
  const keptWholly = new Map<ViewId, Map<string, Kept[]>>();
  for (const { id } of wholly.values()) keptWholly.set(id, new Map());
  const taken = ({ of, answer, movable }: Kept, view: ViewFacts, question: Parameters<Ask>[1]): ClientAnswer | undefined => {
    if (of === view) return answer;
    return movable ? moved(answer, { view: of.id, netns: of.netns }, { view: view.id, netns: view.netns }) : ask(world, question);
  };
  return (asked, question) => {
    const leader = wholly.get(question.view)?.id ?? question.view;
    const group = butForNaming.get(leader)?.id ?? leader;
    const byName = kept.get(group);
    const view = world.view(question.view);
    if (asked !== world || byName === undefined || view === undefined) return ask(asked, question);
    const isAsked = ({ answer }: Kept): boolean => answer.client === question.client && answer.port === question.port;
    const wholeByName = keptWholly.get(leader);
    const whole = wholeByName === undefined ? undefined : listed(wholeByName, question.name);
    const alike = whole?.find(isAsked);
    if (alike !== undefined) return taken(alike, view, question);
    const ofName = listed(byName, question.name);
    const words = ASKS_THE_NAME_ALONE.has(question.client) ? ownWords(view, question.name) : undefined;
    const first = ofName.find(
      (one) => isAsked(one) && (words === undefined ? (wholly.get(one.of.id)?.id ?? one.of.id) === leader : one.words === words),
    );
    if (first !== undefined) {
      whole?.push(first);
      return taken(first, view, question);
    }
    const answer = ask(world, question);
    if (answer === undefined) return undefined;
    const ownServer = serversHere && answer.resolution.queries.length > 0;
    const one: Kept = { of: view, answer, words, movable: !ownServer && !mentions(answer, { view: view.id, netns: view.netns }) };
    ofName.push(one);
    whole?.push(one);
    return answer;
  };
}

function listed(byName: Map<string, Kept[]>, name: string): Kept[] {
  let list = byName.get(name);
  if (list === undefined) byName.set(name, (list = []));
  return list;
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
