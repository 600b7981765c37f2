/**
 * Logs whose records are not one line each as their writer has them, made so: JSON of a container that some tool wrote again (blanks, other
 * order of keys, texts without their newline), `journalctl -o json-pretty` and `-o verbose`, UTF-16. What is no such record stays as it is.
 */
import { isUtf8 } from 'node:buffer';
import { JOURNAL_FIELDS } from './journal-export.ts';

export type Rewriting = 'container-json' | 'journal-pretty' | 'journal-verbose' | 'utf16le' | 'utf16be';

/** Docker cuts texts at 16 KiB; a shorter one without a newline is no piece of a longer one where none of the records has a newline. */
const PIECE = 16_000;
const VERBOSE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\n]{0,60} \[s=[\da-f]{1,40};/u;
/** Records and lines that are longer are passed on as they stand. */
const MOST = 4 * 2 ** 20;

const NEWLINE = 10;
const END = Buffer.from('\n');

/** Undefined: the text is read as it is. `head`: how the file begins. */
export function rewritingOf(head: Buffer): Rewriting | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf16be';
  if (head[0] === 123) {
    const text = head.toString('utf8');
    if (/^\{\r?\n[ \t]+"/u.test(text)) return 'journal-pretty';
    return isContainerJson(text) ? 'container-json' : undefined;
  }
  return head[0] !== undefined && head[0] > 64 && VERBOSE.test(head.toString('latin1', 0, 200)) ? 'journal-verbose' : undefined;
}

interface ContainerRecord {
  readonly log: string;
  readonly stream?: string;
  readonly time?: string;
}

function isContainerJson(head: string): boolean {
  const lines = head.split('\n');
  const whole = (lines.length > 1 ? lines.slice(0, -1) : lines).filter((l) => l.startsWith('{'));
  const records = whole.flatMap((l) => containerRecord(l) ?? []);
  if (records.length < Math.max(1, whole.length / 2)) return false;
  return (
    whole.some((l) => !l.startsWith('{"log":"') && containerRecord(l) !== undefined) ||
    (records.length > 1 && records.every((r) => !r.log.endsWith('\n') && r.log.length < PIECE))
  );
}

function containerRecord(line: string): ContainerRecord | undefined {
  const record = objectOf(line);
  if (record === undefined || typeof record['log'] !== 'string') return undefined;
  const text = (key: string): string | undefined => (typeof record[key] === 'string' ? record[key] : undefined);
  const [stream, time] = [text('stream'), text('time') ?? text('@timestamp') ?? text('timestamp')];
  if (stream === undefined && time === undefined) return undefined;
  return { log: record['log'], ...(stream === undefined ? {} : { stream }), ...(time === undefined ? {} : { time }) };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

export class RecordRewriter {
  readonly #give: (lines: Buffer) => void;
  readonly #kind: Rewriting;
  readonly #decoder: InstanceType<typeof TextDecoder>;
  #rest: Buffer = Buffer.alloc(0);
  /** Lines of the record that is being read. */
  #record: string[] = [];
  #recordLength = 0;
  /** Some record ends in a newline: then one without is a piece, as docker has it. */
  #newlines = false;

  constructor(kind: Rewriting, give: (lines: Buffer) => void) {
    this.#kind = kind;
    this.#give = give;
    this.#decoder = new TextDecoder(kind === 'utf16be' ? 'utf-16be' : 'utf-16le');
  }

  take(chunk: Uint8Array): void {
    this.#lines(this.#isUtf16 ? Buffer.from(this.#decoder.decode(chunk, { stream: true })) : chunk, false);
  }

  end(): void {
    this.#lines(this.#isUtf16 ? Buffer.from(this.#decoder.decode()) : Buffer.alloc(0), true);
  }

  get #isUtf16(): boolean {
    return this.#kind === 'utf16le' || this.#kind === 'utf16be';
  }

  #lines(chunk: Uint8Array, last: boolean): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const out: (string | Buffer)[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      out.push(...this.#bytesOfLine(bytes.subarray(from, end)));
      from = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(from));
    if ((last && this.#rest.length > 0) || this.#rest.length > MOST) {
      out.push(...this.#bytesOfLine(this.#rest));
      this.#rest = Buffer.alloc(0);
    }
    if (last) out.push(...this.#finish());
    if (out.length > 0) this.#give(Buffer.concat(out.flatMap((l) => [typeof l === 'string' ? Buffer.from(l) : l, END])));
  }

  /** What is no UTF-8 stays as it is, to be counted by those who read it. */
  #bytesOfLine(bytes: Buffer): readonly (string | Buffer)[] {
    if (!isUtf8(bytes)) return [...this.#finish(), bytes];
    return this.#line(bytes.toString('utf8', 0, bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length));
  }

  #line(line: string): readonly string[] {
    switch (this.#kind) {
      case 'utf16le':
      case 'utf16be':
        return [line];
      case 'container-json':
        return [this.#containerLine(line)];
      case 'journal-pretty': {
        const before = line === '{' ? this.#finish() : [];
        this.#keep(line);
        return line === '}' ? [...before, ...this.#finish()] : before;
      }
      case 'journal-verbose': {
        const before = VERBOSE.test(line) ? this.#finish() : [];
        this.#keep(line);
        return before;
      }
    }
  }

  #keep(line: string): void {
    if (this.#recordLength > MOST) return;
    this.#record.push(line);
    this.#recordLength += line.length;
  }

  #finish(): readonly string[] {
    const lines = this.#record;
    this.#record = [];
    this.#recordLength = 0;
    if (lines.length === 0) return [];
    const record = this.#kind === 'journal-pretty' ? objectOf(lines.join('\n')) : verboseRecord(lines);
    if (record?.['MESSAGE'] === undefined) return lines;
    return [JSON.stringify(Object.fromEntries(Object.entries(record).filter(([key]) => JOURNAL_FIELDS.has(key))))];
  }

  #containerLine(line: string): string {
    const record = containerRecord(line);
    if (record === undefined) return line;
    const { log, stream, time } = record;
    this.#newlines ||= log.endsWith('\n');
    const whole = log.endsWith('\n') || this.#newlines || log.length >= PIECE ? log : `${log}\n`;
    return JSON.stringify({ log: whole, stream: stream ?? 'stdout', ...(time === undefined ? {} : { time }) });
  }
}

/** The head has the time, the other lines a field each; what goes on a field begins with a tab. */
function verboseRecord(lines: readonly string[]): Readonly<Record<string, unknown>> {
  const record: Record<string, string> = {};
  let key = '';
  for (const line of lines.slice(1)) {
    const field = /^ {4}([A-Z_][A-Z0-9_]{0,63})=(.*)$/su.exec(line);
    if (field?.[1] !== undefined) {
      key = field[1];
      record[key] = field[2] ?? '';
    } else if (key !== '') record[key] = `${record[key] ?? ''} ${line.trim()}`;
  }
  const stamp = /^[A-Z][a-z]{2} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)/u.exec(lines[0] ?? '');
  const ms = stamp === null ? NaN : Date.parse(`${stamp[1] ?? ''}T${stamp[2] ?? ''}Z`);
  return { ...(Number.isNaN(ms) ? {} : { __REALTIME_TIMESTAMP: String(ms * 1000) }), ...record };
}
