/**
 * Failures of the first minute of a process that lives on without them are start-up, not faults: the API is not up yet. Only a log with
 * times can show this; a pasted excerpt cannot.
 */
import type { LogFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';

const START_UP_MS = 60_000;

const at = (time: string | undefined): number | undefined => {
  if (time === undefined || time.startsWith('--')) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
};

/** Refused, unreachable and timed-out dials that stop within the first minute of a log that goes on for another one. */
export function startUpNoise(symptoms: readonly Symptom[], logs: readonly LogFacts[]): readonly Symptom[] {
  const byPath = new Map(logs.map((l) => [l.path, l]));
  return symptoms.map((s) => {
    if (
      s.terminal === true ||
      s.details?.['noise'] !== undefined ||
      !['dial-failed', 'lookup-failed', 'request-timeout', 'connection-closed', 'http-failed'].includes(s.kind)
    )
      return s;
    const source = s.evidence[0];
    const log = source?.kind === 'log' ? byPath.get(source.path) : undefined;
    const first = at(log?.firstTime);
    const last = at(log?.lastTime);
    const seen = at(s.lastSeen);
    if (first === undefined || last === undefined || seen === undefined) return s;
    const isStartUp = seen - first <= START_UP_MS && last - seen >= START_UP_MS;
    return isStartUp ? { ...s, details: { ...s.details, noise: 'start-up' } } : s;
  });
}
