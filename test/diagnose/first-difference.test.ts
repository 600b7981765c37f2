import { describe, expect, it } from 'vitest';
import { compareWithReal, readOutput } from '../../src/diagnose/compare-with-real.ts';
import { firstDifference } from '../../src/diagnose/first-difference.ts';
import type { ProgramRun } from '../../src/facts/node-facts.ts';
import { clients } from '../../src/model/clients/index.ts';
import type { ClientAnswer, ClientOptions } from '../../src/model/types.ts';
import { IPV6_OFF, smallWorld } from '../model/clients/small-world.ts';

const made = smallWorld({ hosts: '::1 localhost\n127.0.0.1 centos7\n', net: IPV6_OFF, listen: [['::', 6443]] });

function ask(id: string, options?: ClientOptions): ClientAnswer {
  const client = clients.find((c) => c.id === id);
  if (client === undefined) throw new Error(id);
  return client.answer(made.world, made.view, 'localhost', 6443, options);
}

const render = (said: ReturnType<typeof firstDifference>, language: 'en' | 'zh'): string =>
  said === undefined ? '' : said.text[language].replace(/\{([A-Za-z_]+)\}/gu, (_, key: string) => String(said.values?.[key] ?? `{${key}}`));

describe('where two clients part', () => {
  it('old ping and telnet: the mapping of ::1', () => {
    const said = firstDifference(ask('ping', { version: '20160308-10.el7' }), ask('telnet'));
    expect(render(said, 'en')).toBe(
      'ping asks for IPv4 only, where the C library turns the ::1 of the hosts file into 127.0.0.1; telnet asks for any family and gets ::1 alone',
    );
    expect(render(said, 'zh')).toBe('ping 只查询 IPv4，此时 C 库把 hosts 文件中的 ::1 当作 127.0.0.1；telnet 查询任意地址族，只得到 ::1');
  });
  it('curl and Go', () => {
    expect(render(firstDifference(ask('curl', { version: '7.88.1' }), ask('go')), 'en')).toBe(
      'curl does not look this name up at all and gets 127.0.0.1, ::1; go is a Go program and reads hosts and resolv.conf itself and gets ::1 alone',
    );
  });
  it('the same answer is no difference', () => {
    expect(firstDifference(ask('telnet'), ask('telnet'))).toBeUndefined();
  });
});

const run = (client: string, stdout: string, stderr: string, exitStatus: number): ProgramRun => ({
  view: 'host',
  client,
  command: client,
  name: 'localhost',
  stdout,
  stderr,
  exitStatus,
});

describe('a program that was really run', () => {
  const rows: readonly (readonly [string, ProgramRun, 'agree' | 'miss', ClientOptions?])[] = [
    [
      'getent ahosts as modelled',
      run('getent-ahosts', '127.0.0.1       STREAM localhost\n127.0.0.1       DGRAM  \n127.0.0.1       RAW    \n', '', 0),
      'agree',
    ],
    ['getent ahosts with another address', run('getent-ahosts', '::1       STREAM localhost\n', '', 0), 'miss'],
    ['ping as modelled', run('ping', '', 'ping: connect: Cannot assign requested address\n', 2), 'agree', { version: '20221126' }],
    [
      'ping that works after all',
      run('ping', 'PING localhost (127.0.0.1) 56(84) bytes of data.\n', '', 0),
      'miss',
      { version: '20221126' },
    ],
    [
      'telnet as modelled',
      run('telnet', 'Trying ::1...\n', 'telnet: Unable to connect to remote host: Cannot assign requested address\n', 1),
      'agree',
    ],
    [
      'telnet with another errno',
      run('telnet', 'Trying ::1...\n', 'telnet: Unable to connect to remote host: Connection refused\n', 1),
      'miss',
    ],
    [
      'curl that was answered with rubbish',
      run(
        'curl',
        '',
        '*   Trying 127.0.0.1:6443...\n* Connected to localhost (127.0.0.1) port 6443 (#0)\ncurl: (56) Recv failure: Connection reset\n',
        56,
      ),
      'agree',
      { version: '7.88.1' },
    ],
    ['Python', run('python3', '', 'Traceback (most recent call last):\nOSError: [Errno 99] Cannot assign requested address\n', 1), 'agree'],
  ];
  for (const [title, real, expected, options] of rows) {
    it(`${title}: ${expected}`, () => {
      expect(compareWithReal(ask(real.client, options), real).kind).toBe(expected);
    });
  }
  it('reads addresses in any spelling', () => {
    expect(readOutput('getent-hosts', '0:0:0:0:0:0:0:1 localhost\n').addresses).toEqual(['::1']);
  });
});
