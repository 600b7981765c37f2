/** Text as C programs in the C locale see it: white space is six characters, letters are ASCII letters. */
export const isSpaceCode = (c: number): boolean => c === 0x20 || (c >= 0x09 && c <= 0x0d);

const NON_ASCII = /[^\0-\x7f]/u;
const UPPER = /[A-Z]/u;

/** strcasecmp's view of a name: only A to Z are folded. */
export function asciiLower(text: string): string {
  if (!UPPER.test(text)) return text;
  if (!NON_ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

/** Words between isspace() characters. */
export function words(text: string): string[] {
  const found: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    if (i === text.length || isSpaceCode(text.charCodeAt(i))) {
      if (start >= 0) found.push(text.slice(start, i));
      start = -1;
    } else if (start < 0) start = i;
  }
  return found;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpaceCode(text.charCodeAt(at))) at++;
  return at;
}

/** Lines as getline() returns them, without their newline. A last newline starts no further line. */
export function lines(text: string): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}
