import type { Source } from '../../facts/fact.ts';
import { CulpritError } from '../../shared/culprit-error.ts';
import { sanitizeLine } from '../../shared/sanitize.ts';
import { wordOf, wordsOf, type CommandModule } from '../command.ts';
import { typedName } from './diagnose.ts';

const texts = {
  saved: {
    en: '{file}: {views} views, {files} files, {problems} that could not be read',
    zh: '{file}：{views} 个视图，{files} 个文件，{problems} 项无法读取',
  },
} as const;

/** What a person would call the place. */
function nameOf(source: Source): string {
  switch (source.kind) {
    case 'file':
    case 'log':
      return source.path;
    case 'command':
      return source.command;
    case 'probe':
      return source.probe;
    case 'statement':
      return source.key;
  }
}

export const command: CommandModule = {
  name: 'collect',
  summary: {
    en: 'save the facts of this machine in a file, to be diagnosed later or elsewhere',
    zh: '将本机的事实保存到文件，供以后或在别处诊断',
  },
  usage: '[NAME[:PORT]]... [-o FILE.tar.gz] [--container C]...',
  details: {
    en: 'Reads only. Secrets are left out where they are read: of credentials, tokens and keys nothing is taken. The file is an ordinary tar.gz; open it and look before you pass it on. Diagnose it with: culprit diagnose --evidence FILE.tar.gz',
    zh: '只读操作。机密信息在读取时即被排除：不采集任何凭据、令牌或密钥。生成的文件是普通的 tar.gz，转交他人前可先打开查看。诊断方法：culprit diagnose --evidence FILE.tar.gz',
  },
  options: [
    {
      flags: '-o, --out <file>',
      text: {
        en: 'where to write; default: culprit-HOSTNAME-TIME.tar.gz in the current folder',
        zh: '写入位置；默认为当前目录下的 culprit-主机名-时间.tar.gz',
      },
    },
    {
      flags: '--container <name>',
      many: true,
      text: {
        en: 'only this container (name, id, pod name or process id) and the host',
        zh: '仅采集该容器（名称、ID、Pod 名称或进程号）及主机',
      },
    },
  ],
  examples: [
    {
      command: './culprit collect -o node1.tar.gz',
      text: { en: 'save this machine and all its containers', zh: '保存本机及其所有容器的事实' },
    },
  ],
  async run(args, io) {
    const [{ runSession }, { saveSnapshot }] = await Promise.all([import('../diagnosis-session.ts'), import('../../snapshot/archive.ts')]);
    // The model says which questions name servers have to be asked; a snapshot without their answers would decide less than the machine does.
    const { snapshot } = await runSession({
      names: args.positionals.map(typedName),
      containers: wordsOf(args.options, 'container'),
      evidence: [],
    });
    const { node } = snapshot;
    const hostname = node.hostname.state === 'known' ? node.hostname.value.replace(/[^A-Za-z0-9.-]/gu, '-') : 'node';
    const file = wordOf(args.options, 'out') ?? `culprit-${hostname}-${snapshot.takenAt.replace(/[-:]|\.\d+/gu, '')}.tar.gz`;
    try {
      await saveSnapshot(snapshot, file);
    } catch (cause) {
      const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      throw new CulpritError(
        'output-not-written',
        { en: '{file} cannot be written: {detail}.', zh: '无法写入 {file}：{detail}。' },
        { file, detail },
        { cause },
      );
    }
    const files = node.views.flatMap((v) => Object.values(v.files)).filter((f) => f.state === 'known').length;
    const problems = node.problems.map(({ source, reason }) => ({
      what: nameOf(source),
      ...(source.kind === 'statement' || source.view === undefined ? {} : { view: source.view }),
      reason,
    }));
    if (args.json)
      io.out(
        `${JSON.stringify({ schema: 'culprit/collected@1', file, views: node.views.map((v) => v.id), files, problems }, undefined, 2)}\n`,
      );
    else {
      const values = { file, views: node.views.length, files, problems: problems.length };
      const line = texts.saved[io.language].replace(/\{([a-z]+)\}/gu, (_, key: string) => String(values[key as keyof typeof values]));
      io.out(`${sanitizeLine(line)}\n`);
      for (const p of problems) io.err(`${sanitizeLine(`  ${p.view ?? 'host'}: ${p.what}: ${p.reason}`)}\n`);
    }
    return 0;
  },
};
