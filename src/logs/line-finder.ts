/**
 * Finds the lines of a chunk that hold one of many literals. One seam, so that a faster scanner can take its place: bytes go in as a
 * string with one character a byte, complete lines only; starts and ends of lines come out.
 */
export interface LineFinder {
  find: (bytesAsLatin1: string, onLine: (start: number, end: number) => void) => void;
}

/** JSON escapes quotes and these signs, once or twice; the longest part without them is the same in every form. */
const plainPart = (anchor: string): string =>
  anchor
    .split(/["&<>\\\t]/u)
    .sort((a, b) => b.length - a.length)[0] ?? anchor;

const asLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const quoted = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/gu, String.raw`\$&`);

/** Headers of lines that end a process, as they stand behind an envelope. */
const FATAL_HEADERS = [String.raw`(?:^|"log":"| F |: )F\d{4} \d\d:\d\d:`, 'FATA\\[', String.raw`\[FATAL\]`, 'level=fatal', 'level=panic', '"level":"(?:fatal|panic)"', 'panic: ', 'fatal error: '];

/** One regular expression over all anchors: simple, about 100 MB a second. */
export function literalLineFinder(anchors: readonly string[]): LineFinder {
  const literals = [...new Set(anchors.map(plainPart).filter((a) => a.length >= 4))].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp([...literals.map((a) => quoted(asLatin1(a))), ...FATAL_HEADERS].join('|'), 'gm');
  return {
    find(text, onLine) {
      pattern.lastIndex = 0;
      for (let hit = pattern.exec(text); hit !== null; hit = pattern.exec(text)) {
        const start = text.lastIndexOf('\n', hit.index) + 1;
        const newline = text.indexOf('\n', hit.index);
        const end = newline < 0 ? text.length : newline;
        onLine(start, end);
        pattern.lastIndex = end + 1;
        if (end + 1 >= text.length) break;
      }
    },
  };
}
