/**
 * The export format of journald (`journalctl -o export`) as JSON lines. Fields are `NAME=text`, or a name alone, then eight bytes of length
 * (little endian), the bytes and a newline; an empty line ends a record. Source: systemd, Journal Export Formats.
 */
const NEWLINE = 10;
/** The fields of a record that are read. */
export const JOURNAL_FIELDS: ReadonlySet<string> = new Set([
  'MESSAGE',
  'PRIORITY',
  '_SYSTEMD_UNIT',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_HOSTNAME',
  'CONTAINER_NAME',
]);
/** A field that claims to be longer is damage. */
const MOST_FIELD = 1 << 20;

export class JournalExport {
  readonly #give: (lines: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #record: Record<string, string> = {};

  constructor(give: (lines: Buffer) => void) {
    this.#give = give;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const out: string[] = [];
    let at = 0;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, at);
      if (newline < 0) break;
      if (newline === at) {
        this.#finish(out);
        at = newline + 1;
        continue;
      }
      const equals = bytes.indexOf(61, at);
      if (equals >= 0 && equals < newline) {
        this.#set(bytes.toString('latin1', at, equals), bytes.toString('utf8', equals + 1, newline));
        at = newline + 1;
        continue;
      }
      if (bytes.length < newline + 9) break;
      const length = Number(bytes.readBigUInt64LE(newline + 1));
      if (length > MOST_FIELD) {
        at = newline + 1;
        continue;
      }
      if (bytes.length < newline + 9 + length + 1) break;
      this.#set(bytes.toString('latin1', at, newline), bytes.toString('utf8', newline + 9, newline + 9 + length));
      at = newline + 9 + length + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
    if (out.length > 0) this.#give(Buffer.from(`${out.join('\n')}\n`));
  }

  end(): void {
    const out: string[] = [];
    this.#finish(out);
    if (out.length > 0) this.#give(Buffer.from(`${out.join('\n')}\n`));
  }

  #set(name: string, value: string): void {
    if (JOURNAL_FIELDS.has(name)) this.#record[name] = value;
  }

  #finish(out: string[]): void {
    if (this.#record['MESSAGE'] !== undefined) out.push(JSON.stringify(this.#record));
    this.#record = {};
  }
}
