import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { swapEnabled } from '../../src/causes/kubelet-and-cgroups/swap-and-cgroups.ts';
import { withoutHardWraps } from '../../src/evidence/pieces/hard-wraps.ts';
import { read } from './support.ts';

const WIDTH = 100;
/** As a terminal of that width shows it. */
const wrapped = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.match(new RegExp(`.{1,${String(WIDTH)}}`, 'gu')) ?? ['']);

const LINES = [
  `Mar  2 10:00:01 n1 kubelet[2341]: I0302 10:00:01.286466    2341 server.go:666] --cgroups-per-qos enabled, but --cgroup-root was not specified.  defaulting to /`,
  `Mar  2 10:00:01 n1 kubelet[2341]: F0302 10:00:01.287497    2341 server.go:261] failed to run Kubelet: Running with swap on is not supported, please disable swap! or set --fail-swap-on flag to false. /proc/swaps contained: [Filename#011#011]`,
  `Mar  2 10:00:02 n1 systemd[1]: kubelet.service: Failed with result 'exit-code'.`,
];

describe('lines that a terminal has cut', () => {
  test('are put together, and keep their numbers', () => {
    const got = withoutHardWraps(wrapped(LINES));
    expect(got?.filter((line) => line !== '')).toEqual(LINES);
    expect(got?.length).toBe(wrapped(LINES).length);
  });

  test('a blank lost at the very end is given back', () => {
    const lines = wrapped(LINES).map((line) => line.replace(/ $/u, ''));
    expect(withoutHardWraps(lines)?.filter((line) => line !== '')).toEqual(LINES);
  });

  test.each([
    ['a single long line before another kind of line', [LINES[1] ?? '', 'goroutine 1 [running]:', 'main.main()']],
    ['short lines', ['Mar  2 10:00:01 n1 a: one', 'two']],
    ['a stack trace', [LINES[0] ?? '', '\tat a.b.c(D.java:1)', LINES[0] ?? '', '\tat a.b.c(D.java:1)']],
    ['nothing', []],
  ])('%s: left alone', (_, lines) => {
    expect(withoutHardWraps(lines)).toBeUndefined();
  });

  test('the message is understood although it is cut in the middle of a word', async () => {
    const snapshot = await read(`==> kubelet.log <==\n${wrapped(LINES).join('\n')}\n`, swapEnabled.signatures);
    expect(snapshot.symptoms.find((one) => one.kind === 'swap-enabled/kubelet')?.evidence[0]).toMatchObject({ line: 4 });
  });

  propertyTest.prop([fc.array(fc.string({ maxLength: 200 }), { maxLength: 12 })])('never loses a character', (lines) => {
    const got = withoutHardWraps(lines);
    if (got === undefined) return;
    expect(got.length).toBe(lines.length);
    expect(got.join('').replaceAll(' ', '')).toBe(lines.join('').replaceAll(' ', ''));
  });
});
