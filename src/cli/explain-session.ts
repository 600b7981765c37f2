/** From a name to an explanation: facts, the model's answers, what the real programs say, and where two of them part. */
import { compareWithReal } from '../diagnose/compare-with-real.ts';
import { explain } from '../diagnose/explain.ts';
import type { ClientChoice, ExplainRequest, Explanation } from '../diagnose/explain.ts';
import { firstDifference } from '../diagnose/first-difference.ts';
import type { NodeFacts, ProgramRun } from '../facts/node-facts.ts';
import type { Client, ClientAnswer } from '../model/types.ts';
import { applyToNode } from '../remedy/apply-to-node.ts';
import { parseEdit } from '../remedy/parse-edit.ts';
import type { Edit } from '../remedy/edit.ts';
import type { ClientDifference, RealAnswer } from '../report/explain-json.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { collectFacts, viewsNamed } from './diagnosis-session.ts';

const MAX_ROUNDS = 4;

export interface ExplainSessionRequest {
  readonly name: string;
  readonly port?: number;
  readonly as: readonly ClientChoice[];
  readonly clients: readonly Client[];
  readonly containers: readonly string[];
  readonly whatIf: readonly string[];
  readonly evidence: readonly string[];
  readonly runPrograms: boolean;
  readonly stdin?: AsyncIterable<Buffer | string>;
}

export interface ExplainSession {
  readonly snapshot: Snapshot;
  readonly explanation: Explanation;
  readonly differences: readonly ClientDifference[];
  readonly real: readonly RealAnswer[];
}

export async function explainSession(request: ExplainSessionRequest): Promise<ExplainSession> {
  const { name, port, evidence, containers } = request;
  const live = evidence.length === 0;
  let snapshot = await collectFacts({
    names: [{ name, ...(port === undefined ? {} : { port }) }],
    containers,
    evidence,
    ...(request.stdin === undefined ? {} : { stdin: request.stdin }),
  });
  const views = viewsNamed(snapshot, containers);
  const whatIf = editsOf(request.whatIf, snapshot.node, views);
  const asked: ExplainRequest = { name, ...(port === undefined ? {} : { port }), views, as: request.as, clients: request.clients, whatIf };
  let explanation = explain(snapshot, asked);
  for (let round = 1; live && round < MAX_ROUNDS && explanation.needs.length > 0; round++) {
    const { collectNeeds } = await import('../collect/collect-needs.ts');
    const richer = await collectNeeds(snapshot, explanation.needs);
    if (richer === snapshot) break;
    snapshot = richer;
    explanation = explain(snapshot, asked);
  }
  // After a change that was only thought of, the real programs still see the old world.
  const compare = live && request.runPrograms && whatIf.length === 0;
  const runs =
    compare && request.as.every((c) => c.version === undefined)
      ? await runPrograms(snapshot, explanation, request.clients)
      : snapshot.node.runs;
  return { snapshot, explanation, differences: differencesOf(explanation), real: whatIf.length > 0 ? [] : realAnswers(explanation, runs) };
}

/** Each edit is read against what the ones before it leave: two of them may change one file. */
function editsOf(typed: readonly string[], node: NodeFacts, views: readonly string[]): readonly Edit[] {
  const edits: Edit[] = [];
  for (const one of typed) {
    const now = applyToNode(node, edits);
    const view = now.views.find((v) => (views.length > 0 ? v.id === views[0] : v.kind === 'host')) ?? now.views[0];
    if (view === undefined) throw new CulpritError('bad-edit', NOTHING_TO_EDIT, { edit: one });
    const parsed = parseEdit(one, now, view);
    if (!parsed.ok) throw new CulpritError('bad-edit', parsed.error.text, parsed.error.values);
    edits.push(parsed.value);
  }
  return edits;
}

const NOTHING_TO_EDIT = { en: '"{edit}": nothing is known to edit', zh: '“{edit}”：没有可修改的内容' };

const differencesOf = (explanation: Explanation): readonly ClientDifference[] =>
  explanation.views.flatMap(({ partings }) =>
    partings.map((parting) => {
      const because = firstDifference(parting.left, parting.right);
      return { ...parting, ...(because === undefined ? {} : { because }) };
    }),
  );

/** The old ping stands in the table for what it would do; the real one is another. */
const isInstalled = (answer: ClientAnswer, index: number, all: readonly ClientAnswer[]): boolean =>
  !all.some((other, at) => at > index && other.client === answer.client && other.view === answer.view);

const answersOf = (explanation: Explanation): readonly ClientAnswer[] => explanation.views.flatMap((v) => [...v.answers]);

/** The real programs of the host, one after the other: each is harmless and ends by its own time limit. */
async function runPrograms(snapshot: Snapshot, explanation: Explanation, clients: readonly Client[]): Promise<readonly ProgramRun[]> {
  const [{ runProgram }, { localTransport }] = await Promise.all([import('../collect/ask/ask.ts'), import('../transport/local.ts')]);
  const transport = localTransport();
  const jobs = answersOf(explanation)
    .filter(isInstalled)
    .flatMap((answer) => {
      const argv = clients.find((c) => c.id === answer.client)?.command?.(answer.name, answer.port);
      return argv === undefined
        ? []
        : [
            {
              view: answer.view,
              client: answer.client,
              argv,
              name: answer.name,
              ...(answer.port === undefined ? {} : { port: answer.port }),
            },
          ];
    });
  const runs = await Promise.all(jobs.map((job) => runProgram(transport, snapshot.node, job)));
  return runs.flatMap((run) => (run === undefined ? [] : [run]));
}

function realAnswers(explanation: Explanation, runs: readonly ProgramRun[]): readonly RealAnswer[] {
  return answersOf(explanation)
    .filter(isInstalled)
    .flatMap((answer): readonly RealAnswer[] => {
      const run = runs.find((r) => r.view === answer.view && r.client === answer.client && r.name === answer.name);
      if (run === undefined) return [];
      const compared = compareWithReal(answer, run);
      const said = compared.kind === 'miss' ? compared.what : compared.kind === 'not-comparable' ? compared.why : firstLine(run);
      return [
        {
          client: answer.client,
          view: answer.view,
          ...(answer.version === undefined ? {} : { version: answer.version }),
          said,
          ...(compared.kind === 'not-comparable' ? {} : { agrees: compared.kind === 'agree' }),
        },
      ];
    });
}

const firstLine = (run: ProgramRun): string => `${run.stdout}\n${run.stderr}`.split('\n').find((l) => l.trim() !== '') ?? '';
