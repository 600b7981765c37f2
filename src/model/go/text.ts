/** How Go's package net cuts text into lines and fields (parse.go, parse.go getFields): ASCII only. */

/** Lines end at LF; a last line without LF counts. A CR stays in the line: the fields end at it. */
export const goLines = (text: string): readonly string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Fields between blanks, tabs, CR and LF. */
export const goFields = (line: string): readonly string[] => line.split(/[ \t\r\n]+/u).filter((field) => field !== '');

export const withoutComment = (line: string): string => {
  const at = line.indexOf('#');
  return at < 0 ? line : line.slice(0, at);
};

/** trimSpace of parse.go: blanks, tabs, CR and LF at both ends. */
export const goTrim = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && ' \t\r\n'.includes(text.charAt(start))) start++;
  while (end > start && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
};

export const asciiLower = (text: string): string => text.replace(/[A-Z]+/gu, (upper) => upper.toLowerCase());

/** absDomainName: a name that holds a dot gets a final one; a single label stays as it is. */
export const absDomainName = (name: string): string => (name.includes('.') && !name.endsWith('.') ? `${name}.` : name);

/** dtoi of parse.go: leading decimal digits; 0 where there are none, and at most 0xFFFFFF. */
export function goNumber(text: string): number {
  const digits = /^\d+/u.exec(text);
  return digits === null ? 0 : Math.min(Number(digits[0]), 0xffffff);
}
