import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { readLogs } from '../../src/cli/logs-read.ts';
import { makeLogsReport } from '../../src/cli/logs-session.ts';
import { listParts } from '../../src/logs/log-parts.ts';
import type { Parts } from '../../src/logs/log-parts.ts';
import type { LogsReport } from '../../src/report/logs-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-logs-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const signatures = causes.flatMap((c) => c.signatures ?? []);
let number = 0;

async function triage(
  content: string | Buffer,
  options: { readonly name?: string; readonly stdin?: boolean; readonly before?: (path: string) => void } = {},
): Promise<LogsReport> {
  const path = join(folder, options.name ?? `log-${String(number++)}.log`);
  writeFileSync(path, content);
  const parts = listParts(options.stdin === true ? ['-'] : [path], Date.UTC(2021, 7, 9));
  options.before?.(path);
  return reportOf(parts, typeof content === 'string' ? Buffer.from(content) : content);
}

async function reportOf(parts: Parts, stdin: Buffer = Buffer.alloc(0), threads = 1): Promise<LogsReport> {
  const read = await readLogs({ parts: parts.parts, signatures, stdin: Readable.from([stdin]), threads });
  return (await makeLogsReport({ read, parts, language: 'en', startedAt: 0 })).report;
}

const docker = (text: string, second = 0, newline = true): string =>
  `${JSON.stringify({ log: `${text}${newline ? '\n' : ''}`, stream: 'stderr', time: `2021-08-08T06:10:${String(second % 60).padStart(2, '0')}.740356721Z` })}\n`;
const dialled =
  'E0808 06:10:53.740231       1 reflector.go:138] Failed to list *v1.Node: Get "https://localhost:6443/api/v1/nodes": dial tcp [::1]:6443: connect: no route to host';
const fatal =
  'F0808 06:11:10.695434       1 controller.go:161] Unable to perform initial IP allocation check: Get "https://localhost:6443/api/v1/services": dial tcp [::1]:6443: connect: no route to host';
const problem = (report: LogsReport, kind: string): LogsReport['problems'][number] | undefined =>
  report.problems.find((p) => p.kind === kind);

describe('the terminal line', () => {
  const envelopes: readonly (readonly [string, (text: string) => string])[] = [
    ['docker', (t) => docker(t)],
    ['CRI', (t) => `2021-08-08T06:10:53.740356721Z stderr F ${t}\n`],
    ['klog', (t) => `${t}\n`],
    ['docker logs -t', (t) => `2021-08-08T06:10:53.740356721Z ${t}\n`],
    ['journalctl', (t) => `Aug 08 06:10:53 node1 kube-apiserver[12]: ${t}\n`],
    [
      'journalctl -o json',
      (t) =>
        `${JSON.stringify({ __REALTIME_TIMESTAMP: '1628403053740356', _SYSTEMD_UNIT: 'kubelet.service', MESSAGE: t, PRIORITY: '6' })}\n`,
    ],
    ['journalctl -o short-full', (t) => `Sun 2021-08-08 06:10:53 UTC node1 kube-apiserver[12]: ${t}\n`],
    ['journalctl -o short-iso-precise', (t) => `2021-08-08T06:10:53.740356+0000 node1 kube-apiserver[12]: ${t}\n`],
    ['journalctl -o short-unix', (t) => `1628403053.740356 node1 kube-apiserver[12]: ${t}\n`],
    ['journalctl -o short-monotonic', (t) => `[ 1628.740356] node1 kube-apiserver[12]: ${t}\n`],
    [
      'journalctl -o json-pretty',
      (t) => `${JSON.stringify({ __REALTIME_TIMESTAMP: '1628403053740356', _SYSTEMD_UNIT: 'a.service', MESSAGE: t }, null, 8)}\n`,
    ],
    ['RFC 5424', (t) => `<14>1 2021-08-08T06:10:53.740Z node1 kube-apiserver 12 - - ${t}\n`],
    ['a container’s records written anew', (t) => `${JSON.stringify({ time: '2021-08-08T06:10:53Z', stream: 'stderr', log: `${t}\n` })}\n`],
    ['a container’s records without newlines', (t) => `${JSON.stringify({ log: t, stream: 'stderr', time: '2021-08-08T06:10:53Z' })}\n`],
    ['kubectl logs --prefix', (t) => `[pod/kube-apiserver-n1/kube-apiserver] ${t}\n`],
    ['docker compose', (t) => `apiserver_1  | ${t}\n`],
    ['colours', (t) => `\u001B[31m${t}\u001B[0m\n`],
    ['carriage returns', (t) => `${t}\r\n`],
    ['journalctl -o export', (t) => `__CURSOR=s=1\n__REALTIME_TIMESTAMP=1628403053740356\n_SYSTEMD_UNIT=kubelet.service\nMESSAGE=${t}\n\n`],
  ];
  it.each(envelopes)('is found in %s', async (_name, wrap) => {
    const report = await triage([dialled, 'I0808 06:10:54.000001       1 a.go:1] fine', dialled, fatal].map(wrap).join(''));
    expect(report.terminal?.kind).toBe('klog-fatal');
    expect(report.terminal?.text).toContain('Unable to perform initial IP allocation check');
    expect(report.symptoms.find((s) => s.kind === 'dial-failed')).toMatchObject({
      count: 3,
      fields: { address: '::1', port: 6443, errno: 'EHOSTUNREACH', name: 'localhost' },
    });
    expect(report.causes.map((c) => c.id)).toContain('localhost-ipv6-only-lo-without-ipv6');
    expect(report.terminal?.count).toBe(1);
    expect(report.terminal?.source).toMatch(/:4$/u);
    for (const s of report.symptoms) {
      expect(s.what, s.kind).not.toBe('');
      // A boot's own seconds are no time of the day.
      if (s.firstTime !== undefined) expect(s.firstTime).toMatch(/^20\d\d-08-08T06:1[01]:\d\d\.\d{3}Z$/u);
    }
    if (_name !== 'journalctl -o short-monotonic') expect(report.firstTime).toMatch(/^20\d\d-08-08T06:1/u);
  });

  it('of a loop is counted each time, whatever stands before its text', async () => {
    const report = await triage(
      Array.from(
        { length: 70 },
        (_, i) => `<14>1 2021-08-08T06:10:53.740Z n1 api ${String(i)} - - ${i % 7 === 0 ? fatal : dialled}\n`,
      ).join(''),
    );
    expect(report.terminal).toMatchObject({ kind: 'klog-fatal', count: 10 });
    expect(report.terminal?.source).toMatch(/:64$/u);
  });

  it.each([
    [
      'logrus',
      'time="2021-08-08T06:10:53Z" level=fatal msg="starting kubernetes: preparing server: dial tcp 10.0.0.1:6443: connect: connection refused"',
      'logrus-fatal',
    ],
    ['rke', 'FATA[0012] Failed to get job complete status', 'logrus-fatal'],
    [
      'zap',
      '{"level":"fatal","ts":"2021-08-08T06:10:53.740Z","caller":"etcdmain/etcd.go:271","msg":"discovery failed","error":"no"}',
      'zap-fatal',
    ],
    ['Go', 'panic: runtime error: invalid memory address', 'go-panic'],
    ['CoreDNS', '[FATAL] plugin/loop: Loop (127.0.0.1:1 -> :53) detected for zone "."', 'bracket-fatal'],
  ])('of %s', async (_name, line, kind) => {
    expect((await triage(`one\n${line}\n`)).terminal?.kind).toBe(kind);
  });

  it('is not a consequence where there is another end', async () => {
    const report = await triage(
      `F0808 06:10:10.000001       1 a.go:1] no space left on device\nF0808 06:11:10.695434       1 leaderelection.go:1] leaderelection lost\n`,
    );
    expect(report.terminal?.text).toContain('no space left');
    expect(report.otherTerminals[0]?.consequence).toBe('lease-lost');
  });
});

describe('counts', () => {
  it('are exact for each template, on one thread and on three', async () => {
    const lines: string[] = [];
    for (let i = 0; i < 120_000; i += 1)
      lines.push(
        docker(
          i % 4 === 0
            ? dialled
            : `I0808 06:10:53.740231       1 get.go:26] "Starting watch" resourceVersion="${String(i)}" timeout="${String(i % 9)}m"`,
          i,
        ),
      );
    lines.push(docker(fatal));
    const path = join(folder, 'counts.log');
    writeFileSync(path, lines.join(''));
    const parts = listParts([path], 0);
    for (const threads of [1, 3]) {
      const report = await reportOf(parts, undefined, threads);
      expect(report.lines).toBe(120_001);
      expect(report.templates.map((t) => t.count)).toEqual([90_000, 30_000, 1]);
      expect(report.symptoms.find((s) => s.kind === 'dial-failed')?.count).toBe(30_001);
      expect(report.terminal?.source).toBe(`${path}:120001`);
      expect(report.templates[0]).toMatchObject({ firstTime: '2021-08-08T06:10:01.740Z', lastTime: '2021-08-08T06:10:59.740Z' });
    }
  });

  it('stacks of a dump are one kind', async () => {
    const dump = Array.from(
      { length: 50 },
      (_, i) =>
        `goroutine ${String(i)} [select, 3 minutes]:\nk8s.io/api/f${String.fromCodePoint(97 + (i % 26))}.(*Server).run(0xc000${String(i)}, {0x1, 0x2})\n\t/go/src/f${String.fromCodePoint(97 + (i % 26))}.go:12 +0x1f\ncreated by k8s.io/x.Start\n`,
    ).join('');
    const { templates } = await triage(`${fatal}\n${dump}I0808 06:10:53.740231       1 a.go:1] call(0x1)\n`);
    expect(templates.map((t) => t.count)).toEqual([200, 1, 1]);
    expect(templates[0]?.text).toContain('goroutine');
  });

  it('of lines that a daemon dropped', async () => {
    const report = await triage('Aug 08 06:10:53 n systemd-journald[1]: Suppressed 812 messages from kubelet.service\n');
    expect(report.losses).toMatchObject([{ kind: 'rate-limit', lines: 812 }]);
  });
});

describe('records in pieces', () => {
  it('CRI: what is cut across P and F is found, though another stream writes between', async () => {
    const stamp = '2021-08-08T06:10:53.740356721Z';
    const cut = dialled.indexOf('dial tcp') + 6;
    const report = await triage(
      `${stamp} stderr P ${dialled.slice(0, cut)}\n${stamp} stdout F other\n${stamp} stderr F ${dialled.slice(cut)}\n`,
    );
    expect(report.symptoms.find((s) => s.kind === 'dial-failed')?.count).toBe(1);
    expect(problem(report, 'pieces')?.count).toBe(1);
  });
  it('docker: 16 KiB pieces', async () => {
    const long = `${'x'.repeat(16_380)} ${dialled}`;
    const report = await triage(
      docker(long.slice(0, 16_384), 0, false) + docker(long.slice(16_384)) + docker('I0808 06:10:53.740231       1 a.go:1] after'),
    );
    expect(report.symptoms.find((s) => s.kind === 'dial-failed')?.count).toBe(1);
  });
  it.each<readonly [string, (text: string, more: boolean) => string]>([
    ['docker', (text, more) => docker(text, 0, !more)],
    ['CRI', (text, more) => `2021-08-08T06:10:53.740356721Z stderr ${more ? 'P' : 'F'} ${text}\n`],
  ])('%s: each record is counted once under what the whole of it says, wherever threads cut the file', async (_name, write) => {
    const records = 900;
    const kinds = ['it is over', 'it goes on', 'nobody knows'];
    const path = join(folder, `pieces-${String(number++)}.log`);
    const text = Array.from({ length: records }, (_, i) => {
      const kind = kinds[i % 3] ?? '';
      const whole = `I0808 06:10:53.740231       1 a.go:1] ${kind} ${'long word '.repeat(2200)}`;
      return write(whole.slice(0, 40 + (i % 9)), true) + write(whole.slice(40 + (i % 9), 16_000), true) + write(whole.slice(16_000), false);
    }).join('');
    writeFileSync(path, text);
    const parts = listParts([path], 0);
    const [one, three] = [await reportOf(parts, undefined, 1), await reportOf(parts, undefined, 3)];
    for (const report of [one, three]) {
      expect(report.lines).toBe(records * 3);
      expect(report.templates.map((t) => t.count)).toEqual([records / 3, records / 3, records / 3]);
      expect(kinds.every((k) => report.templates.some((t) => t.text.startsWith(k)))).toBe(true);
      expect(problem(report, 'pieces')?.count).toBe(records * 2);
    }
    expect({ ...three, milliseconds: 0 }).toEqual({ ...one, milliseconds: 0 });
  });
});

describe('bad input is named, and the rest is used', () => {
  const good = docker(dialled).repeat(3);
  it.each<readonly [string, Buffer, string, number | undefined]>([
    ['NUL bytes', Buffer.concat([Buffer.from(good), Buffer.from('a\0b\n\0\0\n')]), 'nulLines', 2],
    ['invalid UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0x66, 0xff, 0xfe, 0x0a])]), 'notUtf8Lines', 1],
    [
      'time going backwards',
      Buffer.from(
        good + docker('I0808 06:10:53.740231       1 a.go:1] later', 50) + docker('I0808 06:10:53.740231       1 a.go:1] earlier', 10),
      ),
      'backwards',
      1,
    ],
    ['a line of several MB', Buffer.concat([Buffer.from(good), Buffer.alloc(5_000_000, 120), Buffer.from('\n')]), 'overlong', 1],
    [
      'binary junk between',
      Buffer.concat([Buffer.from(good), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), Buffer.from('\n')]),
      'notUtf8Lines',
      undefined,
    ],
  ])('%s', async (_name, content, kind, count) => {
    const report = await triage(content);
    expect(problem(report, kind)).toBeDefined();
    if (count !== undefined) expect(problem(report, kind)?.count).toBe(count);
    expect(report.symptoms.find((s) => s.kind === 'dial-failed')?.count).toBe(3);
  });

  it.each([
    ['cut off', (b: Buffer): Buffer => b.subarray(0, b.length - 12)],
    ['with a damaged end', (b: Buffer): Buffer => Buffer.concat([b.subarray(0, b.length - 40), Buffer.alloc(40, 0xa5)])],
  ])('gzip %s', async (_name, damage) => {
    const lines = Array.from({ length: 3000 }, (_, i) => docker(`${dialled} ${String(i * 7919)}`, i)).join('');
    const report = await triage(damage(zlib.gzipSync(lines)), { name: `d-${String(number++)}.gz` });
    expect(problem(report, 'damaged')).toBeDefined();
    expect(report.lines).toBeGreaterThan(2900);
  });

  it.each<readonly [string, (path: string) => void, string]>([
    [
      'grew',
      (p) => {
        appendFileSync(p, good);
      },
      'grew',
    ],
    [
      'shrank',
      (p) => {
        truncateSync(p, 400);
      },
      'shrank',
    ],
    [
      'vanished',
      (p) => {
        rmSync(p);
      },
      'vanished',
    ],
    [
      'was replaced',
      (p) => {
        rmSync(p);
        writeFileSync(join(folder, 'keeps-the-inode'), 'x');
        writeFileSync(p, good);
      },
      'replaced',
    ],
  ])('a file that %s', async (_name, before, kind) => {
    expect(problem(await triage(good, { before }), kind)).toBeDefined();
  });

  it('the last line has no newline', async () => {
    expect((await triage(fatal)).terminal?.kind).toBe('klog-fatal');
  });
  it('an empty file, and one that is all binary', async () => {
    expect((await triage('')).lines).toBe(0);
    expect(listParts([join(folder, 'no-such')], 0).troubles[0]?.problem).toBe('vanished');
    const junk = join(folder, 'junk.bin');
    writeFileSync(junk, Buffer.alloc(9000, 1));
    expect(listParts([junk], 0).troubles[0]?.problem).toBe('binary');
  });
});

describe('packed and rotated', () => {
  const text = docker(dialled) + docker(fatal);
  const packed: readonly (readonly [string, Buffer])[] = [
    ['gz', zlib.gzipSync(text)],
    ['zst', zlib.zstdCompressSync(Buffer.from(text))],
    ...(spawnSync('xz', ['--version']).status === 0 ? [['xz', spawnSync('xz', ['-c'], { input: text }).stdout] as const] : []),
  ];
  it.each(packed)('%s', async (ending, bytes) => {
    expect((await triage(bytes, { name: `packed.log.${ending}` })).terminal?.kind).toBe('klog-fatal');
  });
  it('standard input, packed or not', async () => {
    expect((await triage(text, { stdin: true })).lines).toBe(2);
    expect((await triage(zlib.gzipSync(text), { stdin: true })).lines).toBe(2);
  });
  it('sets are read oldest first, and a missing part is named', async () => {
    const set = join(folder, 'set');
    mkdirSync(set);
    for (const name of ['a.log', 'a.log.1', 'a.log.3.gz', 'messages-20210801', 'messages', '0.log.20210808-061053.gz', '0.log'])
      writeFileSync(join(set, name), name.endsWith('.gz') ? zlib.gzipSync(name) : `${name}\n`);
    const { parts, troubles } = listParts([set], 0);
    expect(parts.map((p) => p.shown.slice(set.length + 1))).toEqual([
      '0.log.20210808-061053.gz',
      '0.log',
      'a.log.3.gz',
      'a.log.1',
      'a.log',
      'messages-20210801',
      'messages',
    ]);
    expect(troubles).toMatchObject([{ problem: 'rotation-gap', detail: '.2' }]);
  });
});
