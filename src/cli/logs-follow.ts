/** `logs --follow`: reads a file as it grows and tells each new kind of failure and each end of a process once it happens. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Signature } from '../facts/signature.ts';
import { BlockFeeder } from '../logs/block-feeder.ts';
import type { LogPart } from '../logs/log-parts.ts';
import { stateOf } from '../logs/read-part.ts';
import { triageLiterals } from '../logs/triage-literals.ts';
import { BLOCK_ROOM, Triage, TASK_LINES } from '../logs/triage.ts';
import { renderText } from '../report/render-said.ts';
import { symptomAnchors } from '../evidence/symptoms/symptom-collector.ts';
import { makeCore } from '../scanner/make-core.ts';
import type { Language } from '../shared/language.ts';
import { sanitizeLine } from '../shared/sanitize.ts';
import { LogSink } from './logs-share.ts';

const texts = {
  replaced: { en: '-- the file was replaced: reading the new one', zh: '-- 文件已被替换：改读新文件' },
  shrank: { en: '-- the file became shorter: reading from its beginning', zh: '-- 文件变短了：从头读取' },
} as const;

const PAUSE_MS = 300;
const READ = 256 * 1024;

/** Ends when `signal` says so, or never. */
export async function followLog(
  path: string,
  signatures: readonly Signature[],
  tell: (text: string) => void,
  language: Language,
  signal?: AbortSignal,
): Promise<void> {
  const part: LogPart = { path, shown: path, set: path, packing: 'none', size: 0, mtimeMs: Date.now(), inode: 0 };
  // A line is given to the sink when it says something that no line before it said.
  const sink = new LogSink([part], signatures, (line) => {
    if (line.terminal !== undefined || sink.collector.symptoms().length > known) {
      known = sink.collector.symptoms().length;
      tell(`${path}:${line.lineNumber % TASK_LINES}: ${sanitizeLine(line.text)}\n`);
    }
  });
  let known = 0;
  const triage = new Triage(makeCore(triageLiterals(symptomAnchors(signatures))), sink);
  let fd = openSync(path, 'r');
  let at = 0;
  let task = 0;
  const fresh = (): BlockFeeder => {
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
  let feeder = fresh();
  try {
    while (signal?.aborted !== true) {
      const got = readSync(fd, triage.bytes, feeder.at, Math.min(feeder.space, READ), at);
      if (got > 0) {
        at += got;
        feeder.took(got);
        continue;
      }
      const change = changeOf(path, fd, at);
      if (change !== undefined) {
        tell(`${renderText(texts[change], language)}\n`);
        feeder.end();
        if (change === 'replaced') {
          closeSync(fd);
          fd = openSync(path, 'r');
        }
        at = 0;
        task += 1;
        feeder = fresh();
      }
      await sleep(PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
  } finally {
    closeSync(fd);
  }
}

function changeOf(path: string, fd: number, at: number): 'replaced' | 'shrank' | undefined {
  const open = stateOf(fd);
  try {
    if (statSync(path).ino !== open.inode) return 'replaced';
  } catch {
    // Between the old file and the new one there may be none for a moment.
    return undefined;
  }
  return open.size < at ? 'shrank' : undefined;
}
