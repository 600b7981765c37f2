import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { RecordRewriter, rewritingOf } from '../../src/logs/rewrite-records.ts';

function rewritten(bytes: Buffer, step = bytes.length): string {
  const kind = rewritingOf(bytes.subarray(0, 4096));
  if (kind === undefined) return bytes.toString('utf8');
  const out: Buffer[] = [];
  const rewriter = new RecordRewriter(kind, (lines) => out.push(lines));
  for (let at = 0; at < bytes.length; at += step) rewriter.take(bytes.subarray(at, at + step));
  rewriter.end();
  return Buffer.concat(out).toString('utf8');
}

const TIME = '2021-08-08T06:10:53.5Z';
const AS_DOCKER = `{"log":"one \\"two\\"\\n","stream":"stderr","time":"${TIME}"}\n{"log":"é\\n","stream":"stderr","time":"${TIME}"}\n`;

describe('records of containers, as docker has them', () => {
  test.each([
    [
      'blanks',
      `{"log": "one \\"two\\"\\n", "stream": "stderr", "time": "${TIME}"}\n{"log": "\\u00e9\\n", "stream": "stderr", "time": "${TIME}"}\n`,
    ],
    ['another order', `{"time":"${TIME}","stream":"stderr","log":"one \\"two\\"\\n"}\n{"time":"${TIME}","stream":"stderr","log":"é\\n"}`],
    [
      'no newline in any text',
      `{"log":"one \\"two\\"","stream":"stderr","time":"${TIME}"}\n{"log":"é","stream":"stderr","time":"${TIME}"}\n`,
    ],
  ])('%s', (_what, text) => {
    expect(rewritten(Buffer.from(text))).toBe(AS_DOCKER);
    expect(rewritten(Buffer.from(text), 7)).toBe(AS_DOCKER);
  });

  test.each([
    ['docker’s own', AS_DOCKER],
    ['docker’s own, the first record in pieces', AS_DOCKER.replace('\\n","stream', '","stream')],
    ['zap', '{"level":"info","ts":"2021-08-08T06:10:53Z","msg":"up"}\n'],
    ['the journal', '{"MESSAGE":"up","__REALTIME_TIMESTAMP":"1628403053000000"}\n'],
    ['klog', 'I0808 06:10:53.740231       1 get.go:26] up\n'],
    ['nothing', ''],
  ])('left alone: %s', (_what, text) => {
    expect(rewritingOf(Buffer.from(text))).toBeUndefined();
  });

  test('what is no record, or no UTF-8, stays as it is', () => {
    const text = Buffer.from(`{"log": "a\\n", "stream": "stderr", "time": "${TIME}"}\n{"log": "cut off\n\nplain\n`);
    expect(rewritten(text)).toBe(`{"log":"a\\n","stream":"stderr","time":"${TIME}"}\n{"log": "cut off\n\nplain\n`);
    const out: Buffer[] = [];
    const rewriter = new RecordRewriter('container-json', (lines) => out.push(lines));
    rewriter.take(Buffer.from([0x66, 0xff, 0x0a]));
    rewriter.end();
    expect(Buffer.concat(out)).toEqual(Buffer.from([0x66, 0xff, 0x0a]));
  });
});

describe('records of the journal', () => {
  const record = { __REALTIME_TIMESTAMP: '1628403053000000', _SYSTEMD_UNIT: 'kubelet.service', MESSAGE: 'it is over' };
  const line = `${JSON.stringify(record)}\n`;

  test('-o json-pretty', () => {
    const pretty = `${JSON.stringify({ ...record, _BOOT_ID: 'x' }, null, 8)}\n`;
    expect(rewritten(Buffer.from(pretty + pretty))).toBe(line + line);
    expect(rewritten(Buffer.from(pretty + pretty), 5)).toBe(line + line);
  });
  test('-o verbose', () => {
    const verbose =
      'Sun 2021-08-08 06:10:53.000000 UTC [s=0abc;i=1;b=2;m=3;t=4;x=5]\n    _BOOT_ID=x\n    _SYSTEMD_UNIT=kubelet.service\n    MESSAGE=it is\n\tover\n';
    expect(rewritten(Buffer.from(verbose + verbose))).toBe(line + line);
  });
});

test.each(['utf16le', 'utf16be'] as const)('%s', (kind) => {
  const text = '\ufeffF0808 06:11:10.695434       1 a.go:1] über 好\nx\n';
  const little = Buffer.from(text, 'utf16le');
  const bytes = kind === 'utf16le' ? little : Buffer.from(little).swap16();
  expect(rewritingOf(bytes)).toBe(kind);
  expect(rewritten(bytes)).toBe(text.slice(1));
  expect(rewritten(bytes, 3)).toBe(text.slice(1));
});

property.prop([fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 50 })])(
  'bytes of any kind, in pieces of any size',
  (bytes, step) => {
    for (const kind of ['container-json', 'journal-pretty', 'journal-verbose', 'utf16le'] as const) {
      const run = (size: number): Buffer => {
        const out: Buffer[] = [];
        const rewriter = new RecordRewriter(kind, (lines) => out.push(lines));
        for (let at = 0; at < bytes.length; at += size) rewriter.take(bytes.subarray(at, at + size));
        rewriter.end();
        return Buffer.concat(out);
      };
      expect(run(step)).toEqual(run(bytes.length + 1));
    }
  },
);
