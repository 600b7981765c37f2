// src/model/clients/index.ts: every client of src/model/clients/*.ts. A file exports `client` or `clients`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { banner, camel, sourceFiles } from './_shared.mjs';

export async function generate(root) {
  const problems = [];
  const imports = [];
  const members = [];
  for (const file of await sourceFiles(join(root, 'src/model/clients'))) {
    const text = await readFile(join(root, 'src/model/clients', file), 'utf8');
    const exported = /^export const (clients?)\b/m.exec(text)?.[1];
    if (exported === undefined) {
      problems.push(`src/model/clients/${file} exports neither \`client\` nor \`clients\`; a helper's name starts with _`);
      continue;
    }
    const local = `${camel(file.slice(0, -3))}${exported === 'client' ? 'Client' : 'Clients'}`;
    imports.push(`import { ${exported} as ${local} } from './${file}';\n`);
    members.push(exported === 'client' ? local : `...${local}`);
  }
  const text = `${banner('the files of this folder')}import type { Client } from '../types.ts';
${imports.join('')}
export const clients: readonly Client[] = [
${members.map((m) => `  ${m},\n`).join('')}];
`;
  return { files: new Map([['src/model/clients/index.ts', text]]), orphans: [], problems };
}
