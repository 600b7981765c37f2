import { describe, expect, test } from 'vitest';
import { valueOf } from '../../../src/facts/fact.ts';
import { read } from '../support.ts';

const hostsOf = async (text: string): Promise<string | undefined> => {
  const { node } = await read(text);
  const fact = node.views.find((v) => v.id === 'host')?.files['/etc/hosts'];
  return fact === undefined ? undefined : valueOf(fact)?.text;
};

describe('files as somebody shows their bytes', () => {
  test.each([
    [
      'cat -A',
      '$ cat -A /etc/hosts\nM-oM-;M-?127.0.0.1^Ilocalhost$\n::1 ip6-localhost^M$\n',
      '\uFEFF127.0.0.1\tlocalhost\n::1 ip6-localhost\r\n',
    ],
    ['cat -A of a file without line feeds', '$ cat -A /etc/hosts\n127.0.0.1 a^M127.0.0.2 b^M\n', '127.0.0.1 a\r127.0.0.2 b\r'],
    ['cat -v keeps line ends', '$ cat -v /etc/hosts\n127.0.0.1M-BM- localhost\n', '127.0.0.1\u00A0localhost\n'],
    [
      'od -c',
      '$ od -c /etc/hosts\n0000000 357 273 277   1   2   7   .   0   .   0   .   1      a  \\r  \\n\n0000020\n',
      '\uFEFF127.0.0.1 a\r\n',
    ],
    ['od -An -tx1', '$ od -An -tx1 /etc/hosts\n 31 c2 a0 61 0a\n', '1\u00A0a\n'],
    [
      'hexdump -C',
      '$ hexdump -C /etc/hosts\n00000000  31 32 37 2e 30 2e 30 2e  31 c2 a0 61 0a           |127.0.0.1..a.|\n0000000d\n',
      '127.0.0.1\u00A0a\n',
    ],
    ['hexdump without -C', '$ hexdump /etc/hosts\n0000000 3231 2037 0a61\n0000006\n', '127 a\n'],
    ['xxd', '$ xxd /etc/hosts\n00000000: efbb bf31 2061 0a                        ...1 a.\n', '\uFEFF1 a\n'],
  ])('%s', async (_what, text, wanted) => {
    expect(await hostsOf(text)).toBe(wanted);
  });

  test('bytes outweigh what the file looked like before', async () => {
    expect(await hostsOf('$ cat /etc/hosts\n127.0.0.1 localhost\n\n$ cat -A /etc/hosts\nM-oM-;M-?127.0.0.1 localhost$\n')).toBe(
      '\uFEFF127.0.0.1 localhost\n',
    );
  });

  test('a message behind the file is no part of it, an error is no text of it', async () => {
    expect(await hostsOf('$ cat /etc/hosts\n127.0.0.1 localhost\n\n[kubelet-check] Initial timeout of 40s passed.\n')).toBe(
      '127.0.0.1 localhost\n',
    );
    expect(await hostsOf('$ cat /etc/hosts\ncat: /etc/hosts: Permission denied\n')).toBeUndefined();
    const { node } = await read('$ cat /etc/hosts\ncat: /etc/hosts: Is a directory\n');
    const fact = node.views[0]?.files['/etc/hosts'];
    expect(fact === undefined ? undefined : valueOf(fact)?.directory).toBe(true);
  });
});
