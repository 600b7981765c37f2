/** Which files are read, in which order: folders are walked with bounds, rotated sets are put in order, kinds of compression are told by their first bytes. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { rewritingOf } from './rewrite-records.ts';
import type { Rewriting } from './rewrite-records.ts';

export type Packing = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'journal' | 'journal-export' | 'archive' | 'binary' | Rewriting;

export interface LogPart {
  /** Undefined: standard input. */
  readonly path: string | undefined;
  readonly shown: string;
  /** Files of one rotated set have the same. */
  readonly set: string;
  readonly packing: Packing;
  readonly size: number;
  /** When it was last written; the year of lines without one is told from it. */
  readonly mtimeMs: number;
  readonly inode: number;
  /** What the folder or docker's own file says of the container. */
  readonly container?: string;
}

export type PartProblem =
  'permission' | 'vanished' | 'not-a-regular-file' | 'archive' | 'binary' | 'too-many' | 'io-error' | 'rotation-gap';

export interface PartTrouble {
  readonly shown: string;
  readonly problem: PartProblem;
  readonly detail?: string;
}

export interface Parts {
  readonly parts: readonly LogPart[];
  readonly troubles: readonly PartTrouble[];
}

const MOST_FILES = 20_000;
const MOST_DEPTH = 12;

export function listParts(given: readonly string[], now: number): Parts {
  const found: LogPart[] = [];
  const troubles: PartTrouble[] = [];
  for (const path of given) {
    if (path === '-') found.push({ path: undefined, shown: '-', set: '-', packing: 'none', size: 0, mtimeMs: now, inode: 0 });
    else walk(path, 0, found, troubles);
  }
  const parts = inOrder(found);
  troubles.push(...rotationGaps(parts));
  return { parts: parts.filter((p) => !isUnreadable(p, troubles)), troubles };
}

function isUnreadable(part: LogPart, troubles: PartTrouble[]): boolean {
  if (part.packing !== 'archive' && part.packing !== 'binary') return false;
  troubles.push({ shown: part.shown, problem: part.packing });
  return true;
}

function walk(path: string, depth: number, found: LogPart[], troubles: PartTrouble[]): void {
  try {
    // What a person names may be a link; kubelet's own folders of logs are links too, one level deep.
    const seen = depth === 0 || path.endsWith('.log') ? statSync(path) : lstatSync(path);
    if (seen.isDirectory()) {
      if (depth >= MOST_DEPTH) return;
      for (const name of readdirSync(path).sort()) walk(join(path, name), depth + 1, found, troubles);
    } else if (!seen.isFile()) {
      if (!seen.isSymbolicLink()) troubles.push({ shown: path, problem: 'not-a-regular-file' });
    } else if (found.length >= MOST_FILES) {
      if (found.length === MOST_FILES) troubles.push({ shown: path, problem: 'too-many' });
    } else {
      if (found.some((f) => f.inode === seen.ino && f.size === seen.size && f.mtimeMs === seen.mtimeMs)) return;
      const container = containerOf(path);
      found.push({
        path,
        shown: path,
        set: setOf(path).set,
        packing: packingOf(headOf(path)),
        size: seen.size,
        mtimeMs: seen.mtimeMs,
        inode: seen.ino,
        ...(container === undefined ? {} : { container }),
      });
    }
  } catch (error) {
    troubles.push({ shown: path, problem: problemOf(error), detail: codeOf(error) });
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : error instanceof Error
      ? error.message
      : String(error);

function problemOf(error: unknown): PartProblem {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM' ? 'permission' : code === 'ENOENT' ? 'vanished' : 'io-error';
}

/** Docker names the container in config.v2.json beside the log; kubelet in the folder: /var/log/pods/NS_POD_UID/CONTAINER/0.log. */
function containerOf(path: string): string | undefined {
  const file = basename(path);
  if (file.includes('-json.log')) {
    const config = join(dirname(path), 'config.v2.json');
    try {
      return /"Name": ?"\/?([^"]{1,120})"/u.exec(readFileSync(config, 'utf8'))?.[1];
    } catch {
      return undefined;
    }
  }
  return /\/pods\/[^/]+\/([^/]+)\/[^/]+$/u.exec(path)?.[1];
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(4096);
  const fd = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** By magic numbers. Sources: RFC 1952, RFC 8878, xz-file-format.txt, bzip2, systemd's JOURNAL_FILE_FORMAT, POSIX ustar, APPNOTE. */
export function packingOf(head: Buffer): Packing {
  if (head.length < 4) return 'none';
  const magic = head.readUInt32BE(0);
  if (head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  if (magic === 0x28b5_2ffd) return 'zstd';
  if (magic === 0xfd37_7a58) return 'xz';
  if (head.toString('latin1', 0, 3) === 'BZh') return 'bzip2';
  const text = head.toString('latin1', 0, 9);
  if (text.startsWith('LPKSHHRH')) return 'journal';
  if (text === '__CURSOR=') return 'journal-export';
  if (magic === 0x504b_0304 || head.toString('latin1', 257, 262) === 'ustar') return 'archive';
  const rewriting = rewritingOf(head);
  if (rewriting !== undefined) return rewriting;
  let odd = 0;
  for (const b of head) if (b < 9 || (b > 13 && b < 27) || b === 127) odd += 1;
  // Junk in a log is reported and read; a file that is nothing else is no log.
  return odd > head.length / 5 && !head.includes(10) ? 'binary' : 'none';
}

interface Rotated {
  readonly set: string;
  /** Older first: what a higher number or an earlier date means. */
  readonly age: number;
  readonly number?: number;
}

/** 'messages.2.gz', 'messages-20210808', '0.log.20210808-061053.gz', 'x-json.log.1': the set and the place in it. The file being written comes last. */
export function setOf(path: string): Rotated {
  const plain = path.replace(/\.(?:gz|zst|xz|bz2)$/u, '');
  const number = /^(.*)\.(\d{1,4})$/su.exec(plain);
  if (number?.[1] !== undefined) return { set: number[1], age: -Number(number[2]), number: Number(number[2]) };
  const date = /^(.*?)[.-](\d{4})-?(\d\d)-?(\d\d)(?:[T-]?(\d{2})[:.]?(\d{2})[:.]?(\d{2}))?(\.log)?$/su.exec(plain);
  if (date?.[1] !== undefined) {
    const [, name, year, month, day, hour = '00', minute = '00', second = '00', ending = ''] = date;
    return { set: `${name}${ending}`, age: -1e15 + Number(`${year ?? ''}${month ?? ''}${day ?? ''}${hour}${minute}${second}`) };
  }
  return { set: plain, age: 0 };
}

/** Sets in the order they were given; within a set the oldest part first. */
function inOrder(found: readonly LogPart[]): readonly LogPart[] {
  const sets = new Map<string, LogPart[]>();
  for (const part of found) {
    const known = sets.get(part.set);
    if (known === undefined) sets.set(part.set, [part]);
    else known.push(part);
  }
  return [...sets.values()].flatMap((set) => set.sort((a, b) => setOf(a.shown).age - setOf(b.shown).age));
}

/** A set with .1 and .3 lacks what stood in .2. */
function rotationGaps(parts: readonly LogPart[]): readonly PartTrouble[] {
  const sets = new Map<string, number[]>();
  for (const part of parts) {
    const { set, number } = setOf(part.shown);
    if (number !== undefined) sets.set(set, [...(sets.get(set) ?? []), number]);
  }
  return [...sets].flatMap(([set, numbers]) => {
    const most = Math.max(...numbers);
    const lacking = Array.from({ length: most }, (_, i) => i + 1).filter((n) => !numbers.includes(n) && n >= Math.min(...numbers));
    return lacking.length === 0 || lacking.length > 20
      ? []
      : [{ shown: set, problem: 'rotation-gap' as const, detail: lacking.map((n) => `.${n}`).join(' ') }];
  });
}
