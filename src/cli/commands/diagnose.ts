import { toJson, makeReport } from '../../report/report-json.ts';
import { CulpritError } from '../../shared/culprit-error.ts';
import type { Diagnosis } from '../../diagnose/types.ts';
import { wordsOf } from '../command.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
import { runSession } from '../diagnosis-session.ts';
import { parseTypedName } from '../parse-name.ts';
import type { TypedName } from '../parse-name.ts';

export const command: CommandModule = {
  name: 'diagnose',
  summary: {
    en: 'find the setting that makes names or connections fail, and prove it',
    zh: '找出导致名称解析或连接失败的设置，并加以证明',
  },
  usage: '[NAME[:PORT]]... [options]',
  details: {
    en: 'Without a name it asks for what the components and containers of this machine need. With --evidence no machine is asked: everything comes from the files, folders, archives or text given. Exit status: 0 nothing wrong found, 1 a cause was found, 2 usage or input error, 3 could not tell.',
    zh: '不指定名称时，检查本机各组件和容器所需的名称。使用 --evidence 时不访问任何机器，全部信息来自给定的文件、目录、归档或文本。退出状态：0 未发现问题，1 找到原因，2 用法或输入错误，3 无法判断。',
  },
  options: [
    {
      flags: '--container <name>',
      many: true,
      text: { en: 'only this container: a name, an id or a pid (may be repeated)', zh: '只检查该容器：名称、ID 或 pid（可重复）' },
    },
    {
      flags: '--evidence <path>',
      many: true,
      text: {
        en: 'a file, folder or archive, or - for standard input (may be repeated)',
        zh: '文件、目录或归档，或用 - 表示标准输入（可重复）',
      },
    },
  ],
  examples: [
    { command: './culprit diagnose', text: { en: 'this machine and all its containers', zh: '本机及其所有容器' } },
    { command: './culprit diagnose localhost:6443', text: { en: 'one name and port', zh: '一个名称和端口' } },
    { command: 'journalctl -u kubelet -n 200 | ./culprit diagnose --evidence -', text: { en: 'text that you have', zh: '已有的文本' } },
  ],
  run,
};

async function run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  const names = args.positionals.map(typedName);
  const evidence = wordsOf(args.options, 'evidence');
  const { diagnosis, snapshot } = await runSession({ names, containers: wordsOf(args.options, 'container'), evidence, stdin: io.stdin });
  const report = makeReport(diagnosis, {
    language: io.language,
    node: snapshot.node,
    ...(snapshot.pieces === undefined ? {} : { pieces: snapshot.pieces }),
  });
  if (args.json) {
    io.out(toJson(report));
  } else {
    const { renderTerminal } = await import('../../report/terminal.ts');
    io.out(renderTerminal(report, { language: io.language, width: io.width, colour: io.colour }));
  }
  return exitStatusOf(diagnosis);
}

/** 1: a cause; 3: something fails, or is said to fail, and nothing convincing explains it, or nothing could be read; 0: nothing wrong found. */
export function exitStatusOf(diagnosis: Diagnosis): ExitStatus {
  if (diagnosis.verdicts.length > 0) return 1;
  return diagnosis.troubled || diagnosis.unread === true ? 3 : 0;
}

export function typedName(typed: string): TypedName {
  const parsed = parseTypedName(typed);
  if (parsed.ok) return parsed.value;
  throw new CulpritError('bad-name', parsed.error, { typed });
}
