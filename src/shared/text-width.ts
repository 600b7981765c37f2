/** Columns of text on a terminal: Chinese characters take two, combining marks none. Never measure by `.length`. */
import stringWidth from 'string-width';

export const widthOf = (text: string): number => stringWidth(text);

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - stringWidth(text)));

/** At most that many columns; what is cut off is shown by an ellipsis. */
export function cutAt(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += stringWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Chinese has no spaces to break at: a line may end between any two characters but for these (kinsoku, JIS X 4051 and CLREQ). */
const CJK = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;
const NOT_AT_START = /^[，。、；：？！）》」』”’…—％]/u;
const NOT_AT_END = /[（《「『“‘]$/u;

/** The pieces of a line that may not be broken, each with the spaces that stand before it. */
function pieces(line: string): { text: string; spaces: number }[] {
  const made: { text: string; spaces: number }[] = [];
  let spaces = 0;
  for (const character of line) {
    if (character === ' ') {
      spaces++;
      continue;
    }
    const last = made.at(-1);
    const previous = last?.text ?? '';
    const glued =
      last !== undefined &&
      spaces === 0 &&
      ((!CJK.test(character) && !CJK.test(previous.slice(-1))) || NOT_AT_START.test(character) || NOT_AT_END.test(previous));
    if (glued) last.text += character;
    else made.push({ text: character, spaces });
    spaces = 0;
  }
  return made;
}

/** Lines of at most that many columns. Words longer than a line (commands, addresses) are kept whole; leading spaces are kept on the first line. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => (stringWidth(line) <= columns ? [line] : wrapLine(line, columns)));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const piece of pieces(line)) {
    const own = stringWidth(piece.text);
    if (current !== '' && width + piece.spaces + own > columns) {
      lines.push(current);
      current = piece.text;
      width = own;
    } else {
      current += ' '.repeat(piece.spaces) + piece.text;
      width += piece.spaces + own;
    }
  }
  lines.push(current);
  return lines;
}
