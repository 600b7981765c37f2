/** How a record ends: whether the next one goes on with it, and whether it ends a process. */
import type { LogLine } from './line-format.ts';
import { lineReader } from './lines.ts';

/** The same for lines that end a process in the same words. */
export const terminalKey = (line: LogLine): string => `${line.terminal ?? ''} ${line.message.slice(0, 400).replaceAll(/\d+/gu, '0')}`;

/** Colours may hide how the text begins; a cheap look before the line is read. */
const MAY_END = /[FPp][0-9AaRrUuEeOo]|failed|Waiting|Unsupported|Cluster|Start request|Main process|oom-kill|Killed/u;

/** Marks that the scanner sees itself (core.ts), where the text begins as in these. */
const MARKED = /^(?:F\d\d|FATA|PANI|pani|fata|\[FAT)/u;
const SEEN_BEHIND: ReadonlySet<string> = new Set(['docker-json', 'cri', 'stamped', 'klog', 'logrus-terminal', 'bracketed']);

/** The line ends a process, and nothing but reading it tells so. */
export function endsUnseen(example: string): boolean {
  if (!MAY_END.test(example)) return false;
  const read = lineReader().read(example, 1);
  if (read?.terminal === undefined) return false;
  const isSeen =
    MARKED.test(read.text) &&
    (read.text === example || SEEN_BEHIND.has(read.formats[0] ?? '') || /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:/u.test(example));
  return !isSeen;
}

const LOG_END = Buffer.from('","stream":"');

/** A docker record whose text does not end in an escaped newline goes on in the next one. */
export function isCutRecord(bytes: Uint8Array, start: number, newline: number): boolean {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, newline - start);
  const end = line.lastIndexOf(LOG_END);
  return end > 2 && !(line[end - 1] === 110 && line[end - 2] === 92);
}
