// docs/schemas/*.json: JSON Schema of what Culprit writes, from the zod schemas that it checks with.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { load } from './_shared.mjs';

/** Published name, source file and the name of the schema in it. */
const SCHEMAS = [
  ['culprit-report-1.json', 'src/report/report-schema.ts', 'reportSchema'],
  ['culprit-explain-1.json', 'src/report/explain-schema.ts', 'explainSchema'],
  ['culprit-logs-1.json', 'src/report/logs-schema.ts', 'logsSchema'],
  ['culprit-logs-event-1.json', 'src/report/logs-schema.ts', 'logsEventSchema'],
  ['culprit-logs-lines-1.json', 'src/report/logs-schema.ts', 'logsLinesSchema'],
  ['culprit-trace-1.json', 'src/report/trace-schema.ts', 'traceSchema'],
  ['culprit-compare-1.json', 'src/report/compare-schema.ts', 'compareSchema'],
  ['culprit-snapshot-1.json', 'src/snapshot/schema.ts', 'snapshotSchema'],
];

export async function generate(root) {
  const files = new Map();
  const problems = [];
  for (const [name, path, exported] of SCHEMAS) {
    if (!existsSync(join(root, path))) continue;
    try {
      const schema = (await load(root, path))[exported];
      if (schema === undefined) problems.push(`${path} must export \`${exported}\``);
      else
        files.set(
          `docs/schemas/${name}`,
          `${JSON.stringify(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', reused: 'ref' }), null, 2)}\n`,
        );
    } catch (error) {
      problems.push(`${path} cannot be loaded: ${String(error?.message).split('\n')[0]}`);
    }
  }
  const there = await readdir(join(root, 'docs/schemas')).catch(() => []);
  const orphans = there.map((n) => `docs/schemas/${n}`).filter((p) => p.endsWith('.json') && !files.has(p));
  return { files, orphans, problems };
}
