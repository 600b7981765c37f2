/**
 * A log remembers what was mended long ago. A failure of a machine that is looked at now counts when it is recent, or when its component
 * had nothing more to say after it. Statements and pasted lines are another matter: somebody chose them.
 */
import type { LogFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';

const HOUR = 3_600_000;
/** Backoff of a component that ends again and again is five minutes at most (kubelet), a retry loop is quicker. */
const RECENT = HOUR;
/** After so long a component that runs has either failed again or is well. */
const OLD = 24 * HOUR;
/** Lines that follow at once belong to the same failure. */
const SAME_BREATH = 60_000;
/** A klog header names neither year nor zone: zones lie at most so far apart (UTC-12 to UTC+14). */
const ZONES = 14 * HOUR;

/** `now`: when the log was read; `lastTime`: of the log's last line that has one. */
export function isPast(symptom: Symptom, log: LogFacts, lastTime: string | undefined, now: number): boolean {
  const seen = latest(symptom.lastSeen, now);
  if (seen === undefined || now - seen < RECENT) return false;
  const end = latest(lastTime, now);
  const wentOn = end !== undefined && end - seen > SAME_BREATH;
  return wentOn || (log.view !== undefined && now - seen > OLD);
}

/** The latest moment that the text can mean; undefined where it means none. */
function latest(time: string | undefined, now: number): number | undefined {
  if (time === undefined) return undefined;
  const short = /^--(\d\d-\d\dT\d\d:\d\d:\d\d)/u.exec(time)?.[1];
  if (short !== undefined) {
    const year = new Date(now).getUTCFullYear();
    const at = Date.parse(`${String(year)}-${short}Z`);
    if (Number.isNaN(at)) return undefined;
    const past = at > now + 2 * OLD ? Date.parse(`${String(year - 1)}-${short}Z`) : at;
    return past + ZONES;
  }
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/u.test(time);
  const at = Date.parse(zoned ? time : `${time}Z`);
  return Number.isNaN(at) ? undefined : zoned ? at : at + ZONES;
}
