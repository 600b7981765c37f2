/** The probe: its shell sections put together, and the stream of records that it prints, taken apart. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type ProbeSection = 'head' | 'view' | 'survey' | 'host' | 'system' | 'netns' | 'programs' | 'logs' | 'names' | 'dns-tools';

const sections = new Map<ProbeSection, string>();

/** Text of probe/<name>.sh, which stands beside this file, in the sources and in the built program. */
export function probeSection(name: ProbeSection): string {
  const seen = sections.get(name);
  if (seen !== undefined) return seen;
  const text = readFileSync(new URL(`./probe/${name}.sh`, import.meta.url), 'utf8');
  sections.set(name, text);
  return text;
}

/** A word of shell that stands for `text` itself. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** One script: the head, the sections, then `main`. It takes the nonce as $1; with `limitSeconds` it ends itself after that time. */
export function probeScript(names: readonly ProbeSection[], main: string, limitSeconds: number | undefined): string {
  const parts = [`LIMIT=${limitSeconds === undefined ? '' : String(limitSeconds)}\n`, probeSection('head')];
  for (const name of names) parts.push(name === 'netns' ? `NETNS=${shellQuote(probeSection('netns'))}\n` : probeSection(name));
  parts.push(main, '\nrec end\n');
  return parts.join('');
}

export const newNonce = (): string => randomBytes(16).toString('hex');

export interface ProbeRecord {
  readonly kind: string;
  /** The words after the kind. */
  readonly args: readonly string[];
  readonly data: Buffer;
}

/** Records in order. `complete`: the probe came to its end. What stands before the first record is not ours and is left out. */
export function parseRecords(output: Buffer, nonce: string): { readonly records: readonly ProbeRecord[]; readonly complete: boolean } {
  const mark = Buffer.from(`\n@${nonce} `, 'latin1');
  const records: ProbeRecord[] = [];
  let at = output.indexOf(mark);
  while (at >= 0) {
    const next = output.indexOf(mark, at + 1);
    const stop = next < 0 ? output.length : next;
    const lineEnd = output.indexOf(0x0a, at + mark.length);
    if (lineEnd < 0 || lineEnd > stop) {
      // Cut off inside a record's first line: the record says nothing.
      at = next;
      continue;
    }
    const [kind = '', ...args] = output.toString('latin1', at + mark.length, lineEnd).split(' ');
    records.push({ kind, args, data: output.subarray(lineEnd + 1, Math.max(stop, lineEnd + 1)) });
    at = next;
  }
  return { records, complete: records.at(-1)?.kind === 'end' };
}
