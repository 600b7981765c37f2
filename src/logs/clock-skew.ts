/**
 * How far the clocks of several nodes are apart, from events that the logs of two of them name: equal texts with an id that is nobody
 * else's (a UID, a hash, a revision), each written once on a node. Times of one node are then told in the clock of another.
 */
import type { LogPart } from './log-parts.ts';
import { timeOfLine } from './log-time.ts';
import { eachBlock } from './read-part.ts';

export interface ClockSkew {
  readonly node: string;
  /** To add to the first node's clock to have this one's. */
  readonly skewMs: number;
  readonly events: number;
}

/** Fewer events could be chance. */
const ENOUGH_EVENTS = 3;
/** So much is looked at, of each node as much as of another, from the beginning of its logs. */
const MOST_BYTES = 48 * 2 ** 20;
const MOST_EVENTS = 100_000;
/** Events of one change are written within this of each other, whatever the clocks say. */
const SPREAD_MS = 2000;

/** What makes a line one event: a UID, a long hash, a long number. */
const UNIQUE =
  /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-|(?=[\da-f]{0,15}[a-f])(?=[\da-f]{0,15}\d)[\da-f]{12,}|(?<![\d.:])\d{6,}(?![\d.:])|\bterm[=: "]{1,4}\d/u;

/** The folder that a node's logs lie in: the first part of the path in which the files differ. */
export function nodesOf(paths: readonly string[]): readonly string[] {
  const split = paths.map((p) => p.split('/').filter((d) => d !== '' && d !== '.'));
  const shortest = split.length === 0 ? 0 : Math.min(...split.map((s) => s.length));
  let same = 0;
  while (same < shortest - 1 && split.every((s) => s[same] === split[0]?.[same])) same += 1;
  return split.map((s) => (s.length - 1 > same ? (s[same] ?? '') : ''));
}

/** Empty for one node, or where nothing matches. Reads the beginnings of the files once more. */
export async function clockSkews(parts: readonly LogPart[]): Promise<readonly ClockSkew[]> {
  const files = parts.filter((p) => p.path !== undefined);
  if (files.length < 2) return [];
  const names = nodesOf(files.map((p) => p.shown));
  const nodes = [...new Set(names)];
  if (nodes.length < 2) return [];
  const events = new Map<string, ReadonlyMap<string, number>>();
  for (const node of nodes)
    events.set(
      node,
      await eventsOf(
        files.filter((_, i) => names[i] === node),
        MOST_BYTES / nodes.length,
      ),
    );
  const [first = new Map<string, number>(), ...others] = [...events.values()];
  return others.flatMap((own, i) => {
    const distances = [...own]
      .map(([text, ms]) => ms - (first.get(text) ?? NaN))
      .filter((d) => !Number.isNaN(d))
      .sort((a, b) => a - b);
    const middle = distances[distances.length >> 1];
    if (middle === undefined) return [];
    const agreeing = distances.filter((d) => Math.abs(d - middle) <= SPREAD_MS).length;
    return agreeing < ENOUGH_EVENTS || agreeing < distances.length / 2
      ? []
      : [{ node: nodes[i + 1] ?? '', skewMs: Math.round(middle), events: agreeing }];
  });
}

const NEWLINE = 10;
const MOST_LINE = 2000;
const BUFFER = 3 * 2 ** 20;

/** Text without its time, and when it was written; NaN where it was written more than once. */
async function eventsOf(parts: readonly LogPart[], most: number): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const bytes = new Uint8Array(BUFFER + 64);
  let left = most;
  for (const part of parts) {
    if (left <= 0 || found.size >= MOST_EVENTS) break;
    const beginning = part.packing === 'none' && part.size > left ? { ...part, size: left } : part;
    await eachBlock(bytes, beginning, (end) => {
      if (left <= 0) return;
      left -= end;
      for (let at = 0; at < end && found.size < MOST_EVENTS;) {
        const newline = bytes.indexOf(NEWLINE, at);
        const text = Buffer.from(bytes.buffer, at, Math.min(newline - at, MOST_LINE)).toString('latin1');
        const bare = withoutTimes(text);
        if (UNIQUE.test(bare)) {
          const ms = timeOfLine(bytes, at, newline, part.mtimeMs);
          if (!Number.isNaN(ms)) found.set(bare, found.has(bare) ? NaN : ms);
        }
        at = newline + 1;
      }
    });
  }
  return found;
}

/** Times, the host and the process number of syslog, and the thread of klog: what differs from node to node in one event. */
const withoutTimes = (text: string): string =>
  text
    .replaceAll(/\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| UTC)?/gu, '')
    .replaceAll(/[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,6} {1,9}\d{1,9} /gu, '')
    .replace(
      /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,6})? |(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ) ?[^ ]{1,255} ([^ :[]{1,255})(?:\[\d{1,10}\])?:/u,
      '$1:',
    )
    .replace(/^ ?[^ ]{1,255} ([^ :[]{1,255})\[\d{1,10}\]:/u, '$1:')
    .replaceAll(
      /"(?:__)?(?:ts|time|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP|CURSOR|_SOURCE_REALTIME_TIMESTAMP|_HOSTNAME|_PID|_MACHINE_ID|_BOOT_ID)" ?: ?(?:"[^"]{0,300}"|[\d.]{1,24}),?/gu,
      '',
    );
