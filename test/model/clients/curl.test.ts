/** curl by release, as 7.74, 8.14 and 8.23 were seen to act and to say. */
import { describe, expect, test } from 'vitest';
import { client as curl } from '../../../src/model/clients/curl.ts';
import type { ClientAnswer } from '../../../src/model/types.ts';
import { DUAL_NODE, smallWorld, V4_NODE, type SmallWorld } from './small-world.ts';

function ask(version: string, given: SmallWorld, name: string): ClientAnswer {
  const { world, view } = smallWorld({ hostConf: 'multi on\n', listen: [], ...given, programs: { curl: { version } } });
  return curl.answer(world, view, name, 6443, { args: ['-v'] });
}

const WEB = { hosts: '127.0.0.1 web\n127.0.0.2 web\n::1 web\n', net: DUAL_NODE };
const tried = (answer: ClientAnswer): string => answer.attempts.map((a) => a.address.address).join(' ');

describe('curl', () => {
  test.each([
    ['8.14.1', '127.0.0.1 127.0.0.2 2001:db8::7'],
    ['8.23.0', '2001:db8::7 127.0.0.1 127.0.0.2'],
  ])('%s tries the addresses in its own order', (version, order) => {
    const hosts = '127.0.0.1 web\n127.0.0.2 web\n2001:db8::7 web\n';
    const net = [
      'ip link set lo up',
      'ip link add eth0 type dummy',
      'ip addr add 10.0.0.1/24 dev eth0',
      'ip link set eth0 up',
      'ip addr del ::1/128 dev lo',
    ];
    expect(tried(ask(version, { hosts, net }, 'web'))).toBe(order);
  });

  test.each([
    ['7.74.0', 'web.', 'curl: (7) Failed to connect to web port 6443: Connection refused'],
    ['8.14.1', 'web', 'curl: (7) Failed to connect to web port 6443 after {N} ms: Could not connect to server'],
    ['8.23.0', 'web', 'curl: (7) Failed to connect to web:6443 after {N} ms: Could not connect to server'],
  ])('%s names %s where nothing listens', (version, name, says) => {
    expect(ask(version, { hosts: '127.0.0.1 web web.\n' }, name).prints.at(-1)).toBe(says);
  });

  test.each([
    ['8.14.1', ['* Could not resolve host: web', 'curl: (6) Could not resolve host: web']],
    ['8.23.0', ['* Could not resolve host: web', '* Could not resolve: web:6443', 'curl: (6) Could not resolve host: web']],
  ])('%s says of an unknown name', (version, says) => {
    expect(ask(version, { hosts: '', nsswitch: 'hosts: files\n' }, 'web').prints).toEqual(says);
  });

  test.each([
    ['8.14.1', 'curl: (6) Could not resolve host: web'],
    ['8.23.0', 'curl: (6) Could not resolve: web:6443'],
  ])('%s -6 without IPv6 sockets', (version, says) => {
    const { world, view } = smallWorld({ hosts: '::1 web\n', ipv6Socket: false });
    expect(curl.answer(world, view, 'web', 6443, { version, args: ['-6'] }).prints).toEqual([says]);
  });

  test.each([
    ['8.14.1', '* Connected to web (::1) port 6443'],
    ['8.23.0', '* Established connection to web (::1 port 6443) from ::1 port {EPHEMERAL} '],
  ])('%s says of a connection', (version, says) => {
    expect(ask(version, { ...WEB, listen: [['::', 6443]] }, 'web').prints).toContain(says);
  });

  test.each([
    ['8.14.1', '::1'],
    ['8.23.0', '::1 127.0.0.1'],
  ])('%s with a hosts line that has ::1 alone', (version, addresses) => {
    expect(tried(ask(version, { hosts: '::1 web\n' }, 'web'))).toBe(addresses);
  });

  test('8.23 -6 localhost without IPv6 sockets', () => {
    const { world, view } = smallWorld({ hosts: '', ipv6Socket: false });
    expect(curl.answer(world, view, 'localhost', 6443, { version: '8.23.0', args: ['-6'] }).prints).toEqual([
      'curl: (7) Failed to connect to localhost:6443 after {N} ms: Could not connect to server',
    ]);
  });

  test('8.23 says an immediate failure twice', () => {
    const six = { hosts: '2001:db8::7 web\n', net: V4_NODE };
    const says = [
      '* Immediate connect fail for 2001:db8::7: Network is unreachable',
      '* connect to 2001:db8::7 port 6443 from :: port 0 failed: Network is unreachable',
    ];
    expect(ask('8.23.0', six, 'web').prints.slice(1, 3)).toEqual(says);
    expect(ask('8.14.1', six, 'web').prints[1]).toBe(says[0]);
  });

  test('8.23 takes a silent address along for 200 ms before it tries the next', () => {
    const { world, view } = smallWorld({
      hosts: '2001:db8::7 web\n10.240.0.34 web\n',
      net: DUAL_NODE,
      hostConf: 'multi on\n',
      listen: [['10.240.0.34', 6443]],
    });
    const dials = [{ netns: 'host', address: '2001:db8::7', port: 6443, protocol: 'tcp', result: 'TIMEOUT' } as const];
    const answer = curl.answer({ ...world, node: { ...world.node, dials } }, view, 'web', 6443, { version: '8.23.0' });
    expect([tried(answer), answer.elapsedMs, answer.outcome.kind]).toEqual(['2001:db8::7 10.240.0.34', 200, 'works']);
  });
});
