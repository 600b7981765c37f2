import { describe, expect, test } from 'vitest';
import { lineReader, type LogLine } from '../../src/logs/lines.ts';

const docker = (log: string, stream = 'stderr'): string => JSON.stringify({ log, stream, time: '2026-03-02T10:00:01.000000000Z' });

function readAll(lines: readonly string[]): readonly LogLine[] {
  const reader = lineReader();
  const out = lines.map((l, i) => reader.read(l, i + 1)).filter((l) => l !== undefined);
  const rest = reader.flush();
  return rest === undefined ? out : [...out, rest];
}

describe('records in pieces', () => {
  test('docker: joined until the final newline, numbered by the first piece', () => {
    const read = readAll([docker('abc'), docker('def'), docker('ghi\n'), docker('next\n')]);
    expect(read.map((l) => [l.lineNumber, l.message])).toEqual([
      [1, 'abcdefghi'],
      [4, 'next'],
    ]);
  });

  test('docker: two streams do not mix', () => {
    const read = readAll([docker('out-', 'stdout'), docker('err\n', 'stderr'), docker('end\n', 'stdout')]);
    expect(read.map((l) => l.message)).toEqual(['err', 'out-end']);
  });

  test('CRI: P joins, F ends', () => {
    const t = '2026-03-02T10:00:01.5Z';
    const read = readAll([
      `${t} stderr P E0302 10:00:01.500000 1 a.go:1] dial tcp 10.0.0.1`,
      `${t} stderr F :443: connect: connection refused`,
    ]);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({ formats: ['cri', 'klog'], message: 'dial tcp 10.0.0.1:443: connect: connection refused' });
  });

  test('a record without an end is given at the end', () => {
    expect(readAll([docker('half')]).map((l) => l.message)).toEqual(['half']);
  });
});
