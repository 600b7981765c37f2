/** A hosts file as people read it: which line gives which address to which names. Resolvers have their own, stricter parsers in model/. */
export interface HostsLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly address: string;
  readonly names: readonly string[];
}

/** Lines with an address and at least one name; blanks are space and tab, `#` starts a comment (hosts(5)). */
export function hostsLines(text: string): readonly HostsLine[] {
  const lines: HostsLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hash = line.indexOf('#');
    const [address, ...names] = fieldsOf(line, hash < 0 ? line.length : hash);
    if (address === undefined || names.length === 0) continue;
    lines.push({ number: index + 1, text: line.endsWith('\r') ? line.slice(0, -1) : line, address, names });
  }
  return lines;
}

/** Words before `end` between blanks, tabs, CR, VT and FF. */
function fieldsOf(line: string, end: number): string[] {
  const fields: string[] = [];
  let start = -1;
  for (let i = 0; i <= end; i++) {
    const c = i === end ? 0x20 : line.charCodeAt(i);
    if (c === 0x20 || (c >= 0x09 && c <= 0x0d)) {
      if (start >= 0) fields.push(line.slice(start, i));
      start = -1;
    } else if (start < 0) start = i;
  }
  return fields;
}
