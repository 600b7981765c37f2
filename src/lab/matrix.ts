/** Diagnoses scenarios live, one after the other or a few at once, and says of each whether Culprit was right. */
import { CulpritError } from '../shared/culprit-error.ts';
import { missingNeeds } from './check-needs.ts';
import type { Lab } from './lab.ts';
import type { ProgramResult } from './program.ts';
import { showCommand, wantsPaste, withScenario, wordsIn, writePaste, type ShownCommand } from './run-scenario.ts';
import type { Expectation, Scenario } from './scenario.ts';

export interface MatrixRow {
  readonly id: string;
  readonly kind: Scenario['kind'];
  /**
   * right: as the scenario expects; wrong: another cause first, or none where there is one; undecided: Culprit says that it cannot
   * tell; false-alarm: a verdict where nothing is wrong; broken: no report at all, or the scenario could not be built.
   */
  readonly outcome: 'right' | 'wrong' | 'undecided' | 'false-alarm' | 'broken' | 'skipped';
  readonly detail: string;
  readonly expected?: string;
  readonly first?: string;
  readonly certainty?: string;
  readonly exitStatus?: number;
  readonly buildMs: number;
  readonly diagnoseMs: number;
}

export interface MatrixOptions {
  readonly jobs: number;
  /** The words that start Culprit. */
  readonly culprit: readonly string[];
  readonly onRow?: (row: MatrixRow) => void;
}

const DIAGNOSE_TIMEOUT_MS = 60_000;

export const runMatrix = async (wanted: readonly Scenario[], options: MatrixOptions): Promise<readonly MatrixRow[]> => {
  const rows = new Map<string, MatrixRow>();
  const queue = [...wanted];
  const worker = async (): Promise<void> => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      const row = await runOne(scenario, options.culprit);
      rows.set(scenario.id, row);
      options.onRow?.(row);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return wanted.flatMap((scenario) => rows.get(scenario.id) ?? []);
};

const runOne = async (scenario: Scenario, culprit: readonly string[]): Promise<MatrixRow> => {
  const base = {
    id: scenario.id,
    kind: scenario.kind,
    ...(scenario.expects.cause === undefined ? {} : { expected: scenario.expects.cause }),
  };
  const missing = await missingNeeds(scenario.needs);
  if (missing.length > 0) return { ...base, outcome: 'skipped', detail: missing.join(', '), buildMs: 0, diagnoseMs: 0 };
  const started = performance.now();
  try {
    return await withScenario(scenario, async (lab) => {
      const buildMs = Math.round(performance.now() - started);
      if (wantsPaste(scenario)) {
        const shown: ShownCommand[] = [];
        for (const demonstration of scenario.show) shown.push(await showCommand(lab, demonstration));
        await writePaste(scenario, lab, shown);
      }
      const rowFor = async (target: readonly string[]): Promise<MatrixRow> => {
        const result = await diagnoseIn(lab, culprit, wordsIn(lab, target));
        return { ...base, ...judge(scenario, result), buildMs, diagnoseMs: Math.round(result.durationMs) };
      };
      const row = await rowFor(scenario.target);
      // The first that is not right speaks for all.
      for (const target of row.outcome === 'right' ? (scenario.otherTargets ?? []) : []) {
        const other = await rowFor(target);
        if (other.outcome !== 'right') return { ...other, detail: `[diagnose ${target.join(' ')}] ${other.detail}` };
      }
      return row;
    });
  } catch (error) {
    const detail = error instanceof CulpritError ? `${error.code}: ${JSON.stringify(error.values)}` : String(error);
    return { ...base, outcome: 'broken', detail, buildMs: Math.round(performance.now() - started), diagnoseMs: 0 };
  }
};

export const diagnoseIn = (lab: Lab, culprit: readonly string[], words: readonly string[]): Promise<ProgramResult> =>
  lab.node.exec([...culprit, 'diagnose', ...words, '--json'], { timeoutMs: DIAGNOSE_TIMEOUT_MS });

type Judged = Pick<MatrixRow, 'outcome' | 'detail' | 'first' | 'certainty' | 'exitStatus'>;

interface ReportLike {
  readonly schema?: unknown;
  readonly verdicts?: readonly { readonly cause?: unknown; readonly certainty?: unknown; readonly variants?: unknown }[];
  readonly undecided?: readonly { readonly cause?: unknown }[];
}

const CERTAINTIES = ['possible', 'likely', 'proved'] as const;

const judge = (scenario: Scenario, result: ProgramResult): Judged => {
  const report = reportOf(result.stdout);
  const status = result.exitStatus === undefined ? {} : { exitStatus: result.exitStatus };
  if (report?.verdicts === undefined) {
    const why = result.timedOut
      ? `no answer within ${DIAGNOSE_TIMEOUT_MS / 1000} s`
      : `no report; exit status ${String(result.exitStatus ?? result.signal)}: ${result.stderr.trim().slice(-300)}`;
    return { outcome: 'broken', detail: why, ...status };
  }
  const top = report.verdicts[0];
  const first = top === undefined ? undefined : String(top.cause);
  const certainty = top === undefined ? undefined : String(top.certainty);
  const seen = { ...status, ...(first === undefined ? {} : { first }), ...(certainty === undefined ? {} : { certainty }) };
  const others = report.verdicts.slice(1, 4).map((verdict) => String(verdict.cause));
  const open = (report.undecided ?? []).slice(0, 4).map((entry) => String(entry.cause));
  const said = first === undefined ? `no verdict, exit status ${String(result.exitStatus)}` : `${first} (${String(certainty)})`;
  const more = `${others.length > 0 ? `; then ${others.join(', ')}` : ''}${open.length > 0 ? `; undecided: ${open.join(', ')}` : ''}`;
  const { expects } = scenario;
  const found = new Set(report.verdicts.map((verdict) => String(verdict.cause)));
  if (scenario.kind === 'healthy') {
    if (first !== undefined) return { outcome: 'false-alarm', detail: `${said}${more}`, ...seen };
    return result.exitStatus === expects.exitStatus
      ? { outcome: 'right', detail: '', ...seen }
      : { outcome: 'undecided', detail: `${said}${more}`, ...seen };
  }
  if (first === undefined && result.exitStatus === 3)
    return { outcome: 'undecided', detail: `expected ${String(expects.cause)}${more}`, ...seen };
  const problems = [
    ...(first !== undefined && isAccepted(expects, first) ? [] : [`${said} instead of ${String(expects.cause)}`]),
    ...(first === undefined || sureEnough(expects, certainty) ? [] : [`only ${String(certainty)}`]),
    ...(expects.together ?? []).filter((id) => !found.has(id)).map((id) => `${id} is not found`),
    ...(result.exitStatus === expects.exitStatus ? [] : [`exit status ${String(result.exitStatus)} instead of ${expects.exitStatus}`]),
  ];
  return problems.length === 0
    ? { outcome: 'right', detail: said + more, ...seen }
    : { outcome: 'wrong', detail: problems.join('; ') + more, ...seen };
};

const isAccepted = (expects: Expectation, id: string): boolean => id === expects.cause || (expects.alsoAccepted ?? []).includes(id);

const sureEnough = (expects: Expectation, certainty: string | undefined): boolean =>
  CERTAINTIES.findIndex((each) => each === certainty) >= CERTAINTIES.findIndex((each) => each === (expects.certainty ?? 'possible'));

const reportOf = (text: string): ReportLike | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};
