/** Expected failures of the lab: a privilege or a program that is not there, or a step of a scenario that did not work. */
import { shellLine, type ProgramResult } from './program.ts';

export type LabErrorCode =
  | 'unknown-scenario'
  | 'needs-missing'
  | 'host-not-started'
  | 'step-failed'
  | 'daemon-not-ready'
  | 'download-failed';

export class LabError extends Error {
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string) {
    super(message);
    this.name = 'LabError';
    this.code = code;
  }
}

/** What went wrong in one step, with enough of its output to understand it. */
export const stepFailed = (result: ProgramResult): LabError => {
  const how = result.startError ?? (result.timedOut ? 'timed out' : `exit status ${result.exitStatus ?? result.signal ?? '?'}`);
  const output = `${result.stderr}${result.stdout}`.trim().slice(0, 2000);
  return new LabError('step-failed', `${shellLine(result.command).slice(0, 500)}: ${how}${output === '' ? '' : `\n${output}`}`);
};
