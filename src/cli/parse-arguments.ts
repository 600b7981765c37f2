/** From the words of a command line to a command's arguments, by commander; what it complains about is said in both languages. */
import { Command, CommanderError, Option } from 'commander';
import { CulpritError } from '../shared/culprit-error.ts';
import { LANGUAGES } from '../shared/language.ts';
import type { CommandArgs, CommandModule, CommandOption } from './command.ts';
import { nearest } from './nearest.ts';

export type Parsed = { readonly kind: 'help' } | { readonly kind: 'run'; readonly args: CommandArgs };

export function parseArguments(module: CommandModule, words: readonly string[]): Parsed {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  if (own.includes('--help') || own.includes('-h')) return { kind: 'help' };

  const command = new Command(module.name).helpOption(false).allowExcessArguments().argument('[words...]').exitOverride();
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const option of [...module.options, ...EVERYWHERE]) command.addOption(toCommander(option));
  try {
    command.parse([...own], { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? inOurWords(error, command) : error;
  }
  const { json, lang: _lang, ...options } = command.opts<Record<string, string | true | string[] | undefined>>();
  const positionals = command.args;
  checkCount(module, positionals);
  return {
    kind: 'run',
    args: {
      positionals,
      afterDashes: dashes < 0 ? undefined : words.slice(dashes + 1),
      options,
      json: json === true,
    },
  };
}

/** The options that every command has. */
export const EVERYWHERE: readonly CommandOption[] = [
  { flags: '--json', text: { en: 'print the result as JSON, and nothing else', zh: '只输出 JSON 格式的结果' } },
  {
    flags: '--lang <language>',
    text: {
      en: 'speak English (en) or Chinese (zh); default: as the locale says',
      zh: '使用英文（en）或中文（zh）；默认由系统语言环境决定',
    },
    choices: LANGUAGES,
  },
];

function toCommander(option: CommandOption): Option {
  const made = new Option(option.flags);
  if (option.choices !== undefined) made.choices([...option.choices]);
  if (option.many === true) {
    const choices = option.choices;
    made.argParser((value: string, before: readonly string[] | undefined) => {
      if (choices !== undefined && !choices.includes(value)) {
        throw new CulpritError('bad-choice', BAD_CHOICE, { option: option.flags, value, choices: choices.join(', ') });
      }
      return [...(before ?? []), value];
    });
  }
  return made;
}

const BAD_CHOICE = {
  en: '{option} does not take "{value}"; it takes one of: {choices}.',
  zh: '{option} 不接受“{value}”；可用的值：{choices}。',
};

/** Commander quotes the option in its message: "error: unknown option '--foo'". */
const quoted = (message: string): string => /'([^']*)'/u.exec(message)?.[1] ?? '';

function inOurWords(error: CommanderError, command: Command): CulpritError {
  const option = quoted(error.message);
  switch (error.code) {
    case 'commander.unknownOption': {
      const guess = nearest(
        option,
        command.options.flatMap((o) => (o.long === undefined ? [] : [o.long])),
      );
      return guess === undefined
        ? new CulpritError(
            'unknown-option',
            {
              en: 'There is no option "{option}"; ./culprit {command} --help lists them.',
              zh: '没有“{option}”这个选项；用 ./culprit {command} --help 查看全部选项。',
            },
            { option, command: command.name() },
          )
        : new CulpritError(
            'unknown-option',
            { en: 'There is no option "{option}"; did you mean "{guess}"?', zh: '没有“{option}”这个选项；您要的是“{guess}”吗？' },
            { option, guess },
          );
    }
    case 'commander.optionMissingArgument':
      return new CulpritError(
        'option-needs-value',
        { en: 'The option "{option}" needs a value.', zh: '选项“{option}”需要一个值。' },
        { option },
      );
    case 'commander.invalidArgument': {
      const value = /argument '([^']*)' is invalid/u.exec(error.message)?.[1] ?? '';
      const choices = /choices are ([^\n]*)\.$/u.exec(error.message)?.[1] ?? '';
      return new CulpritError('bad-choice', BAD_CHOICE, { option, value, choices });
    }
    default:
      return new CulpritError(
        'usage',
        { en: '{message}', zh: '命令行有误：{message}' },
        { message: error.message.replace(/^error: /u, '') },
      );
  }
}

function checkCount(module: CommandModule, positionals: readonly string[]): void {
  const { min = 0, max = Number.POSITIVE_INFINITY } = module.positionals ?? {};
  const usage = `./culprit ${module.name} ${module.usage}`;
  if (positionals.length < min) {
    throw new CulpritError('too-few-words', { en: 'Something is missing: {usage}', zh: '缺少参数：{usage}' }, { usage });
  }
  if (positionals.length > max) {
    throw new CulpritError(
      'too-many-words',
      { en: '"{word}" is one word too many: {usage}', zh: '多了参数“{word}”：{usage}' },
      { usage, word: positionals[max] ?? '' },
    );
  }
}
