/** Help texts: for the program the list of its commands, for a command its options with an example that works. */
import { renderText } from '../report/render-said.ts';
import type { Language } from '../shared/language.ts';
import type { Text } from '../shared/text.ts';
import { padEnd, wrap } from '../shared/text-width.ts';
import type { CommandIo, CommandModule } from './command.ts';
import type { CommandEntry } from './commands/index.ts';
import { EVERYWHERE } from './parse-arguments.ts';

const WORDS = {
  purpose: {
    en: 'Culprit finds the one host setting behind a confusing failure of a Kubernetes node, proves it, and proposes the smallest fix.',
    zh: 'Culprit 找出 Kubernetes 节点上令人困惑的故障背后的那一处主机配置，加以证明，并给出最小的修复办法。',
  },
  usage: { en: 'Usage', zh: '用法' },
  commands: { en: 'Commands', zh: '命令' },
  options: { en: 'Options', zh: '选项' },
  examples: { en: 'Examples', zh: '示例' },
  help: { en: 'show this help', zh: '显示本帮助' },
  more: { en: './culprit COMMAND --help tells more about one command.', zh: '用 ./culprit COMMAND --help 查看某个命令的详细说明。' },
  exit: {
    en: 'Exit status: 0 nothing wrong found, 1 a cause was found, 2 usage or input error, 3 could not tell (facts are missing).',
    zh: '退出状态：0 未发现问题，1 找到了原因，2 用法或输入有误，3 无法判断（缺少事实）。',
  },
} satisfies Record<string, Text>;

const asSentence = (text: string, language: Language): string =>
  language === 'zh' ? `${text}。` : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

type Row = readonly [left: string, right: string];

/** Two columns; the right one is wrapped and keeps its indent. */
function table(rows: readonly Row[], width: number): string {
  const left = Math.max(...rows.map(([l]) => l.length)) + 2;
  return rows
    .map(([l, r]) => {
      const lines = wrap(r, Math.max(20, width - left - 2));
      return lines.map((line, i) => `  ${padEnd(i === 0 ? l : '', left)}${line}`.trimEnd()).join('\n');
    })
    .join('\n');
}

export function programHelp(commands: readonly CommandEntry[], io: Pick<CommandIo, 'language' | 'width'>): string {
  const t = (text: Text): string => renderText(text, io.language);
  return [
    wrap(t(WORDS.purpose), io.width).join('\n'),
    `${t(WORDS.usage)}: ./culprit COMMAND [--json] [--lang en|zh] [--help]`,
    `${t(WORDS.commands)}:\n${table(
      commands.map((c): Row => [c.name, t(c.summary)]),
      io.width,
    )}`,
    wrap(t(WORDS.more), io.width).join('\n'),
    `${wrap(t(WORDS.exit), io.width).join('\n')}\n`,
  ].join('\n\n');
}

export function commandHelp(command: CommandModule, io: Pick<CommandIo, 'language' | 'width'>): string {
  const t = (text: Text): string => renderText(text, io.language);
  const options = [...command.options, ...EVERYWHERE].map((o): Row => [o.flags, t(o.text)]);
  const parts = [
    `${t(WORDS.usage)}: ./culprit ${command.name} ${command.usage}`,
    wrap(asSentence(t(command.summary), io.language), io.width).join('\n'),
  ];
  if (command.details !== undefined) parts.push(wrap(t(command.details), io.width).join('\n'));
  parts.push(`${t(WORDS.options)}:\n${table([...options, ['--help', t(WORDS.help)]], io.width)}`);
  parts.push(
    `${t(WORDS.examples)}:\n${command.examples.map((e) => `  ${e.command}\n      ${wrap(t(e.text), io.width - 6).join('\n      ')}`).join('\n')}`,
  );
  parts.push(`${wrap(t(WORDS.exit), io.width).join('\n')}\n`);
  return parts.join('\n\n');
}
