/** The second article: a container that sees the host's nscd socket gets the host's view of names. */
import { describe, expect, test } from 'vitest';
import { known } from '../../../src/facts/fact.ts';
import type { FileContent } from '../../../src/facts/node-facts.ts';
import { resolveGlibc } from '../../../src/model/glibc/stack.ts';
import { parseNscdConf } from '../../../src/model/nscd/nscd-conf.ts';
import { freshProcess } from '../../../src/model/nss/run.ts';
import { gai, nodeOf, said } from '../glibc/node.ts';

const daemon = (program: 'nscd' | 'unscd', enabled: string) => ({
  program,
  files: {
    '/etc/nscd.conf': `enable-cache hosts ${enabled}\n`,
    '/etc/hosts': '192.0.2.200 hostonly.example\n',
    '/etc/nsswitch.conf': 'hosts: files\n',
  },
});
const container = (program: 'nscd' | 'unscd', enabled: string) => ({
  files: { '/etc/hosts': '192.0.2.1 inside.example\n', '/etc/nsswitch.conf': 'hosts: files\n' },
  nscd_daemon: daemon(program, enabled),
});

describe('a container with the host cache daemon socket', () => {
  test.each([
    { program: 'nscd', enabled: 'yes', name: 'inside.example', gets: 'EAI_NONAME' },
    { program: 'nscd', enabled: 'yes', name: 'hostonly.example', gets: '192.0.2.200' },
    { program: 'nscd', enabled: 'no', name: 'inside.example', gets: '192.0.2.1' },
    { program: 'unscd', enabled: 'yes', name: 'inside.example', gets: 'EAI_NONAME' },
    { program: 'unscd', enabled: 'no', name: 'hostonly.example', gets: 'EAI_NONAME' },
  ] as const)('$program, hosts $enabled: $name is $gets', ({ program, enabled, name, gets }) => {
    expect(said(gai(container(program, enabled), name))).toBe(gets);
  });

  test("the daemon's own account is a step with steps inside", () => {
    const step = gai(container('nscd', 'yes'), 'inside.example').steps.find((s) => s.kind.id === 'nscd.daemonLooks');
    expect(step?.values).toMatchObject({ view: 'daemon' });
    expect(step?.inner?.map((s) => s.kind.id)).toContain('files.notFound');
  });

  test('LOCALDOMAIN in the environment keeps glibc away from the socket', () => {
    expect(said(gai({ ...container('nscd', 'yes'), env: { LOCALDOMAIN: 'example' } }, 'inside.example'))).toBe('192.0.2.1');
  });
});

test.each([
  { flags: [], gets: '::ffff:192.0.2.7' },
  { flags: ['AI_V4MAPPED'], gets: 'EAI_NONAME' },
  { flags: ['AI_V4MAPPED', 'AI_ALL'], gets: '::ffff:192.0.2.7' },
] as const)('a mapped address from the daemon, with $flags: $gets', ({ flags, gets }) => {
  const mapped = { ...daemon('unscd', 'yes') };
  const files = { ...mapped.files, '/etc/hosts': '::ffff:192.0.2.7 db.example\n' };
  expect(said(gai({ nscd_daemon: { ...mapped, files } }, 'db.example', 'unspec', flags))).toBe(gets);
});

test('a process asks an unusable daemon at lookups 1, 101, 201', () => {
  const process = freshProcess();
  const node = container('unscd', 'no');
  const requests = Array.from({ length: 205 }, () => gai(node, 'inside.example', 'inet', [], { process })).map(
    (r) => r.nscdRequests?.length ?? 0,
  );
  expect(requests.flatMap((count, i) => (count > 0 ? [i + 1] : []))).toEqual([1, 101, 201]);
});

test.each([
  { kind: 'nscd', text: '', enabled: false },
  { kind: 'nscd', text: 'enable-cache hosts yes\nenable-cache hosts no\n', enabled: false },
  { kind: 'nscd', text: 'enable-cache hosts yes # on\n', enabled: true },
  { kind: 'nscd', text: 'enable-cache hosts Yes\n', enabled: false },
  { kind: 'unscd', text: 'enable-cache hosts Yes\n', enabled: true },
  { kind: 'unscd', text: '#enable-cache hosts yes\n', enabled: false },
] as const)('$kind with "$text"', ({ kind, text, enabled }) => {
  const file: FileContent = { text, encoding: 'utf8' };
  expect(parseNscdConf(file, kind).enabled).toBe(enabled);
});

test('a daemon that nobody identified is a need, not a guess', () => {
  const socket = known([{ service: 'nscd', path: '/var/run/nscd/socket', state: 'answering' }] as const, {
    kind: 'probe',
    probe: 'sockets',
  });
  const { world, view } = nodeOf({ files: { '/etc/hosts': '192.0.2.1 inside.example\n' } });
  expect(resolveGlibc(world, { ...view, sockets: socket }, '2.36', { call: 'gethostbyname' }, 'inside.example').outcome).toMatchObject({
    kind: 'cannot-tell',
    needs: [{ kind: 'ask' }],
  });
});
