/** Where the time of a trace went: how long each server, cache daemon and address was waited for. Pure. */
import { dialTarget } from './dial-target.ts';
import type { Trace, TracedLookup } from './trace.ts';

export interface TimeSpent {
  /** A DNS server, the path of a socket, or an address and port. */
  readonly on: string;
  readonly ms: number;
}

/** Longest first. Empty where the trace has no times and nobody was waited for in vain. */
export function timeSpent(trace: Trace): readonly TimeSpent[] {
  const spent = new Map<string, number>();
  const add = (on: string, ms: number): void => void spent.set(on, (spent.get(on) ?? 0) + ms);
  for (const lookup of trace.lookups) ofLookup(lookup, add);
  for (const dial of trace.dials) if (dial.ms !== undefined) add(dialTarget(dial), dial.ms);
  return [...spent].map(([on, ms]) => ({ on, ms: Math.round(ms * 1000) / 1000 })).sort((a, b) => b.ms - a.ms);
}

/** From a question to its answer; questions that wait side by side are waited for once. */
function ofLookup(lookup: TracedLookup, add: (on: string, ms: number) => void): void {
  const waiting = new Map<string, { since: number; open: number }>();
  let socket = '';
  for (const e of lookup.events) {
    if (e.event === 'file') continue;
    if (e.event === 'socket') {
      socket = e.path;
      continue;
    }
    const on = e.event === 'cache-request' || e.event === 'cache-reply' ? socket : e.server;
    const own = waiting.get(on);
    if (e.event === 'question' || e.event === 'cache-request') {
      if (own !== undefined) own.open += 1;
      else if (e.at !== undefined) waiting.set(on, { since: e.at, open: 1 });
    } else if (own !== undefined && e.at !== undefined) {
      add(on, Math.max(0, e.at - own.since));
      own.since = e.at;
      own.open -= 1;
      if (own.open === 0 || e.event !== 'answer') waiting.delete(on);
    } else if (e.ms !== undefined) add(on, e.ms);
  }
}
