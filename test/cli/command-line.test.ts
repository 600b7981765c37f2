import { describe, expect, test } from 'vitest';
import type { CommandModule } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { commandHelp, programHelp } from '../../src/cli/help.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { CulpritError } from '../../src/shared/culprit-error.ts';
import { LANGUAGES } from '../../src/shared/language.ts';
import { widthOf } from '../../src/shared/text-width.ts';

const text = { en: 'x', zh: '某' };
const command: CommandModule = {
  name: 'sample',
  summary: text,
  usage: '[NAME]... [options]',
  options: [
    { flags: '-o, --out <file>', text },
    { flags: '--follow', text },
    { flags: '--evidence <path>', text, many: true },
    { flags: '--stack <stack>', text, choices: ['glibc', 'musl'] },
  ],
  positionals: { max: 2 },
  examples: [],
  run: () => Promise.resolve(0),
};

const argsOf = (...words: string[]): unknown => {
  const parsed = parseArguments(command, words);
  return parsed.kind === 'run' ? parsed.args : parsed.kind;
};

const codeOf = (...words: string[]): string | undefined => {
  try {
    parseArguments(command, words);
    return undefined;
  } catch (error) {
    return error instanceof CulpritError ? error.code : String(error);
  }
};

describe('the words of a command', () => {
  test.each([
    { words: ['a', '--out', 'f', 'b'], args: { positionals: ['a', 'b'], options: { out: 'f' } } },
    { words: ['--follow', 'a'], args: { positionals: ['a'], options: { follow: true } } },
    { words: ['--evidence', 'x', '--evidence=-'], args: { options: { evidence: ['x', '-'] } } },
    { words: ['--json', '--lang', 'zh'], args: { json: true, options: {} } },
    { words: ['a', '--', '--out', '-x'], args: { positionals: ['a'], afterDashes: ['--out', '-x'], options: {} } },
    { words: ['--stack', 'musl'], args: { options: { stack: 'musl' } } },
  ])('$words', ({ words, args }) => {
    expect(argsOf(...words)).toMatchObject(args);
  });

  test.each([['--help'], ['a', '-h'], ['--out', '--help']])('%s %s asks for help', (...words) => {
    expect(argsOf(...words.filter((w) => w !== ''))).toBe('help');
  });

  test('after a lone -- nothing is an option of ours', () => {
    expect(argsOf('--', '--help')).toMatchObject({ afterDashes: ['--help'] });
  });

  test.each([
    { words: ['--flow'], code: 'unknown-option' },
    { words: ['--out'], code: 'option-needs-value' },
    { words: ['--stack', 'klibc'], code: 'bad-choice' },
    { words: ['--lang', 'fr'], code: 'bad-choice' },
    { words: ['a', 'b', 'c'], code: 'too-many-words' },
  ])('$words is refused: $code', ({ words, code }) => {
    expect(codeOf(...words)).toBe(code);
  });
});

describe('a mistyped word', () => {
  const known = ['diagnose', 'explain', 'lab', 'logs', 'collect'];
  test.each([
    ['diagnsoe', 'diagnose'],
    ['diag', 'diagnose'],
    ['log', 'logs'],
    ['explian', 'explain'],
    ['frobnicate', undefined],
    ['x', undefined],
  ])('%s: %s', (typed, meant) => {
    expect(nearest(typed, known)).toBe(meant);
  });
});

/** The words after a program, up to a pipe or a redirection, with quotes taken off. */
function shellWords(line: string, program: string): string[] {
  const words: string[] = [];
  for (const [, quoted, bare] of line.slice(line.indexOf(program) + program.length).matchAll(/'([^']*)'|([^ ']+)/gu)) {
    if (bare === '|' || bare === '>') break;
    words.push(quoted ?? bare ?? '');
  }
  return words;
}

describe.each(LANGUAGES)('help in %s', (language) => {
  test('lists every command and keeps to the width', () => {
    const help = programHelp(commands, { language, width: 80 });
    for (const { name } of commands) expect(help).toContain(`  ${name} `);
    expect(help.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  });

  test.each(commands.map(({ name }) => name))('%s: has a working example, and options that are explained', async (name) => {
    const module = await commands.find((c) => c.name === name)!.load();
    const help = commandHelp(module, { language, width: 100 });
    expect(module.examples.length).toBeGreaterThan(0);
    for (const { command: example } of module.examples) {
      expect(help).toContain(example);
      expect(example).toContain(`./culprit ${name}`);
    }
    // What an example shows must at least be understood.
    for (const { command: example } of module.examples) {
      expect(() => parseArguments(module, shellWords(example, `./culprit ${name}`))).not.toThrow();
    }
  });
});
