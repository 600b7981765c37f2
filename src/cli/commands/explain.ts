import type { ClientAnswer } from '../../model/types.ts';
import { CulpritError } from '../../shared/culprit-error.ts';
import { isSet, wordsOf } from '../command.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
import { explainSession } from '../explain-session.ts';
import { typedName } from './diagnose.ts';

const texts = {
  noClient: { en: 'there is no client "{client}"; known: {known}', zh: '没有名为 “{client}” 的客户端；可用：{known}' },
  noView: { en: 'nothing is known about any machine or container, so nothing can be explained', zh: '没有任何机器或容器的信息，无法解释' },
} as const;

export const command: CommandModule = {
  name: 'explain',
  summary: {
    en: 'tell who gets what for a name, step by step, and where two programs part',
    zh: '逐步说明各程序对某个名称得到什么结果，以及它们从哪里开始不同',
  },
  usage: 'NAME[:PORT] [options]',
  details: {
    en: 'Every program that is installed resolves and dials in its own way; this asks the model of each, and the real one where it is installed. A disagreement is marked: then the model is wrong.',
    zh: '每个已安装的程序都有自己的解析和连接方式；此命令查询各自的模型，并与已安装的真实程序比对。若不一致会标出：此时是模型有误。',
  },
  positionals: { min: 1, max: 1 },
  options: [
    {
      flags: '--container <name>',
      many: true,
      text: { en: 'in this container: a name, an id or a pid (may be repeated)', zh: '在该容器中：名称、ID 或 pid（可重复）' },
    },
    {
      flags: '--as <client>',
      many: true,
      text: {
        en: 'only this client, installed or not, of this version where given: ping, telnet, go@1.19, ping@20160308-10.el7 (may be repeated)',
        zh: '只看该客户端（无论是否安装，可指定版本）：ping、telnet、go@1.19、ping@20160308-10.el7（可重复）',
      },
    },
    {
      flags: '--what-if <edit>',
      many: true,
      text: {
        en: "after a change, e.g. 'hosts:+127.0.0.1 localhost' (may be repeated)",
        zh: "假设作出修改，例如 'hosts:+127.0.0.1 localhost'（可重复）",
      },
    },
    {
      flags: '--evidence <path>',
      many: true,
      text: { en: 'a file, folder or archive in place of this machine', zh: '用文件、目录或归档代替本机' },
    },
    { flags: '--steps', text: { en: 'every step of every client', zh: '显示每个客户端的每一步' } },
    { flags: '--no-run', text: { en: 'do not run the real programs for comparison', zh: '不运行真实程序进行比对' } },
  ],
  examples: [
    { command: './culprit explain localhost', text: { en: 'who gets what for localhost', zh: '各程序对 localhost 得到什么' } },
    {
      command: './culprit explain localhost:6443 --as ping --as telnet --steps',
      text: { en: 'why ping works and telnet does not', zh: '为什么 ping 正常而 telnet 不行' },
    },
    {
      command: "./culprit explain localhost --what-if 'hosts:+127.0.0.1 localhost'",
      text: { en: 'what a change would do', zh: '修改之后会怎样' },
    },
  ],
  run,
};

async function run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  const asked = typedName(args.positionals[0] ?? '');
  const { clients } = await import('../../model/clients/index.ts');
  const as = wordsOf(args.options, 'as').map(choiceOf);
  for (const { id: client } of as) {
    if (!clients.some((c) => c.id === client))
      throw new CulpritError('client-not-found', texts.noClient, { client, known: clients.map((c) => c.id).join(', ') });
  }
  const session = await explainSession({
    ...asked,
    as,
    clients,
    containers: wordsOf(args.options, 'container'),
    whatIf: wordsOf(args.options, 'whatIf'),
    evidence: wordsOf(args.options, 'evidence'),
    runPrograms: !isSet(args.options, 'noRun'),
    stdin: io.stdin,
  });
  const answers = session.explanation.views.flatMap((v) => [...v.answers]);
  if (answers.length === 0) throw new CulpritError('nothing-to-explain', texts.noView);
  const { makeExplanation } = await import('../../report/explain-json.ts');
  const explanation = makeExplanation(
    {
      name: asked.name,
      ...(asked.port === undefined ? {} : { port: asked.port }),
      answers,
      differences: session.differences,
      real: session.real,
    },
    { language: io.language, node: session.snapshot.node },
  );
  if (args.json) {
    const { toJson } = await import('../../report/report-json.ts');
    io.out(toJson(explanation));
  } else {
    const { renderExplanation } = await import('../../report/explain.ts');
    io.out(
      renderExplanation(explanation, { language: io.language, width: io.width, colour: io.colour, steps: isSet(args.options, 'steps') }),
    );
  }
  return exitStatusOf(answers);
}

/** 'telnet', or 'ping@20160308-10.el7' for another version than the installed one. */
function choiceOf(typed: string): { readonly id: string; readonly version?: string } {
  const at = typed.indexOf('@');
  return at < 1 ? { id: typed } : { id: typed.slice(0, at), version: typed.slice(at + 1) };
}

/** 0: every program that is here works; 1: one fails; 3: for one it cannot be told. */
function exitStatusOf(answers: readonly ClientAnswer[]): ExitStatus {
  if (answers.some((a) => a.outcome.kind === 'fails')) return 1;
  const untold = answers.some((a) => a.outcome.kind === 'cannot-tell' && a.resolution.outcome.kind === 'cannot-tell');
  return untold ? 3 : 0;
}
