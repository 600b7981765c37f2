/** Lines and words of kernel and tool output. Only space and tab separate: no-break spaces and byte order marks are part of a word. */

/** Lines without their newline; an empty last line is no line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Words between runs of space and tab. */
export const wordsOf = (line: string): readonly string[] => line.split(/[ \t]+/u).filter((word) => word !== '');

/** A decimal number that is the whole text, else undefined. */
export const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;
