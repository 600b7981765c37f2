import { describe, expect, it } from 'vitest';
import { mergedLines } from '../../src/strace/merge-files.ts';
import { readTrace } from '../../src/strace/read-trace.ts';

async function* linesOf(...lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
const merged = async (...files: readonly (readonly string[])[]): Promise<readonly string[]> => {
  const out: string[] = [];
  for await (const { file, number } of mergedLines(files.map((f) => linesOf(...f)))) out.push(`${String(file)}:${String(number)}`);
  return out;
};

describe('files of strace -ff', () => {
  it('come together by their times; a line without one stays behind the line before it', async () => {
    expect(
      await merged(
        ['10:00:00.000001 getpid() = 1', '10:00:00.000005 getpid() = 1', 'what the program said', '10:00:00.000009 getpid() = 1'],
        ['10:00:00.000003 getpid() = 2', '10:00:00.000006 getpid() = 2'],
        ['10:00:00.000002 getpid() = 3'],
      ),
    ).toEqual(['0:1', '2:1', '1:1', '0:2', '0:3', '1:2', '0:4']);
  });

  it('pass midnight', async () => {
    expect(
      await merged(
        ['23:59:59.900000 getpid() = 1', '00:00:00.100000 getpid() = 1'],
        ['23:59:59.950000 getpid() = 2', '00:00:00.050000 getpid() = 2'],
      ),
    ).toEqual(['0:1', '1:1', '1:2', '0:2']);
  });

  it('are read one after another where they have no times', async () => {
    expect(await merged(['getpid() = 1', 'getpid() = 1'], ['getpid() = 2'])).toEqual(['0:1', '0:2', '1:1']);
  });

  it('a thread answers on the descriptor that another one asked on', async () => {
    const file = (pid: number, text: string): Parameters<typeof readTrace>[0][number] => ({
      name: `t.${String(pid)}`,
      pid,
      chunks: [text],
    });
    const trace = await readTrace(
      [
        file(
          11,
          `10:00:00.000001 execve("/bin/x", ["x"], 0x7f /* 2 vars */) = 0
10:00:00.000002 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3
10:00:00.000003 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16) = 0
10:00:00.000004 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 12
10:00:00.000009 exit_group(0) = ?
`,
        ),
        file(
          12,
          `10:00:00.000006 sendto(3, "\\22\\64\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\1a\\2bc\\0\\0\\1\\0\\1", 22, MSG_NOSIGNAL, NULL, 0) = 22\n`,
        ),
      ],
      't',
    );
    const questions = trace.lookups.flatMap((l) => l.events).filter((e) => e.event === 'question');
    expect(questions).toMatchObject([{ server: '10.0.0.2', name: 'a.bc', place: { file: 't.12', line: 1 } }]);
  });
});
