/** One piece of evidence: what stands under one heading, in one file, or between two headings. */
import type { Source, ViewId } from '../../facts/fact.ts';
import { clip } from '../symptoms/symptom-collector.ts';
import type { CommandLine } from './command-line.ts';

export type PieceKind = 'file' | 'command' | 'label' | 'statements' | 'product' | 'text';

export interface Where {
  /** elsewhere: another machine; its facts are not the node's. */
  readonly kind: 'host' | 'container' | 'elsewhere';
  readonly name?: string;
}

export const HOST: Where = { kind: 'host' };

export interface Piece {
  /** Heading, command or path, as given. */
  readonly name: string;
  readonly kind: PieceKind;
  /** Where it comes from: a file name, 'standard input'. */
  readonly input: string;
  /** Absolute path on the node, when a node's file is meant. */
  readonly path?: string;
  readonly command?: CommandLine;
  readonly where: Where;
  readonly component?: string;
  readonly lines: readonly string[];
  /** Number of lines[0] in the input, from 1. */
  readonly firstLine: number;
  /** The host name that the prompt before the command shows. */
  readonly promptHost?: string;
  /** The text is known to be cut. */
  readonly truncated?: boolean;
}

export const viewIdOf = (where: Where): ViewId => (where.kind === 'host' ? 'host' : `${where.kind}:${where.name ?? 'unnamed'}`);

/** The source of a line of this piece; `index` from 0. Without an index: the piece as a whole. */
export function sourceOf(piece: Piece, index?: number): Source {
  const view = piece.where.kind === 'host' ? {} : { view: viewIdOf(piece.where) };
  const line = index === undefined ? {} : { line: piece.firstLine + index, text: clip(piece.lines[index] ?? '') };
  if (piece.kind === 'statements')
    return {
      kind: 'statement',
      key: (piece.lines[index ?? 0] ?? '').split(':')[0]?.trim() ?? '',
      text: clip(piece.lines[index ?? 0] ?? ''),
      ...(index === undefined ? {} : { line: piece.firstLine + index }),
    };
  if (piece.kind === 'command' && piece.command !== undefined) return { kind: 'command', command: piece.command.text, ...view, ...line };
  if (piece.path !== undefined)
    return {
      kind: 'file',
      path: piece.path,
      ...view,
      ...(index === undefined ? {} : { line: index + 1, text: clip(piece.lines[index] ?? '') }),
    };
  return { kind: 'file', path: piece.name, ...view, ...line };
}

export const isBlank = (line: string): boolean => /^[ \t\r\v\f]*$/u.test(line);
export const lineCount = (piece: Piece): number => piece.lines.filter((l) => !isBlank(l)).length;
