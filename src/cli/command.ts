/**
 * What one command is. A file src/cli/commands/<name>.ts exports `command: CommandModule`; `npm run generate` adds it to the index,
 * and it appears in help by itself. A command reads its options, calls other layers and prints; it decides nothing.
 */
import type { Readable } from 'node:stream';
import type { Language } from '../shared/language.ts';
import type { Text } from '../shared/text.ts';

/** 0: nothing wrong found; 1: a cause was found; 2: usage or input error; 3: could not tell (facts missing). */
export type ExitStatus = 0 | 1 | 2 | 3;

export interface CommandOption {
  /** '--container <name>' takes a word, '--follow' is a switch, '-o, --out <file>' has a short form. The long form is required. */
  readonly flags: string;
  readonly text: Text;
  /** May be given several times: its value is then always an array. */
  readonly many?: boolean;
  /** The only words that it takes. */
  readonly choices?: readonly string[];
}

export interface CommandExample {
  /** A command that works as it stands, from any directory: './culprit explain localhost'. */
  readonly command: string;
  readonly text: Text;
}

/** Option values by camel-case long name ('--what-if <edit>' is `whatIf`): a word, true for a switch, an array where `many`. */
export type OptionValues = Readonly<Record<string, string | true | readonly string[] | undefined>>;

export interface CommandArgs {
  /** Words that are not options, in order. */
  readonly positionals: readonly string[];
  /** Words after a lone `--`, untouched; undefined when there was no `--`. */
  readonly afterDashes: readonly string[] | undefined;
  readonly options: OptionValues;
  /** --json, which every command has. */
  readonly json: boolean;
}

export interface CommandIo {
  /** Writes to standard output, as given: the caller adds the final newline and sanitizes text that came from outside. */
  readonly out: (text: string) => void;
  /** Writes to standard error: progress and remarks, never results. */
  readonly err: (text: string) => void;
  readonly stdin: Readable;
  /** True when standard input is a terminal, so that nothing is waiting there. */
  readonly stdinIsTerminal: boolean;
  /** From --lang, else from the locale. */
  readonly language: Language;
  /** Columns to wrap at. */
  readonly width: number;
  /** A terminal without NO_COLOR. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface CommandModule {
  /** = file name. */
  readonly name: string;
  /** One line in the list of commands, without a full stop. */
  readonly summary: Text;
  /** What stands after the command's name: '[NAME[:PORT]]... [options]'. */
  readonly usage: string;
  /** One or two paragraphs for `--help`, where the summary does not say it all. */
  readonly details?: Text;
  /** How many words it takes; default: any number. */
  readonly positionals?: { readonly min?: number; readonly max?: number };
  /** All but --json, --lang and --help, which every command has. */
  readonly options: readonly CommandOption[];
  readonly examples: readonly CommandExample[];
  /** Throws CulpritError for what a person can mend; anything else that is thrown counts as a mistake in the code. */
  run(args: CommandArgs, io: CommandIo): Promise<ExitStatus>;
}

/** Helpers for commands: the values of options with their type known. */
export const wordOf = (options: OptionValues, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};
export const wordsOf = (options: OptionValues, name: string): readonly string[] => {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' ? [value] : [];
};
export const isSet = (options: OptionValues, name: string): boolean => options[name] !== undefined;
