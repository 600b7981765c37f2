import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { exitStatusOf } from '../../src/cli/commands/diagnose.ts';
import { runSession } from '../../src/cli/diagnosis-session.ts';
import { makeReport } from '../../src/report/report-json.ts';
import { renderTerminal } from '../../src/report/terminal.ts';

const diagnosed = async (bytes: Uint8Array) =>
  await runSession({ names: [], containers: [], evidence: ['-'], stdin: Readable.from([Buffer.from(bytes)]) });

const BINARY = Uint8Array.from({ length: 2000 }, (_, i) => (i * 131 + (i >> 3)) & 0xff);

describe('evidence of which nothing can be read is no clean bill of health', () => {
  test.each([
    ['bytes that are no text', BINARY],
    ['nothing at all', new Uint8Array()],
  ])('%s: could not tell', async (_, bytes) => {
    const { diagnosis, snapshot } = await diagnosed(bytes);
    const report = makeReport(diagnosis, { language: 'en', node: snapshot.node });
    expect(diagnosis.verdicts).toEqual([]);
    expect(exitStatusOf(diagnosis)).toBe(3);
    expect(report).toMatchObject({ unread: true, troubled: false });
    expect(renderTerminal(report, { language: 'en', width: 100, colour: false })).toMatch(/^Nothing could be read/u);
  });

  test('a text without a complaint: nothing wrong', async () => {
    const { diagnosis, snapshot } = await diagnosed(Buffer.from('all nodes are Ready\n'));
    expect(exitStatusOf(diagnosis)).toBe(0);
    expect(makeReport(diagnosis, { language: 'en', node: snapshot.node })).not.toHaveProperty('unread');
  });
});
