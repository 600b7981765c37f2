/** `logs --follow`: reads a file as it grows and tells each new kind of failure and each end of a process once it happens. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { symptomAnchors } from '../evidence/symptoms/symptom-collector.ts';
import type { Signature } from '../facts/signature.ts';
import { BlockFeeder } from '../logs/block-feeder.ts';
import type { LogLine } from '../logs/line-format.ts';
import { codeOf } from '../logs/log-parts.ts';
import type { LogPart } from '../logs/log-parts.ts';
import { stateOf } from '../logs/read-part.ts';
import { triageLiterals } from '../logs/triage-literals.ts';
import { BLOCK_ROOM, Triage, TASK_LINES } from '../logs/triage.ts';
import { renderText } from '../report/render-said.ts';
import { toJson } from '../report/report-json.ts';
import { LOGS_EVENT_SCHEMA } from '../report/schema-names.ts';
import type { LogsEvent } from '../report/logs-schema.ts';
import { makeCore } from '../scanner/make-core.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import type { Language } from '../shared/language.ts';
import { sanitizeLine } from '../shared/sanitize.ts';
import { LogSink } from './logs-share.ts';

const texts = {
  replaced: { en: '-- the file was replaced: reading the new one', zh: '-- 文件已被替换：改读新文件' },
  shrank: { en: '-- the file became shorter: reading from its beginning', zh: '-- 文件变短了：从头读取' },
  gone: { en: '-- the file is gone: waiting for a new one', zh: '-- 文件已不存在：等待新文件' },
  unreadable: { en: '{path} cannot be followed: {why}', zh: '无法跟随 {path}：{why}' },
} as const;

type Change = 'replaced' | 'shrank' | 'gone';

const PAUSE_MS = 300;
const READ = 256 * 1024;

export interface FollowRequest {
  /** '-': standard input, to its end. */
  readonly path: string;
  readonly signatures: readonly Signature[];
  readonly tell: (text: string) => void;
  readonly language: Language;
  /** One JSON document a line in place of text. */
  readonly json?: boolean;
  readonly stdin?: Readable;
  readonly signal?: AbortSignal;
}

/** Ends when `signal` says so, or at the end of standard input. */
export async function followLog(request: FollowRequest): Promise<void> {
  const { path, tell, signatures } = request;
  const part: LogPart = { path, shown: path, set: path, packing: 'none', size: 0, mtimeMs: Date.now(), inode: 0 };
  const say = (event: Omit<LogsEvent, 'schema'>, text: string): void => {
    tell(request.json === true ? toJson({ schema: LOGS_EVENT_SCHEMA, ...event }) : `${text}\n`);
  };
  let known = 0;
  // A line is given to the sink when it says something that no line before it said.
  const sink = new LogSink([part], signatures, (line) => {
    const kinds = sink.collector.symptoms().length;
    if (line.terminal === undefined && kinds <= known) return;
    known = kinds;
    say(eventOf(line, path), `${path}:${line.lineNumber % TASK_LINES}: ${sanitizeLine(line.text)}`);
  });
  const triage = new Triage(makeCore(triageLiterals(symptomAnchors(signatures))), sink);
  const feederOf = (task: number): BlockFeeder => {
    triage.begin(0, task, Date.now());
    return new BlockFeeder({
      bytes: triage.bytes,
      room: BLOCK_ROOM,
      onBlock: (end) => {
        triage.block(end);
      },
      onOverlong: () => {
        triage.overlong();
      },
    });
  };
  if (path === '-') await followStream(request.stdin ?? process.stdin, triage, feederOf(0));
  else {
    const changed = (change: Change): void => {
      say({ kind: change, source: path }, renderText(texts[change], request.language));
    };
    await followFile(path, triage, feederOf, changed, request.signal);
  }
}

const eventOf = (line: LogLine, path: string): Omit<LogsEvent, 'schema'> => ({
  kind: line.terminal ?? 'failure',
  source: `${path}:${String(line.lineNumber % TASK_LINES)}`,
  text: line.text.slice(0, 4000),
  ...(line.time === undefined ? {} : { time: line.time }),
  ...(line.level === undefined ? {} : { level: line.level }),
});

async function followStream(stdin: Readable, triage: Triage, feeder: BlockFeeder): Promise<void> {
  for await (const given of stdin) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : (given as Buffer);
    for (let from = 0; from < chunk.length;) {
      const length = Math.min(chunk.length - from, feeder.space);
      triage.bytes.set(chunk.subarray(from, from + length), feeder.at);
      feeder.took(length);
      from += length;
    }
  }
  feeder.end();
}

async function followFile(
  path: string,
  triage: Triage,
  feederOf: (task: number) => BlockFeeder,
  changed: (change: Change) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let fd = openFirst(path);
  let at = 0;
  let task = 0;
  let isGone = false;
  let feeder = feederOf(task);
  const readOn = (): boolean => {
    const got = readSync(fd, triage.bytes, feeder.at, Math.min(feeder.space, READ), at);
    at += got;
    if (got > 0) feeder.took(got);
    return got > 0;
  };
  try {
    while (signal?.aborted !== true) {
      if (readOn()) continue;
      const change = changeOf(path, fd, at);
      // What was written between the last look and the rename belongs to the old file.
      if (change === 'replaced') while (readOn());
      if (change === 'gone' ? !isGone : change !== undefined) changed(change ?? 'gone');
      isGone = change === 'gone';
      if (change === 'replaced' || change === 'shrank') {
        feeder.end();
        if (change === 'replaced') {
          const next = openAgain(path);
          if (next === undefined) continue;
          closeSync(fd);
          fd = next;
        }
        at = 0;
        task += 1;
        feeder = feederOf(task);
        continue;
      }
      await sleep(PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
  } finally {
    closeSync(fd);
  }
}

function openFirst(path: string): number {
  try {
    if (statSync(path).isDirectory()) throw new CulpritError('follow-unreadable', texts.unreadable, { path, why: 'EISDIR' });
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof CulpritError) throw error;
    throw new CulpritError('follow-unreadable', texts.unreadable, { path, why: codeOf(error) });
  }
}

function openAgain(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function changeOf(path: string, fd: number, at: number): Change | undefined {
  const open = stateOf(fd);
  try {
    if (statSync(path).ino !== open.inode) return 'replaced';
  } catch {
    // Between the old file and the new one there may be none for a moment, or for long.
    return 'gone';
  }
  return open.size < at ? 'shrank' : undefined;
}
