import { describe, expect, test } from 'vitest';
import { parseRecords, shellQuote } from '../../src/collect/probe-script.ts';
import { runProbe } from '../../src/collect/run-probe.ts';
import { localTransport } from '../../src/transport/local.ts';

const local = localTransport();
const kinds = (run: { readonly records: readonly { readonly kind: string; readonly args: readonly string[]; readonly data: Buffer }[] }) =>
  run.records.filter((r) => r.kind !== 'step').map((r) => [r.kind, ...r.args, r.data.toString()].join(' '));

describe('the steps of a probe', () => {
  test('a step that hangs is given up, named, and the others go on', async () => {
    const run = await runProbe(local, {
      sections: [],
      prepare: 'x=1',
      steps: ['rec a one; printf 1', 'rec b two; printf 2; sleep 100', 'rec c "$x"; printf 3'],
      stallMs: 400,
    });
    expect(kinds(run)).toEqual(['a one 1', 'c 1 3', 'end ']);
    expect(run.problems).toEqual([{ source: { kind: 'probe', probe: 'b two' }, reason: 'timeout' }]);
  });

  test('one that hangs before it says anything is named by its own text', async () => {
    const run = await runProbe(local, { sections: [], steps: ['sleep 100', 'rec c'], stallMs: 300 });
    expect(run.problems).toMatchObject([{ source: { probe: 'sleep 100' }, reason: 'timeout' }]);
    expect(kinds(run)).toEqual(['c ', 'end ']);
  });

  test('when everything hangs it ends all the same', async () => {
    const run = await runProbe(local, { sections: [], steps: Array.from({ length: 30 }, () => 'sleep 100'), stallMs: 100 });
    expect(run.complete).toBe(false);
    expect(run.problems.length).toBeLessThan(8);
  });

  test('a shell that dies is a problem with what it said', async () => {
    const run = await runProbe(local, { sections: [], steps: ['rec a; echo oops >&2; kill -9 $$', 'rec b'] });
    expect(run).toMatchObject({ complete: false, problems: [{ reason: 'io-error', detail: 'oops' }] });
  });

  test('no shell at all is a problem too', async () => {
    expect(await runProbe(localTransport({ shell: ['/nonexistent/sh'] }), { sections: [], steps: ['rec a'] })).toMatchObject({
      problems: [{ detail: 'ENOENT' }],
    });
  });
});

describe('records', () => {
  test('what is read cannot pose as a record: the nonce is not known to it', async () => {
    const run = await runProbe(local, {
      sections: [],
      steps: [`rec file a; printf %s ${shellQuote('\n@0000 file b\nfake\n@$B file c\nx\n\n@')}`, 'rec last'],
    });
    expect(run.records.filter((r) => r.kind === 'file')).toHaveLength(1);
    expect(run.records.find((r) => r.kind === 'file')?.data.toString()).toBe('\n@0000 file b\nfake\n@$B file c\nx\n\n@');
  });

  test('bytes are kept as they are, cut output drops its last record only', () => {
    const bytes = Buffer.concat([Buffer.from('noise\n@n a 1\n'), Buffer.from([0, 255, 10, 13]), Buffer.from('\n@n b\nlast\n@n c')]);
    const { records, complete } = parseRecords(bytes, 'n');
    expect(complete).toBe(false);
    expect(records.map((r) => [r.kind, r.args, [...r.data]])).toEqual([
      ['a', ['1'], [0, 255, 10, 13]],
      ['b', [], [...Buffer.from('last')]],
    ]);
  });
});
