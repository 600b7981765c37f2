/** A recogniser is one file: which pieces it knows, by command, by path or by look, and which facts it reads from them. */
import type { Text } from '../../shared/text.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import type { CommandLine } from '../pieces/command-line.ts';
import type { Piece } from '../pieces/piece.ts';

/** Indexes of the lines that were understood; 'all' where the whole piece is of one kind (a configuration file). */
export type Understood = ReadonlySet<number> | 'all';

export interface Recogniser {
  /** = file name, or '<file name>-<part>' where a file holds several. */
  readonly id: string;
  readonly title: Text;
  readonly commands?: (command: CommandLine) => boolean;
  /** On the path or file name, lower case, with '/'. */
  readonly names?: RegExp;
  /** By content, for pieces without a telling name: quick, and strict enough never to take a log. */
  readonly look?: (lines: readonly string[]) => boolean;
  /** A node's file or a configuration: its lines are no log and hold no failures. */
  readonly prose?: boolean;
  /** It takes lines of any length as they are: files kept byte for byte, JSON on one line. Others see lines cut at 4096 characters. */
  readonly wholeLines?: boolean;
  readonly read: (piece: Piece, facts: EvidenceFacts) => Understood;
}

export const defineRecogniser = (recogniser: Recogniser): Recogniser => recogniser;

/** Reads each line with a function that says whether it understood it. */
export function eachLine(piece: Piece, read: (line: string, index: number) => boolean): ReadonlySet<number> {
  const understood = new Set<number>();
  piece.lines.forEach((line, i) => {
    if (read(line, i)) understood.add(i);
  });
  return understood;
}

/** How many of the first lines that are not empty fit. */
export const fitting = (lines: readonly string[], pattern: RegExp, most = 40): number =>
  lines.slice(0, most).filter((l) => pattern.test(l)).length;
