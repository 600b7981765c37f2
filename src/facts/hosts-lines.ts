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
  return text.split('\n').flatMap((line, index) => {
    const fields = line
      .replace(/#.*$/u, '')
      .split(/[ \t\r\v\f]+/u)
      .filter((f) => f !== '');
    const [address, ...names] = fields;
    return address === undefined || names.length === 0 ? [] : [{ number: index + 1, text: line.replace(/\r$/u, ''), address, names }];
  });
}
