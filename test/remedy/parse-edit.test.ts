/** `--what-if`: what is understood, and one sentence for what is not. */
import { describe, expect, test } from 'vitest';
import { known } from '../../src/facts/fact.ts';
import { applyToNode } from '../../src/remedy/apply-to-node.ts';
import { parseEdit } from '../../src/remedy/parse-edit.ts';
import { fillIn } from '../../src/shared/text.ts';
import { smallNetns, smallNode, smallView } from '../support/small-node.ts';

const SOURCE = { kind: 'statement', key: 'test', text: 'test' } as const;
const RULE = '-A INPUT -p tcp --dport 6443 -j REJECT';
const node = smallNode({
  views: [smallView({ text: { '/etc/hosts': '::1 localhost\n127.0.1.1 node1\n', '/etc/gai.conf': null } })],
  netns: [{ ...smallNetns(), rejects: known([{ family: 'inet', hook: 'input', verdict: 'icmp-port-unreachable', text: RULE }], SOURCE) }],
  daemons: [{ id: 'nscd:77', kind: 'nscd', view: 'host' }],
});
const view = node.views[0];

function parsed(typed: string): unknown {
  if (view === undefined) throw new Error('no view');
  const result = parseEdit(typed, node, view);
  return result.ok ? result.value : fillIn(result.error.text.en, result.error.values ?? {});
}

describe('edits', () => {
  test.each([
    ['hosts:+127.0.0.1 localhost', { edit: 'write-file', path: '/etc/hosts' }],
    [
      'hosts:^127.0.0.1 localhost',
      { edit: 'write-file', path: '/etc/hosts', text: '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 node1\n' },
    ],
    ['hosts:-::1', { edit: 'write-file', text: '127.0.1.1 node1\n' }],
    ['gai:+precedence ::ffff:0:0/96 100', { edit: 'write-file', path: '/etc/gai.conf' }],
    ['nsswitch:=hosts: files\\npasswd: files', { edit: 'write-file', path: '/etc/nsswitch.conf', text: 'hosts: files\npasswd: files\n' }],
    ['/etc/default/x:=A=1', { edit: 'write-file', path: '/etc/default/x', text: 'A=1\n' }],
    ['sysctl:net.ipv6.conf.all.disable_ipv6=0', { edit: 'sysctl', key: 'net.ipv6.conf.all.disable_ipv6', value: '0' }],
    ['sysctl:net/ipv6/bindv6only = 1', { edit: 'sysctl', key: 'net.ipv6.bindv6only', value: '1' }],
    ['chmod:/etc/hosts=0600', { edit: 'chmod', path: '/etc/hosts', mode: 0o600 }],
    ['lo:+::1/128', { edit: 'add-address', device: 'lo', family: 'inet6', address: '::1', prefixLength: 128 }],
    ['lo:+127.0.0.2', { edit: 'add-address', family: 'inet', prefixLength: 32 }],
    ['up:lo', { edit: 'link-up', device: 'lo' }],
    ['accept:--dport 6443', { edit: 'delete-reject-rule', rule: RULE }],
    ['hide:/var/run/nscd', { edit: 'hide-directory', path: '/var/run/nscd' }],
    ['stop:nscd', { edit: 'stop-daemon', daemon: 'nscd:77' }],
    ['restart:nscd', { edit: 'restart-daemon', daemon: 'nscd:77' }],
    ['flush:nscd', { edit: 'flush-cache', command: 'nscd --invalidate=hosts' }],
  ])('%s', (typed, edit) => {
    expect(parsed(typed)).toMatchObject(edit);
  });

  test.each([
    ['hosts', 'is no edit'],
    ['hosts:', 'is no edit'],
    ['hosts:127.0.0.1 localhost', 'is no edit'],
    ['hosts:+', 'is no edit'],
    ['hosts:+localhost 127.0.0.1', 'an address and then one or more names'],
    ['hosts:+127.0.0.1', 'an address and then one or more names'],
    ['hosts:-nosuch', 'no line of /etc/hosts holds "nosuch"'],
    ['nscd:+enable-cache hosts no', 'nobody has seen what /etc/nscd.conf holds'],
    ['sysctl:net.ipv6.conf.all.disable_ipv6', 'KEY=VALUE'],
    ['sysctl:=1', 'KEY=VALUE'],
    ['chmod:/etc/hosts=rw', 'octal mode'],
    ['lo:+::1/129', 'is no address with a prefix length'],
    ['lo:+localhost', 'is no address with a prefix length'],
    ['eth7:+192.0.2.1/24', 'there is no interface "eth7" here, only lo, eth0'],
    ['up:eth7', 'there is no interface "eth7"'],
    ['accept:9999', 'no firewall rule'],
    ['hide:var/run', 'no absolute path'],
    ['stop:sssd', 'only nscd'],
    ['restart-container:', 'no container'],
    ['frobnicate:now', 'is no edit'],
  ])('%s is refused in one sentence that names it', (typed, part) => {
    const said = parsed(typed);
    expect(said).toContain(part);
    expect(said).toContain(`"${typed}"`);
  });

  test('an edit is read against what the edit before it leaves', () => {
    if (view === undefined) throw new Error('no view');
    const first = parseEdit('hosts:+192.0.2.1 a', node, view);
    const after = first.ok ? applyToNode(node, [first.value]) : node;
    const second = after.views[0] === undefined ? undefined : parseEdit('hosts:+192.0.2.2 b', after, after.views[0]);
    expect(second?.ok === true && second.value.edit === 'write-file' ? second.value.text : '').toBe(
      '::1 localhost\n127.0.1.1 node1\n192.0.2.1 a\n192.0.2.2 b\n',
    );
  });
});
