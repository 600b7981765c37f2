import { spawn } from 'node:child_process';
import { CulpritError } from '../../shared/culprit-error.ts';
import { sanitize, sanitizeLine } from '../../shared/sanitize.ts';
import { padEnd, widthOf, wrap } from '../../shared/text-width.ts';
import { findScenario, showCommand, withScenario, wordsIn, writePaste, type ShownCommand } from '../../lab/run-scenario.ts';
import { runMatrix, type MatrixRow } from '../../lab/matrix.ts';
import type { Lab } from '../../lab/lab.ts';
import { labEnvironment } from '../../lab/namespace-host.ts';
import type { Scenario } from '../../lab/scenario.ts';
import { scenarios } from '../../lab/scenarios/index.ts';
import { shellLine } from '../../lab/program.ts';
import type { Text } from '../../shared/text.ts';
import { wordOf, wordsOf, type CommandArgs, type CommandIo, type CommandModule, type ExitStatus } from '../command.ts';

const WORDS = {
  failing: { en: 'failing', zh: '故障' },
  healthy: { en: 'healthy', zh: '正常' },
  building: { en: 'building a disposable node …', zh: '正在搭建一次性节点……' },
  exit: { en: 'exit status', zh: '退出码' },
  unexpected: { en: 'not as expected:', zh: '与预期不符：' },
  diagnose: { en: 'Culprit on the same node:', zh: '让 Culprit 诊断同一节点：' },
  shell: {
    en: 'A shell on the node; leaving it takes everything down. Try:',
    zh: '这是该节点上的 shell，退出后一切都会被清除。可以试试：',
  },
  tryShell: { en: 'To look around in it yourself: ./culprit lab shell {id}', zh: '想自己进去查看：./culprit lab shell {id}' },
} satisfies Record<string, Text>;

const USAGE = new CulpritError('lab-usage', {
  en: 'Say what to do: ./culprit lab list, ./culprit lab run NAME, ./culprit lab shell NAME or ./culprit lab matrix.',
  zh: '请说明要做什么：./culprit lab list、./culprit lab run NAME、./culprit lab shell NAME 或 ./culprit lab matrix。',
});

const asJson = (scenario: Scenario): Record<string, unknown> => ({
  id: scenario.id,
  title: scenario.title,
  kind: scenario.kind,
  expects: scenario.expects,
  needs: ['root', 'namespaces', ...scenario.needs],
  target: scenario.target,
});

const list = (io: CommandIo, json: boolean): ExitStatus => {
  if (json) {
    io.out(`${JSON.stringify({ schema: 'culprit/lab-list@1', scenarios: scenarios.map(asJson) }, undefined, 2)}\n`);
    return 0;
  }
  const idWidth = Math.max(...scenarios.map((scenario) => scenario.id.length));
  const kindWidth = Math.max(widthOf(WORDS.failing[io.language]), widthOf(WORDS.healthy[io.language]));
  for (const kind of ['failing', 'healthy'] as const) {
    for (const scenario of scenarios.filter((each) => each.kind === kind)) {
      io.out(`${padEnd(scenario.id, idWidth)}  ${padEnd(WORDS[kind][io.language], kindWidth)}  ${scenario.title[io.language]}\n`);
    }
  }
  return 0;
};

const commandJson = (shown: ShownCommand): Record<string, unknown> => ({
  command: shown.demonstration.command,
  ...(shown.demonstration.in === undefined ? {} : { container: shown.demonstration.in }),
  ...(shown.result.exitStatus === undefined ? { signal: shown.result.signal } : { exitStatus: shown.result.exitStatus }),
  stdout: shown.result.stdout,
  stderr: shown.result.stderr,
  durationMs: Math.round(shown.result.durationMs),
  surprises: shown.surprises,
});

const printCommand = (io: CommandIo, shown: ShownCommand): void => {
  const where = shown.demonstration.in === undefined ? '' : `[${shown.demonstration.in}] `;
  const note = shown.demonstration.text === undefined ? '' : `    # ${shown.demonstration.text[io.language]}`;
  io.out(`\n${where}$ ${shown.demonstration.command}${note}\n`);
  const output = sanitize(`${shown.result.stdout}${shown.result.stderr}`).trimEnd();
  if (output !== '') io.out(`${output}\n`);
  if (shown.result.exitStatus !== 0) io.out(`(${WORDS.exit[io.language]} ${String(shown.result.exitStatus ?? shown.result.signal)})\n`);
  for (const surprise of shown.surprises) io.out(`! ${WORDS.unexpected[io.language]} ${sanitizeLine(surprise)}\n`);
};

/** This very program, as it was started: the built bundle, or its sources under a Node that takes types away. */
const culprit = (): readonly string[] => [process.execPath, process.argv[1] ?? 'culprit'];

const heading = (io: CommandIo, scenario: Scenario): void => {
  io.out(`${scenario.id}: ${scenario.title[io.language]}\n`);
  for (const line of wrap(scenario.story[io.language], io.width)) io.out(`${line}\n`);
};

const run = async (scenario: Scenario, io: CommandIo, args: CommandArgs): Promise<ExitStatus> => {
  const diagnose = args.options['diagnose'] !== undefined;
  if (!args.json) heading(io, scenario);
  const started = performance.now();
  return withScenario(scenario, async (lab): Promise<ExitStatus> => {
    const buildMs = Math.round(performance.now() - started);
    const shown: ShownCommand[] = [];
    for (const demonstration of scenario.show) {
      const one = await showCommand(lab, demonstration);
      shown.push(one);
      if (!args.json) printCommand(io, one);
    }
    await writePaste(scenario, lab, shown);
    const words = ['diagnose', ...wordsIn(lab, scenario.target)];
    const diagnosis = diagnose
      ? await lab.node.exec([...culprit(), ...words, ...(args.json ? ['--json'] : ['--lang', io.language])], { timeoutMs: 60_000 })
      : undefined;
    if (args.json) {
      io.out(
        `${JSON.stringify(
          {
            schema: 'culprit/lab@1',
            ...asJson(scenario),
            target: wordsIn(lab, scenario.target),
            buildMs,
            commands: shown.map(commandJson),
            ...(diagnosis === undefined
              ? {}
              : { diagnosis: { exitStatus: diagnosis.exitStatus, report: parsed(diagnosis.stdout), stderr: diagnosis.stderr } }),
          },
          undefined,
          2,
        )}\n`,
      );
    } else if (diagnosis !== undefined) {
      io.out(`\n${WORDS.diagnose[io.language]}\n$ ./culprit ${shellLine(words)}\n${diagnosis.stdout}${diagnosis.stderr}`);
    } else io.out(`\n${WORDS.tryShell[io.language].replace('{id}', scenario.id)}\n`);
    return shown.some((one) => one.surprises.length > 0) ? 3 : 0;
  });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const shell = async (scenario: Scenario, io: CommandIo): Promise<ExitStatus> => {
  heading(io, scenario);
  io.err(`${WORDS.building[io.language]}\n`);
  return withScenario(scenario, async (lab): Promise<ExitStatus> => {
    io.out(`\n${WORDS.shell[io.language]}\n`);
    for (const { command, in: container } of scenario.show)
      io.out(`  ${container === undefined ? '' : enterHint(lab, container)}${command}\n`);
    io.out(`  ${shellLine([...culprit(), 'diagnose', ...wordsIn(lab, scenario.target)])}\n\n`);
    const [file = 'nsenter', ...rest] = lab.node.enter;
    await new Promise<void>((resolve, reject) => {
      const child = spawn(file, [...rest, process.env['SHELL'] ?? '/bin/sh'], {
        stdio: 'inherit',
        env: { ...labEnvironment(), PS1: '\\h:\\w\\$ ' },
      });
      // Ctrl-C is for the programs in the shell.
      const ignore = (): void => undefined;
      process.on('SIGINT', ignore);
      child.on('close', () => {
        process.off('SIGINT', ignore);
        resolve();
      });
      child.on('error', reject);
    });
    return 0;
  });
};

const OUTCOMES: Readonly<Record<MatrixRow['outcome'], Text>> = {
  right: { en: 'right', zh: '正确' },
  wrong: { en: 'WRONG', zh: '错误' },
  undecided: { en: 'undecided', zh: '未能判定' },
  'false-alarm': { en: 'FALSE ALARM', zh: '误报' },
  broken: { en: 'BROKEN', zh: '运行失败' },
  skipped: { en: 'skipped', zh: '跳过' },
};

const matrix = async (args: CommandArgs, io: CommandIo): Promise<ExitStatus> => {
  const only = wordsOf(args.options, 'only');
  const jobs = Number(wordOf(args.options, 'jobs') ?? 1);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 16) throw USAGE;
  const wanted = only.length === 0 ? scenarios : only.map(findScenario);
  const idWidth = Math.max(...wanted.map((scenario) => scenario.id.length)) + 2;
  const outcomeWidth = Math.max(...Object.values(OUTCOMES).map((text) => widthOf(text[io.language]))) + 2;
  const started = performance.now();
  const rows = await runMatrix(wanted, {
    jobs,
    culprit: culprit(),
    onRow: (row) => {
      const line = `${padEnd(row.id, idWidth)}${padEnd(OUTCOMES[row.outcome][io.language], outcomeWidth)}${String(row.diagnoseMs).padStart(6)} ms  ${sanitizeLine(row.detail)}\n`;
      if (args.json) io.err(line);
      else io.out(line);
    },
  });
  const totals = Object.fromEntries(
    Object.keys(OUTCOMES).map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length]),
  );
  if (args.json)
    io.out(
      `${JSON.stringify({ schema: 'culprit/lab-matrix@1', totals, seconds: Math.round((performance.now() - started) / 100) / 10, rows }, undefined, 2)}\n`,
    );
  else
    io.out(
      `\n${Object.entries(OUTCOMES)
        .map(([outcome, text]) => `${text[io.language]} ${String(totals[outcome])}`)
        .join(', ')}; ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
    );
  if (rows.some((row) => ['wrong', 'false-alarm', 'broken'].includes(row.outcome))) return 1;
  return rows.some((row) => row.outcome === 'undecided') ? 3 : 0;
};

const enterHint = (lab: Lab, name: string): string => {
  const container = lab.containers.get(name);
  if (container === undefined) return '';
  return container.kind === 'docker' ? `docker exec ${name} ` : `nsenter -t ${container.pid} -m -n -u -i -p -- `;
};

export const command: CommandModule = {
  name: 'lab',
  summary: {
    en: 'rebuild a failure (or a healthy look-alike) in a disposable node and show ordinary programs failing',
    zh: '在一次性节点里重现一个故障（或与之相似的正常情形），并展示常用程序如何出错',
  },
  usage: 'list | run NAME | shell NAME | matrix [options]',
  details: {
    en: 'Everything runs in namespaces of its own (or in a private Docker engine inside them): nothing of this machine is changed, nothing goes over the network, and all of it is gone at the end. Needs root.',
    zh: '一切都在独立的命名空间（或其中的私有 Docker 引擎）里运行：不改动本机，不经过外部网络，结束后全部消失。需要 root 权限。',
  },
  positionals: { min: 1, max: 2 },
  options: [
    { flags: '--diagnose', text: { en: 'with run: let Culprit diagnose the node as well', zh: '配合 run：让 Culprit 也诊断这个节点' } },
    {
      flags: '--only <name>',
      many: true,
      text: { en: 'with matrix: this scenario alone (may be given several times)', zh: '配合 matrix：只运行这个场景（可多次给出）' },
    },
    {
      flags: '--jobs <number>',
      text: { en: 'with matrix: how many at the same time; default 1', zh: '配合 matrix：同时运行的个数，默认为 1' },
    },
  ],
  examples: [
    { command: './culprit lab list', text: { en: 'All scenarios', zh: '全部场景' } },
    {
      command: './culprit lab run first-article',
      text: {
        en: 'localhost is ::1 only and IPv6 is off: ping and telnet disagree',
        zh: 'localhost 只有 ::1 而 IPv6 已关闭：ping 与 telnet 结果不一',
      },
    },
    {
      command: './culprit lab run second-article --diagnose',
      text: { en: "The host's name cache answers for a container; then the diagnosis", zh: '宿主机的名称缓存替容器作答；然后给出诊断' },
    },
  ],
  async run(args: CommandArgs, io: CommandIo): Promise<ExitStatus> {
    const [what, name] = args.positionals;
    if (what === 'matrix' && name === undefined) return matrix(args, io);
    if (what === 'list' && name === undefined) return list(io, args.json);
    if (name === undefined || (what !== 'run' && what !== 'shell')) throw USAGE;
    const scenario = findScenario(name);
    return what === 'run' ? run(scenario, io, args) : shell(scenario, io);
  },
};
