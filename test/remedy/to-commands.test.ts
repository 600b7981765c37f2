/** Commands are run by a real shell on real files: the text becomes what the edit says, the inode stays, and undo restores every byte. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { known } from '../../src/facts/fact.ts';
import { hostsLines } from '../../src/facts/hosts-lines.ts';
import type { NodeFacts, ViewFacts } from '../../src/facts/node-facts.ts';
import type { Edit } from '../../src/remedy/edit.ts';
import { addNameToLine, appendLines, insertFirst, removeNameFromLine } from '../../src/remedy/hosts-edits.ts';
import { editToCommands, toCommands } from '../../src/remedy/to-commands.ts';
import { describeNeeding } from '../support/privileges.ts';
import { smallNetns, smallNode, smallView } from '../support/small-node.ts';

const sh = (commands: readonly string[]): string =>
  execFileSync('sh', ['-euc', commands.join('\n')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('a file is written in place and taken back', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'culprit commands-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const before = "::1  localhost\n127.0.0.1   node1 it's # a comment\n10.0.0.1 api.example.org\n";
  const lines = hostsLines(before);
  const line = (number: number): (typeof lines)[number] => lines.find((l) => l.number === number)!;
  const cases: readonly { what: string; edits: (path: string) => readonly Edit[] }[] = [
    { what: 'a name added to a line', edits: (path) => [addNameToLine('host', path, before, line(2), 'localhost')] },
    { what: 'a name taken off, and with it the line', edits: (path) => [removeNameFromLine('host', path, before, line(1), 'localhost')] },
    { what: 'a line put first', edits: (path) => [insertFirst('host', path, before, ['127.0.0.1 localhost'])] },
    { what: 'a line with a quote in it put last', edits: (path) => [appendLines('host', path, before, ["192.0.2.1 it's.example"])] },
    {
      what: 'two writes of one file, one copy to go back to',
      edits: (path) => {
        const first = removeNameFromLine('host', path, before, line(1), 'localhost');
        return [first, appendLines('host', path, first.text, ['127.0.0.1 localhost'])];
      },
    },
  ];

  test.each(cases)('$what', ({ what, edits }) => {
    const path = join(folder, `hosts ${what}`);
    writeFileSync(path, before);
    chmodSync(path, 0o640);
    const { ino } = statSync(path);
    const list = edits(path);
    const { apply, undo } = toCommands(list, smallNode());
    const last = list.at(-1);
    sh(apply);
    expect(readFileSync(path, 'utf8')).toBe(last?.edit === 'write-file' ? last.text : '');
    expect(statSync(path)).toMatchObject({ ino, mode: 0o100640 });
    sh(undo);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(statSync(path)).toMatchObject({ ino, mode: 0o100640 });
  });

  test('permissions', () => {
    const path = join(folder, 'mode');
    writeFileSync(path, '');
    chmodSync(path, 0o600);
    const view = smallView({ files: { [path]: known({ text: '', encoding: 'utf8', mode: 0o600 }, { kind: 'file', path }) } });
    const { apply, undo } = editToCommands({ edit: 'chmod', view: 'host', path, mode: 0o644 }, smallNode({ views: [view] }));
    sh(apply);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    sh(undo);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a link in a container is not followed from the host', () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine\n');
    // The test's own process stands in for a container: /proc/PID/root leads to the same files.
    const link = join(folder, 'link');
    symlinkSync(victim, link);
    const view = smallView({ id: 'container:1', kind: 'container', names: ['c'], pid: process.pid });
    const { apply } = editToCommands(
      { edit: 'write-file', view: 'container:1', path: link, text: '', command: 'cat /dev/null' },
      smallNode({ views: [view] }),
    );
    expect(() => sh(apply)).toThrow();
    expect(readFileSync(victim, 'utf8')).toBe('mine\n');
  });
});

describe('where a command has to go', () => {
  const container = smallView({ id: 'container:1', kind: 'container', names: ['kubelet'], pid: 77, netns: 'net:5' });
  const node = smallNode({ views: [smallView(), container], netns: [smallNetns({ ipv6: false }), smallNetns({ id: 'net:5' })] });
  const sysctl = (netns: string): Edit => ({ edit: 'sysctl', netns, key: 'net.ipv6.conf.lo.disable_ipv6', value: '0' });

  test.each<{ what: string; edit: Edit; apply: readonly string[]; undo: readonly string[] }>([
    {
      what: 'the host',
      edit: sysctl('host'),
      apply: ['sysctl -w net.ipv6.conf.lo.disable_ipv6=0'],
      undo: ['sysctl -w net.ipv6.conf.lo.disable_ipv6=1'],
    },
    {
      what: "a container's network",
      edit: sysctl('net:5'),
      apply: ['nsenter -t 77 -n sysctl -w net.ipv6.conf.lo.disable_ipv6=0'],
      undo: ['nsenter -t 77 -n sysctl -w net.ipv6.conf.lo.disable_ipv6=0'],
    },
    {
      what: "a container's mounts",
      edit: { edit: 'hide-directory', view: 'container:1', path: '/var/run/nscd' },
      apply: [
        'mount -N 77 -t tmpfs -o size=4k,mode=0755 culprit-empty /var/run/nscd 2>/dev/null || nsenter -t 77 -m mount -t tmpfs -o size=4k,mode=0755 culprit-empty /var/run/nscd',
      ],
      undo: ['umount -N 77 /var/run/nscd 2>/dev/null || nsenter -t 77 -m umount /var/run/nscd'],
    },
    {
      what: 'an address',
      edit: { edit: 'add-address', netns: 'host', device: 'lo', family: 'inet6', address: '::1', prefixLength: 128 },
      apply: ['ip -6 addr add ::1/128 dev lo'],
      undo: ['ip -6 addr del ::1/128 dev lo'],
    },
    {
      what: 'an interface',
      edit: { edit: 'link-up', netns: 'host', device: 'lo' },
      apply: ['ip link set dev lo up'],
      undo: ['ip link set dev lo down'],
    },
    {
      what: 'a daemon',
      edit: { edit: 'stop-daemon', daemon: 'nscd:1', unit: 'nscd' },
      apply: ['systemctl disable --now nscd'],
      undo: ['systemctl enable --now nscd'],
    },
    {
      what: 'a rule in a container, whose command is a list',
      edit: { edit: 'delete-reject-rule', netns: 'net:5', rule: 'r', command: 'iptables -D INPUT 1 && true', undo: 'iptables -I INPUT 1' },
      apply: ["nsenter -t 77 -n sh -c 'iptables -D INPUT 1 && true'"],
      undo: ['nsenter -t 77 -n iptables -I INPUT 1'],
    },
  ])('$what', ({ edit, apply, undo }) => {
    expect(editToCommands(edit, node)).toEqual({ apply, undo });
  });

  const daemonIn = (view: Partial<ViewFacts>, osId: string): NodeFacts =>
    smallNode({
      osRelease: known({ ID: osId }, { kind: 'file', path: '/etc/os-release' }),
      views: [smallView(), smallView({ id: 'container:9', kind: 'container', names: ['cache'], ...view })],
      daemons: [{ id: 'nscd:1', kind: 'nscd', view: view.runtime === undefined ? 'host' : 'container:9' }],
    });
  test.each([
    ['systemd', daemonIn({}, 'debian'), ['systemctl restart nscd'], ['systemctl disable --now nscd']],
    ['OpenRC', daemonIn({}, 'alpine'), ['rc-service nscd restart'], ['rc-service nscd stop', 'rc-update del nscd']],
    ['Docker', daemonIn({ runtime: 'docker' }, 'debian'), ['docker restart cache'], ['docker stop cache']],
  ])('a daemon that %s starts', (_, facts, restart, stop) => {
    expect(editToCommands({ edit: 'restart-daemon', daemon: 'nscd:1', unit: 'nscd' }, facts).apply).toEqual(restart);
    expect(editToCommands({ edit: 'stop-daemon', daemon: 'nscd:1', unit: 'nscd' }, facts).apply).toEqual(stop);
  });

  test('a container whose process nobody saw is asked for by name', () => {
    const { pid: _, ...unseen } = container;
    const [apply] = editToCommands(
      { edit: 'hide-directory', view: 'container:1', path: '/run' },
      smallNode({ views: [{ ...unseen, runtime: 'docker' }] }),
    ).apply;
    expect(apply).toContain("nsenter -t $(docker inspect -f '{{.State.Pid}}' kubelet) -m mount");
  });

  test('hostile names stay one word', () => {
    const { apply } = editToCommands({ edit: 'link-up', netns: 'host', device: "x; rm -rf $HOME '" }, node);
    expect(apply).toEqual(["ip link set dev 'x; rm -rf $HOME '\\''' up"]);
  });
});

describeNeeding(['root', 'namespaces', 'nsenter', 'mount', 'ip'], 'in namespaces of another process', () => {
  test('a directory is hidden for that process alone, an address is added to its network alone, and both come back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-hidden-'));
    writeFileSync(join(folder, 'socket'), '');
    const child = spawn('unshare', ['-n', '-m', 'sh', '-c', 'echo ready; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const pid = child.pid ?? 0;
      const view = smallView({ id: 'pid:1', kind: 'container', names: ['sleep'], pid, netns: 'net:9' });
      const node = smallNode({ views: [smallView(), view], netns: [smallNetns(), smallNetns({ id: 'net:9' })] });
      const { apply, undo } = toCommands(
        [
          { edit: 'hide-directory', view: 'pid:1', path: folder },
          { edit: 'link-up', netns: 'net:9', device: 'lo' },
          { edit: 'add-address', netns: 'net:9', device: 'lo', family: 'inet', address: '192.0.2.7', prefixLength: 32 },
        ],
        node,
      );
      const inside = (command: string): string => sh([`nsenter -t ${pid} -m -n sh -c '${command}'`]);
      sh(apply);
      expect(inside(`ls ${folder}`)).toBe('');
      expect(sh([`ls ${folder}`])).toBe('socket\n');
      expect(inside('ip -o addr show dev lo')).toContain('192.0.2.7/32');
      expect(sh(['ip -o addr show dev lo'])).not.toContain('192.0.2.7');
      sh(undo);
      expect(inside(`ls ${folder}`)).toBe('socket\n');
      expect(inside('ip -o addr show dev lo')).not.toContain('192.0.2.7');
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });
});
