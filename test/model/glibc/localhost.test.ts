/** The first article: one line `::1 localhost`, and who gets what from it. */
import { describe, expect, test } from 'vitest';
import type { AiFlag, AskedFamily } from '../../../src/model/types.ts';
import type { NETS } from './node.ts';
import { gai, nodeOf, said } from './node.ts';
import { resolveGlibc } from '../../../src/model/glibc/stack.ts';

const HOSTS = '::1         localhost localhost.localdomain localhost6\n127.0.0.1   centos7.Localdomain\n';
const node = (net: keyof typeof NETS) => ({ files: { '/etc/hosts': HOSTS, '/etc/nsswitch.conf': 'hosts: files\n' }, net });

describe('a hosts file that names localhost on ::1 only', () => {
  test.each<{ program: string; net: keyof typeof NETS; family: AskedFamily; flags?: AiFlag[]; gets: string }>([
    { program: 'ping of CentOS 7', net: 'ipv6Off', family: 'inet', gets: '127.0.0.1' },
    { program: 'telnet', net: 'ipv6Off', family: 'unspec', gets: '::1' },
    { program: 'ping -6', net: 'ipv6Off', family: 'inet6', gets: '::1' },
    { program: 'getent ahosts', net: 'ipv4Node', family: 'unspec', flags: ['AI_ADDRCONFIG'], gets: '127.0.0.1' },
    { program: 'getent ahosts, loopback only', net: 'loopOnly', family: 'unspec', flags: ['AI_ADDRCONFIG'], gets: '::1' },
    { program: 'getent ahostsv4, loopback only', net: 'loopOnly', family: 'inet', flags: ['AI_ADDRCONFIG'], gets: 'EAI_NONAME' },
  ])('$program on $net gets $gets', ({ net, family, flags, gets }) => {
    expect(said(gai(node(net), 'localhost', family, flags))).toBe(gets);
  });

  test('the step that turns ::1 into 127.0.0.1 shows the line', () => {
    const step = gai(node('ipv6Off'), 'localhost', 'inet').steps.find((s) => s.kind.id === 'files.loopbackMapped');
    expect(step?.at).toMatchObject({ kind: 'file', path: '/etc/hosts', line: 1 });
  });

  test.each([
    { hostConf: undefined, gets: '::1' },
    { hostConf: 'multi on\n', gets: '127.0.0.1 ::1' },
  ])('with an IPv4 line after it and host.conf $hostConf telnet gets $gets', ({ hostConf, gets }) => {
    const files = {
      '/etc/hosts': `${HOSTS}127.0.0.1 localhost\n`,
      '/etc/nsswitch.conf': 'hosts: files\n',
      ...(hostConf === undefined ? {} : { '/etc/host.conf': hostConf }),
    };
    expect(said(gai({ files, net: 'ipv6Off' }, 'localhost'))).toBe(gets);
  });

  test('gethostbyaddr of 127.0.0.1 finds the ::1 line', () => {
    const { world, view } = nodeOf(node('ipv6Off'));
    const { outcome } = resolveGlibc(world, view, '2.17', { call: 'gethostbyaddr' }, '127.0.0.1');
    expect(outcome).toMatchObject({ kind: 'addresses', canonicalName: 'localhost' });
  });
});
