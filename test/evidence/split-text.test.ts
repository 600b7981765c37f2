import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { isBlank } from '../../src/evidence/pieces/piece.ts';
import { splitText } from '../../src/evidence/pieces/split-text.ts';

const shape = (text: string): readonly (readonly [string, string, number])[] =>
  splitText(text, 'in').map((p) => [p.kind, p.name, p.lines.filter((l) => !isBlank(l)).length] as const);

describe('a text in pieces', () => {
  test.each([
    [
      'arrows and dollars',
      'product: rke v1.2.11\n\n==> /etc/hosts <==\n127.0.0.1 localhost\n\n$ ip addr\n1: lo: <UP>\n\n==> facts <==\nswap: off\n',
      [
        ['product', 'product', 1],
        ['file', '/etc/hosts', 1],
        ['command', 'ip addr', 1],
        ['statements', 'facts', 1],
      ],
    ],
    [
      'prompts',
      '[root@node1 ~]# cat /etc/hosts\n::1 localhost\nroot@node1:~# ss -ltn\nState\nsh-4.2$ id\nuid=0(root)\n/ # nslookup a\nServer: x\n',
      [
        ['command', 'cat /etc/hosts', 1],
        ['command', 'ss -ltn', 1],
        ['command', 'id', 1],
        ['command', 'nslookup a', 1],
      ],
    ],
    ['a comment sign before a command', '# cat /etc/hosts\n::1 localhost\n# just a comment\n', [['command', 'cat /etc/hosts', 2]]],
    [
      'comments of a named file stay in it',
      '==> /etc/resolv.conf <==\n# ip addresses are managed\nnameserver 10.0.0.2\n',
      [['file', '/etc/resolv.conf', 2]],
    ],
    [
      'a lone path heads a file',
      '/etc/hosts:\n127.0.0.1 localhost\n\n/etc/resolv.conf\nnameserver 1.1.1.1\n',
      [
        ['file', '/etc/hosts', 1],
        ['file', '/etc/resolv.conf', 1],
      ],
    ],
    [
      'a lone command heads its output',
      'systemctl is-active firewalld\nactive\n\nkubectl get nodes\nNAME STATUS\n',
      [
        ['command', 'systemctl is-active firewalld', 1],
        ['command', 'kubectl get nodes', 1],
      ],
    ],
    [
      'a log is one piece',
      'I0302 10:00:01.000001 1 a.go:1] docker is not running when the node starts\nping: unknown host x\n',
      [['text', 'text', 2]],
    ],
    [
      'sentences are no commands',
      'docker is not running on this host.\nip addresses were changed and the node does not start\n',
      [['text', 'text', 2]],
    ],
    [
      'a program that is complained about is no command',
      'systemctl is-active firewalld\nactive\n\niptables failed: iptables --wait -t nat -A DOCKER -p tcp: No chain/target/match by that name.\n',
      [['command', 'systemctl is-active firewalld', 2]],
    ],
    [
      'a command copied together with its prompt',
      '$ root@node-1:~/x# getent hosts a\n10.0.0.1 a\n\n==> [root@node-1 ~]# hostname <==\nnode-1\n\nroot@n2 ~ # uname -r\n5.4\n',
      [
        ['command', 'getent hosts a', 1],
        ['command', 'hostname', 1],
        ['command', 'uname -r', 1],
      ],
    ],
    ['(empty) is a known empty output', '$ ip -6 route\n(empty)\n', [['command', 'ip -6 route', 0]]],
    ['fences of markdown are no content', '```\n$ getent hosts a\n10.0.0.1 a\n```\n', [['command', 'getent hosts a', 1]]],
  ] as const)('%s', (_what, text, wanted) => {
    expect(shape(text)).toEqual(wanted);
  });

  const line = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      '',
      '==> a b <==',
      '==> facts <==',
      '$ ip addr',
      'product: x 1',
      '/etc/hosts:',
      '# cat /etc/x',
      '[root@n ~]# ',
      '```',
      'key: value',
      '127.0.0.1 localhost',
    ),
  );
  propertyTest.prop([fc.array(line, { maxLength: 40 })])('no line is lost: each belongs to one piece or is its heading', (lines) => {
    const text = lines.map((l) => l.replaceAll(/[\r\n]/gu, ' ')).join('\n');
    const all = text.split('\n');
    const pieces = splitText(text, 'in');
    const taken = new Map<number, number>();
    for (const p of pieces) {
      p.lines.forEach((_, i) => taken.set(p.firstLine + i, (taken.get(p.firstLine + i) ?? 0) + 1));
      // The heading stands on the line before the content.
      if (p.kind !== 'text' && p.kind !== 'product') taken.set(p.firstLine - 1, (taken.get(p.firstLine - 1) ?? 0) + 1);
    }
    all.forEach((l, i) => {
      const n = taken.get(i + 1) ?? 0;
      // A prompt without a command heads the text below it.
      if (!isBlank(l) && l.trim() !== '```' && !/^\[root@n ~\]# $/u.test(l) && !/^[ \t]*\((?:empty|none)/u.test(l))
        expect(n, `line ${String(i + 1)} of ${JSON.stringify(text)}`).toBe(1);
    });
  });
});
