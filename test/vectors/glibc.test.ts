/** The vector runner tells right from wrong. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, Vector } from '../../src/vectors/adapter.ts';
import { glibcVectors } from '../../src/vectors/glibc.ts';

const vector = (expectation: JsonObject, more: JsonObject = {}): Vector => ({
  id: 'glibc-localhost',
  stack: 'glibc',
  versions: { from: '2.17', to: null, verified: ['2.36'] },
  given: {
    files: { '/etc/hosts': '::1 localhost\n', '/etc/nsswitch.conf': 'hosts: files\n' },
    net: { interfaces: [{ name: 'lo', addrs: ['127.0.0.1/8', '::1/128'] }], routes: [] },
    ...more,
  },
  when: { call: 'getaddrinfo', name: 'localhost', family: 'AF_INET', socktype: 'SOCK_STREAM' },
  expect: expectation,
});

describe('a vector', () => {
  test('passes', () => {
    expect(glibcVectors.run(vector({ addrs: ['127.0.0.1'] }))).toEqual({ ok: true });
  });

  test.each<{ what: string; expectation: JsonObject }>([
    { what: 'another address', expectation: { addrs: ['::1'] } },
    { what: 'an error in place of an address', expectation: { error: 'EAI_NONAME' } },
    {
      what: 'a query that is not sent',
      expectation: { addrs: ['127.0.0.1'], queries: [{ server: '127.0.0.1', name: 'localhost.', type: 'A' }] },
    },
    { what: 'a wait that is none', expectation: { addrs: ['127.0.0.1'], elapsed_s: 5 } },
    { what: 'a message that is not printed', expectation: { addrs: ['127.0.0.1'], stderr: 'x' } },
  ])('fails on $what', ({ expectation }) => {
    const result = glibcVectors.run(vector(expectation));
    expect(result.ok).toBe(false);
  });

  test('every verified release and both ends of the range are run', () => {
    const result = glibcVectors.run({
      ...vector({ error: 'EAI_NODATA' }),
      given: { files: { '/etc/nsswitch.conf': 'hosts: files\n' }, net: { interfaces: [], routes: [] } },
    });
    // Debian's 2.36 says EAI_NODATA, too; 2.17 says EAI_SYSTEM.
    expect(result).toMatchObject({ ok: false, version: '2.17' });
  });
});
