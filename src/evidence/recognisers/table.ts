/** Tables of kubectl, docker and crictl: columns start where their headings start. */

export interface TableRow {
  readonly values: Readonly<Record<string, string>>;
  readonly index: number;
}

/** Rows below a heading line of capitals, until an empty line; column names in lower case with '-' for blanks. */
export function readTable(lines: readonly string[], heading: RegExp): { readonly rows: readonly TableRow[]; readonly headings: readonly number[] } {
  const rows: TableRow[] = [];
  const headings: number[] = [];
  let columns: readonly { readonly name: string; readonly from: number }[] = [];
  lines.forEach((line, index) => {
    if (heading.test(line)) {
      headings.push(index);
      columns = [...line.matchAll(/[A-Z][A-Z0-9()/-]*(?: [A-Z][A-Z0-9()/-]*)*/gu)].map((m) => ({ name: m[0].toLowerCase().replaceAll(' ', '-'), from: m.index }));
      return;
    }
    if (columns.length === 0 || line.trim() === '') {
      if (line.trim() === '') columns = [];
      return;
    }
    const byPosition = Object.fromEntries(columns.map((c, i) => [c.name, line.slice(c.from, columns[i + 1]?.from).trim()]));
    // Columns shift when a text is pasted through a formatter: then blanks decide, which is right as long as no cell is empty or holds two blanks.
    const words = line.trim().split(/ {2,}|\t+/u);
    const aligned = columns.slice(1).every((c) => c.from >= line.length || line[c.from - 1] === ' ' || line[c.from - 1] === '\t');
    const loose = words.length === columns.length ? words : line.trim().split(/[ \t]+/u);
    const values = aligned ? byPosition : loose.length >= columns.length ? Object.fromEntries(columns.map((c, i) => [c.name, loose[i] ?? ''])) : byPosition;
    rows.push({ values, index });
  });
  return { rows, headings };
}
