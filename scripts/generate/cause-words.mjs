// src/diagnose/words-of-causes.ts: the telling words of each cause: of its own texts, of how people put it, and of the texts in
// test/causes that show it. What nobody's rule understands is held against them.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { banner, load, quote } from './_shared.mjs';

/** A word counts by the heaviest of the texts that hold it. */
const WEIGHTS = { id: 2, title: 1.8, confirms: 1.4, inWords: 1.3, asks: 1.2, mechanism: 1, lines: 1, remedies: 0.8, cases: 0.8 };

/** Texts of the sections that show the cause or leave it open; a look-alike has the words of another one. */
function shownIn(cases) {
  const shown = [];
  let open = false;
  for (const line of cases.split('\n')) {
    if (line.startsWith('@ ')) open = /^@ (?:found|possible|asks)\b/.test(line);
    if (open) shown.push(line.replace(/^@ [^:]*:/, ''));
  }
  return shown.join('\n');
}

export async function generate(root) {
  const { causes } = await load(root, 'src/causes/index.ts');
  const { IN_WORDS } = await load(root, 'src/causes/in-words.ts');
  const { tellingWords } = await load(root, 'src/diagnose/telling-words.ts');
  const both = (texts) => texts.map(({ en, zh }) => `${en}\n${zh}`).join('\n');
  const rows = [];
  for (const cause of causes) {
    const path = join(root, 'test/causes', cause.area, `${cause.id}.txt`);
    const asks = (cause.asks ?? []).filter((need) => need.kind === 'ask');
    const texts = {
      id: cause.id,
      title: both([cause.title]),
      inWords: (IN_WORDS[cause.id] ?? []).join('\n'),
      confirms: both([cause.summary, ...cause.confirms]),
      asks: both(asks.map(({ what }) => what)),
      mechanism: both([cause.mechanism]),
      remedies: both(cause.remedies.map(({ title }) => title)),
      cases: existsSync(path) ? shownIn(await readFile(path, 'utf8')) : '',
      lines: [...asks.map(({ command }) => command), ...(cause.signatures ?? []).flatMap(({ matches }) => matches)].join('\n'),
    };
    const seen = new Set();
    const parts = Object.entries(WEIGHTS).flatMap(([part, weight]) => {
      const fresh = tellingWords(texts[part]).filter((word) => !seen.has(word));
      for (const word of fresh) seen.add(word);
      return fresh.length === 0 ? [] : [`${weight} ${fresh.join(' ')}`];
    });
    const length = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
    rows.push(`  ${quote(cause.id)}: [${length}, ${parts.map(quote).join(', ')}],`);
  }
  const text = `${banner('the texts of the causes and their cases')}
/** Length of a cause's texts in characters, then its words by weight: "WEIGHT word word …". */
export const WORDS_OF_CAUSES: Readonly<Record<string, readonly [length: number, ...words: string[]]>> = {
${rows.join('\n')}
};
`;
  return { files: new Map([['src/diagnose/words-of-causes.ts', text]]), orphans: [] };
}
