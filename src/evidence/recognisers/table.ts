/** Tables of kubectl, docker and crictl: columns start where their headings start. */

export interface TableRow {
  readonly values: Readonly<Record<string, string>>;
  readonly index: number;
}

/** Rows below a heading line of capitals, until an empty line; column names in lower case with '-' for blanks. */
export function readTable(
  lines: readonly string[],
  heading: RegExp,
): { readonly rows: readonly TableRow[]; readonly headings: readonly number[] } {
  const rows: TableRow[] = [];
  const headings: number[] = [];
  let columns: readonly { readonly name: string; readonly from: number }[] = [];
  lines.forEach((line, index) => {
    if (heading.test(line)) {
      headings.push(index);
      columns = [...line.matchAll(/[A-Z][A-Z0-9()/-]*(?: [A-Z][A-Z0-9()/-]*)*/gu)].map((m) => ({
        name: m[0].toLowerCase().replaceAll(' ', '-'),
        from: m.index,
      }));
      return;
    }
    if (columns.length === 0 || line.trim() === '') {
      if (line.trim() === '') columns = [];
      return;
    }
    const values = cells(line, columns);
    rows.push({ values, index });
  });
  return { rows, headings };
}

/**
 * Cells are parted by two blanks or more and belong to the column whose heading starts nearest: that bears empty cells and a few blanks
 * lost by pasting. Where every blank was folded to one, words are counted, which is right as long as no cell is empty or holds a blank.
 */
function cells(line: string, columns: readonly { readonly name: string; readonly from: number }[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.fromEntries(columns.map((c) => [c.name, '']));
  const chunks = [...line.replaceAll('\t', '  ').matchAll(/[^ ]+(?: [^ ]+)*/gu)];
  const words = line.trim().split(/[ \t]+/u);
  // Names that were made unreadable before posting push the rest out of line: as many words as columns tell more than the distances.
  if ((chunks.length === 1 && columns.length > 1) || (chunks.length !== columns.length && words.length === columns.length)) {
    columns.forEach((c, i) => (values[c.name] = words[i] ?? ''));
    return values;
  }
  let next = 0;
  chunks.forEach((chunk, n) => {
    // As many columns must be left as there are chunks to come.
    const last = Math.max(next, columns.length - (chunks.length - n));
    let best = next;
    for (let i = next; i <= last && i < columns.length; i += 1)
      if (Math.abs((columns[i]?.from ?? 0) - chunk.index) < Math.abs((columns[best]?.from ?? 0) - chunk.index)) best = i;
    const name = columns[Math.min(best, columns.length - 1)]?.name;
    if (name !== undefined) values[name] = values[name] === '' ? chunk[0] : `${values[name] ?? ''} ${chunk[0]}`;
    next = best + 1;
  });
  return values;
}

/**
 * Rows whose heading was left out (`--no-headers`, a grep behind the command, or cut by whoever posted them): `row` tells one of them from
 * other lines, `columns` are those of the usual output, in order. A count in brackets, "2 (3m ago)", belongs to the cell before it.
 */
export function readRows(lines: readonly string[], row: RegExp, columns: readonly string[]): readonly TableRow[] {
  return lines.flatMap((line, index): readonly TableRow[] => {
    if (!row.test(line)) return [];
    const words = [...line.matchAll(/[^ \t]+(?: \([^()]{1,30}\))?/gu)].map((m) => m[0]);
    return [{ index, values: Object.fromEntries(columns.flatMap((c, i) => (words[i] === undefined ? [] : [[c, words[i]]]))) }];
  });
}
