import { describe, expect, test } from 'vitest';
import { symptomsOfLogs } from '../../src/evidence/symptoms-of-logs.ts';
import type { LogFacts } from '../../src/facts/node-facts.ts';

const TAKEN = '2026-11-22T10:00:00.000Z';
const failure = (time: string): string =>
  `${time} stderr F E1120 09:00:00.000000 1 x.go:1] dial tcp 10.0.0.4:6443: connect: connection refused`;
const fine = (time: string): string => `${time} stderr F I1122 09:00:00.000000 1 x.go:2] connected`;
const count = (tail: readonly string[], log: Partial<LogFacts> = {}): number =>
  symptomsOfLogs([{ path: '/var/log/pods/a/b/0.log', tail, ...log }], [], TAKEN).length;

describe('a failure in the log of a machine that is looked at now', () => {
  test.each([
    ['a minute ago, and it went on', [failure('2026-11-22T09:57:00Z'), fine('2026-11-22T09:59:00Z')], {}, 1],
    ['two days ago, and it went on', [failure('2026-11-20T09:00:00Z'), fine('2026-11-22T09:59:00Z')], {}, 0],
    ['two days ago, the last thing it said before it ended', [failure('2026-11-20T09:00:00Z')], {}, 1],
    ['two days ago, the last thing that a running container said', [failure('2026-11-20T09:00:00Z')], { view: 'container:abc' }, 0],
    ['five hours ago, the last thing that a running container said', [failure('2026-11-22T05:00:00Z')], { view: 'container:abc' }, 1],
    ['by a clock that is ahead', [failure('2030-01-01T00:00:00Z')], {}, 1],
    ['again and again', [failure('2026-11-20T09:00:00Z'), failure('2026-11-22T09:59:30Z'), fine('2026-11-22T09:59:59Z')], {}, 1],
  ] as const)('%s', (_, tail, log, expected) => {
    expect(count(tail, log)).toBe(expected);
  });

  test('klog without year and zone: only what is old in every zone', () => {
    const klog = (time: string): string => `E${time}.000000       1 x.go:1] dial tcp 10.0.0.4:6443: connect: connection refused`;
    const on = 'I1122 09:59:00.000000       1 x.go:2] connected';
    expect(count([klog('1119 09:00:00'), on])).toBe(0);
    expect(count([klog('1122 01:00:00'), on])).toBe(1);
    expect(count([klog('1231 23:00:00'), 'I0101 00:10:00.000000       1 x.go:2] connected'])).toBe(0);
  });

  test('a line without a time, and logs that somebody gave, always count', () => {
    expect(count(['dial tcp 10.0.0.4:6443: connect: connection refused', 'ok'])).toBe(1);
    expect(symptomsOfLogs([{ path: 'a', tail: [failure('2020-01-01T00:00:00Z'), fine('2026-11-22T09:59:00Z')] }], []).length).toBe(1);
  });
});
