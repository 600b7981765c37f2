/** An address that the hosts file lists twice is tried and told twice. */
import { expect, test } from 'vitest';
import { client as telnet } from '../../../src/model/clients/telnet.ts';
import { smallWorld, V4_NODE } from './small-world.ts';

test('inetutils says of each address but the last that it failed', () => {
  const given = {
    hosts: '::1 web\n::1 web\n',
    hostConf: 'multi on\n',
    net: V4_NODE,
    programs: { telnet: { flavour: 'inetutils', version: '2.4' } },
  };
  const { world, view } = smallWorld({ ...given, listen: [] });
  expect(telnet.answer(world, view, 'web', 6443).prints).toEqual([
    'Trying ::1...',
    'Trying ::1...',
    'Connection failed: Connection refused',
    'telnet: Unable to connect to remote host: Connection refused',
  ]);
});
