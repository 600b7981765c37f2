import { describe, expect, test } from 'vitest';
import { fc, test as propertyTest } from '@fast-check/vitest';
import type { Signature } from '../../src/facts/signature.ts';
import type { Symptom } from '../../src/facts/symptom.ts';
import { extractSymptoms } from '../../src/evidence/symptoms/extract-symptoms.ts';
import { startUpNoise } from '../../src/evidence/symptoms/start-up-noise.ts';
import { readLine } from '../../src/logs/lines.ts';

const from = (...lines: readonly string[]): readonly Symptom[] =>
  extractSymptoms(
    lines.map((l, i) => readLine(l, i + 1)),
    [],
  );

const TABLE: readonly (readonly [what: string, line: string, wanted: Partial<Symptom>])[] = [
  [
    'the URL before the dial gives the name as written',
    'Get "https://localhost:6443/api?timeout=32s": dial tcp [::1]:6443: connect: no route to host',
    { kind: 'dial-failed', operation: 'dial', name: 'localhost', address: '::1', port: 6443, errno: 'EHOSTUNREACH' },
  ],
  [
    'old Go: no quotes, getsockopt',
    'Get http://10.0.0.9/v: dial tcp 10.0.0.9:80: getsockopt: connection refused',
    { kind: 'dial-failed', name: '10.0.0.9', address: '10.0.0.9', port: 80, errno: 'ECONNREFUSED' },
  ],
  [
    'a dial that timed out',
    'dial tcp 10.1.1.1:2379: i/o timeout',
    { kind: 'dial-failed', address: '10.1.1.1', port: 2379, errno: 'TIMEOUT' },
  ],
  [
    'a unix socket',
    'dial unix /var/run/docker.sock: connect: permission denied',
    { kind: 'dial-failed', protocol: 'unix', address: '/var/run/docker.sock', errno: 'EACCES' },
  ],
  [
    'Node.js',
    'Error: connect EADDRNOTAVAIL ::1:9000 - Local (:::0)',
    { kind: 'dial-failed', address: '::1', port: 9000, errno: 'EADDRNOTAVAIL' },
  ],
  [
    'urllib3 of Python',
    "requests.exceptions.ConnectionError: HTTPConnectionPool(host='db.corp', port=8080): Max retries exceeded with url: / (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    { kind: 'dial-failed', name: 'db.corp', port: 8080, errno: 'ECONNREFUSED' },
  ],
  [
    'HttpClient of Java',
    'org.apache.http.conn.HttpHostConnectException: Connect to es.corp:9200 [es.corp/10.0.0.9] failed: Connection timed out (Connection timed out)',
    { kind: 'dial-failed', name: 'es.corp', port: 9200, errno: 'ETIMEDOUT' },
  ],
  [
    'the upstream of nginx',
    '2024/03/01 10:00:00 [error] 7#7: *1 connect() failed (113: No route to host) while connecting to upstream, client: 10.0.0.2, server: _, upstream: "http://10.42.1.5:8080/", host: "x"',
    { kind: 'dial-failed', address: '10.42.1.5', port: 8080, errno: 'EHOSTUNREACH' },
  ],
  [
    'sshd of the node on behalf of rke',
    'Unable to access the service on localhost:6443. The service might be still starting up. Error: ssh: rejected: connect failed (Cannot assign requested address)',
    { kind: 'dial-failed', name: 'localhost', port: 6443, errno: 'EADDRNOTAVAIL' },
  ],
  [
    'no IPv6 at all',
    'dial tcp6 [::1]:10248: socket: address family not supported by protocol',
    { kind: 'dial-failed', address: '::1', errno: 'EAFNOSUPPORT' },
  ],
  [
    'lookup with a server: NXDOMAIN',
    'Head "https://r.example/v2/": dial tcp: lookup r.example on 10.0.0.2:53: no such host',
    { kind: 'lookup-failed', name: 'r.example', server: '10.0.0.2', rcode: 'NXDOMAIN', port: 443 },
  ],
  ['lookup without a server: libc answered', 'dial tcp: lookup node7: no such host', { kind: 'lookup-failed', name: 'node7' }],
  [
    'the server is silent',
    'lookup a.example on 10.0.0.2:53: read udp 10.42.0.3:39999->10.0.0.2:53: i/o timeout',
    { kind: 'lookup-failed', server: '10.0.0.2', errno: 'TIMEOUT' },
  ],
  [
    'the server is not there',
    'lookup a.example on [::1]:53: read udp [::1]:4->[::1]:53: read: connection refused',
    { kind: 'lookup-failed', server: '::1', errno: 'ECONNREFUSED' },
  ],
  ['the server fails', 'lookup a.example on 10.0.0.2:53: server misbehaving', { kind: 'lookup-failed', rcode: 'SERVFAIL' }],
  [
    'CoreDNS and its upstream',
    '[ERROR] plugin/errors: 2 a.example. A: read udp 10.42.0.7:55555->10.9.9.9:53: i/o timeout',
    { kind: 'dns-failed', name: 'a.example', server: '10.9.9.9', port: 53, errno: 'TIMEOUT' },
  ],
  [
    'listening on a foreign address',
    'listen tcp 10.0.0.4:2380: bind: cannot assign requested address',
    { kind: 'listen-failed', address: '10.0.0.4', port: 2380, errno: 'EADDRNOTAVAIL' },
  ],
  [
    'listening on a taken port',
    'failed to create listener: listen tcp :10250: bind: address already in use',
    { kind: 'listen-failed', address: '0.0.0.0', port: 10250, errno: 'EADDRINUSE' },
  ],
  [
    'nginx without IPv6',
    'nginx: [emerg] socket() [::]:80 failed (97: Address family not supported by protocol)',
    { kind: 'listen-failed', address: '::', port: 80, errno: 'EAFNOSUPPORT' },
  ],
  [
    'an expired certificate, with both dates',
    'x509: certificate has expired or is not yet valid: current time 2026-03-02T10:00:01Z is after 2025-01-01T00:00:00Z',
    { kind: 'tls-failed', details: { reason: 'expired', currentTime: '2026-03-02T10:00:01Z', notAfter: '2025-01-01T00:00:00Z' } },
  ],
  [
    'a name that is not in the certificate',
    'Get "https://10.0.0.5:6443/": x509: certificate is valid for 10.43.0.1, 127.0.0.1, not 10.0.0.5',
    {
      kind: 'tls-failed',
      name: '10.0.0.5',
      port: 6443,
      details: { reason: 'name-mismatch', validFor: '10.43.0.1, 127.0.0.1', notFor: '10.0.0.5', url: 'https://10.0.0.5:6443/' },
    },
  ],
  [
    'an unknown authority, and the one that looked like it',
    'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kube-ca")',
    { kind: 'tls-failed', details: { reason: 'unknown-authority', because: 'crypto/rsa: verification error', candidate: 'kube-ca' } },
  ],
  [
    'HTTP behind an HTTPS URL',
    'Get "https://10.0.0.1:5000/v2/": http: server gave HTTP response to HTTPS client',
    { kind: 'tls-failed', port: 5000 },
  ],
  [
    'kubectl is refused for lack of rights',
    'Error from server (Forbidden): pods is forbidden: User "dev" cannot list resource "pods" in API group ""',
    { kind: 'http-failed', httpStatus: 403 },
  ],
  [
    'a bare Forbidden',
    'Post "https://10.0.0.1:6443/apis/rbac": Forbidden',
    { kind: 'http-failed', httpStatus: 403, name: '10.0.0.1', port: 6443 },
  ],
  ['ping of old', 'ping: unknown host metadata', { kind: 'lookup-failed', client: 'ping', name: 'metadata' }],
  ['ping of today', 'ping: node9: Temporary failure in name resolution', { kind: 'lookup-failed', client: 'ping', name: 'node9' }],
  [
    'telnet',
    'telnet: connect to address ::1: No route to host',
    { kind: 'dial-failed', client: 'telnet', address: '::1', errno: 'EHOSTUNREACH' },
  ],
  [
    'curl resolves nothing',
    'curl: (6) Could not resolve host: rancher.example',
    { kind: 'lookup-failed', client: 'curl', name: 'rancher.example' },
  ],
  [
    'curl connects to nobody',
    'curl: (7) Failed to connect to localhost port 6443 after 3 ms: Connection refused',
    { kind: 'dial-failed', client: 'curl', name: 'localhost', port: 6443, errno: 'ECONNREFUSED' },
  ],
  [
    'sshd refuses to forward',
    'ssh: rejected: connect failed (Cannot assign requested address)',
    { kind: 'dial-failed', client: 'sshd-forward', errno: 'EADDRNOTAVAIL' },
  ],
  [
    'kubectl without a kubeconfig',
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    { kind: 'dial-failed', name: 'localhost', port: 8080, errno: 'ECONNREFUSED' },
  ],
  ['nslookup', "nslookup: can't resolve 'kubernetes.default'", { kind: 'dns-failed', name: 'kubernetes.default' }],
  [
    'a missing file',
    'open /run/systemd/resolve/resolv.conf: no such file or directory',
    {
      kind: 'file-failed',
      errno: 'ENOENT',
      details: { call: 'open', path: '/run/systemd/resolve/resolv.conf', error: 'no such file or directory' },
    },
  ],
  [
    'inotify, not the disk',
    'failed to create fsnotify watcher: too many open files',
    { kind: 'file-failed', errno: 'EMFILE', details: { watch: 'inotify' } },
  ],
  [
    'a preflight error',
    '\t[ERROR Port-6443]: Port 6443 is in use',
    { kind: 'preflight-error', details: { check: 'Port-6443', text: 'Port 6443 is in use' } },
  ],
  [
    'a unit that ended',
    'Mar  2 10:00:01 n systemd[1]: etcd.service: Main process exited, code=exited, status=1/FAILURE',
    { kind: 'unit-ended', terminal: true },
  ],
  [
    'a fatal line of no known kind',
    'F0302 10:00:01.000001 1 a.go:1] something new',
    { kind: 'terminated', terminal: true, details: { how: 'klog-fatal', text: 'something new' } },
  ],
];

describe('symptoms', () => {
  test.each(TABLE)('%s', (_what, line, wanted) => {
    const [first] = from(line);
    expect(first).toMatchObject({ count: 1, ...wanted });
  });

  test('equal ones are folded, with the times of both ends and the terminal line among the sources', () => {
    const dial = (t: string): string =>
      `E0302 10:00:${t}.000000       1 reflector.go:127] Failed to list: Get "https://localhost:6443/api/${t}": dial tcp [::1]:6443: connect: cannot assign requested address`;
    const fatal =
      'F0302 10:00:59.000000       1 controller.go:161] Unable to perform initial IP allocation check: Get "https://localhost:6443/api": dial tcp [::1]:6443: connect: cannot assign requested address';
    const found = from(...Array.from({ length: 9 }, (_, i) => dial(`1${String(i)}`)), fatal);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      count: 10,
      firstSeen: '--03-02T10:00:10.000000',
      lastSeen: '--03-02T10:00:59.000000',
      terminal: true,
    });
    expect(found[0]?.evidence.map((e) => ('line' in e ? e.line : 0))).toContain(10);
  });

  test.each([
    'I0302 10:00:01.000001 1 log.go:172] http: TLS handshake error from 10.0.0.7:5000: EOF',
    'time="2026-03-02T10:00:01Z" level=info msg="Failed to test data store connection: context deadline exceeded"',
    '2021-03-02 10:00:01.000001 I | embed: rejected connection from "10.0.0.1:4444" (error "EOF", ServerName "")',
  ])('noise keeps its place and says why: %s', (line) => {
    for (const s of from(line)) expect(s.details?.['noise']).toBeTypeOf('string');
  });

  test.each(['HTTP/1.1 200 OK', 'Listening on 0.0.0.0:6443', 'Get "https://a/": ok', 'status code 200', 'Pulling image "x" 10% of 400 MB'])(
    'nothing wrong: %s',
    (line) => {
      expect(from(line)).toEqual([]);
    },
  );

  const signature: Signature = {
    id: 'some-cause/line',
    anchors: ['quota exceeded for'],
    pattern: /^W.*quota exceeded for (?<name>[^ ]+) at (?<address>[^ ]+):(?<port>\d+), limit (?<limit>\d+)/u,
    grade: 'strong',
    matches: [],
    rejects: [],
  };

  test('a signature becomes a symptom: known groups are fields, others details', () => {
    const found = extractSymptoms(
      [readLine('W0302 10:00:01.000001 1 a.go:1] quota exceeded for db at 10.0.0.1:5432, limit 7', 3)],
      [signature],
      { path: 'x.log', component: 'etcd' },
    );
    expect(found.find((s) => s.kind === 'some-cause/line')).toMatchObject({
      name: 'db',
      address: '10.0.0.1',
      port: 5432,
      component: 'etcd',
      details: { limit: '7' },
      evidence: [{ kind: 'log', path: 'x.log', line: 3 }],
    });
  });

  test('a signature of other components is not asked', () => {
    const found = extractSymptoms(
      [readLine('W0302 10:00:01.000001 1 a.go:1] quota exceeded for db at 10.0.0.1:5432, limit 7')],
      [{ ...signature, components: ['kubelet'] }],
      { component: 'etcd' },
    );
    expect(found.some((s) => s.kind === signature.id)).toBe(false);
  });

  test('failures of the first minute of a log that goes on without them are start-up', () => {
    const early = extractSymptoms(
      [readLine('{"log":"dial tcp 127.0.0.1:6443: connect: connection refused\\n","stream":"stderr","time":"2026-03-02T10:00:05Z"}')],
      [],
      { path: 'a.log' },
    );
    const log = { path: 'a.log', tail: [], firstTime: '2026-03-02T10:00:00.000Z', lastTime: '2026-03-02T11:00:00.000Z' };
    expect(startUpNoise(early, [log])[0]?.details?.['noise']).toBe('start-up');
    expect(startUpNoise(early, [{ ...log, lastTime: '2026-03-02T10:00:30.000Z' }])[0]?.details?.['noise']).toBeUndefined();
  });

  propertyTest.prop([
    fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...TABLE.map((t) => t[1]))), { maxLength: 20 }),
  ])('never throws, and counts are positive', (lines) => {
    for (const s of from(...lines)) {
      expect(s.count).toBeGreaterThan(0);
      expect(s.evidence.length).toBeGreaterThan(0);
    }
  });
});
