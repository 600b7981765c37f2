/** How Go's package net cuts text into lines and fields (parse.go, parse.go getFields): ASCII only. */

/** Lines end at LF; a last line without LF counts. A CR stays in the line: the fields end at it. */
export const goLines = (text: string): readonly string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Fields between blanks, tabs, CR and LF. */
export function goFields(line: string): readonly string[] {
  const fields: string[] = [];
  let start = -1;
  for (let i = 0; i <= line.length; i++) {
    const c = i === line.length ? 0x20 : line.charCodeAt(i);
    if (c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0a) {
      if (start >= 0) fields.push(line.slice(start, i));
      start = -1;
    } else if (start < 0) start = i;
  }
  return fields;
}

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

const UPPER = /[A-Z]/u;

export const asciiLower = (text: string): string => (UPPER.test(text) ? text.replace(/[A-Z]+/gu, (upper) => upper.toLowerCase()) : text);

/** absDomainName: a name that holds a dot gets a final one; a single label stays as it is. */
export const absDomainName = (name: string): string => (name.includes('.') && !name.endsWith('.') ? `${name}.` : name);

/** dtoi of parse.go: leading decimal digits; 0 where there are none, and at most 0xFFFFFF. */
export function goNumber(text: string): number {
  const digits = /^\d+/u.exec(text);
  return digits === null ? 0 : Math.min(Number(digits[0]), 0xffffff);
}
