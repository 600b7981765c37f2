/** A view's files as the probe read them: content, stat(2), links; and the reason where one could not be read. */
import { absent, known, unobserved, type Fact, type UnobservedReason, type ViewId } from '../../facts/fact.ts';
import type { FileContent, Problem } from '../../facts/node-facts.ts';
import { linesOf } from '../../facts/parse/lines.ts';
import type { ProbeRecord } from '../probe-script.ts';

export interface FileStat {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
  readonly device: string;
}

/** Bytes of a file that are taken at most; the probe reads one more, to see that there are more. Equal to the numbers in probe/head.sh. */
export const FILE_BYTES = 65_536;
export const HOSTS_BYTES = 2_097_152;

const REASONS = new Set<string>([
  'permission',
  'not-a-regular-file',
  'link-loop',
  'outside-root',
  'vanished',
  'io-error',
  'timeout',
  'no-tool',
]);
const isReason = (word: string): word is UnobservedReason => REASONS.has(word);

/** Stat lines by path as the probe named it (with /proc/PID/root before it). */
export function readStats(text: string): ReadonlyMap<string, FileStat> {
  const stats = new Map<string, FileStat>();
  for (const line of linesOf(text)) {
    const match = /^([0-9a-f]+) (\d+) (\d+) (\d+) (-?\d+) (\d+) (\d+) \d+ (.+)$/u.exec(line);
    if (match === null) continue;
    const [, mode = '', uid, gid, size, mtime, inode, device = '', path = ''] = match;
    stats.set(path, {
      mode: Number.parseInt(mode, 16) & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size),
      mtime: Number(mtime),
      inode: Number(inode),
      device,
    });
  }
  return stats;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 where it is valid, else a character for each byte. Nothing is lost either way; a byte order mark stays. */
export function textOf(bytes: Uint8Array): Pick<FileContent, 'text' | 'encoding'> {
  try {
    return { text: utf8.decode(bytes), encoding: 'utf8' };
  } catch {
    return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), encoding: 'latin1' };
  }
}

export interface ViewFiles {
  readonly files: Readonly<Record<string, Fact<FileContent>>>;
  readonly problems: readonly Problem[];
}

/**
 * `gone`: the process that stood for the view was no longer there when the probe ended, so a file that was not found may have been there.
 */
export function readFiles(records: readonly ProbeRecord[], view: ViewId, stats: ReadonlyMap<string, FileStat>, gone: boolean): ViewFiles {
  const files: Record<string, Fact<FileContent>> = {};
  const problems: Problem[] = [];
  const links = new Map<string, string>();
  const realPaths = new Map<string, string>();
  for (const record of records) {
    if (record.args[0] !== view) continue;
    if (record.kind === 'link') links.set(record.args[1] ?? '', textOf(record.data).text);
    if (record.kind === 'real') realPaths.set(record.args[1] ?? '', textOf(record.data).text);
    if (record.kind !== 'file') continue;
    const [, status = '', path = ''] = record.args;
    const source = { kind: 'file', path, view } as const;
    const linkTarget = links.get(path);
    if (status === 'absent') {
      files[path] = gone ? unobserved('vanished', undefined, source) : absent(source);
      continue;
    }
    if (status === 'directory') {
      files[path] = known({ text: '', encoding: 'utf8', directory: true }, source);
      problems.push({ source, reason: 'not-a-regular-file' });
      continue;
    }
    const stat = stats.get(realPaths.get(path) ?? path);
    const { device: _, ...shown } = stat ?? { device: '' };
    const link = linkTarget === undefined ? {} : { linkTarget };
    if (status === 'directory') {
      files[path] = known({ text: '', encoding: 'utf8', directory: true, ...shown, ...link }, source);
      continue;
    }
    const limit = path === '/etc/hosts' ? HOSTS_BYTES : FILE_BYTES;
    if (status === 'ok' && record.data.length <= limit) {
      files[path] = known({ ...textOf(record.data), ...shown, ...link }, source);
      continue;
    }
    const reason: UnobservedReason = status === 'ok' ? 'too-large' : isReason(status) ? status : 'io-error';
    files[path] = unobserved(reason, undefined, source);
    problems.push({ source, reason });
  }
  return { files, problems };
}
