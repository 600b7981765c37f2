/**
 * How a snapshot lies in its archive, so that a person can open it and read the files as files:
 *
 *   manifest.json                 the whole snapshot, but for the texts below
 *   views/<view>/<path>           each captured file under its own path
 *   logs/<number>-<name>          the last lines of each log
 *
 * In the manifest, `"text": ""` of a captured file is joined by `"at": "views/…"`, and `"tail": []` of a log by `"at": "logs/…"`.
 */
import type { FileContent, LogFacts } from '../facts/node-facts.ts';
import type { Snapshot } from './snapshot.ts';

export const MANIFEST = 'manifest.json';

export interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A name that every file system takes and that leads nowhere else. */
const plain = (text: string): string =>
  text
    .replace(/[^\w.-]/gu, '-')
    .replace(/^\.+/u, '-')
    .slice(0, 100);
const plainPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map(plain)
    .join('/');

export const bytesOf = (content: Pick<FileContent, 'text' | 'encoding'>): Buffer =>
  Buffer.from(content.text, content.encoding === 'utf8' ? 'utf8' : 'latin1');

/** Entries in order, the manifest first. */
export function toEntries(snapshot: Snapshot): readonly Entry[] {
  const entries = new Map<string, Buffer>();
  const put = (wanted: string, bytes: Buffer): string => {
    let name = wanted;
    for (let n = 2; entries.has(name); n++) name = `${wanted}~${String(n)}`;
    entries.set(name, bytes);
    return name;
  };
  const views = snapshot.node.views.map((view) => ({
    ...view,
    files: Object.fromEntries(
      Object.entries(view.files).map(([path, fact]): [string, unknown] => {
        if (fact.state !== 'known') return [path, fact];
        const at = put(`views/${plain(view.id)}/${plainPath(path)}`, bytesOf(fact.value));
        return [path, { ...fact, value: { ...fact.value, text: '', at } }];
      }),
    ),
  }));
  const logs = snapshot.node.logs.map((log, i) => ({
    ...log,
    tail: [],
    at: put(`logs/${String(i)}-${plain(log.path.slice(log.path.lastIndexOf('/') + 1))}`, logBytes(log)),
  }));
  const manifest = { ...snapshot, node: { ...snapshot.node, views, logs } };
  return [
    { name: MANIFEST, bytes: Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`, 'utf8') },
    ...[...entries].map(([name, bytes]) => ({ name, bytes })),
  ];
}

const logBytes = (log: LogFacts): Buffer => Buffer.from(log.tail.map((line) => `${line}\n`).join(''), 'utf8');

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const records = (value: unknown): readonly Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/**
 * Puts the texts back into a parsed manifest, in place. A text that the archive does not hold is not known: its fact becomes unobserved.
 * What has another form than expected is left as it is, for the schema to refuse.
 */
export function restoreTexts(manifest: unknown, read: (name: string) => Buffer | undefined): void {
  if (!isRecord(manifest) || !isRecord(manifest['node'])) return;
  for (const view of records(manifest['node']['views'])) {
    const files = view['files'];
    if (!isRecord(files)) continue;
    for (const [path, fact] of Object.entries(files)) {
      const value = isRecord(fact) ? fact['value'] : undefined;
      if (!isRecord(fact) || !isRecord(value) || typeof value['at'] !== 'string') continue;
      const bytes = read(value['at']);
      delete value['at'];
      if (bytes === undefined)
        files[path] = { state: 'unobserved', reason: 'vanished', ...(fact['source'] === undefined ? {} : { source: fact['source'] }) };
      else value['text'] = bytes.toString(value['encoding'] === 'utf8' ? 'utf8' : 'latin1');
    }
  }
  for (const log of records(manifest['node']['logs'])) {
    if (typeof log['at'] !== 'string') continue;
    const lines = (read(log['at']) ?? Buffer.alloc(0)).toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    log['tail'] = lines;
    delete log['at'];
  }
}
