/** What `--json` of logs, trace and compare prints is what the published schemas say, on inputs that fill every part of them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { compareSchema } from '../../src/report/compare-schema.ts';
import { logsLinesSchema, logsSchema } from '../../src/report/logs-schema.ts';
import { traceSchema } from '../../src/report/trace-schema.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'culprit-json-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string | Buffer): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** Unknown keys would be stripped by the schema: then the document is not equal to itself any more. */
function documentOf<T extends z.ZodType>(schema: T, ...words: readonly string[]): z.infer<T> {
  const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words, '--json'], { encoding: 'utf8' });
  expect(stdout.trimEnd(), stderr).not.toContain('\n');
  const document: unknown = JSON.parse(stdout);
  const parsed = schema.parse(document);
  expect(parsed).toEqual(document);
  return parsed;
}

const LOOKUP = String.raw`1 12:00:00.000000 execve("/usr/bin/getent", ["getent", "ahosts", "db.example.org"], 0x7ffc /* 5 vars */) = 0 <0.0002>
1 12:00:00.100000 openat(AT_FDCWD, "/lib/libc.so.6", O_RDONLY) = 3 <0.0001>
1 12:00:00.200000 socket(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3 <0.0001>
1 12:00:00.300000 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0 <0.0001>
1 12:00:00.400000 sendto(3, "\2\0\0\0\16\0\0\0\17\0\0\0db.example.org\0", 27, MSG_NOSIGNAL, NULL, 0) = 27 <0.0001>
1 12:00:00.500000 poll([{fd=3, events=POLLIN|POLLERR|POLLHUP}], 1, 5000) = 1 ([{fd=3, revents=POLLIN|POLLHUP}]) <0.2>
1 12:00:00.800000 read(3, "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24) = 24 <0.0001>
1 12:00:00.900000 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4 <0.0001>
1 12:00:01.000000 connect(4, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ECONNREFUSED (Connection refused) <0.0001>
1 12:00:01.100000 write(2, "no\n", 3) = 3 <0.0001>
1 12:00:01.200000 +++ exited with 2 +++
`;

describe('--json', () => {
  const noise = Array.from(
    { length: 40 },
    (_, i) => `I0808 06:10:${String(i).padStart(2, '0')}.740231       1 get.go:26] "Starting watch" resourceVersion="${String(i * 13)}"`,
  );
  const log = file(
    'apiserver.log',
    Buffer.concat([
      Buffer.from(
        [
          ...noise,
          'E0808 06:10:53.740231       1 reflector.go:138] Failed to list *v1.Node: Get "https://localhost:6443/api/v1/nodes": dial tcp [::1]:6443: connect: no route to host',
          'E0808 06:10:54.000000       1 leaderelection.go:1] leaderelection lost',
          'panic: runtime error',
          'F0808 06:11:10.695434       1 controller.go:161] Unable to perform initial IP allocation check: Get "https://localhost:6443/api/v1/services": dial tcp [::1]:6443: connect: no route to host',
          'Aug 08 06:11:20 n systemd-journald[1]: Suppressed 812 messages from kubelet.service',
          'Aug 08 06:11:21 n kernel: net_ratelimit: 15 callbacks suppressed',
        ].join('\n'),
      ),
      Buffer.from([0x0a, 0x66, 0xff, 0x00, 0x0a]),
    ]),
  );

  test('logs', () => {
    const report = documentOf(logsSchema, 'logs', log);
    expect(report.terminal?.kind).toBe('klog-fatal');
    expect(report.templates.length).toBeGreaterThan(3);
    expect(report.losses.length).toBe(2);
    expect(report.problems.length).toBeGreaterThan(1);
    expect(report.causes.length).toBeGreaterThan(0);
  });
  test('logs of standard input, empty, and in Chinese', () => {
    const empty = documentOf(logsSchema, 'logs', file('empty.log', ''));
    expect(empty).toMatchObject({ lines: 0, templates: [], symptoms: [] });
    expect(documentOf(logsSchema, 'logs', log, '--lang', 'zh').causes[0]?.title).toMatch(/\p{Script=Han}/u);
  });
  test('logs --template', () => {
    const { template, lines } = documentOf(logsLinesSchema, 'logs', log, '--template', '1');
    expect(template.count).toBe(40);
    expect(lines).toHaveLength(40);
  });

  test('trace', () => {
    const report = documentOf(traceSchema, 'trace', file('t.txt', LOOKUP));
    expect(report.lookups).toMatchObject([{ name: 'db.example.org', outcome: 'not-found', by: 'cache' }]);
    expect(report.pointsTo).toMatchObject([{ cause: 'nscd-socket-in-container-hosts-cache' }]);
    expect(report.waits.length).toBeGreaterThan(0);
  });

  test('compare of traces', () => {
    const well = LOOKUP.replace('110) = 0', '110) = -1 ENOENT (No such file or directory)')
      .split('\n')
      .filter((l) => !/sendto|poll|read\(/u.test(l))
      .join('\n');
    const report = documentOf(compareSchema, 'compare', file('sick.txt', LOOKUP), file('well.txt', well));
    expect(report.kind).toBe('traces');
  });
  test('compare of nodes', () => {
    const node = (name: string, hosts: string): string => {
      file(`${name}/etc/hosts`, hosts);
      file(`${name}/etc/nsswitch.conf`, 'hosts: files dns\n');
      file(`${name}/etc/resolv.conf`, 'nameserver 192.0.2.53\n');
      file(`${name}/ip-addr.txt`, '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n');
      return join(folder, name);
    };
    const [sick, well] = [node('sick', '::1 localhost\n'), node('well', '127.0.0.1 localhost\n::1 localhost\n')];
    const report = documentOf(compareSchema, 'compare', sick, well);
    expect(report.kind === 'nodes' ? report.causes[0]?.fact : '').toBe('file primary /etc/hosts');
    expect(documentOf(compareSchema, 'compare', sick, well, '--name', 'db.example.org')).toMatchObject({ kind: 'nodes' });
  });
});

test('the schemas are published', () => {
  for (const name of ['logs', 'logs-lines', 'trace', 'compare'])
    expect(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'schemas', `culprit-${name}-1.json`), 'utf8')).toContain(
      `culprit/${name}@1`,
    );
});
