// npm run new-cause <area>/<id>: writes the file of a cause and its cases, and says what is to be filled in. Pages and indexes follow
// from the file by `npm run generate`.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const causes = join(root, 'src/causes');
const areas = [...readFileSync(join(causes, 'define-cause.ts'), 'utf8').matchAll(/'([a-z-]+)'(?= *[|;\n])/g)]
  .map(([, name]) => name)
  .filter((name) => /^[a-z]+(?:-[a-z]+)*$/.test(name));
const known = new Set([
  ...areas,
  ...readdirSync(causes, { withFileTypes: true })
    .filter((one) => one.isDirectory() && !one.name.startsWith('_'))
    .map((one) => one.name),
]);
const [, area, id] = /^([a-z-]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(process.argv[2] ?? '') ?? [];
if (area === undefined || id === undefined || !known.has(area)) {
  console.error(
    'usage: npm run new-cause AREA/ID\nan ID is a noun phrase of the failing state in kebab case: swap-enabled\nareas: ' +
      [...known].sort().join(', '),
  );
  process.exit(2);
}
const file = join(causes, area, `${id}.ts`);
const cases = join(root, 'test/causes', area, `${id}.txt`);
for (const path of [file, cases]) {
  if (existsSync(path)) {
    console.error(`${path} is there already`);
    process.exit(2);
  }
}
const name = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`written: ${path.slice(root.length)}`);
};

write(
  file,
  `/** FILL IN: one sentence on what is wrong. Source: FILL IN (man page, RFC, upstream file and version). */
import { ask, evidenceCause, stated, t } from '../_checks/index.ts';

export const ${name} = evidenceCause({
  id: '${id}',
  area: '${area}',
  severity: 'medium',
  layer: 8,
  title: t('FILL IN', '待填写'),
  mechanism: t('FILL IN: why it makes things fail.', '待填写：为什么会导致故障。'),
  summary: t('FILL IN: one sentence for the report.', '待填写：报告中的一句话。'),
  sources: ['FILL IN'],
  lookAlikes: [],
  // Lines that speak for it. Every line that the pattern matches holds one of the anchors; samples are of your own making.
  signatures: [
    {
      id: '${id}/line',
      grade: 'strong',
      anchors: ['FILL IN: at least nine bytes'],
      pattern: /FILL IN: at least nine bytes/,
      matches: ['FILL IN: at least nine bytes'],
      rejects: ['another line'],
    },
  ],
  confirm: [{ when: stated({ key: /fill in/, value: 'yes' }), grade: 'strong', says: t('FILL IN: the fact that confirms it.', '待填写：支持它的事实。') }],
  refute: [{ when: stated({ key: /fill in/, value: 'no' }), says: t('FILL IN: the fact that rules it out.', '待填写：排除它的事实。') }],
  asks: [ask('FILL IN: the fact that decides?', '待填写：决定性的事实是什么？', 'a read-only command that shows it')],
  remedies: [
    {
      id: 'smallest-first',
      title: t('FILL IN', '待填写'),
      risk: t('FILL IN', '待填写'),
      safety: 'needs-a-person',
      command: 'FILL IN',
      undo: 'FILL IN',
      verify: ['FILL IN'],
    },
  ],
});
`,
);
write(
  cases,
  `@ found: FILL IN what the text shows
$ FILL IN a command
FILL IN: at least nine bytes

@ not: FILL IN a healthy node, or a near look-alike
$ FILL IN a command
another line

@ asks "read-only command": FILL IN the symptom without the deciding fact
==> facts <==
symptom: FILL IN
`,
);
console.log(`
Now fill in both files, and then:
  - add '${id}' to test/causes/catalogue-ids.ts
  - npm run generate     (index, pages in English and Chinese)
  - npx vitest run test/causes`);
