/** One finding of one cause becomes a verdict, an open question, or is ruled out. */
import type { Cause, CauseEvidence, Finding } from '../causes/define-cause.ts';
import type { Source } from '../facts/fact.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';
import type { ClientAnswer, Need, Step } from '../model/types.ts';
import type { Edit, Remedy } from '../remedy/edit.ts';
import type { Said, Values } from '../shared/text.ts';
import { say } from '../shared/text.ts';
import type { Asked } from './diagnose.ts';
import { describeNeed } from './describe-need.ts';
import { claimedAnswers, tryRemedy } from './prove.ts';
import type { Ask, Trial } from './prove.ts';
import { remediesOf } from './remedies-of.ts';
import type { Certainty, ChainLink, Evidence, RuledOut, Undecided, Verdict } from './types.ts';

export interface Bench {
  readonly fromEvidence: boolean;
  readonly node: NodeFacts;
  /** Answers that rest on usual facts where nobody showed them: what they prove is likely at most. */
  readonly assumed: ReadonlySet<ClientAnswer>;
  readonly asked: readonly Asked[];
  readonly failing: readonly ClientAnswer[];
  readonly symptoms: readonly Symptom[];
  readonly ask: Ask;
  /** Asks every question anew in each edited world. */
  readonly askEach: boolean;
}

export interface Judged {
  readonly verdict?: Verdict;
  readonly undecided?: Undecided;
  readonly ruledOut?: RuledOut;
  /** It is so, and its smallest change takes no failure away by itself: another fault may stand behind it. */
  readonly alone?: readonly Edit[];
  readonly needs: readonly Need[];
}

const texts = {
  harmless: { en: 'it is so, but nothing fails because of it', zh: '情况属实，但没有任何程序因此失败' },
  noCure: { en: 'it is so, but taking it away does not take the failure away', zh: '情况属实，但消除它之后故障依旧' },
  answerFails: { en: '{client} in {view}: {name} {says}', zh: '{view} 中的 {client}：{name} {says}' },
  complains: {
    en: 'this failure is on record{count, plural, one {} other {, # times}}',
    zh: '该故障有记录{count, plural, =1 {} other {，共 # 次}}',
  },
  symptom: { en: '{who}: {line}', zh: '{who}：{line}' },
  line: { en: '{line}', zh: '{line}' },
  afterwards: { en: 'With the change, in the model: {client} gets {answer}.', zh: '在模型中应用该修改后：{client} 得到 {answer}。' },
} as const;

export function judge(cause: Cause, finding: Finding, bench: Bench): Judged {
  const title = say(cause.title, finding.status === 'present' ? finding.values : undefined);
  if (finding.status === 'absent') return { ruledOut: { cause: cause.id, title, because: finding.because }, needs: [] };
  if (finding.status === 'cannot-tell') {
    return { undecided: { cause: cause.id, title, needs: finding.needs.map(describeNeed) }, needs: finding.needs };
  }
  const claimed = claimedAnswers(bench.failing, finding.explainsAnswer);
  const symptoms = finding.explainsSymptom === undefined ? [] : bench.symptoms.filter(finding.explainsSymptom);
  const aboutNames = finding.explainsAnswer !== undefined;
  if (claimed.length === 0 && symptoms.length === 0 && (aboutNames || !concerns(cause, bench))) {
    return { ruledOut: { cause: cause.id, title, because: say(texts.harmless) }, needs: [] };
  }
  const trials = remediesOf(cause, finding).map((remedy) => ({
    remedy,
    trial: tryRemedy(bench.node, remedy, claimed, bench.asked, bench.ask, bench.askEach),
  }));
  const needs = trials.flatMap(({ trial }) => (trial.result === 'cannot-tell' ? [...trial.needs] : []));
  const cure = trials.find(({ trial }) => trial.result === 'proved')?.trial;
  const tried = trials.filter(({ trial }) => trial.result !== 'not-tried');
  if (claimed.length > 0 && tried.length > 0 && tried.every(({ trial }) => trial.result === 'no-cure') && symptoms.length === 0) {
    const [smallest] = tried;
    return {
      ruledOut: { cause: cause.id, title, because: say(texts.noCure) },
      ...(smallest === undefined ? {} : { alone: smallest.remedy.edits }),
      needs,
    };
  }
  const proof = cure?.result === 'proved' ? cure.proof : undefined;
  const onAssumptions = proof?.predicted.every((answer) => bench.assumed.has(answer)) === true;
  const certainty: Certainty = proof === undefined ? byGrades(finding.evidence) : onAssumptions ? 'likely' : 'proved';
  return {
    verdict: {
      cause: cause.id,
      title,
      certainty: lowest(certainty, finding.atMost),
      ...(finding.view === undefined ? {} : { view: finding.view }),
      summary: finding.summary ?? say(cause.summary, finding.values),
      explains: [...claimed.map(answerSaid), ...symptomsSaid(symptoms)],
      chain: chainOf(finding.chain ?? [], claimed[0], proof?.afterRemedy[0]),
      evidence: withLogLines(
        finding.evidence.map(({ said, source }): Evidence => (source === undefined ? { said } : { said, source })),
        symptoms,
      ),
      remedies: orderByEffect(trials),
      ...(proof === undefined || onAssumptions ? {} : { proof }),
      severity: cause.severity,
      weight: finding.evidence.reduce((sum, e) => sum + WEIGHTS[e.grade], 0),
      ...(symptoms.some((s) => s.terminal === true) ? { endsProcess: true } : {}),
    },
    needs,
  };
}

/**
 * A setting that only Kubernetes minds (forwarding, swap, cgroups …) is no fault on a machine where no part of it was found and nobody
 * complains. What somebody states or saves is a complaint by itself.
 */
const concerns = (cause: Cause, bench: Bench): boolean =>
  bench.fromEvidence || bench.node.products.length > 0 || bench.symptoms.length > 0 || ALWAYS_A_FAULT.has(cause.area);
const ALWAYS_A_FAULT: ReadonlySet<Cause['area']> = new Set(['localhost-and-hosts', 'name-caches', 'resolv-conf']);

/** What cures comes before what could not be tried; what does not cure is not proposed while something else does. */
function orderByEffect(trials: readonly { readonly remedy: Remedy; readonly trial: Trial }[]): readonly Remedy[] {
  const of = (...results: readonly Trial['result'][]): readonly Remedy[] =>
    trials.filter(({ trial }) => results.includes(trial.result)).map(({ remedy }) => remedy);
  const proved = of('proved');
  return proved.length > 0 ? [...proved, ...of('not-tried', 'cannot-tell')] : trials.map(({ remedy }) => remedy);
}

/** One direct, or two strong of different kinds: likely. A weak fact alone never convicts. */
function byGrades(evidence: readonly CauseEvidence[]): Certainty {
  if (evidence.some((e) => e.grade === 'direct')) return 'likely';
  const strong = evidence.filter((e) => e.grade === 'strong');
  return new Set(strong.map((e) => e.source?.kind ?? e.said.text.en)).size >= 2 ? 'likely' : 'possible';
}

const WEIGHTS: Readonly<Record<CauseEvidence['grade'], number>> = { direct: 9, strong: 3, weak: 1 };
const CERTAINTIES: readonly Certainty[] = ['possible', 'likely', 'proved'];
const lowest = (a: Certainty, b: Certainty | undefined): Certainty =>
  b === undefined || CERTAINTIES.indexOf(a) <= CERTAINTIES.indexOf(b) ? a : b;

function answerSaid(answer: ClientAnswer): Said {
  const name = answer.port === undefined ? answer.name : `${answer.name}:${String(answer.port)}`;
  return say(texts.answerFails, { client: answer.client, view: answer.view, name, says: answer.prints[0] ?? failureWord(answer) });
}

function failureWord(answer: ClientAnswer): string {
  if (answer.outcome.kind !== 'fails') return answer.outcome.kind;
  return answer.outcome.errno ?? answer.outcome.error?.text ?? answer.outcome.stage;
}

/** The line that ended the process tells most; else the first one. */
function tellingSource(symptom: Symptom): Source | undefined {
  const ended = symptom.terminal === true ? symptom.evidence.find((s) => TERMINAL.test(s.text ?? '')) : undefined;
  return ended ?? symptom.evidence[0];
}
const TERMINAL = /^F\d{4} |\bfatal\b|\bpanic\b|\[FATAL\]|FATA\[/iu;
const LOG_LINES_CITED = 3;

/** A verdict cites the lines that complain, the one that ended a process first, beside the settings that cause it. */
function withLogLines(evidence: readonly Evidence[], symptoms: readonly Symptom[]): readonly Evidence[] {
  const cited = new Set(evidence.map((e) => e.source?.text));
  const lines = [...symptoms]
    .sort((a, b) => Number(b.terminal === true) - Number(a.terminal === true))
    .flatMap((symptom): readonly Evidence[] => {
      const source = tellingSource(symptom);
      if (source?.text === undefined || cited.has(source.text)) return [];
      cited.add(source.text);
      return [{ said: say(texts.complains, { count: symptom.count }), source }];
    });
  return [...evidence, ...lines.slice(0, LOG_LINES_CITED)];
}

/** One line can be several failures; it is said once, by whoever is known to have written it. */
function symptomsSaid(symptoms: readonly Symptom[]): readonly Said[] {
  const byLine = new Map<string, string | undefined>();
  for (const symptom of symptoms) {
    const line = tellingSource(symptom)?.text ?? symptom.kind;
    const operation = symptom.operation === 'other' ? undefined : symptom.operation;
    byLine.set(line, byLine.get(line) ?? symptom.component ?? symptom.client ?? symptom.view ?? operation);
  }
  return [...byLine].map(([line, who]) => (who === undefined ? say(texts.line, { line }) : say(texts.symptom, { who, line })));
}

/** From the setting to the failure: what the finding shows, then the steps of one failing program, then what the change makes of it. */
function chainOf(own: readonly CauseEvidence[], failing: ClientAnswer | undefined, after: ClientAnswer | undefined): readonly ChainLink[] {
  const links: ChainLink[] = own.map(({ said, source }) => (source === undefined ? { said } : { said, source }));
  if (failing !== undefined) {
    const steps = [...failing.resolution.steps, ...failing.attempts.flatMap((a) => [...a.steps])];
    links.push(...steps.flatMap(flatSteps));
  }
  if (after !== undefined) {
    const addresses =
      after.resolution.outcome.kind === 'addresses'
        ? after.resolution.outcome.addresses.map((a) => a.address).join(', ')
        : after.outcome.kind;
    links.push({ said: say(texts.afterwards, { client: after.client, answer: addresses }) });
  }
  return links;
}

function flatSteps(step: Step): readonly ChainLink[] {
  const values: Values | undefined = step.values;
  const own: ChainLink = { said: say(step.kind.text, values), ...(step.at === undefined ? {} : { source: step.at }) };
  return [own, ...(step.inner ?? []).flatMap(flatSteps)];
}
