// src/lab/scenarios/index.ts: every scenario of the lab, by area and name.
import { join } from 'node:path';
import { banner, camel, folders, sourceFiles } from './_shared.mjs';

export async function generate(root) {
  const base = join(root, 'src/lab/scenarios');
  const paths = [];
  for (const area of await folders(base)) for (const file of await sourceFiles(join(base, area))) paths.push(`${area}/${file}`);
  const name = (path) => camel(path.slice(path.indexOf('/') + 1).replace(/\.ts$/, ''));
  const text = `${banner('the files below this folder')}import type { Scenario } from '../scenario.ts';
${paths.map((path) => `import { scenario as ${name(path)} } from './${path}';\n`).join('')}
export const scenarios: readonly Scenario[] = [${paths.length === 0 ? '' : `\n${paths.map((path) => `  ${name(path)},\n`).join('')}`}];
`;
  return { files: new Map([['src/lab/scenarios/index.ts', text]]), orphans: [] };
}
