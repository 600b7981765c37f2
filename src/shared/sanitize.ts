/**
 * Text from logs, containers, archives and DNS is hostile: it may hold escape sequences that retitle, recolour or drive a terminal, a
 * carriage return that overwrites what stands before it, or bidirectional marks that show a command other than the one that is pasted.
 * Everything printed passes here last.
 */

/** Shown with a visible stand-in: they change what a person sees. C0 but tab and newline, DEL, C1, bidi controls, line separators, BOM, tags. */
const UNSAFE =
  // eslint-disable-next-line no-control-regex -- these are the characters to take out
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

const standIn = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  // The Unicode control pictures exist for exactly this: U+001B is shown as U+241B.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
};

/** Makes text safe to print: control characters become visible, newline and tab stay. CR before a newline goes without trace. */
export const sanitize = (text: string): string => text.replaceAll('\r\n', '\n').replace(UNSAFE, standIn);

/** The same for what must stay on one line: newline becomes ␊ and tab a space. */
export const sanitizeLine = (text: string): string => sanitize(text).replaceAll('\n', '\u240a').replaceAll('\t', ' ');
