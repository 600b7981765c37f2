import { setFlagsFromString } from 'node:v8';
import { CulpritError } from '../../shared/culprit-error.ts';
import { sanitize } from '../../shared/sanitize.ts';
import type { Text } from '../../shared/text.ts';
import { isSet, wordOf } from '../command.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
import type { LogPart, Parts } from '../../logs/log-parts.ts';
import type { Range } from '../../logs/triage-types.ts';
import { LOGS_LINES_SCHEMA } from '../../report/schema-names.ts';
import type { LogsOutcome } from '../logs-session.ts';

export const command: CommandModule = {
  name: 'logs',
  summary: {
    en: 'find the line that ended it in logs of any size, and fold the noise',
    zh: '在任意大小的日志中找出导致结束的那一行，并折叠噪声',
  },
  usage: 'FILE|DIR|-... [options]',
  details: {
    en: 'Reads logs of docker, CRI, klog, logrus, journald, zap, syslog and plain text, packed or not, once and in bounded memory. Times without a zone are UTC; a relative time counts back from the last line. Exit status: 0 nothing failed, 1 a failure or a terminal line was found, 2 usage or input error, 3 nothing could be read.',
    zh: '读取 docker、CRI、klog、logrus、journald、zap、syslog 和纯文本日志（可为压缩文件），只读一遍，内存占用有上限。不带时区的时间按 UTC 处理；相对时间从最后一行往回算。退出状态：0 没有失败，1 发现失败或结束行，2 用法或输入错误，3 什么也没能读取。',
  },
  positionals: { min: 1 },
  options: [
    {
      flags: '--since <time>',
      text: {
        en: 'only lines from then on: 2021-08-08T06:11, 06:11, or 10m before the last line',
        zh: '只看此时间之后的行：2021-08-08T06:11、06:11，或最后一行之前的 10m',
      },
    },
    { flags: '--until <time>', text: { en: 'only lines up to then', zh: '只看此时间之前的行' } },
    {
      flags: '--around <text>',
      text: {
        en: 'only lines around the last one that holds this text, or around the terminal line ("terminal")',
        zh: '只看最后一次出现该文本的行（或用 terminal 表示结束行）前后的内容',
      },
    },
    { flags: '--window <time>', text: { en: 'how much before and after it (default 1m)', zh: '其前后多长时间（默认 1m）' } },
    {
      flags: '--template <number>',
      text: { en: 'show lines of this kind, numbered as in the report', zh: '显示该类别的行，编号与报告一致' },
    },
    { flags: '--follow', text: { en: 'go on reading as the file grows, and tell what is new', zh: '随文件增长继续读取，并报告新情况' } },
  ],
  examples: [
    {
      command: './culprit logs /var/log',
      text: { en: 'everything in a folder, rotated and packed files in their order', zh: '目录中的全部日志，轮转和压缩文件按顺序读取' },
    },
    { command: 'docker logs kube-apiserver 2>&1 | ./culprit logs -', text: { en: 'what a container wrote', zh: '某个容器的输出' } },
    {
      command: 'journalctl -u kubelet -o json | ./culprit logs - --since 10m',
      text: { en: 'the last ten minutes of a unit', zh: '某个单元最近十分钟的日志' },
    },
  ],
  run,
};

const texts = {
  badNumber: {
    en: 'there is no kind of lines number {word}; the report numbers them from 1 to {most}',
    zh: '没有编号为 {word} 的类别；报告中的编号为 1 到 {most}',
  },
  nothing: { en: 'nothing could be read: {problems}', zh: '什么也没能读取：{problems}' },
  followOne: { en: '--follow takes one file, or - for standard input', zh: '--follow 只接受一个文件，或用 - 表示标准输入' },
} as const satisfies Readonly<Record<string, Text>>;

async function run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  spareMemory();
  if (isSet(args.options, 'follow')) return follow(args, io);
  // Looking twice is needed for times counted from the end, for events and for lines of one kind: then standard input is kept in a file.
  const words = { since: wordOf(args.options, 'since'), until: wordOf(args.options, 'until'), around: wordOf(args.options, 'around') };
  const isTwice = wordOf(args.options, 'template') !== undefined || Object.values(words).some((w) => w !== undefined);
  if (!isTwice || !args.positionals.includes('-')) return read(args, io, undefined);
  const { withSpooled } = await import('../spool.ts');
  return withSpooled(io.stdin, (path) => read(args, io, path));
}

async function follow(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  const [path, ...others] = args.positionals;
  if (path === undefined || others.length > 0) throw new CulpritError('follow-one', texts.followOne);
  const [{ followLog }, { loadSignatures }] = await Promise.all([import('../logs-follow.ts'), import('../log-signatures.ts')]);
  await followLog({
    path,
    signatures: await loadSignatures(),
    tell: (text) => {
      io.out(text);
    },
    language: io.language,
    json: args.json,
    stdin: io.stdin,
  });
  return 0;
}

/** `spooled`: where standard input is kept, if it is. */
async function read(args: CommandArgs, io: CommandIo, spooled: string | undefined): Promise<ExitStatus> {
  const startedAt = performance.now();
  const [{ listParts }, { readLogs }, { loadSignatures }] = await Promise.all([
    import('../../logs/log-parts.ts'),
    import('../logs-read.ts'),
    import('../log-signatures.ts'),
  ]);
  const signatures = await loadSignatures();
  const given = listParts(
    args.positionals.map((p) => (p === '-' && spooled !== undefined ? spooled : p)),
    Date.now(),
  );
  if (given.parts.length === 0)
    throw new CulpritError('nothing-read', texts.nothing, {
      problems: given.troubles.map((t) => `${t.shown} (${t.detail ?? t.problem})`).join(', ') || args.positionals.join(', '),
    });
  const named = given.parts.map((p) => (p.path === spooled && spooled !== undefined ? { ...p, shown: '-', set: '-' } : p));
  const words = {
    since: wordOf(args.options, 'since'),
    until: wordOf(args.options, 'until'),
    around: wordOf(args.options, 'around'),
    window: wordOf(args.options, 'window'),
  };
  const report = async (range: Range | undefined, parts: Parts): Promise<LogsOutcome> => {
    const read = await readLogs({ parts: parts.parts, signatures, ...(range === undefined ? {} : { range }) });
    // Only now: while logs are read, memory is for them.
    const { makeLogsReport } = await import('../logs-session.ts');
    return makeLogsReport({ read, parts, language: io.language, startedAt });
  };
  const { rangeOf, datedBy } = await import('../logs-range.ts');
  const parts = { ...given, parts: datedBy(named, words) };
  const range = await rangeOf({
    words,
    parts: parts.parts,
    terminalTime: async () => {
      const { time } = (await report(undefined, parts)).report.terminal ?? {};
      return time === undefined ? undefined : Date.parse(time);
    },
  });
  const outcome = await report(range, parts);
  return show(outcome, parts.parts, range, args, io);
}

async function show(
  { report, templates }: LogsOutcome,
  parts: readonly LogPart[],
  range: Range | undefined,
  args: CommandArgs,
  io: CommandIo,
): Promise<ExitStatus> {
  const { toJson } = await import('../../report/report-json.ts');
  const number = wordOf(args.options, 'template');
  if (number !== undefined) {
    const template = templates[Number(number) - 1];
    if (template === undefined) throw new CulpritError('no-template', texts.badNumber, { word: number, most: templates.length });
    const { linesOfTemplate } = await import('../logs-window.ts');
    const lines = await linesOfTemplate(template, parts, range);
    io.out(
      args.json
        ? toJson({ schema: LOGS_LINES_SCHEMA, template: report.templates[Number(number) - 1], lines })
        : `${lines.map((l) => sanitize(`${l.source}: ${l.text}`)).join('\n')}\n`,
    );
    return 0;
  }
  if (args.json) io.out(toJson(report));
  else {
    const { renderLogs } = await import('../../report/logs-page.ts');
    io.out(renderLogs(report, { language: io.language, width: io.width, colour: io.colour }));
  }
  if (report.lines === 0 && report.problems.length > 0) return 3;
  return report.terminal !== undefined || report.symptoms.length > 0 ? 1 : 0;
}

/**
 * Young objects die young here: a nursery that grows to its usual 16 MiB a thread would be most of what this command takes; so would a
 * compiler between the quick one and the good one, as the loops that count are WebAssembly, and garbage that may be as much as what lives.
 */
function spareMemory(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-maglev');
  setFlagsFromString('--heap-growing-percent=30');
}
