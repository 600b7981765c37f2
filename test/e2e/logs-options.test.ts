/** `culprit logs` as people start it: a stretch of time, an event, the lines of one kind, a file that is still written, several nodes, bad input. */
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { logsEventSchema, logsLinesSchema, logsSchema } from '../../src/report/logs-schema.ts';
import type { LogsReport } from '../../src/report/logs-schema.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'culprit-logs-options-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let number = 0;
const file = (content: string | Buffer, name = `log-${String(number++)}.log`): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const culprit = (words: readonly string[], input?: string | Buffer): Run =>
  spawnSync(process.execPath, [MAIN, 'logs', ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
  });
const logs = (words: readonly string[], input?: string | Buffer): LogsReport => {
  const { stdout, stderr } = culprit([...words, '--json'], input);
  expect(stdout, stderr).not.toBe('');
  return logsSchema.parse(JSON.parse(stdout));
};

const two = (n: number): string => String(n).padStart(2, '0');
const klog = (minute: number, text: string, level = 'I'): string => `${level}0808 06:${two(minute)}:00.000000       1 a.go:1] ${text}\n`;
const docker = (minute: number, text: string): string =>
  `${JSON.stringify({ log: `${text}\n`, stream: 'stderr', time: `2021-08-08T06:${two(minute)}:00.000000000Z` })}\n`;
const REFUSED = 'Get "https://10.0.0.1:6443/x": dial tcp 10.0.0.1:6443: connect: connection refused';
const minutes = (write: (minute: number) => string): string => Array.from({ length: 60 }, (_, i) => write(i)).join('');
const lines = (report: LogsReport): number => report.templates.reduce((sum, t) => sum + t.count, 0);

describe('a stretch of time', () => {
  const path = file(
    minutes((m) => docker(m, m === 30 ? `E0808 06:30:00.000000       1 a.go:1] ${REFUSED}` : `word of minute ${String(m)}`)),
  );

  test.each([
    ['absolute', ['--since', '2021-08-08T06:10', '--until', '2021-08-08T06:19:59Z'], 10],
    ['absolute, with a zone', ['--since', '2021-08-08T08:50:00+02:00'], 10],
    ['a clock time', ['--since', '06:45'], 15],
    ['counted back from the last line', ['--since', '10m'], 11],
    ['until', ['--until', '06:04'], 5],
    ['both, relative', ['--since', '20m', '--until', '10m'], 11],
    ['around an event', ['--around', 'connection refused', '--window', '2m'], 5],
    ['around an event that JSON escapes', ['--around', 'Get "https://10.0.0.1:6443/x"', '--window', '1m'], 3],
    ['around an event, and not after', ['--around', 'connection refused', '--window', '5m', '--until', '06:30'], 6],
  ])('%s', (_what, words, count) => {
    const report = logs([path, ...words]);
    expect(lines(report)).toBe(count);
  });

  test.each([
    [['--since', '10m'], 11],
    [['--around', 'connection refused', '--window', '2m'], 5],
  ])('of standard input: %j', (words, count) => {
    expect(lines(logs(['-', ...words], readFileSync(path)))).toBe(count);
  });

  test('packed files say when they end', () => {
    expect(lines(logs([file(zlib.gzipSync(readFileSync(path)), 'packed.log.gz'), '--since', '10m']))).toBe(11);
  });

  test('lines without a time belong to the one before', () => {
    const log = file(klog(1, 'one') + klog(2, 'two') + ' more of two\n\tand more\n' + klog(3, 'three'));
    expect(lines(logs([log, '--since', '06:02', '--until', '06:02:30']))).toBe(3);
  });

  test('a year is asked of lines that say none, in a file that was copied later', () => {
    const log = file(minutes((m) => klog(m, `word ${String(m)}`)));
    const report = logs([log, '--since', '2019-08-08T06:50:00Z']);
    expect(lines(report)).toBe(10);
    expect(report.firstTime).toBe('2019-08-08T06:50:00.000Z');
  });

  test('the terminal line, as the report has it', () => {
    const log = file(
      minutes((m) =>
        klog(m, m === 20 ? 'no space left on device' : m === 40 ? 'leaderelection lost' : 'fine', m % 20 === 0 && m > 0 ? 'F' : 'I'),
      ),
    );
    const report = logs([log, '--around', 'terminal', '--window', '2m']);
    expect(report.terminal?.text).toContain('no space left');
    expect(lines(report)).toBe(5);
  });

  test.each([
    [['--since', 'yesterday'], /"yesterday" is no time/],
    [['--since', '06:30', '--until', '06:20'], /is not before/],
    [['--around', 'nowhere in it'], /no line with a time holds "nowhere in it"/],
    [['--around', 'terminal'], /no line with a time ends/],
    [['--around', 'word', '--window', 'long'], /"long" is no time/],
    [['--template', '99'], /there is no kind of lines number 99/],
  ])('%j is refused in one sentence', (words, sentence) => {
    const { status, stderr, stdout } = culprit([file(minutes((m) => docker(m, 'word'))), ...words]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('years that are not said', () => {
  test('the turn of a year is no step back', () => {
    const log = file('I1231 23:59:59.000000       1 a.go:1] old\nI0101 00:00:01.000000       1 a.go:1] new\n');
    utimesSync(log, new Date('2022-01-01T00:00:02Z'), new Date('2022-01-01T00:00:02Z'));
    const report = logs([log]);
    expect([report.firstTime, report.lastTime]).toEqual(['2021-12-31T23:59:59.000Z', '2022-01-01T00:00:01.000Z']);
    expect(report.problems).toEqual([]);
  });
});

describe('the lines of one kind', () => {
  test('numbered as in the report, the first ones and the last ones', () => {
    const log = file(
      Array.from({ length: 300 }, (_, i) => klog(i % 60, i % 3 === 0 ? `rare ${String(i)}` : `usual ${String(i)}`)).join(''),
    );
    const report = logs([log]);
    expect(report.templates.map((t) => t.count)).toEqual([200, 100]);
    const shown = culprit([log, '--template', '2']).stdout.trimEnd().split('\n');
    expect(shown).toHaveLength(40);
    expect(shown.every((l) => l.includes('rare '))).toBe(true);
    expect([shown[0], shown.at(-1)]).toEqual([expect.stringMatching(/:1: .*rare 0$/u), expect.stringMatching(/:298: .*rare 297$/u)]);
    const parsed = logsLinesSchema.parse(JSON.parse(culprit(['-', '--template', '1', '--json'], readFileSync(log)).stdout));
    expect(parsed.lines[0]).toEqual({ source: '-:2', text: klog(1, 'usual 1').trimEnd() });
  });
  test('within a stretch of time', () => {
    const log = file(minutes((m) => klog(m, `word ${String(m)}`)));
    const shown = culprit([log, '--since', '06:58', '--template', '1']).stdout.trimEnd().split('\n');
    expect(shown.map((l) => l.replace(/^.*\] /u, ''))).toEqual(['word 58', 'word 59']);
  });
  test('a record that was put together from pieces', () => {
    const stamp = '2021-08-08T06:10:53.740356721Z stderr';
    const log = file(`${stamp} P I0808 06:10:53.740231       1 a.go:1] half of \n${stamp} F a record\n`);
    expect(culprit([log, '--template', '1']).stdout).toContain('half of a record');
  });
});

describe('--follow', () => {
  /** What it has printed so far, once it holds the words. */
  async function following(path: string, json: boolean, steps: readonly (readonly [() => void, RegExp])[]): Promise<string> {
    const child = spawn(process.execPath, [MAIN, 'logs', path, '--follow', ...(json ? ['--json'] : [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    try {
      for (const [act, wanted] of steps) {
        act();
        const until = Date.now() + 15_000;
        while (!wanted.test(out) && Date.now() < until) await sleep(50);
        expect(out).toMatch(wanted);
      }
    } finally {
      child.kill();
    }
    return out;
  }
  const nothing = (): void => undefined;
  const fatal = (what: string): string => klog(1, what, 'F');

  test('grows, is replaced, becomes shorter, vanishes and comes again', async () => {
    const path = file(klog(0, 'fine') + klog(0, REFUSED, 'E'));
    const out = await following(path, false, [
      [nothing, /:2: E0808 .*connection refused/u],
      [
        () => {
          appendFileSync(path, klog(1, REFUSED, 'E') + fatal('the first end'));
        },
        /:4: F0808 .*the first end/u,
      ],
      [
        () => {
          appendFileSync(path, fatal('cut ').slice(0, -1));
        },
        /the first end/u,
      ],
      [
        () => {
          appendFileSync(path, 'in two\n');
        },
        /:5: F0808 .*cut in two/u,
      ],
      [
        () => {
          appendFileSync(path, fatal('just before the rename'));
          renameSync(path, `${path}.1`);
          writeFileSync(path, klog(2, 'fine') + fatal('in the new file'));
        },
        /just before the rename.*-- the file was replaced.*:2: F0808 .*in the new file/su,
      ],
      [
        () => {
          truncateSync(path);
        },
        /-- the file became shorter/u,
      ],
      [
        () => {
          appendFileSync(path, fatal('after the cut'));
        },
        /:1: F0808 .*after the cut/u,
      ],
      [
        () => {
          rmSync(path);
        },
        /-- the file is gone/u,
      ],
      [
        () => {
          writeFileSync(path, fatal('come again'));
        },
        /:1: F0808 .*come again/u,
      ],
    ]);
    // A failure that is known is not told again.
    expect(out.match(/connection refused/gu)).toHaveLength(1);
  });

  test('as JSON, one document a line', async () => {
    const path = file(klog(0, REFUSED, 'E'));
    const out = await following(path, true, [
      [nothing, /connection refused/u],
      [
        () => {
          rmSync(path);
        },
        /"gone"/u,
      ],
    ]);
    const events = out
      .trimEnd()
      .split('\n')
      .map((l) => logsEventSchema.parse(JSON.parse(l)));
    expect(events.map((e) => e.kind)).toEqual(['failure', 'gone']);
    expect(events[0]?.source).toBe(`${path}:1`);
  });

  test('standard input, to its end', () => {
    const { stdout, status } = culprit(['-', '--follow'], klog(0, 'fine') + klog(0, REFUSED, 'E') + fatal('the end'));
    expect(stdout.trimEnd().split('\n')).toEqual([expect.stringMatching(/^-:2: /u), expect.stringMatching(/^-:3: /u)]);
    expect(status).toBe(0);
  });

  test.each([[['/nowhere/at-all.log', '--follow']], [[tmpdir(), '--follow']], [['a', 'b', '--follow']]])('%j is refused', (words) => {
    const { status, stderr } = culprit(words);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^culprit: .*(?:cannot be followed|one file)/u);
  });
});

describe('several nodes', () => {
  const event = (i: number, skewMs: number): string =>
    `${JSON.stringify({
      level: 'info',
      ts: new Date(Date.UTC(2021, 7, 8, 6, 0, i) + skewMs).toISOString(),
      msg: 'applied',
      uid: `0b1c2d3e-${String(1000 + i)}-4a5b-8c6d-7e8f90a1b2c3`,
    })}\n`;
  test('the clock of one is ahead of the other’s, by what both wrote', () => {
    const root = join(folder, 'nodes');
    const written = (node: string, skewMs: number): string =>
      Array.from(
        { length: 20 },
        (_, i) =>
          event(i, skewMs) +
          `${JSON.stringify({ level: 'info', ts: new Date(Date.UTC(2021, 7, 8, 6, 0, i)).toISOString(), msg: `of ${node} alone` })}\n`,
      ).join('');
    file(written('n1', 0), 'nodes/n1/etcd.log');
    file(written('n2', 41_500), 'nodes/n2/etcd.log');
    file(written('n3', -900), 'nodes/n3/etcd.log');
    expect(logs([root]).clocks).toEqual([
      { node: 'n2', skewMs: 41_500, events: 20 },
      { node: 'n3', skewMs: -900, events: 20 },
    ]);
    expect(culprit([root]).stdout).toMatch(/n2 is 41500 ms ahead/u);
  });
  test('the end of one node comes after that of the other, once both clocks are one', () => {
    const root = join(folder, 'ends');
    const end = (second: number, skewMs: number, what: string): string =>
      `${JSON.stringify({ level: 'fatal', ts: new Date(Date.UTC(2021, 7, 8, 6, 1, second) + skewMs).toISOString(), msg: what })}\n`;
    const events = (skewMs: number): string => Array.from({ length: 5 }, (_, i) => event(i, skewMs)).join('');
    file(events(0) + end(20, 0, 'the later end'), 'ends/n1/etcd.log');
    file(events(60_000) + end(5, 60_000, 'the earlier end'), 'ends/n2/etcd.log');
    expect(logs([root]).terminal?.text).toContain('the later end');
  });
  test('of one node there is nothing to measure', () => {
    file(event(1, 0) + event(2, 0) + event(3, 0), 'one/n1/etcd.log');
    expect(logs([join(folder, 'one')]).clocks).toEqual([]);
  });
});

describe('bad input is counted and named, and the rest is used', () => {
  const good = klog(1, REFUSED, 'E') + klog(2, 'it is over', 'F');
  const isUsed = (report: LogsReport, count = 1): void => {
    expect(report.terminal?.text).toContain('it is over');
    expect(report.symptoms.find((s) => s.kind === 'dial-failed')?.count).toBe(count);
  };
  const problem = (report: LogsReport, kind: string): number | undefined => report.problems.find((p) => p.kind === kind)?.count;

  test('a line of 100 MB', () => {
    const path = join(folder, 'long.log');
    const fd = openSync(path, 'w');
    writeSync(fd, klog(0, REFUSED, 'E'));
    const piece = Buffer.alloc(2 ** 20, 'x ');
    for (let i = 0; i < 100; i += 1) writeSync(fd, piece);
    writeSync(fd, `\n${good}`);
    closeSync(fd);
    for (const report of [logs([path]), logs(['-'], readFileSync(path))]) {
      isUsed(report, 2);
      expect(report.lines).toBe(4);
      expect(problem(report, 'overlong')).toBe(1);
    }
    expect(culprit([path]).stdout).toMatch(/1 lines? too long/u);
  });

  test('NUL bytes, bytes that are no UTF-8, time that goes back', () => {
    const bad = Buffer.concat([
      Buffer.from('a\0b\n'),
      Buffer.from([0xc3, 0x28, 0x0a]),
      Buffer.from(klog(50, 'late') + klog(0, 'early') + good),
    ]);
    const report = logs([file(bad)]);
    isUsed(report);
    expect(['nulLines', 'notUtf8Lines', 'backwards'].map((k) => problem(report, k))).toEqual([1, 1, 1]);
  });

  const many = Array.from({ length: 4000 }, (_, i) =>
    klog(i % 60, `word ${String(i * 7919)} ${String((i * 104_729) % 1_000_003)}`, 'I'),
  ).join('');
  const packers: readonly (readonly [string, (text: string) => Buffer | undefined])[] = [
    ['gz', (text) => zlib.gzipSync(text)],
    ['zst', (text) => zlib.zstdCompressSync(Buffer.from(text))],
    ...(['xz', 'bzip2'] as const).map(
      (tool) =>
        [
          tool === 'xz' ? 'xz' : 'bz2',
          (text: string): Buffer | undefined =>
            spawnSync(tool, ['--version'], { stdio: 'ignore', input: '' }).error === undefined
              ? spawnSync(tool, ['-c', ...(tool === 'xz' ? ['--block-size=65536'] : ['-1'])], { input: text, maxBuffer: 2 ** 28 }).stdout
              : undefined,
        ] as const,
    ),
  ];
  test.each(packers)('%s that is cut off, or damaged behind a good part', (ending, pack) => {
    const bytes = pack(klog(0, REFUSED, 'E') + klog(0, 'it is over', 'F') + many + many + many + many + many + many + many + many);
    if (bytes === undefined) return;
    const cut = logs([file(bytes.subarray(0, bytes.length - 20), `cut.log.${ending}`)]);
    isUsed(cut);
    expect(cut.problems.map((p) => p.kind)).toContain('damaged');
    expect(cut.lines).toBeGreaterThan(20_000);
    const torn = logs([file(Buffer.concat([pack(good) ?? bytes, Buffer.from('no longer packed, but junk')]), `torn.log.${ending}`)]);
    isUsed(torn);
    expect(torn.problems.map((p) => p.kind)).toContain('damaged');
  });

  test('several packed parts behind one another are one log', () => {
    isUsed(
      logs([file(Buffer.concat([zlib.gzipSync(klog(1, REFUSED, 'E')), zlib.gzipSync(klog(2, 'it is over', 'F'))]), 'members.log.gz')]),
    );
  });

  test('a folder of everything: what cannot be read is named', () => {
    file(good, 'all/a.log');
    file(Buffer.alloc(9000, 1), 'all/junk.bin');
    file(zlib.gzipSync(good), 'all/b.log.1.gz');
    file(zlib.gzipSync(good), 'all/b.log.3.gz');
    const report = logs([join(folder, 'all'), join(folder, 'all', 'nowhere.log')]);
    isUsed(report, 3);
    expect(report.problems.map((p) => p.kind).sort()).toEqual(['binary', 'rotation-gap', 'vanished']);
  });

  test('lines that somebody dropped are said, with how many', () => {
    const { losses } = logs([
      file(
        [
          'Aug 08 06:10:53 n systemd-journald[1]: Suppressed 812 messages from kubelet.service',
          'Aug 08 06:10:54 n systemd-journald[1]: Missed 17 kernel messages',
          'Aug 08 06:10:55 n rsyslogd: imjournal: 4096 messages lost due to rate-limiting',
          'Aug 08 06:10:56 n kernel: net_ratelimit: 33 callbacks suppressed',
          'Aug 08 06:10:57 n tail: kubelet.log: file truncated',
          '',
        ].join('\n'),
      ),
    ]);
    expect(losses.map((l) => [l.kind, l.lines])).toEqual([
      ['rate-limit', 812],
      ['kernel-missed', 17],
      ['rate-limit', 4096],
      ['callbacks-suppressed', 33],
      ['truncated', undefined],
    ]);
  });
});
