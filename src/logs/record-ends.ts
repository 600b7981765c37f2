/** How a record ends: whether the next one goes on with it, and whether it ends a process. */
import type { LogLine } from './line-format.ts';
import { lineReader } from './lines.ts';

/** The same for lines that end a process in the same words. */
export const terminalKey = (line: LogLine): string => `${line.terminal ?? ''} ${line.message.slice(0, 400).replaceAll(/\d+/gu, '0')}`;

/** Colours may hide how the text begins; a cheap look before the line is read. */
const MAY_END = /[FPp][0-9AaRrUuEeOo]|failed|Waiting|Unsupported|Cluster|Start request|Main process|oom-kill|Killed/u;

export function endsProcess(example: string): boolean {
  if (!MAY_END.test(example)) return false;
  const reader = lineReader();
  const read = reader.read(example, 1);
  return read?.terminal !== undefined;
}

const LOG_END = Buffer.from('","stream":"');

/** A docker record whose text does not end in an escaped newline goes on in the next one. */
export function isCutRecord(bytes: Uint8Array, start: number, newline: number): boolean {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, newline - start);
  const end = line.lastIndexOf(LOG_END);
  return end > 2 && !(line[end - 1] === 110 && line[end - 2] === 92);
}
