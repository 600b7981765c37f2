import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { lineFormats } from '../../../src/logs/formats/index.ts';
import { readLine, type LogLine } from '../../../src/logs/lines.ts';

type Wanted = Partial<Pick<LogLine, 'time' | 'level' | 'component' | 'sourceFile' | 'message' | 'terminal'>> & {
  readonly formats: readonly string[];
};

const TABLE: readonly (readonly [what: string, line: string, wanted: Wanted])[] = [
  [
    'docker json around klog: the outer time has a year',
    '{"log":"E0302 10:00:01.123456       1 reflector.go:127] Failed to watch *v1.Pod: Get \\"https://a:6443/x?a=1\\u0026b=2\\": EOF\\n","stream":"stderr","time":"2026-03-02T10:00:01.500000001Z"}',
    {
      formats: ['docker-json', 'klog'],
      time: '2026-03-02T10:00:01.500Z',
      level: 'error',
      sourceFile: 'reflector.go:127',
      message: 'Failed to watch *v1.Pod: Get "https://a:6443/x?a=1&b=2": EOF',
    },
  ],
  [
    'CRI: the F tag is not fatal',
    '2026-03-02T10:00:01.5+01:00 stdout F all good',
    { formats: ['cri'], time: '2026-03-02T09:00:01.500Z', message: 'all good' },
  ],
  [
    'CRI around klog fatal',
    '2026-03-02T10:00:01.5Z stderr F F0302 10:00:01.500000       1 server.go:9] boom',
    { formats: ['cri', 'klog'], level: 'fatal', terminal: 'klog-fatal', message: 'boom' },
  ],
  [
    'klog alone has no year',
    'W1231 23:59:59.000001 4242 cni.go:239] Unable to update cni config',
    {
      formats: ['klog'],
      time: '--12-31T23:59:59.000001',
      level: 'warning',
      sourceFile: 'cni.go:239',
      message: 'Unable to update cni config',
    },
  ],
  [
    'structured klog keeps its fields',
    'E0302 10:00:01.000000   99 pod_workers.go:190] "Error syncing pod" err="open \\"/a\\": no such file" pod="kube-system/x"',
    { formats: ['klog'], message: '"Error syncing pod" err="open "/a": no such file" pod="kube-system/x"', level: 'error' },
  ],
  [
    'journal around logrus',
    'Mar  2 10:00:01 node1 k3s[77]: time="2026-03-02T10:00:01Z" level=fatal msg="starting kubernetes: token \\"x\\" wrong"',
    {
      formats: ['syslog', 'logfmt'],
      component: 'k3s',
      level: 'fatal',
      terminal: 'logrus-fatal',
      message: 'starting kubernetes: token "x" wrong',
    },
  ],
  [
    'logrus fields stay behind the message',
    'time="2026-03-02T10:00:01+01:00" level=error msg="create failed" error="exec: \\"runc\\": not found" id=7',
    { formats: ['logfmt'], time: '2026-03-02T09:00:01.000Z', message: 'create failed error="exec: "runc": not found" id=7' },
  ],
  [
    'logrus on a terminal, with colours',
    '\u001B[31mFATA\u001B[0m[0123] Cluster is down',
    { formats: ['logrus-terminal'], level: 'fatal', terminal: 'logrus-fatal', message: 'Cluster is down' },
  ],
  [
    'logrus terminal with a clock',
    'ERRO[13:58:03 CST] no route  node=10.0.0.1',
    { formats: ['logrus-terminal'], level: 'error', message: 'no route  node=10.0.0.1' },
  ],
  [
    'etcd with zap',
    '{"level":"warn","ts":"2026-03-02T10:00:01.227+0100","caller":"wal/wal.go:806","msg":"slow fdatasync","took":"1.2s"}',
    {
      formats: ['json-record'],
      time: '2026-03-02T09:00:01.227Z',
      level: 'warning',
      sourceFile: 'wal/wal.go:806',
      message: 'slow fdatasync took=1.2s',
    },
  ],
  [
    'zap with seconds since the epoch',
    '{"level":"info","ts":1772445601.5,"msg":"ok"}',
    { formats: ['json-record'], time: '2026-03-02T10:00:01.500Z', message: 'ok' },
  ],
  [
    'etcd before 3.5',
    '2021-03-02 10:00:01.000001 W | rafthttp: health check failed',
    { formats: ['capnslog'], level: 'warning', sourceFile: 'rafthttp', message: 'health check failed' },
  ],
  [
    'CoreDNS',
    '[FATAL] plugin/loop: Loop (127.0.0.1:1 -> :53) detected',
    { formats: ['bracketed'], terminal: 'bracket-fatal', level: 'fatal', message: 'plugin/loop: Loop (127.0.0.1:1 -> :53) detected' },
  ],
  [
    'Calico',
    '2026-03-02 10:00:01.500 [WARNING][51] felix/int_dataplane.go 700: slow',
    { formats: ['bracketed'], level: 'warning', sourceFile: 'felix/int_dataplane.go:700', message: 'slow' },
  ],
  [
    'journald json',
    '{"MESSAGE":"refused","PRIORITY":"3","_SYSTEMD_UNIT":"kubelet.service","__REALTIME_TIMESTAMP":"1772445601000000"}',
    { formats: ['journald-json'], component: 'kubelet', level: 'error', time: '2026-03-02T10:00:01.000Z', message: 'refused' },
  ],
  ['journald json with bytes', '{"MESSAGE":[104,105],"_COMM":"x"}', { formats: ['journald-json'], component: 'x', message: 'hi' }],
  [
    'a journal line of the kernel',
    'Mar  2 10:00:01 n kernel: [12345.678901] XFS (sda1): Shutting down filesystem',
    { formats: ['syslog', 'kernel'], component: 'kernel', message: 'XFS (sda1): Shutting down filesystem' },
  ],
  [
    'dmesg',
    '[    1.000001] EXT4-fs error (device sda1)',
    { formats: ['kernel'], component: 'kernel', message: 'EXT4-fs error (device sda1)' },
  ],
  [
    'dmesg -T',
    '[Mon Mar  2 10:00:01 2026] Buffer I/O error',
    { formats: ['kernel'], time: '2026-03-02T10:00:01', message: 'Buffer I/O error' },
  ],
  [
    'docker logs -t',
    '2026-03-02T10:00:01.500000000Z I0302 10:00:01.400000       1 a.go:1] hello',
    { formats: ['stamped', 'klog'], time: '2026-03-02T10:00:01.500Z', level: 'info', message: 'hello' },
  ],
  [
    'kubectl logs --prefix',
    '[pod/coredns-1/coredns] [ERROR] plugin/errors: 2 a. A: timeout',
    { formats: ['prefixed', 'bracketed'], component: 'coredns', level: 'error', message: 'plugin/errors: 2 a. A: timeout' },
  ],
  [
    'a job console',
    '2026-03-02 10:00:01.000001 | node-7 | [WARNING Swap]: swap is on',
    { formats: ['ci-stamped'], message: '[WARNING Swap]: swap is on' },
  ],
  [
    'the log window of Rancher 1.x',
    '3/2/2026 10:00:01 AMtime="2026-03-02T10:00:01Z" level=info msg="Waiting for metadata"',
    { formats: ['rancher1', 'logfmt'], message: 'Waiting for metadata', terminal: 'endless-wait' },
  ],
  [
    'a Go panic',
    'panic: runtime error: invalid memory address',
    { formats: [], terminal: 'go-panic', message: 'panic: runtime error: invalid memory address' },
  ],
  [
    'kubeadm gives up',
    'error execution phase preflight: [preflight] Some fatal errors occurred:',
    { formats: [], terminal: 'kubeadm-result' },
  ],
  [
    'systemd gives up',
    'Mar  2 10:00:01 n systemd[1]: kubelet.service: Start request repeated too quickly.',
    { formats: ['syslog'], component: 'systemd', terminal: 'systemd-result' },
  ],
  ['a damaged docker record', '{"log":"half a li', { formats: ['docker-json'], message: 'half a li' }],
  ['no format at all', 'just words', { formats: [], message: 'just words' }],
];

describe('line formats', () => {
  test.each(TABLE)('%s', (_what, line, wanted) => {
    expect(readLine(line, 7)).toMatchObject({ lineNumber: 7, raw: line, ...wanted });
  });

  test('every file of the folder is in the index', () => {
    const folder = fileURLToPath(new URL('../../../src/logs/formats', import.meta.url));
    const files = readdirSync(folder)
      .filter((f) => f !== 'index.ts')
      .map((f) => f.replace(/\.ts$/u, ''));
    expect(lineFormats.map((f) => f.id).sort()).toEqual(files.sort());
  });

  propertyTest.prop([fc.string({ unit: 'binary', maxLength: 400 })])('never throws, and keeps the raw line', (line) => {
    expect(readLine(line, 1).raw).toBe(line);
  });

  propertyTest.prop([fc.constantFrom(...TABLE.map((t) => t[1])), fc.nat(400)])('a line cut anywhere is still read', (line, at) => {
    expect(readLine(line.slice(0, at), 1).lineNumber).toBe(1);
  });
});
