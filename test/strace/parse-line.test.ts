import { describe, expect, test } from 'vitest';
import { parseLine } from '../../src/strace/parse-line.ts';

describe('one line of strace', () => {
  test.each([
    ['plain', 'close(3)                                = 0', {}],
    ['-f to a terminal', '[pid    37] close(3) = 0', { pid: 37 }],
    ['-f -o', '37    close(3) = 0', { pid: 37 }],
    ['--decode-pids=comm', '[pid 37<curl>] close(3) = 0', { pid: 37 }],
    ['-t', '02:08:52 close(3) = 0', { time: 7_732_000 }],
    ['-tt', '02:08:52.500000 close(3) = 0', { time: 7_732_500 }],
    ['-f -ttt', '[pid    37] 1795313332.250000 close(3) = 0', { pid: 37, time: 1_795_313_332_250 }],
    ['-ttt alone', '1795313332.250000 close(3) = 0', { time: 1_795_313_332_250 }],
    ['-f -o -tt', '37 02:08:52.500000 close(3) = 0', { pid: 37, time: 7_732_500 }],
    ['-r', '     0.000250 close(3)                  = 0', { time: 0.25, relative: true }],
    ['-r beside -tt', '02:08:52.500000 (+     0.000250) close(3) = 0', { time: 7_732_500 }],
    ['-i', '[00007f8a6f2c0000] close(3) = 0', {}],
    ['-n', '[   3] close(3) = 0', {}],
  ])('%s', (_form, line, stamp) => {
    expect(parseLine(line)).toMatchObject({ kind: 'call', name: 'close', stamp });
  });

  test.each([
    ['[pid    36] 1795313332.997099 <... poll resumed>) = 0 (Timeout)', { kind: 'resumed', name: 'poll', rest: ') = 0 (Timeout)' }],
    ['37 <... read resumed> "x", 4096) = 1', { kind: 'resumed', name: 'read', rest: '"x", 4096) = 1' }],
    ['+++ exited with 2 +++', { kind: 'exit', status: 2 }],
    ['[pid 5] +++ killed by SIGKILL +++', { kind: 'exit', signal: 'SIGKILL' }],
    ['--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---', { kind: 'signal', name: 'SIGCHLD' }],
    ['strace: Process 53 attached', { kind: 'remark' }],
    [') = 57', { kind: 'tail' }],
    ['PING rancher-metadata (169.254.169.250) 56(84) bytes of data.', { kind: 'other' }],
    ['2021-08-08 12:00:00 close(3) = 0', { kind: 'other' }],
    ['', { kind: 'other' }],
  ])('%s', (line, parsed) => {
    expect(parseLine(line)).toMatchObject(parsed);
  });
});
