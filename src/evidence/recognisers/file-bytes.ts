/**
 * A file of the node as somebody shows its bytes: `cat -A`, `od -c`, `od -tx1`, `hexdump -C`, `xxd`. What hides on a screen (a byte order
 * mark, a no-break space, carriage returns) is there in the file that comes of it. Sources: cat(1), od(1), hexdump(1), xxd(1).
 */
import { known } from '../../facts/fact.ts';
import { argumentsOf, hasFlag, type CommandLine } from '../pieces/command-line.ts';
import { sourceOf } from '../pieces/piece.ts';
import { defineRecogniser } from './define-recogniser.ts';
import { nodePathOf } from './node-files.ts';

const pathOf = (c: CommandLine): string | undefined => argumentsOf(c).find((a) => a.startsWith('/') && nodePathOf(a) !== undefined);

const showsEnds = (c: CommandLine): boolean => hasFlag(c, 'A') || hasFlag(c, 'E') || hasFlag(c, 'e') || c.words.includes('--show-all');
const showsBytes = (c: CommandLine): boolean =>
  c.name === 'cat' ? showsEnds(c) || hasFlag(c, 'v') : c.name === 'od' || c.name === 'hexdump' || c.name === 'xxd';

/** `M-oM-;M-?` are the bytes EF BB BF, `^M` is 0D: each byte as cat writes it. */
const SHOWN = /M-\^(?<metaControl>[A-Z?@[\\\]^_])|M-(?<meta>[\x20-\x7e])|\^(?<control>[A-Z?@[\\\]^_])|(?<plain>.)/gu;
const controlCode = (letter: string): number => (letter === '?' ? 0x7f : letter.charCodeAt(0) - 0x40);

function bytesOfShown(line: string): number[] {
  return [...line.matchAll(SHOWN)].flatMap(({ groups = {} }) => {
    const { metaControl, meta, control, plain = '' } = groups;
    if (metaControl !== undefined) return [controlCode(metaControl) + 0x80];
    if (meta !== undefined) return [meta.charCodeAt(0) + 0x80];
    return control === undefined ? [...Buffer.from(plain)] : [controlCode(control)];
  });
}

function fromCat(c: CommandLine, lines: readonly string[]): number[] {
  const ends = showsEnds(c);
  return lines.flatMap((line, i) => {
    // Without line feeds the last line has no `$` either.
    const ended = ends ? line.endsWith('$') : i < lines.length;
    return [...bytesOfShown(ends && ended ? line.slice(0, -1) : line), ...(ended ? [0x0a] : [])];
  });
}

const OFFSET = /^[0-9a-f]{6,8}:?/iu;
const NAMED: Readonly<Record<string, number>> = { '\\0': 0, '\\a': 7, '\\b': 8, '\\t': 9, '\\n': 10, '\\v': 11, '\\f': 12, '\\r': 13 };

/** `od -c`: columns of four characters, bytes above 7F in octal. */
function fromOdChars(line: string): number[] {
  const columns = line.replace(OFFSET, '').match(/.{1,4}/gu) ?? [];
  return columns.flatMap((column) => {
    const word = column.trim();
    if (/^[0-7]{3}$/u.test(word)) return [Number.parseInt(word, 8)];
    if (NAMED[word] !== undefined) return [NAMED[word]];
    if (word.length === 1) return [word.charCodeAt(0)];
    return word === '' && column.length === 4 ? [0x20] : [];
  });
}

const pairs = (digits: string): number[] => (digits.match(/[0-9a-f]{2}/giu) ?? []).map((pair) => Number.parseInt(pair, 16));

/** Digits stand before the readable column; `hexdump` without -C shows words of two bytes, the second one first. */
function fromHex({ name, words }: CommandLine, line: string): number[] {
  const digits = line.replace(OFFSET, '').trim();
  if (name === 'xxd') return pairs(digits.split('  ')[0] ?? '');
  if (name !== 'hexdump' || words.includes('-C')) return pairs(digits.replace(/ {2}\|.*$/u, ''));
  return digits.split(' ').flatMap((word) => pairs(word).reverse());
}

const asText = (bytes: readonly number[]): string => {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return Buffer.from(text).equals(buffer) ? text : buffer.toString('latin1');
};

export const fileBytes = defineRecogniser({
  id: 'file-bytes',
  title: { en: 'bytes of a file (cat -A, od, hexdump)', zh: '文件的字节（cat -A、od、hexdump）' },
  prose: true,
  wholeLines: true,
  commands: (c) => showsBytes(c) && pathOf(c) !== undefined,
  read(piece, facts) {
    const { command } = piece;
    const path = command === undefined ? undefined : pathOf(command);
    const lines = piece.lines.filter((line) => line !== '');
    if (command === undefined || path === undefined || lines.length === 0) return new Set();
    const rows = command.name === 'cat' ? [] : lines.filter((line) => OFFSET.test(line) || command.words.includes('-An'));
    const chars = command.name === 'od' && (hasFlag(command, 'c') || command.words.includes('-ta') || command.words.includes('-tc'));
    const bytes =
      command.name === 'cat' ? fromCat(command, lines) : rows.flatMap((row) => (chars ? fromOdChars(row) : fromHex(command, row)));
    const source = sourceOf(piece);
    const shown = { kind: 'file', path, ...(piece.where.kind === 'host' ? {} : { view: facts.view(piece.where).id }) } as const;
    // Bytes outweigh what the same file looked like on a screen.
    const { files } = facts.view(piece.where);
    const more = command.filters.length > 0 ? { truncated: true } : {};
    files[path] = known({ text: asText(bytes), encoding: 'utf8', ...more }, source.kind === 'command' ? shown : source);
    return 'all';
  },
});
