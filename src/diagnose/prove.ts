/**
 * Proof by counterfactual: does the model predict the failure on the facts as they are? With the remedy's edits applied, does the
 * failure go, and does nothing that worked break? Both: the cause is proved.
 */
import type { NodeFacts } from '../facts/node-facts.ts';
import type { ClientAnswer, Need, World } from '../model/types.ts';
import { answersItself, worldOf } from '../model/answering-servers.ts';
import { applyToNode } from '../remedy/apply-to-node.ts';
import type { Remedy } from '../remedy/edit.ts';
import { needsOf } from './needs.ts';
import { fails, progress, reached } from './outcome-order.ts';
import type { ProofRecord, Question } from './types.ts';

/** Answers one question in one world; undefined when the client does not exist there. */
export type Ask = (world: World, question: Question) => ClientAnswer | undefined;

export type Trial =
  | { readonly result: 'proved'; readonly proof: ProofRecord }
  /** The failure stays, or something else breaks. */
  | { readonly result: 'no-cure'; readonly proof: ProofRecord }
  | { readonly result: 'cannot-tell'; readonly needs: readonly Need[] }
  /** Nothing in the edits can be tried on the model. */
  | { readonly result: 'not-tried' };

export function tryRemedy(
  node: NodeFacts,
  remedy: Remedy,
  failing: readonly ClientAnswer[],
  all: readonly { readonly question: Question; readonly answer: ClientAnswer }[],
  ask: Ask,
  askEach = false,
): Trial {
  if (failing.length === 0 || remedy.edits.every((e) => e.edit === 'by-hand')) return { result: 'not-tried' };
  const edited = applyToNode(node, remedy.edits);
  const after = worldOf(edited);
  const asBefore = askEach ? (): boolean => false : untouched(node, edited);
  const toCure = new Set(failing);
  const cured: ClientAnswer[] = [];
  const broken: ClientAnswer[] = [];
  const uncured: ClientAnswer[] = [];
  const needs: Need[] = [];
  for (const { question, answer } of all) {
    const claimed = toCure.has(answer);
    const same = asBefore(answer);
    if (same && !claimed) continue;
    const now = same ? answer : ask(after, question);
    if (now === undefined) continue;
    const [before, later] = [progress(answer), progress(now)];
    if (claimed) {
      const least = reached(now);
      if (before !== undefined && least !== undefined && least > before) cured.push(now);
      else if (later === undefined) needs.push(...needsOf(now));
      else uncured.push(now);
    } else if (before !== undefined && later !== undefined && later < before) {
      broken.push(now);
    }
  }
  const proof: ProofRecord = { predicted: failing, afterRemedy: [...cured, ...uncured], broken, remedy: remedy.id };
  if (uncured.length > 0 || broken.length > 0) return { result: 'no-cure', proof };
  if (cured.length === 0) return { result: 'cannot-tell', needs };
  return { result: 'proved', proof };
}

/**
 * Answers that the edits cannot change: the view and its network namespace are the very same facts, and no server or cache of this node
 * was asked, whose own view may have changed.
 */
function untouched(before: NodeFacts, after: NodeFacts): (answer: ClientAnswer) => boolean {
  const kept = new Set<object>([...after.views, ...after.netns]);
  const same = new Set<string>();
  for (const view of before.views) {
    const netns = before.netns.find((n) => n.id === view.netns);
    if (kept.has(view) && (netns === undefined || kept.has(netns))) same.add(view.id);
  }
  const daemonsKept = before.daemons === after.daemons && before.daemons.every((daemon) => same.has(daemon.view));
  const serversHere = answersItself(before) || answersItself(after);
  return ({ view, resolution }) =>
    same.has(view) && (daemonsKept || before.daemons.length === 0) && (!serversHere || resolution.queries.length === 0);
}

/** The failing answers that a finding claims: those the finding names, else every failing answer in its view. */
export function claimedAnswers(
  answers: readonly ClientAnswer[],
  claims: ((answer: ClientAnswer) => boolean) | undefined,
): readonly ClientAnswer[] {
  return claims === undefined ? [] : answers.filter((a) => fails(a) && claims(a));
}
