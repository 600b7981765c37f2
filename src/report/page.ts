/** Lines of a terminal page: indents, wrapping by columns, and colour only where asked for. Everything from outside is sanitized here. */
import picocolors from 'picocolors';
import { sanitize, sanitizeLine } from '../shared/sanitize.ts';
import { cutAt, padEnd, widthOf, wrap } from '../shared/text-width.ts';

export interface PageOptions {
  readonly width: number;
  readonly colour: boolean;
}

const MIN_LAST_COLUMN = 24;
const MAX_QUOTE = 600;

export type Paint = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

export class Page {
  readonly #lines: string[] = [];
  readonly #width: number;
  readonly #colours: ReturnType<typeof picocolors.createColors>;

  constructor(options: PageOptions) {
    this.#width = options.width;
    this.#colours = picocolors.createColors(options.colour);
  }

  /** An empty line, never two in a row. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  heading(text: string): void {
    this.gap();
    this.#lines.push(this.paint(sanitizeLine(text), 'bold'));
  }

  /** Prose, wrapped; `lead` stands before its first line ('- ', '1. ') and later lines are indented as deep. */
  prose(text: string, indent = 0, lead = '', paint?: Paint): void {
    const deep = indent + widthOf(lead);
    const lines = wrap(sanitize(text), Math.max(20, this.#width - deep));
    for (const [i, line] of lines.entries()) {
      const body = paint === undefined ? line : this.paint(line, paint);
      this.#lines.push(`${' '.repeat(indent)}${i === 0 ? lead : ' '.repeat(widthOf(lead))}${body}`.trimEnd());
    }
  }

  /** A line that must stay as it is: a command to paste, a line of a file. Never wrapped. */
  verbatim(text: string, indent: number, lead = '', paint?: Paint): void {
    for (const [i, line] of sanitize(text).split('\n').entries()) {
      const body = paint === undefined ? line : this.paint(line, paint);
      this.#lines.push(`${' '.repeat(indent)}${i === 0 ? lead : ' '.repeat(widthOf(lead))}${body}`.trimEnd());
    }
  }

  /** Columns as wide as their widest cell; the last one is not padded, and is cut at the page's width where that leaves enough of it. */
  table(rows: readonly (readonly string[])[], indent: number): void {
    const safe = rows.map((row) => row.map(sanitizeLine));
    const columns = Math.max(0, ...safe.map((row) => row.length));
    const widths = Array.from({ length: columns }, (_, c) => Math.max(...safe.map((row) => widthOf(row[c] ?? ''))));
    for (const row of safe) {
      const cells = row.slice(0, -1).map((cell, c) => padEnd(cell, widths[c] ?? 0));
      const before = `${' '.repeat(indent)}${cells.join('  ')}${cells.length > 0 ? '  ' : ''}`;
      const room = Math.max(MIN_LAST_COLUMN, this.#width - widthOf(before));
      this.#lines.push(`${before}${cutAt(row.at(-1) ?? '', room)}`.trimEnd());
    }
  }

  paint(text: string, paint: Paint): string {
    return text === '' ? text : this.#colours[paint](text);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** A place and the line that stands there: a file's as grep -n prints it, a command's as a terminal shows it. */
export function placeLines(source: string, quote: string | undefined): readonly string[] {
  if (quote === undefined || quote === source) return [source];
  // A line of a log may be endless; --json has it whole.
  const line = cutAt(quote, MAX_QUOTE);
  return source.includes('$ ') ? [source, line] : [`${source}: ${line}`];
}
