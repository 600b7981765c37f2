import { setFlagsFromString } from 'node:v8';
import { CulpritError } from '../../shared/culprit-error.ts';
import { sanitize } from '../../shared/sanitize.ts';
import type { Text } from '../../shared/text.ts';
import { isSet, wordOf } from '../command.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
import type { LogPart } from '../../logs/log-parts.ts';
import type { Range } from '../../logs/triage-types.ts';
import { LOGS_LINES_SCHEMA } from '../../report/schema-names.ts';
import { durationOf, timeOf } from '../time-words.ts';

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
  badTime: {
    en: '"{word}" is no time: give 2021-08-08T06:11:10Z, 06:11 or 10m',
    zh: '“{word}” 不是时间：请用 2021-08-08T06:11:10Z、06:11 或 10m 的形式',
  },
  badNumber: {
    en: 'there is no kind of lines number {word}; the report numbers them from 1 to {most}',
    zh: '没有编号为 {word} 的类别；报告中的编号为 1 到 {most}',
  },
  twice: {
    en: '{option} needs to read the log twice, which standard input cannot give: save it to a file',
    zh: '{option} 需要读两遍日志，标准输入做不到：请先保存为文件',
  },
  noEvent: { en: 'no line with a time holds "{text}"', zh: '没有带时间且包含 “{text}” 的行' },
  nothing: { en: 'nothing could be read: {problems}', zh: '什么也没能读取：{problems}' },
  followOne: { en: '--follow takes one file', zh: '--follow 只接受一个文件' },
} as const satisfies Readonly<Record<string, Text>>;

async function run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  const startedAt = performance.now();
  spareMemory();
  const [{ listParts }, { readLogs }, { loadSignatures }] = await Promise.all([
    import('../../logs/log-parts.ts'),
    import('../logs-read.ts'),
    import('../log-signatures.ts'),
  ]);
  const signatures = await loadSignatures();
  if (isSet(args.options, 'follow')) {
    const [path, ...others] = args.positionals;
    if (path === undefined || path === '-' || others.length > 0) throw new CulpritError('follow-one', texts.followOne);
    const { followLog } = await import('../logs-follow.ts');
    await followLog(
      path,
      signatures,
      (text) => {
        io.out(text);
      },
      io.language,
    );
    return 0;
  }
  const parts = listParts(args.positionals, Date.now());
  if (parts.parts.length === 0)
    throw new CulpritError('nothing-read', texts.nothing, {
      problems: parts.troubles.map((t) => `${t.shown} (${t.detail ?? t.problem})`).join(', ') || args.positionals.join(', '),
    });
  const twice = (option: string): void => {
    if (parts.parts.some((p) => p.path === undefined)) throw new CulpritError('reads-twice', texts.twice, { option });
  };
  const range = await rangeOf(args, parts.parts, twice);
  const read = await readLogs({ parts: parts.parts, signatures, ...(range === undefined ? {} : { range }) });
  // Only now: while logs are read, memory is for them.
  const { makeLogsReport } = await import('../logs-session.ts');
  const { report, templates } = await makeLogsReport({ read, parts, language: io.language, startedAt });
  const { toJson } = await import('../../report/report-json.ts');
  const number = wordOf(args.options, 'template');
  if (number !== undefined) {
    twice('--template');
    const template = templates[Number(number) - 1];
    if (template === undefined) throw new CulpritError('no-template', texts.badNumber, { word: number, most: templates.length });
    const { linesOfTemplate } = await import('../logs-window.ts');
    const lines = await linesOfTemplate(template, parts.parts, range);
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

/** Absolute words need no look at the log; relative ones and events do. */
async function rangeOf(args: CommandArgs, parts: readonly LogPart[], twice: (option: string) => void): Promise<Range | undefined> {
  const since = wordOf(args.options, 'since');
  const until = wordOf(args.options, 'until');
  const around = wordOf(args.options, 'around');
  if (since === undefined && until === undefined && around === undefined) return undefined;
  const { lastTimeOf, eventTime } = await import('../logs-window.ts');
  if (around !== undefined) {
    twice('--around');
    const word = wordOf(args.options, 'window') ?? '1m';
    const window = durationOf(word);
    if (window === undefined) throw new CulpritError('bad-time', texts.badTime, { word });
    const at = await eventTime(around, parts);
    if (at === undefined) throw new CulpritError('no-event', texts.noEvent, { text: around });
    return { since: at - window, until: at + window };
  }
  const end = lastTimeOf(parts);
  const at = (word: string | undefined, otherwise: number): number => {
    if (word === undefined) return otherwise;
    const time = timeOf(word, end);
    if (time === undefined) throw new CulpritError('bad-time', texts.badTime, { word });
    return time;
  };
  return { since: at(since, -Infinity), until: at(until, Infinity) };
}
