/** ping -6 of a name with addresses of both families, as iputils 20210202 was seen to walk them. */
import { describe, expect, test } from 'vitest';
import { client as ping } from '../../../src/model/clients/ping.ts';
import { smallWorld } from './small-world.ts';

const NO_WAY_OUT = [
  'ip link set lo up',
  'ip link add eth0 type dummy',
  'ip addr add 192.0.2.10/24 dev eth0',
  'ip link set eth0 up',
  'ip -6 addr add 2001:db8:10::10/64 dev eth0 nodad',
];

describe('ping -6 passes an unreachable address over while any other stands behind it', () => {
  test.each([
    ['IPv6 alone', '2001:db8:77::7 web\n', 'ping: connect: Network is unreachable'],
    ['an IPv4 address is sorted before it', '2001:db8:77::7 web\n192.0.2.10 web\n', 'ping: connect: Network is unreachable'],
    [
      'an IPv4 address is sorted behind it',
      '2001:db8:77::7 web\n203.0.113.9 web\n',
      'ping: web: Address family for hostname not supported',
    ],
  ])('%s', (_, hosts, says) => {
    const { world, view } = smallWorld({
      hosts,
      net: NO_WAY_OUT,
      hostConf: 'multi on\n',
      programs: { ping: { flavour: 'iputils', version: '20210202' } },
    });
    const answer = ping.answer(world, view, 'web', undefined, { args: ['-6'] });
    expect([answer.prints, answer.exitStatus]).toEqual([[says], 2]);
  });
});
