/** Expected failures of the lab: a privilege or a program that is not there, or a step of a scenario that did not work. */
import { CulpritError } from '../shared/culprit-error.ts';
import { shellLine, type ProgramResult } from './program.ts';

export const unknownScenario = (name: string): CulpritError =>
  new CulpritError(
    'lab-unknown-scenario',
    {
      en: 'There is no scenario "{name}"; ./culprit lab list shows them.',
      zh: '没有名为“{name}”的场景；用 ./culprit lab list 查看全部场景。',
    },
    { name },
  );

export const needsMissing = (missing: readonly string[]): CulpritError =>
  new CulpritError(
    'lab-needs-missing',
    {
      en: 'This scenario needs what is not here: {missing}. Root and namespaces come with `sudo`; the programs are in scripts/debian-packages.txt.',
      zh: '这个场景缺少以下条件：{missing}。root 权限和命名空间可以用 `sudo` 获得；所需程序列在 scripts/debian-packages.txt 中。',
    },
    { missing: missing.join(', ') },
  );

export const hostNotStarted = (why: string): CulpritError =>
  new CulpritError('lab-host-not-started', { en: 'The test host could not be started: {why}', zh: '无法启动测试主机：{why}' }, { why });

export const daemonNotReady = (name: string, why: string): CulpritError =>
  new CulpritError('lab-daemon-not-ready', { en: '{name} does not serve: {why}', zh: '{name} 没有开始服务：{why}' }, { name, why });

export const downloadFailed = (name: string, why: string): CulpritError =>
  new CulpritError(
    'lab-download-failed',
    { en: 'The Debian package {name} could not be fetched: {why}', zh: '无法取得 Debian 软件包 {name}：{why}' },
    { name, why },
  );

/** What went wrong in one step, with enough of its output to understand it. */
export const stepFailed = (result: ProgramResult): CulpritError => {
  const how = result.startError ?? (result.timedOut ? 'timed out' : `exit status ${result.exitStatus ?? result.signal ?? '?'}`);
  const output = `${result.stderr}${result.stdout}`.trim().slice(0, 2000);
  return new CulpritError(
    'lab-step-failed',
    { en: 'A step of the scenario failed ({how}): {command} {output}', zh: '场景的一个步骤失败（{how}）：{command} {output}' },
    { how, command: shellLine(result.command).slice(0, 500), output },
  );
};
