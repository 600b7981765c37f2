import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTrace } from '../../src/strace/read-trace.ts';
import type { Trace } from '../../src/strace/trace.ts';

/** Whatever a program does beside its look-up; `<T>` is where strace -T writes how long it took. */
const NOISE = [
  'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000<T>',
  'futex(0x7f, FUTEX_WAIT_PRIVATE, 2, NULL) = 0<T>',
  'futex(0x7f, FUTEX_WAIT_PRIVATE, 2, NULL <unfinished ...>',
  '<... futex resumed>) = 0<T>',
  'epoll_wait(7, [], 128, 100) = 0<T>',
  'read(9, "text with \\"marks\\" and = signs) = 3", 4096) = 35<T>',
  'read(4, "", 4096) = 0<T>',
  'write(2, "said\\n", 5) = 5<T>',
  'write(9, "data", 4) = 4<T>',
  'close(3) = 0<T>',
  'close(9) = 0<T>',
  'openat(AT_FDCWD, "/proc/self/maps", O_RDONLY|O_CLOEXEC) = 9<T>',
  'openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 4<T>',
  'read(4, "127.0.0.1 localhost\\n", 4096) = 20<T>',
  'socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 3<T>',
  'connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16) = 0<T>',
  'sendto(3, "\\22\\64\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\1a\\2bc\\0\\0\\1\\0\\1", 24, MSG_NOSIGNAL, NULL, 0) = 24<T>',
  'poll([{fd=3, events=POLLIN}], 1, 5000) = 0 (Timeout)<T>',
  'clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 12<T>',
  'getpid() = 11<T>',
  'stat("/etc/localtime", {st_mode=S_IFREG|0644, st_size=2298, ...}) = 0<T>',
  '+++ exited with 0 +++',
  'output of the program',
];

async function read(lines: readonly string[], together: boolean): Promise<Trace> {
  const chunks = together ? [lines.map((l) => `${l}\n`).join('')] : lines.map((l) => `${l}\n`);
  return readTrace([{ name: 'trace', chunks: chunks.map((c) => Buffer.from(c)) }], 'trace');
}

describe('lines that need no reading', () => {
  // The last line of each piece is always read, so that pieces of one line are a reading without skipping.
  it.each([
    ['no times', false, false],
    ['-tt', true, false],
    ['-T', false, true],
    ['-tt -T', true, true],
  ])('change nothing, with %s', async (_name, timed, measured) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...NOISE),
            fc.constantFrom(11, 12),
            fc.constantFrom(0, 7, 400, 30_000),
            fc.constantFrom('0.000012', '0.002000', '5.000100'),
          ),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        async (calls) => {
          let clock = 36_000_000_000;
          const lines = calls.map(([call, pid, step, took]) => {
            clock += step;
            const seconds = Math.floor(clock / 1e6);
            const time = `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}.${String(clock % 1e6).padStart(6, '0')} `;
            return `${String(pid)}  ${timed ? time : ''}${call.replace('<T>', measured ? ` <${took}>` : '')}`;
          });
          const at = (time: string): string => (timed ? `${time} ` : '');
          const all = [
            `11  ${at('09:59:59.000000')}execve("/usr/bin/x", ["x"], 0x7f /* 2 vars */) = 0`,
            ...lines,
            `11  ${at('12:00:00.000000')}getpid() = 11`,
          ];
          expect(await read(all, true)).toEqual(await read(all, false));
        },
      ),
      { numRuns: 150 },
    );
  });
});
