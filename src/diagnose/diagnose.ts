/** Snapshot in, diagnosis out: ask the model, run the causes, try each remedy on the model, keep what is proved. Pure. */
import { openingQuestions } from '../causes/opening-questions.ts';
import type { Cause, CauseContext, Finding } from '../causes/define-cause.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import type { Client, ClientAnswer, Need, World } from '../model/types.ts';
import { worldOf } from '../model/answering-servers.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { say } from '../shared/text.ts';
import { cacheNeeds, withCachedAnswers } from './cached-answers.ts';
import { countingFailures } from './candidates.ts';
import { describeNeed } from './describe-need.ts';
import { byWords, inOrderOfWords } from './guesses.ts';
import { judge } from './judge.ts';
import type { Bench } from './judge.ts';
import { distinctNeeds, needsOf } from './needs.ts';
import { fails } from './outcome-order.ts';
import { notCheckedOf } from './not-checked.ts';
import type { Ask } from './prove.ts';
import { askOnce } from './same-question.ts';
import { questionsFor } from './questions.ts';
import type { AskedName } from './questions.ts';
import { foldAndSort } from './rank.ts';
import { withUsualFacts } from './usual-facts.ts';
import { twoAtOnce, type Alone } from './two-at-once.ts';
import type { Diagnosis, NotChecked, Question, RuledOut, Undecided, Verdict } from './types.ts';

export interface DiagnoseOptions {
  readonly names?: readonly AskedName[];
  /** Ids of views; absent or empty: all. */
  readonly views?: readonly string[];
  readonly causes: readonly Cause[];
  readonly clients: readonly Client[];
  /** Milliseconds since some start; injected so that the diagnosis stays pure. */
  readonly now?: () => number;
  /** Asks every view on its own, where others get the same answer, too: to hold the short way against. */
  readonly askEach?: boolean;
}

export interface Asked {
  readonly question: Question;
  readonly answer: ClientAnswer;
}

const texts = {
  broken: { en: 'the check of {cause} failed: {error}', zh: '检查 {cause} 时出错：{error}' },
} as const;

export function diagnose(given: Snapshot, options: DiagnoseOptions): Diagnosis {
  const now = options.now ?? ((): number => 0);
  const started = now();
  const snapshot: Snapshot = { ...given, node: withCachedAnswers(given.node, options.clients) };
  const world = worldOf(snapshot.node);
  const plain = askWith(options.clients);
  const ask = options.askEach === true ? plain : askOnce(world, plain);
  const questions = questionsFor(world, snapshot.symptoms, {
    names: options.names ?? [],
    views: options.views ?? [],
    clients: options.clients,
  });
  const asked: Asked[] = [];
  // What a text leaves unsaid is taken for usual; a machine is asked.
  const usual = snapshot.fromEvidence ? withUsualFacts(snapshot.node, snapshot.symptoms) : snapshot.node;
  const usualWorld = snapshot.fromEvidence ? worldOf(usual) : undefined;
  const assumed = new Set<ClientAnswer>();
  for (const question of questions) {
    const answer = ask(world, question);
    if (answer === undefined) continue;
    const again = usualWorld !== undefined && tellsLittle(answer) ? plain(usualWorld, question) : undefined;
    if (again === undefined || !tellsMore(again, answer)) {
      asked.push({ question, answer });
    } else {
      assumed.add(again);
      asked.push({ question, answer: again });
    }
  }
  const modelled = now();
  const failing = countingFailures(world, asked, options.clients);
  const counts = new Set(failing);
  const counted = asked.filter(({ question, answer }) => question.need === 'required' || !fails(answer) || counts.has(answer));
  const all = counted.map((a) => a.answer);
  const openAnswers = all.filter(isOpen);
  const context: CauseContext = { world, node: snapshot.node, symptoms: snapshot.symptoms, answers: openAnswers, allAnswers: all };

  const verdicts: Verdict[] = [];
  const undecided: Undecided[] = [];
  const ruledOut: RuledOut[] = [];
  const notChecked: NotChecked[] = [...notCheckedOf(snapshot)];
  const needs = [
    ...openAnswers.flatMap(needsOf),
    ...cacheNeeds(
      snapshot.node,
      (options.names ?? []).map((n) => n.name),
    ),
  ];
  const bench: Bench = {
    fromEvidence: snapshot.fromEvidence,
    node: assumed.size > 0 ? usual : snapshot.node,
    assumed,
    asked: counted,
    failing,
    symptoms: snapshot.symptoms,
    ask,
    askEach: options.askEach === true,
  };
  const alone: Alone[] = [];
  for (const cause of options.causes) {
    for (const finding of checkSafely(cause, context, notChecked)) {
      const judged = judge(cause, finding, bench);
      if (judged.alone !== undefined) alone.push({ cause, finding, edits: judged.alone });
      if (judged.verdict !== undefined) verdicts.push(judged.verdict);
      if (judged.undecided !== undefined) undecided.push(judged.undecided);
      if (judged.ruledOut !== undefined) ruledOut.push(judged.ruledOut);
      needs.push(...judged.needs);
    }
  }
  verdicts.push(...twoAtOnce(alone, verdicts, bench));
  const sorted = foldAndSort(verdicts, options.causes);
  const nearest = snapshot.fromEvidence
    ? byWords(snapshot, options.causes, sorted.verdicts, [...sorted.folded, ...ruledOut], undecided)
    : undefined;
  const guesses: Verdict[] = [];
  for (const { cause, finding } of nearest?.guesses ?? []) {
    const { verdict } = judge(cause, finding, { ...bench, failing: [] });
    if (verdict !== undefined) guesses.push(verdict);
    if (cause.asks !== undefined && !undecided.some((u) => u.cause === cause.id))
      undecided.push({ cause: cause.id, title: say(cause.title), needs: cause.asks.map(describeNeed) });
  }
  // A guess folds nothing under it.
  const ranked = {
    verdicts: nearest === undefined ? sorted.verdicts : inOrderOfWords(sorted.verdicts, guesses, nearest),
    folded: sorted.folded,
  };
  const reported = snapshot.symptoms.some((s) => s.details?.['noise'] === undefined);
  const troubled = failing.length > 0 || reported;
  const sure = ranked.verdicts.some((v) => v.certainty !== 'possible');
  // A merely possible cause still has its question; once one is sure the others are of no more use.
  const open = undecided.filter((u) => (troubled || snapshot.fromEvidence) && (!sure || !ranked.verdicts.some((v) => v.cause === u.cause)));
  return {
    target: snapshot.target,
    questions,
    answers: asked.map((a) => a.answer),
    failing,
    symptoms: snapshot.symptoms,
    // A machine's logs hold failures that are long over; evidence is given because of them.
    troubled: failing.length > 0 || open.length > 0 || (snapshot.fromEvidence && reported),
    ...(nothingRead(snapshot) ? { unread: true as const } : {}),
    verdicts: ranked.verdicts,
    undecided: open,
    next: snapshot.fromEvidence ? nextQuestions(ranked.verdicts[0], ruledOut, snapshot.node, options.causes).map(describeNeed) : [],
    ruledOut: nearestFirst(
      [...ranked.folded, ...ruledOut.filter((r) => !ranked.verdicts.some((v) => v.cause === r.cause))],
      ranked.verdicts,
      options.causes,
    ),
    notChecked,
    needs: distinctNeeds(needs),
    timings: { model: modelled - started, causes: now() - modelled },
  };
}

/** Evidence that is empty, or no text at all. */
const nothingRead = ({ fromEvidence, pieces }: Snapshot): boolean => fromEvidence && pieces?.every(({ lines }) => lines === 0) === true;

const tellsLittle = (answer: ClientAnswer): boolean =>
  answer.resolution.outcome.kind === 'cannot-tell' || answer.outcome.kind === 'cannot-tell';
const tellsMore = (again: ClientAnswer, answer: ClientAnswer): boolean =>
  again.outcome.kind !== 'cannot-tell' ||
  (again.resolution.outcome.kind !== 'cannot-tell' && answer.resolution.outcome.kind === 'cannot-tell');

/** What tells the best verdict from its look-alikes that are not ruled out, then what parts the areas of the catalogue. */
function nextQuestions(
  best: Verdict | undefined,
  ruledOut: readonly RuledOut[],
  node: NodeFacts,
  causes: readonly Cause[],
): readonly Need[] {
  if (best?.certainty === 'proved') return [];
  const out = new Set(ruledOut.map((r) => r.cause));
  const alike = (causes.find((c) => c.id === best?.cause)?.lookAlikes ?? []).filter((id) => !out.has(id));
  const telling = alike.flatMap((id) => (causes.find((c) => c.id === id)?.asks ?? []).slice(0, 1));
  return distinctNeeds([...telling, ...openingQuestions(node)]);
}

/** It fails, or not even the address can be told. Whether another machine answers at that address is no question of this node. */
const isOpen = (answer: ClientAnswer): boolean =>
  fails(answer) || answer.resolution.outcome.kind === 'cannot-tell' || (answer.port !== undefined && answer.outcome.kind === 'cannot-tell');

/** What might be taken for the cause comes first: that it was looked at is worth knowing. */
function nearestFirst(ruledOut: readonly RuledOut[], verdicts: readonly Verdict[], causes: readonly Cause[]): readonly RuledOut[] {
  const alike = new Set(verdicts.flatMap((v) => causes.find((c) => c.id === v.cause)?.lookAlikes ?? []));
  return [...ruledOut.filter((r) => alike.has(r.cause)), ...ruledOut.filter((r) => !alike.has(r.cause))];
}

export function askWith(clients: readonly Client[]): Ask {
  const byId = new Map(clients.map((c) => [c.id, c]));
  return (world: World, question) => {
    const view = world.view(question.view);
    const client = byId.get(question.client);
    return view === undefined || client === undefined ? undefined : client.answer(world, view, question.name, question.port);
  };
}

/** A cause whose check breaks is named apart; it is never a finding, and the others still run. */
function checkSafely(cause: Cause, context: CauseContext, notChecked: NotChecked[]): readonly Finding[] {
  try {
    return cause.check(context);
  } catch (error) {
    notChecked.push({ what: say(texts.broken, { cause: cause.id, error: error instanceof Error ? error.message : String(error) }) });
    return [];
  }
}
