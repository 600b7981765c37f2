// src/cli/commands/index.ts: each command's name and summary, so that --help loads none of them, and a way to load just one.
import { join } from 'node:path';
import { banner, load, quote, sourceFiles } from './_shared.mjs';

/** The order in which a person needs them; others follow by name. */
const ORDER = ['diagnose', 'explain', 'causes', 'collect', 'logs', 'trace', 'compare', 'lab'];

export async function generate(root) {
  const problems = [];
  const commands = [];
  for (const file of await sourceFiles(join(root, 'src/cli/commands'))) {
    const name = file.replace(/\.ts$/, '');
    try {
      const { command } = await load(root, `src/cli/commands/${file}`);
      if (command?.name !== name) problems.push(`src/cli/commands/${file} must export \`command\` with the name "${name}"`);
      else commands.push(command);
    } catch (error) {
      problems.push(`src/cli/commands/${file} cannot be loaded: ${String(error?.message).split('\n')[0]}`);
    }
  }
  const rank = (c) => (ORDER.indexOf(c.name) + ORDER.length + 1) % (ORDER.length + 1);
  commands.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const entries = commands.map(
    (c) => `  {
    name: ${quote(c.name)},
    summary: { en: ${quote(c.summary.en)}, zh: ${quote(c.summary.zh)} },
    load: async () => (await import('./${c.name}.ts')).command,
  },
`,
  );
  const text = `${banner('the files of this folder')}import type { Text } from '../../shared/text.ts';
import type { CommandModule } from '../command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: Text;
  readonly load: () => Promise<CommandModule>;
}

export const commands: readonly CommandEntry[] = [${entries.length === 0 ? '' : `\n${entries.join('')}`}];
`;
  return { files: new Map([['src/cli/commands/index.ts', text]]), orphans: [], problems };
}
