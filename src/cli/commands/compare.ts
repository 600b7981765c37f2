import { isSet, wordsOf } from '../command.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
import { compareSession, type CompareSession } from '../compare-session.ts';
import { typedName } from './diagnose.ts';

export const command: CommandModule = {
  name: 'compare',
  summary: {
    en: 'compare nodes, containers or traces: what behaves differently, and the one fact that makes it so',
    zh: '比较节点、容器或跟踪记录：什么行为不同，以及造成不同的那个事实',
  },
  usage: 'A B [C...] [options]',
  details: {
    en: 'Each of A, B is a file of "collect -o", a folder, archive or file of evidence, container:NAME, "." for this machine, or a strace. A fact is named as the cause when putting it into the node that is worse off makes that node behave like the other. Times, ids and each node’s own names and addresses do not count.',
    zh: 'A、B 可以是 “collect -o” 保存的文件、证据文件夹/归档/文件、container:NAME、“.”（本机），或 strace 记录。只有把某个事实放到较差的节点上能使其行为与另一个一致时，才称其为原因。时间、编号以及各节点自己的名称和地址不计入。',
  },
  positionals: { min: 2 },
  options: [
    {
      flags: '--name <name>',
      many: true,
      text: { en: 'compare for this name, NAME or NAME:PORT (may be repeated)', zh: '针对该名称比较：NAME 或 NAME:PORT（可重复）' },
    },
    { flags: '--all', text: { en: 'also the facts that differ without an effect', zh: '同时列出没有影响的差异' } },
  ],
  examples: [
    {
      command: './culprit collect -o /tmp/culprit-before.tar.gz && ./culprit compare /tmp/culprit-before.tar.gz .',
      text: { en: 'this machine against its own facts of before', zh: '将本机与先前保存的事实比较' },
    },
  ],
  run,
};

async function run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  const session = await compareSession({ subjects: args.positionals, names: wordsOf(args.options, 'name').map(typedName) });
  const { comparisonJson, renderComparison } = await import('../../report/compare.ts');
  if (args.json) {
    const { toJson } = await import('../../report/report-json.ts');
    io.out(toJson(comparisonJson(session, io.language)));
  } else {
    io.out(renderComparison(session, { language: io.language, width: io.width, colour: io.colour, all: isSet(args.options, 'all') }));
  }
  return exitStatusOf(session);
}

function exitStatusOf(session: CompareSession): ExitStatus {
  if (session.kind === 'traces') {
    const { differences, pointers, compared } = session.comparison;
    return compared === 0 ? 3 : differences.length > 0 || pointers.length > 0 ? 1 : 0;
  }
  const { effects, verdicts, wellVerdicts, asked } = session.comparison;
  return effects.length > 0 || verdicts.length > 0 || wellVerdicts.length > 0 ? 1 : asked === 0 ? 3 : 0;
}
