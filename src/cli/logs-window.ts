/** Second looks into logs: the lines of one template, when an event happened, when the last line was written. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { LogPart } from '../logs/log-parts.ts';
import { timeOfLine } from '../logs/log-time.ts';
import { readLine } from '../logs/lines.ts';
import { eachBlock } from '../logs/read-part.ts';
import type { Template } from '../logs/templates.ts';
import type { Range } from '../logs/triage-types.ts';
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
    await eachBlock(core.bytes, part, (end) => {
      for (let at = 0; at < end;) {
        const newline = core.bytes.indexOf(NEWLINE, at);
        line += 1;
        const ms = range === undefined ? 0 : timeOfLine(core.bytes, at, newline, part.mtimeMs);
        const inRange = range === undefined || (ms >= range.since && ms <= range.until);
        if (inRange && core.fold(at, newline + 1).touched === 1 && keys.has(core.shapeKey(core.touched[0] ?? 0))) {
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
  return [...first, ...last];
}

/** Of the last line that holds the text, or the last one that ends a process. */
export async function eventTime(text: string, parts: readonly LogPart[]): Promise<number | undefined> {
  const wanted = Buffer.from(text, 'utf8');
  let found: number | undefined;
  const bytes = new Uint8Array(4 * 2 ** 20);
  for (const part of parts) {
    await eachBlock(bytes, part, (end) => {
      const block = Buffer.from(bytes.buffer, 0, end);
      for (let at = 0; at < end;) {
        const hit = text === 'terminal' ? at : block.indexOf(wanted, at);
        if (hit < 0) return;
        const start = block.lastIndexOf(NEWLINE, hit) + 1;
        const from = text === 'terminal' ? at : start;
        const newline = block.indexOf(NEWLINE, hit);
        if (text !== 'terminal' || readLine(block.toString('utf8', from, Math.min(newline, from + 4000))).terminal !== undefined) {
          const ms = timeOfLine(bytes, from, newline, part.mtimeMs);
          if (!Number.isNaN(ms)) found = ms;
        }
        at = newline + 1;
      }
    });
  }
  return found;
}

/** Of the last part that can be looked into from its end; now, for what comes as a stream. */
export function lastTimeOf(parts: readonly LogPart[]): number {
  let last = -Infinity;
  for (const part of parts) {
    if (part.path === undefined) return Date.now();
    if (part.packing !== 'none' || part.size === 0) continue;
    const bytes = Buffer.alloc(Math.min(part.size, 64 * 1024));
    const fd = openSync(part.path, 'r');
    try {
      const got = readSync(fd, bytes, 0, bytes.length, part.size - bytes.length);
      for (const line of bytes.toString('latin1', 0, got).split('\n').slice(-20)) {
        const raw = Buffer.from(line, 'latin1');
        const ms = timeOfLine(raw, 0, raw.length, part.mtimeMs);
        if (ms > last) last = ms;
      }
    } finally {
      closeSync(fd);
    }
  }
  return last === -Infinity ? Math.max(...parts.map((p) => p.mtimeMs)) : last;
}
