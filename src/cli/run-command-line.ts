/** One command line from its words to its exit status. */
import { CulpritError } from '../shared/culprit-error.ts';
import { isLanguage, languageOf } from '../shared/language.ts';
import type { Language } from '../shared/language.ts';
import { sanitizeLine } from '../shared/sanitize.ts';
import { renderText } from '../report/render-said.ts';
import type { CommandIo, CommandModule, ExitStatus } from './command.ts';
import { commands } from './commands/index.ts';
import { commandHelp, programHelp } from './help.ts';
import { nearest } from './nearest.ts';
import { parseArguments } from './parse-arguments.ts';
import { writeTo } from './streams.ts';
import { VERSION } from './version.ts';

const out = (text: string): void => {
  writeTo(process.stdout, text);
};
const err = (text: string): void => {
  writeTo(process.stderr, text);
};

/** --lang counts before anything else is read, so that complaints about the other options come in the right language. */
function languageAskedFor(argv: readonly string[]): Language {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  for (const [i, word] of own.entries()) {
    const value = word === '--lang' ? own[i + 1] : word.startsWith('--lang=') ? word.slice(7) : undefined;
    if (value !== undefined && isLanguage(value)) return value;
  }
  return languageOf(process.env);
}

function makeIo(language: Language): CommandIo {
  const terminal = process.stdout.isTTY;
  return {
    out,
    err,
    // Made when they are asked for: a stream of its own loads a good part of Node.
    get stdin() {
      return process.stdin;
    },
    get stdinIsTerminal() {
      return process.stdin.isTTY;
    },
    language,
    width: Math.max(40, Math.min(terminal ? process.stdout.columns : 100, 160)),
    // https://no-color.org: any value but the empty one.
    colour: terminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    env: process.env,
  };
}

/** Bad input is answered with one sentence, in both languages where JSON is asked for; a mistake in the code shows its trace. */
function reportFailure(error: unknown, language: Language, json: boolean): ExitStatus {
  if (error instanceof CulpritError) {
    const message = sanitizeLine(renderText(error.text, language, error.values));
    if (json) out(`${JSON.stringify({ schema: 'culprit/error@1', code: error.code, message, values: error.values })}\n`);
    err(`culprit: ${message}\n`);
    return 2;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(`${renderText(MISTAKE, language)}\n${trace}\n`);
  return 2;
}

const MISTAKE = {
  en: 'culprit: this is a mistake in Culprit itself. Please report it with the lines below.',
  zh: 'culprit：这是 Culprit 自身的错误。请连同下面的内容一起报告。',
};

async function findCommand(name: string): Promise<CommandModule> {
  const entry = commands.find((c) => c.name === name);
  if (entry !== undefined) return entry.load();
  const guess = nearest(
    name,
    commands.map((c) => c.name),
  );
  throw guess === undefined
    ? new CulpritError(
        'unknown-command',
        {
          en: 'There is no command "{name}"; ./culprit --help lists them.',
          zh: '没有“{name}”这个命令；用 ./culprit --help 查看全部命令。',
        },
        { name },
      )
    : new CulpritError(
        'unknown-command',
        { en: 'There is no command "{name}"; did you mean "{guess}"?', zh: '没有“{name}”这个命令；您要的是“{guess}”吗？' },
        { name, guess },
      );
}

export async function runCommandLine(argv: readonly string[]): Promise<ExitStatus> {
  const language = languageAskedFor(argv);
  const io = makeIo(language);
  let json = false;
  try {
    const [first, ...rest] = argv.filter((word, i) => !isLeadingLanguage(argv, i, word));
    if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
      out(programHelp(commands, io));
      return first === undefined ? 2 : 0;
    }
    if (first === '--version' || first === '-V' || first === 'version') {
      out(`${VERSION}\n`);
      return 0;
    }
    const name = first === 'help' ? (rest[0] ?? '') : first;
    const command = await findCommand(name);
    const parsed = parseArguments(command, first === 'help' ? ['--help'] : rest);
    if (parsed.kind === 'help') {
      out(commandHelp(command, io));
      return 0;
    }
    json = parsed.args.json;
    return await command.run(parsed.args, io);
  } catch (error) {
    return reportFailure(error, language, json || argv.includes('--json'));
  }
}

/** `culprit --lang zh diagnose` is taken as well as `culprit diagnose --lang zh`. */
function isLeadingLanguage(argv: readonly string[], index: number, word: string): boolean {
  if (index === 0) return word === '--lang' || word.startsWith('--lang=');
  return index === 1 && argv[0] === '--lang';
}
