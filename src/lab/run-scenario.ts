/** Builds a scenario, lets something be done in it, and takes everything down again, whatever happens. */
import { missingNeeds } from './check-needs.ts';
import { needsMissing, unknownScenario } from './lab-error.ts';
import { Lab } from './lab.ts';
import { LAB_FOLDER } from './namespace-host.ts';
import type { ProgramResult } from './program.ts';
import type { Demonstration, Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

export interface ShownCommand {
  readonly demonstration: Demonstration;
  readonly result: ProgramResult;
  /** What it should have said and did not, or the reverse; empty when it went as the scenario says. */
  readonly surprises: readonly string[];
}

export const findScenario = (name: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.id === name);
  if (found === undefined) throw unknownScenario(name);
  return found;
};

/** `{pid:NAME}` in a target becomes the first process of that container. */
export const wordsIn = (lab: Lab, words: readonly string[]): readonly string[] =>
  words
    .map((word) => (word === PASTE ? PASTE_FILE : word))
    .map((word) => word.replace(/\{pid:([a-z0-9-]+)\}/g, (whole, name: string) => String(lab.containers.get(name)?.pid ?? whole)));

const PASTE = '{paste}';
const PASTE_FILE = `${LAB_FOLDER}/paste.txt`;

/** What was shown, as a person would paste it; written inside the node when one of the scenario's targets wants it. */
export const writePaste = async (scenario: Scenario, lab: Lab, shown: readonly ShownCommand[]): Promise<void> => {
  if (!wantsPaste(scenario)) return;
  await lab.node.write(
    PASTE_FILE,
    shown.map(({ demonstration, result }) => `$ ${demonstration.command}\n${result.stdout}${result.stderr}`.trimEnd()).join('\n\n') + '\n',
  );
};

export const wantsPaste = (scenario: Scenario): boolean => [scenario.target, ...(scenario.otherTargets ?? [])].flat().includes(PASTE);

export const withScenario = async <T>(scenario: Scenario, work: (lab: Lab) => Promise<T>): Promise<T> => {
  const missing = await missingNeeds(scenario.needs);
  if (missing.length > 0) throw needsMissing(missing);
  const lab = await Lab.start();
  // A signal must not leave control groups behind; namespaces go by themselves with this process.
  const stop = (signal: NodeJS.Signals): void => {
    void lab.dispose().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await scenario.build(lab);
    return await work(lab);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await lab.dispose();
  }
};

export const showCommand = async (lab: Lab, demonstration: Demonstration): Promise<ShownCommand> => {
  const result = await lab.run(demonstration.command, demonstration.in, { timeoutMs: 40_000 });
  return { demonstration, result, surprises: surprisesIn(demonstration, result) };
};

const surprisesIn = (demonstration: Demonstration, result: ProgramResult): readonly string[] => {
  const { exitStatus, says = [], never = [] } = demonstration.expect ?? {};
  const output = `${result.stdout}\n${result.stderr}`;
  return [
    ...(exitStatus !== undefined && result.exitStatus !== exitStatus
      ? [`exit status ${String(result.exitStatus ?? result.signal)} instead of ${exitStatus}`]
      : []),
    ...says.filter((pattern) => !pattern.test(output)).map((pattern) => `does not say ${String(pattern)}`),
    ...never.filter((pattern) => pattern.test(output)).map((pattern) => `says ${String(pattern)}`),
  ];
};
