/** Traces in every form that strace has, told as look-ups. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { pointersOf } from '../../src/strace/pointers.ts';
import { looksLikeTrace, readTrace } from '../../src/strace/read-trace.ts';
import { tell } from '../../src/strace/story.ts';
import { timeSpent } from '../../src/strace/time-spent.ts';
import type { Trace } from '../../src/strace/trace.ts';

const read = (text: string): Promise<Trace> => readTrace([{ name: 'trace', chunks: [text] }], 'trace');
const kinds = (trace: Trace): readonly (readonly string[])[] =>
  tell(trace).lookups.map((l) => l.brief.map((s) => s.kind.id.replace('strace.', '')));

const ASKED = String.raw`execve("/usr/bin/getent", ["getent", "ahosts", "rancher-metadata"], 0x7ffc /* 5 vars */) = 0
openat(AT_FDCWD, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3
close(3) = 0
socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3
connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0
sendto(3, "\2\0\0\0\16\0\0\0\21\0\0\0rancher-metadata\0", 29, MSG_NOSIGNAL, NULL, 0) = 29
poll([{fd=3, events=POLLIN|POLLERR|POLLHUP}], 1, 5000) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])
`;
const SAID_NO = String.raw`read(3, "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24) = 24
close(3) = 0
exit_group(2) = ?
+++ exited with 2 +++
`;
const GOES_ON = String.raw`close(3) = 0
openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 3
read(3, "127.0.0.1\tlocalhost\n", 4096) = 20
read(3, "", 4096) = 0
close(3) = 0
socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 3
connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("169.254.169.250")}, 16) = 0
sendto(3, "M\f\1\0\0\1\0\0\0\0\0\0\20rancher-metadata\0\0\1\0\1", 34, MSG_NOSIGNAL, NULL, 0) = 34
poll([{fd=3, events=POLLIN}], 1, 5000) = 1 ([{fd=3, revents=POLLIN}])
recvfrom(3, "M\f\205\200\0\1\0\1\0\0\0\0\20rancher-metadata\0\0\1\0\1\300\f\0\1\0\1\0\0\0\0\0\4\251\376\251\372", 1024, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("169.254.169.250")}, [28 => 16]) = 50
close(3) = 0
`;

describe('the second article', () => {
  test('the daemon says no, and DNS is never asked', async () => {
    const trace = await read(ASKED + SAID_NO);
    expect(trace.lookups).toMatchObject([{ name: 'rancher-metadata' }]);
    expect(tell(trace).lookups[0]?.outcome).toEqual({ kind: 'not-found', by: 'cache' });
    expect(kinds(trace)).toEqual([['cacheAsked', 'cacheNoFinal']]);
    expect(pointersOf(trace)).toMatchObject([{ cause: 'nscd-socket-in-container-hosts-cache', place: { line: 8 } }]);
  });

  test.each([
    ['no socket', '= -1 ENOENT (No such file or directory)', 'noCache'],
    ['nobody behind it', '= -1 ECONNREFUSED (Connection refused)', 'cacheRefused'],
  ])('%s: hosts and DNS are asked, and nothing is pointed to', async (_what, result, step) => {
    const connect =
      ASKED.split('\n').slice(0, 4).join('\n') + `\nconnect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) ${result}\n`;
    const trace = await read(connect + GOES_ON);
    expect(kinds(trace)).toEqual([[step, 'notInHosts', 'answeredAll']]);
    expect(tell(trace).lookups[0]?.outcome).toEqual({ kind: 'addresses', addresses: ['169.254.169.250'], by: 'dns' });
    expect(pointersOf(trace)).toEqual([]);
  });

  test.each([
    ['hangs up', 'read(3, "", 24) = 0\n', 'cacheClosed'],
    ['does not serve hosts', String.raw`read(3, "\2\0\0\0\377\377\377\377\0\0\0\0", 24) = 24` + '\n', 'cacheNotServed'],
  ])('a daemon that %s', async (_what, line, step) => {
    const trace = await read(ASKED + line + GOES_ON);
    expect(kinds(trace)).toEqual([[step, 'notInHosts', 'answeredAll']]);
    expect(pointersOf(trace)).toEqual([]);
  });

  test('a daemon that is silent costs its time and is named', async () => {
    const silent = ASKED.replace(/= 1 \(\[.*\n$/u, '= 0 (Timeout)\n');
    const trace = await read(silent + GOES_ON);
    expect(kinds(trace)[0]).toEqual(['cacheAsked', 'cacheSilent', 'notInHosts', 'answeredAll']);
    expect(trace.waits[0]).toMatchObject({ ms: 5000, on: '/var/run/nscd/socket' });
    expect(pointersOf(trace).map((p) => p.cause)).toEqual(['nscd-hung']);
  });

  test('strings of sixteen bytes: the name comes from the command line', async () => {
    const cut = (ASKED + SAID_NO)
      .replace(String.raw`\21\0\0\0rancher-metadata\0"`, String.raw`\21\0\0\0ranc"...`)
      .replace(String.raw`"\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"`, String.raw`"\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"...`);
    const trace = await read(cut);
    expect(trace.lookups).toMatchObject([{ name: 'rancher-metadata' }]);
    expect(trace.lookups[0]?.nameCut).toBeUndefined();
    expect(kinds(trace)).toEqual([['cacheAsked', 'cacheNoFinal']]);
  });

  test('without the command line a cut name stays cut', async () => {
    const trace = await read((ASKED + SAID_NO).split('\n').slice(1).join('\n').replace('rancher-metadata\\0"', 'ranc"...'));
    expect(trace.lookups).toMatchObject([{ name: 'ranc', nameCut: true }]);
  });
});

describe('what a trace does not show', () => {
  const question = (line: string, server: string, at: string): string =>
    `${at} connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("${server}")}, 16) = 0 <0.000010>\n${at} sendto(3, ${line}, 34, MSG_NOSIGNAL, NULL, 0) = 34 <0.000010>\n`;
  const asked = String.raw`"M\f\1\0\0\1\0\0\0\0\0\0\20rancher-metadata\0\0\1\0\1"`;
  const answer = String.raw`recvfrom(3, "M\f\205\200\0\1\0\1\0\0\0\0\20rancher-metadata\0\0\1\0\1\300\f\0\1\0\1\0\0\0\0\0\4\251\376\251\372", 1024, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, [28 => 16]) = 50 <0.000010>`;
  const two =
    '12:00:00.000000 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3 <0.000010>\n' +
    question(asked, '10.0.0.1', '12:00:00.000000') +
    question(asked, '10.0.0.2', '12:00:05.000000') +
    `12:00:05.200000 ${answer}\n`;

  test('a server that another one is asked after has not answered, and its time is counted', async () => {
    const trace = await read(two);
    expect(kinds(trace)).toEqual([['silent', 'answeredAll']]);
    expect(pointersOf(trace).map((p) => p.cause)).toEqual(['resolv-first-nameserver-dead']);
    expect(timeSpent(trace)).toEqual([
      { on: '10.0.0.1', ms: 5000 },
      { on: '10.0.0.2', ms: 200 },
    ]);
  });

  test('musl asks all servers at once: one that is late is not dead', async () => {
    const trace = await read('openat(AT_FDCWD, "/etc/ld-musl-x86_64.path", O_RDONLY) = -1 ENOENT (No such file or directory)\n' + two);
    expect(pointersOf(trace)).toEqual([]);
  });

  test('a server at which nobody listens', async () => {
    const trace = await read(
      two.replace(
        '12:00:05.000000 connect',
        '12:00:00.000020 poll([{fd=3, events=POLLIN}], 1, 5000) = 1 ([{fd=3, revents=POLLERR}]) <0.000010>\n12:00:05.000000 connect',
      ),
    );
    expect(kinds(trace)).toEqual([['refused', 'answeredAll']]);
    expect(pointersOf(trace).map((p) => p.cause)).toEqual(['resolv-first-nameserver-dead']);
  });

  test('a daemon whose queue is full hangs', async () => {
    const trace = await read(
      ASKED.split('\n').slice(0, 4).join('\n') +
        '\nconnect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 EAGAIN (Resource temporarily unavailable)\n' +
        GOES_ON,
    );
    expect(kinds(trace)[0]?.[0]).toBe('cacheFull');
    expect(pointersOf(trace).map((p) => p.cause)).toEqual(['nscd-hung']);
  });

  test('threads that were not traced, calls that were left out, strings that were cut', async () => {
    const thread = 'clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, stack=0x7f}, 88) = 29024\n';
    expect((await read(`${thread}futex(0x7f, FUTEX_WAIT, 1, NULL) = 0\n`)).hints).toEqual(['threads']);
    expect((await read(`1 ${thread}2 futex(0x7f, FUTEX_WAIT, 1, NULL) = 0\n`)).hints).toEqual([]);
    const connects = GOES_ON.split('\n').filter((l) => l.startsWith('socket') || l.startsWith('connect'));
    expect((await read(connects.join('\n'))).hints).toEqual(['calls']);
    const cut = await read(GOES_ON.replace(String.raw`\1\300\f\0\1\0\1\0\0\0\0\0\4\251\376\251\372", 1024`, String.raw`\1"..., 1024`));
    expect(cut.hints).toEqual(['strings']);
    expect(tell(cut).lookups[0]?.outcome).toEqual({ kind: 'addresses', addresses: [], by: 'dns' });
  });

  test('addresses that are escaped (-xx), numbers of calls (-n)', async () => {
    const escaped = GOES_ON.replaceAll('"169.254.169.250"', String.raw`"\x31\x36\x39\x2e\x32\x35\x34\x2e\x31\x36\x39\x2e\x32\x35\x30"`);
    expect(kinds(await read(escaped))).toEqual([['notInHosts', 'answeredAll']]);
    const numbered = (ASKED + SAID_NO).replaceAll(/^(?=[a-z])/gmu, '29098 [  59] ');
    expect(kinds(await read(numbered))).toEqual([['cacheAsked', 'cacheNoFinal']]);
  });
});

describe('forms of a trace', () => {
  const stamped = (text: string, stamp: (i: number) => string): string =>
    text
      .split('\n')
      .map((l, i) => (l === '' ? l : stamp(i) + l))
      .join('\n');

  test.each([
    ['[pid N]', (): string => '[pid   105] '],
    ['pid in front', (): string => '105   '],
    ['-tt', (i: number): string => `12:00:${String(i).padStart(2, '0')}.000000 `],
    ['-ttt', (i: number): string => `1795313332.${String(i).padStart(6, '0')} `],
    ['-r', (): string => '     0.000100 '],
    ['pid and -tt', (i: number): string => `105 12:00:${String(i).padStart(2, '0')}.000000 `],
  ])('%s', async (_form, stamp) => {
    const trace = await read(stamped(ASKED + SAID_NO, stamp));
    expect(kinds(trace)).toEqual([['cacheAsked', 'cacheNoFinal']]);
  });

  test('calls that others interrupt are put together', async () => {
    const lines = (ASKED + SAID_NO).split('\n').map((l) => (l === '' ? l : `[pid 2] ${l}`));
    const torn = lines.flatMap((l) =>
      l.includes(' read(3')
        ? [
            l.replace(/, "\\2.*/u, ',  <unfinished ...>').replace('3,,', '3,'),
            '[pid 1] futex(0x1, FUTEX_WAKE, 1) = 1',
            `[pid 2] <... read resumed>${l.slice(l.indexOf('"'))}`,
          ]
        : [l],
    );
    expect(kinds(await read(torn.join('\n')))).toEqual([['cacheAsked', 'cacheNoFinal']]);
  });

  test('what the program prints between the lines does not hide them', async () => {
    const text = (ASKED + SAID_NO).replace('exit_group', 'write(1, "PING\\n", 5PING\n)                   = 5\nexit_group');
    const trace = await read(text);
    expect(trace.printed).toMatchObject([{ text: 'PING' }]);
    expect(kinds(trace)).toEqual([['cacheAsked', 'cacheNoFinal']]);
  });

  test('a trace that ends in the middle tells what is there', async () => {
    const trace = await read(ASKED.slice(0, ASKED.indexOf('\\21')));
    expect(trace.lookups).toEqual([]);
    expect(kinds(await read(ASKED))).toEqual([['cacheAsked']]);
  });

  test('a socket that was asked for users is no look-up of a name', async () => {
    const users = String.raw`connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3
read(3, "root:x:0:0:root:/root:/bin/bash\n", 4096) = 32
close(3) = 0
`;
    expect((await read(users)).lookups).toEqual([]);
  });

  test('files of strace -ff are one trace, each line with its file', async () => {
    const trace = await readTrace(
      [
        { name: 't.1', pid: 1, chunks: ['wait4(-1, NULL, 0, NULL) = 2\n'] },
        { name: 't.2', pid: 2, chunks: [ASKED + SAID_NO] },
      ],
      't',
    );
    expect(trace.lookups).toMatchObject([{ name: 'rancher-metadata', pid: 2, events: [{ place: { file: 't.2', line: 5 } }, {}, {}] }]);
  });

  test('a connection that is waited for elsewhere', async () => {
    const trace = await read(String.raw`socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 5
connect(5, {sa_family=AF_INET6, sin6_port=htons(6443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EINPROGRESS (Operation now in progress)
poll([{fd=5, events=POLLOUT}], 1, 1000) = 1 ([{fd=5, revents=POLLOUT|POLLERR}])
getsockopt(5, SOL_SOCKET, SO_ERROR, [111], [4]) = 0
`);
    expect(trace.dials).toMatchObject([{ address: '::1', port: 6443, result: 'ECONNREFUSED' }]);
  });
});

describe('what is no trace is said in one sentence', () => {
  test.each([
    ['', /is empty/],
    ['\0\0\0\0\0\0\0\0\0\0\0\0ELF', /not text/],
    ['hello\nworld\n', /no output of strace/],
    [
      '% time     seconds  usecs/call     calls    errors syscall\n------ ----\n  0.00    0.000000           0         1           read\n',
      /strace -c/,
    ],
    ['getaddrinfo("localhost", nil, {}, 0x7f) = 0\nstrlen("x") = 1\n', /ltrace/],
    ['{"log":"F1122 00:01:36 controller.go:161] Unable\\n","stream":"stderr"}\n', /no output of strace/],
  ])('%j', async (text, sentence) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'no-trace', text: { en: expect.stringMatching(/^\{name\}/u) as string } });
    await expect(read(text)).rejects.toThrow(sentence);
  });

  test('logs do not look like a trace', () => {
    expect(looksLikeTrace(ASKED)).toBe(true);
    expect(looksLikeTrace('127.0.0.1 localhost\n::1 localhost\n')).toBe(false);
  });
});

describe('hostile input', () => {
  const piece = fc.oneof(
    fc.constantFrom(...(ASKED + SAID_NO + GOES_ON).split('\n')),
    fc.constantFrom(
      '[pid 1] read(3,  <unfinished ...>',
      '[pid 1] <... read resumed>"", 1) = 0',
      'sendmmsg(3, [{msg_hdr={msg_iov=[{iov_base="',
      ') = 0',
      'connect(3, {sa_family=AF_INET, sin_port=htons(53)',
      'clone(child_stack=NULL, flags=CLONE_FILES) = 7',
    ),
    fc.string({ maxLength: 60 }),
  );

  property.prop([fc.array(piece, { maxLength: 40 })])('any lines are told or refused', async (lines) => {
    try {
      const trace = await read(lines.join('\n'));
      tell(trace);
      pointersOf(trace);
    } catch (error) {
      expect(error).toMatchObject({ name: 'CulpritError' });
    }
  });

  test('pieces of any size give the same trace', async () => {
    const text = ASKED + SAID_NO;
    const bytes = Buffer.from(text);
    const small = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
    expect(await readTrace([{ name: 'trace', chunks: small }], 'trace')).toEqual(await read(text));
  });

  test('lines without end and millions of calls keep memory flat', async () => {
    const block = Buffer.from(`write(1, "${'x'.repeat(1000)}", 1000) = 1000\n`.repeat(500));
    function* chunks(): Generator<Buffer> {
      for (let i = 0; i < 40; i += 1) yield block;
      for (let i = 0; i < 20; i += 1) yield Buffer.alloc(1 << 20, 97);
    }
    const before = process.memoryUsage().heapUsed;
    const trace = await readTrace([{ name: 'big', chunks: chunks() }], 'big');
    expect(trace.calls).toBe(20_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 2 ** 20);
  });
});
