import { CulpritError } from '../../shared/culprit-error.ts';
import { isSet, wordOf, wordsOf } from '../command.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
import { traceSession } from '../trace-session.ts';

const texts = {
  nothing: {
    en: 'give a file of strace, "-" for standard input, or a command after "--"',
    zh: '请给出 strace 的文件、“-”（标准输入），或在 “--” 之后给出命令',
  },
  both: { en: 'give either files or a command after "--", not both', zh: '文件与 “--” 之后的命令只能给出其一' },
} as const;

export const command: CommandModule = {
  name: 'trace',
  summary: {
    en: 'tell what a strace shows: who was asked for a name, what was said, and where the time went',
    zh: '讲述 strace 记录：向谁查询名称、得到什么回答、时间花在哪里',
  },
  usage: 'FILE...|- | -- COMMAND... [options]',
  details: {
    en: 'Reads what strace wrote (with -f, -ff, any of its time options, strings cut short), or runs a command under strace. Requests to the cache daemon and DNS messages are decoded. Where the machine, a container or evidence is named, the trace is held against the model.',
    zh: '读取 strace 的输出（可带 -f、-ff 和任意时间选项，字符串可被截断），或在 strace 下运行一条命令。会解码发给缓存守护进程的请求和 DNS 报文。若指明本机、容器或证据，还会与模型的预测对照。',
  },
  options: [
    {
      flags: '--container <name>',
      text: { en: 'run the command inside this container, or hold the trace against it', zh: '在该容器内运行命令，或与该容器对照' },
    },
    {
      flags: '--evidence <path>',
      many: true,
      text: { en: 'hold the trace against a file, folder or archive in place of this machine', zh: '与文件、目录或归档（代替本机）对照' },
    },
    { flags: '--steps', text: { en: 'every step, each with its line', zh: '显示每一步及其所在的行' } },
    { flags: '--no-check', text: { en: 'do not hold the trace against the model', zh: '不与模型对照' } },
  ],
  examples: [
    { command: './culprit trace -- getent ahosts localhost', text: { en: 'trace a look-up on this machine', zh: '在本机跟踪一次查询' } },
    {
      command: 'strace -f -s 256 getent hosts localhost 2>&1 | ./culprit trace - --steps',
      text: { en: 'every step of a trace that was made elsewhere', zh: '查看在别处记录的跟踪的每一步' },
    },
  ],
  run,
};

async function run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
  const paths = args.positionals;
  const traced = args.afterDashes !== undefined && args.afterDashes.length > 0 ? args.afterDashes : undefined;
  if (traced !== undefined && paths.length > 0) throw new CulpritError('trace-two-inputs', texts.both);
  if (traced === undefined && paths.length === 0 && io.stdinIsTerminal) throw new CulpritError('trace-no-input', texts.nothing);
  const container = wordOf(args.options, 'container');
  const session = await traceSession({
    paths: paths.length === 0 ? ['-'] : paths,
    ...(traced === undefined ? {} : { command: traced }),
    ...(container === undefined ? {} : { container }),
    evidence: wordsOf(args.options, 'evidence'),
    stdin: io.stdin,
    check: !isSet(args.options, 'noCheck'),
  });
  const { renderTrace, traceJson } = await import('../../report/trace.ts');
  if (args.json) {
    const { toJson } = await import('../../report/report-json.ts');
    io.out(toJson(traceJson(session, io.language)));
  } else {
    io.out(renderTrace(session, { language: io.language, width: io.width, colour: io.colour, steps: isSet(args.options, 'steps') }));
  }
  if (session.pointers.length > 0) return 1;
  return session.trace.lookups.length === 0 && session.trace.dials.length === 0 ? 3 : 0;
}
