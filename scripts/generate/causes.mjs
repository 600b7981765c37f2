// src/causes/index.ts: every cause of src/causes/<area>/*.ts. The exports are found in the text, so that one unfinished file does not
// stop all others: `export const x = defineCause(…)` (or another function named …Cause) or `export const xs: readonly Cause[] = …`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { banner, camel, folders, sourceFiles } from './_shared.mjs';

const ONE = /^export const (\w+)(?:: Cause)? = (?:define\w*|\w*[cC]ause)\(/gm;
const MANY = /^export const (\w+): readonly Cause\[\] = /gm;

export async function generate(root) {
  const problems = [];
  const imports = [];
  const members = [];
  for (const area of await folders(join(root, 'src/causes'))) {
    for (const file of await sourceFiles(join(root, 'src/causes', area))) {
      const text = await readFile(join(root, 'src/causes', area, file), 'utf8');
      const one = [...text.matchAll(ONE)].map((m) => m[1]);
      const many = [...text.matchAll(MANY)].map((m) => m[1]);
      if (one.length + many.length === 0) {
        problems.push(`src/causes/${area}/${file} exports no cause; a helper's name starts with _`);
        continue;
      }
      // Two files may use the same name for different things.
      const local = (name) => `${camel(area)}_${camel(file.slice(0, -3))}_${name}`;
      const unique = one.length === 1 && many.length === 0 && one[0] === camel(file.slice(0, -3));
      const as = (name) => (unique ? name : `${name} as ${local(name)}`);
      imports.push(`import { ${[...one, ...many].map(as).join(', ')} } from './${area}/${file}';\n`);
      members.push(...one.map((n) => (unique ? n : local(n))), ...many.map((n) => `...${local(n)}`));
    }
  }
  const text = `${banner('the files of the area folders')}import type { Cause } from './define-cause.ts';
${imports.join('')}
export const causes: readonly Cause[] = [
${members.map((m) => `  ${m},\n`).join('')}];
`;
  return { files: new Map([['src/causes/index.ts', text]]), orphans: [], problems };
}
