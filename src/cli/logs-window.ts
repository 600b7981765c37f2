/** Second looks into logs: the lines of one template, when an event happened, when the last line was written. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { LogPart } from '../logs/log-parts.ts';
import { timeOfLine } from '../logs/log-time.ts';
import { eachBlock } from '../logs/read-part.ts';
import type { Template } from '../logs/templates.ts';
import type { Range } from '../logs/triage-types.ts';
import { BLOCK_BYTES, SLACK_BYTES } from '../scanner/core.ts';
import { makeCore } from '../scanner/make-core.ts';

const NEWLINE = 10;
const LINES_SHOWN = 40;

export interface WindowLine {
  readonly source: string;
  readonly text: string;
}

/** The first lines and the last ones of one template, in order. */
export async function linesOfTemplate(
  template: Template,
  parts: readonly LogPart[],
  range: Range | undefined,
): Promise<readonly WindowLine[]> {
  const first: WindowLine[] = [];
  const last: WindowLine[] = [];
  const { core } = makeCore([Buffer.from('\u0000 nothing is looked for')]);
  for (const [file, part] of parts.entries()) {
    const keys = new Set(template.members.filter(([f]) => f === file).map(([, key]) => key));
    if (keys.size === 0) continue;
    let line = 0;
    let isInRange = range === undefined;
    await eachBlock(core.bytes, part, (end) => {
      for (let at = 0; at < end;) {
        const newline = core.bytes.indexOf(NEWLINE, at);
        line += 1;
        const ms = range === undefined ? NaN : timeOfLine(core.bytes, at, newline, part.mtimeMs);
        // A line without a time belongs to the one before.
        if (range !== undefined && !Number.isNaN(ms)) isInRange = ms >= range.since && ms <= range.until;
        if (isInRange && core.fold(at, newline + 1).touched === 1 && keys.has(core.shapeKey(core.touched[0] ?? 0))) {
          const shown = {
            source: `${part.shown}:${line}`,
            text: Buffer.from(core.bytes.subarray(at, Math.min(newline, at + 4000))).toString('utf8'),
          };
          if (first.length < LINES_SHOWN / 2) first.push(shown);
          else {
            last.push(shown);
            if (last.length > LINES_SHOWN / 2) last.shift();
          }
        }
        at = newline + 1;
      }
    });
  }
  // Records that were put together from pieces stand on no one line: the first of them speaks for all.
  if (first.length === 0) return [{ source: `${parts[template.file]?.shown ?? ''}:${String(template.firstLine)}`, text: template.example }];
  return [...first, ...last];
}

/** Of the last line that holds the text, as it stands or as JSON has it. */
export async function eventTime(text: string, parts: readonly LogPart[]): Promise<number | undefined> {
  const forms = [...new Set([text, JSON.stringify(text).slice(1, -1)])].map((f) => Buffer.from(f, 'utf8'));
  let found: number | undefined;
  const bytes = new Uint8Array(BLOCK_BYTES + SLACK_BYTES);
  for (const part of parts) {
    await eachBlock(bytes, part, (end) => {
      const block = Buffer.from(bytes.buffer, 0, end);
      for (const wanted of forms) {
        for (let hit = block.indexOf(wanted); hit >= 0;) {
          const newline = block.indexOf(NEWLINE, hit);
          const ms = timeOfLine(bytes, block.lastIndexOf(NEWLINE, hit) + 1, newline < 0 ? end : newline, part.mtimeMs);
          if (!Number.isNaN(ms) && !(ms < (found ?? -Infinity))) found = ms;
          if (newline < 0) break;
          hit = block.indexOf(wanted, newline + 1);
        }
      }
    });
  }
  return found;
}

/** Of the last lines of all parts; packed ones are read for it where no other says a time. */
export async function lastTimeOf(parts: readonly LogPart[]): Promise<number> {
  let last = -Infinity;
  for (const part of parts) {
    if (part.path === undefined) return Date.now();
    if (part.packing === 'none' && part.size > 0) last = Math.max(last, lastTimeOfFile(part.path, part));
  }
  if (last > -Infinity) return last;
  const bytes = new Uint8Array(BLOCK_BYTES + SLACK_BYTES);
  for (const part of parts.filter((p) => p.packing !== 'none'))
    await eachBlock(bytes, part, (end) => {
      last = Math.max(last, lastTimeIn(bytes, end, part));
    });
  return last === -Infinity ? Math.max(...parts.map((p) => p.mtimeMs)) : last;
}

const TAIL = 64 * 1024;

function lastTimeOfFile(path: string, part: LogPart): number {
  const bytes = Buffer.alloc(Math.min(part.size, TAIL));
  const fd = openSync(path, 'r');
  try {
    return lastTimeIn(bytes, readSync(fd, bytes, 0, bytes.length, part.size - bytes.length), part);
  } finally {
    closeSync(fd);
  }
}

const LAST_LINES = 50;

function lastTimeIn(bytes: Uint8Array, end: number, part: LogPart): number {
  let last = -Infinity;
  let until = bytes[end - 1] === NEWLINE ? end - 1 : end;
  for (let i = 0; i < LAST_LINES && until > 0; i += 1) {
    const start = bytes.lastIndexOf(NEWLINE, until - 1) + 1;
    const ms = timeOfLine(bytes, start, until, part.mtimeMs);
    if (ms > last) last = ms;
    until = start - 1;
  }
  return last;
}
