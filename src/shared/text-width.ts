/** Columns of text on a terminal: Chinese characters take two, combining marks none. Never measure by `.length`. */

/**
 * Code points of two columns: East_Asian_Width W and F (Unicode 16, EastAsianWidth.txt), blocks joined where nothing narrow lies between.
 * A library would know every emoji sequence, at a fifth of the whole start-up time; texts here hold none.
 */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f300, 0x1f320],
  [0x1f32d, 0x1f335],
  [0x1f337, 0x1f37c],
  [0x1f400, 0x1f43e],
  [0x1f442, 0x1f4fc],
  [0x1f5fb, 0x1f64f],
  [0x1f680, 0x1f6c5],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];
const ASCII = /^[\x20-\x7e]*$/u;
/** Colours (SGR) take no column. */
// eslint-disable-next-line no-control-regex -- that is what a colour begins with
const COLOURS = /\x1b\[[0-9;]*m/gu;
const NO_COLUMN = /[\p{Cc}\p{Cf}\p{Mn}\p{Me}]/u;

export function widthOf(given: string): number {
  if (ASCII.test(given)) return given.length;
  const text = given.includes('\x1b') ? given.replace(COLOURS, '') : given;
  let width = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0x20 && point < 0x7f) width++;
    else if (!NO_COLUMN.test(character)) width += WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
  }
  return width;
}

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - widthOf(text)));

/** At most that many columns; what is cut off is shown by an ellipsis. */
export function cutAt(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
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
  return text.split('\n').flatMap((line) => (widthOf(line) <= columns ? [line] : wrapLine(line, columns)));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const piece of pieces(line)) {
    const own = widthOf(piece.text);
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
