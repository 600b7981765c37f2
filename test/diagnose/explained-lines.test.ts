/** What a verdict explains: each line once, by whoever wrote it. */
import { expect, test } from 'vitest';
import { makeReport } from '../../src/report/report-json.ts';
import { diagnoseText } from '../causes/_support/diagnose-text.ts';

const LINE = 'plugin/errors: 2 example.org. A: read udp 10.42.0.5:4000->10.0.0.2:53: i/o timeout';

test('a line that is several failures is explained once, and a statement is not cited with its key twice', async () => {
  const { diagnosis, snapshot } = await diagnoseText(`${LINE}\n\n==> facts <==\nfirewalld: running\n`);
  const report = makeReport(diagnosis, { language: 'en', node: snapshot.node });
  const [first] = report.verdicts;
  expect(first?.explains).toEqual([`coredns: ${LINE}`]);
  expect(first?.evidence[0]).toMatchObject({ source: 'facts:4', quote: 'firewalld: running' });
  expect(first?.evidence.at(-1)?.text).toBe('this failure is on record');
});
