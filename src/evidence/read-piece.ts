/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/**
 * Reads one piece: the recogniser that its heading names, else the one that its content fits; whatever no recogniser took is read as
 * log lines. Failures are looked for in every line that is not part of a configuration file.
 */
import type { EvidencePiece } from '../snapshot/snapshot.ts';
import { lineReader, readLine, type LogLine } from '../logs/lines.ts';
import type { EvidenceFacts } from './facts/evidence-facts.ts';
import type { GivenLines } from './given-lines.ts';
import { componentOf } from './pieces/components.ts';
import { withoutHardWraps } from './pieces/hard-wraps.ts';
import { isBlank, lineCount, sourceOf, viewIdOf, type Piece } from './pieces/piece.ts';
import { recognisers } from './recognisers/index.ts';
import { noteCommandSettings } from './recognisers/tool-output.ts';
import type { Recogniser } from './recognisers/define-recogniser.ts';
import { readStatements } from './statements/read-statements.ts';
import { readProduct } from './statements/product.ts';
import { logSource } from './symptoms/extract-symptoms.ts';
import { noiseReason } from './symptoms/noise.ts';
import type { LineOrigin, SymptomCollector } from './symptoms/symptom-collector.ts';

export interface Reading {
  readonly facts: EvidenceFacts;
  readonly symptoms: SymptomCollector;
  readonly given?: GivenLines;
}

const byHeading = (piece: Piece): Recogniser | undefined => {
  const command = piece.command;
  if (command !== undefined) return recognisers.find((r) => r.commands?.(command) === true);
  if (piece.kind !== 'file' && piece.kind !== 'label') return undefined;
  const name = (piece.path ?? piece.name).toLowerCase();
  return recognisers.find((r) => r.names?.test(name) === true);
};

/** True when the heading alone says what the piece is. */
export const isRecognised = (piece: Piece): boolean =>
  piece.kind === 'product' || piece.kind === 'statements' || byHeading(piece) !== undefined;

/** The same list where nothing is to be cut: recognisers are asked about it again and again. */
const cut = (lines: readonly string[]): readonly string[] =>
  lines.some((l) => l.length > LINE_SEEN) ? lines.map((l) => l.slice(0, LINE_SEEN)) : lines;

const byLook = (given: readonly string[]): Recogniser | undefined => {
  const lines = cut(given);
  return lines.some((l) => l !== '') ? recognisers.find((r) => r.look?.(lines) === true) : undefined;
};

/**
 * Longest line that recognisers see: longer ones are cut for them. Their patterns may take time that grows with the square of a line's
 * length, which is nothing at this length and would be a hang at a megabyte.
 */
const LINE_SEEN = 4096;

/** Reads the piece and says what it was taken for. */
export function readPiece(given: Piece, reading: Reading): EvidencePiece {
  const { facts } = reading;
  const lines = lineCount(given);
  reading.given?.add(given);
  const unwrapped = given.kind === 'statements' ? undefined : withoutHardWraps(given.lines);
  const piece = unwrapped === undefined ? given : { ...given, lines: unwrapped };
  if (piece.kind === 'product') {
    readProduct(piece.lines[0] ?? '', facts, sourceOf(piece, 0));
    return { name: piece.name, takenFor: 'product', lines };
  }
  if (piece.kind === 'statements') {
    const left = readStatements(piece, reading);
    return { name: piece.name, takenFor: 'statements', lines, ...(left === 0 ? {} : { notUnderstood: left }) };
  }
  const understood = new Set<number>();
  const taken: string[] = [];
  const prose = new Set<number>();
  const headed = byHeading(piece);
  if (piece.command !== undefined) noteCommandSettings(piece.command.text, facts, sourceOf(piece, 0));
  if (piece.promptHost !== undefined && piece.where.kind === 'host') facts.observe('hostname.prompt', piece.promptHost, sourceOf(piece, 0));
  if (headed !== undefined) {
    take(headed, piece, facts, 0, piece.lines.length, understood, prose);
    taken.push(headed.id);
  }
  if (headed?.prose !== true) takeByLook(piece, reading, understood, prose, taken);
  const logs = readAsLog(piece, reading, understood, prose);
  if (logs !== undefined) taken.push(logs);
  const left = piece.lines.filter((l, i) => !isBlank(l) && !understood.has(i)).length;
  const nothing = left >= lineCount(piece) && lines > 0 && taken.length === 0;
  if (nothing)
    facts.problem(
      sourceOf(
        piece,
        piece.lines.findIndex((l) => !isBlank(l)),
      ),
      'malformed',
      'not understood',
    );
  // An empty output that no recogniser knows tells nothing either way.
  const takenFor = nothing ? 'not understood' : taken.length > 0 ? [...new Set(taken)].join(', ') : lines === 0 ? 'empty' : 'text';
  return { name: piece.name, takenFor, lines, ...(left === 0 ? {} : { notUnderstood: left }) };
}

function take(
  recogniser: Recogniser,
  piece: Piece,
  facts: EvidenceFacts,
  from: number,
  to: number,
  understood: Set<number>,
  prose: Set<number>,
): void {
  let result;
  try {
    result = recogniser.read(recogniser.wholeLines === true ? piece : { ...piece, lines: cut(piece.lines) }, facts);
  } catch (error) {
    // A mistake in one recogniser must not cost the others: it is named, and the lines are read as plain text.
    facts.problem(sourceOf(piece), 'malformed', `${recogniser.id}: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  for (let i = from; i < to; i += 1) {
    if (result !== 'all' && !result.has(i - from)) continue;
    understood.add(i);
    if (recogniser.prose === true) prose.add(i);
  }
}

/** Parts between empty lines that the heading's recogniser did not take may be of another kind: people paste several things at once. */
function takeByLook(piece: Piece, { facts }: Reading, understood: Set<number>, prose: Set<number>, taken: string[]): void {
  if (understood.size === 0) {
    const whole = byLook(piece.lines);
    if (whole !== undefined) {
      take(whole, piece, facts, 0, piece.lines.length, understood, prose);
      taken.push(whole.id);
    }
  }
  for (const [from, to] of blocks(piece.lines)) {
    if (piece.lines.slice(from, to).some((_, i) => understood.has(from + i))) continue;
    const part = piece.lines.slice(from, to);
    const found = byLook(part);
    if (found === undefined) continue;
    take(found, { ...withoutCommand(piece), lines: part, firstLine: piece.firstLine + from }, facts, from, to, understood, prose);
    taken.push(found.id);
  }
}

/** A part that the command's own reader did not take is not that command's output. */
function withoutCommand(piece: Piece): Piece {
  if (piece.command === undefined) return piece;
  const { command: _command, ...rest } = piece;
  return { ...rest, kind: 'text' };
}

function blocks(lines: readonly string[]): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let from = -1;
  lines.forEach((line, i) => {
    if (isBlank(line)) {
      if (from >= 0) found.push([from, i]);
      from = -1;
    } else if (from < 0) from = i;
  });
  if (from >= 0) found.push([from, lines.length]);
  return found.length > 400 ? [] : found;
}

/** Looks for failures in all lines; keeps the tail where they are a log. Gives the format, when some line has one. */
function readAsLog(piece: Piece, { facts, symptoms }: Reading, understood: Set<number>, prose: ReadonlySet<number>): string | undefined {
  const reader = lineReader();
  const read: LogLine[] = [];
  let formats = '';
  let logLines = 0;
  const at = new Map<LogLine, number>();
  piece.lines.forEach((raw, i) => {
    if (prose.has(i) || isBlank(raw)) return;
    const line = reader.read(raw, i + 1);
    if (line === undefined) {
      understood.add(i);
      return;
    }
    read.push(line);
    at.set(line, i);
    if (line.formats.length > 0) {
      logLines += 1;
      formats = formats === '' ? line.formats.join('+') : formats;
      understood.add(i);
    }
  });
  const rest = reader.flush();
  if (rest !== undefined) read.push(rest);
  const isLog = logLines > 0 || (piece.component !== undefined && piece.command === undefined && read.length > 0 && understood.size === 0);
  const component = piece.component ?? componentOfLines(read);
  const origin = originOf(piece, isLog, component);
  const joined = joinContinuations(read, (second) => understood.add(at.get(second) ?? -1));
  for (const line of joined) {
    if (symptoms.add(line, origin) || noiseReason(line, component) !== undefined) understood.add(line.lineNumber - 1);
  }
  if (!isLog) return undefined;
  const times = read.filter((l) => l.time !== undefined);
  facts.logs.push({
    path: piece.name,
    tail: piece.lines.slice(-50),
    firstLine: piece.firstLine + Math.max(0, piece.lines.length - 50),
    lineCount: lineCount(piece),
    ...(piece.where.kind === 'host' ? {} : { view: viewIdOf(piece.where) }),
    ...(component === undefined ? {} : { component }),
    ...(formats === '' ? {} : { format: formats }),
    ...(times[0]?.time === undefined ? {} : { firstTime: times[0].time }),
    ...(times.at(-1)?.time === undefined ? {} : { lastTime: times.at(-1)?.time ?? '' }),
  });
  return formats === '' ? 'log' : `${formats} log`;
}

const componentOfLines = (lines: readonly LogLine[]): string | undefined => {
  const named = lines.find((l) => l.component !== undefined)?.component;
  return named === undefined ? undefined : (componentOf(named) ?? named);
};

function originOf(piece: Piece, isLog: boolean, component: string | undefined): LineOrigin {
  const view = piece.where.kind === 'host' ? undefined : viewIdOf(piece.where);
  const source = (line: LogLine): ReturnType<LineOrigin['source']> => {
    if (!isLog) return sourceOf(piece, line.lineNumber - 1);
    const made = logSource(piece.name, line);
    return {
      ...made,
      ...(piece.input === piece.name ? {} : { line: piece.firstLine + line.lineNumber - 1 }),
      ...(view === undefined ? {} : { view }),
    };
  };
  return { source, ...(component === undefined ? {} : { component }), ...(view === undefined ? {} : { view }) };
}

/** A request or dial that goes on in the next line: the text was broken for display. */
const UNFINISHED = /(?:^|[ :("])(?:Get|Post|Put|Head|Patch|Delete|dial tcp|dial tcp [^ ]+:|lookup|lookup [^ ]+ on|connect)[ :"]*$/u;

function joinContinuations(lines: readonly LogLine[], onJoined: (second: LogLine) => void): readonly LogLine[] {
  const out: LogLine[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    const next = lines[i + 1];
    if (line === undefined) continue;
    if (next === undefined || next.formats.length > 0 || next.lineNumber !== line.lineNumber + 1 || !UNFINISHED.test(line.message)) {
      out.push(line);
      continue;
    }
    const glue = line.raw.endsWith(' ') || /^[ \t]/u.test(next.raw) ? '' : ' ';
    out.push(readLine(`${line.raw}${glue}${next.raw.trimStart()}`, line.lineNumber));
    onJoined(next);
    i += 1;
  }
  return out;
}
