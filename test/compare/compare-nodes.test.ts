/** Small nodes that differ in one thing each: the thing is named, and noise is not. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { compareNodes, type NodeComparison } from '../../src/compare/compare-nodes.ts';
import { fileLines } from '../../src/compare/facts.ts';
import { neutral, transplant, type Subject } from '../../src/compare/subject.ts';
import { known } from '../../src/facts/fact.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import { clients } from '../../src/model/clients/index.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../support/small-node.ts';

const subject = (label: string, node: NodeFacts): Subject => ({ label, snapshot: smallSnapshot(node) });
const hosts = (text: string, ipv6 = true): NodeFacts =>
  smallNode({ netns: [smallNetns({ ipv6 })], views: [smallView({ text: { '/etc/hosts': text } })] });
const compare = (...nodes: readonly NodeFacts[]): NodeComparison =>
  compareNodes(
    nodes.map((n, i) => subject(`n${i}`, n)),
    { names: [{ name: 'localhost', port: 6443 }, { name: 'localhost' }], clients },
  );

const WELL = '127.0.0.1 localhost\n::1 localhost\n';
const SICK = '::1 localhost\n127.0.0.1 centos7\n';

describe('two nodes', () => {
  test('the hosts line of the first article is the difference, and is verified', () => {
    const { sick, effects, causes } = compare(hosts(WELL, false), hosts(SICK, false));
    expect(sick).toBe(1);
    expect(effects.filter((e) => e.kind === 'result').length).toBeGreaterThan(0);
    expect(causes[0]).toMatchObject({ fact: 'file primary /etc/hosts' });
    expect(causes[0]?.cures).toBe(effects.filter((e) => e.kind === 'result').length);
  });

  test('IPv6 off on lo is the difference where the hosts files are alike', () => {
    const { causes } = compare(hosts('::1 localhost\n', false), hosts('::1 localhost\n'));
    expect(causes.map((c) => c.fact)).toContain('lo primary');
  });

  test('hosts line and IPv6: either does, the file comes first', () => {
    const { causes } = compare(hosts(SICK, false), hosts(WELL));
    expect(causes.map((c) => c.fact).slice(0, 2)).toEqual(['file primary /etc/hosts', 'lo primary']);
  });

  test('healthy twins: no difference in effect, whatever their names, remarks and times are', () => {
    const twin = (name: string, address: string, remark: string): NodeFacts => {
      const node = hosts(`# ${remark}\n127.0.0.1\tlocalhost\n::1 localhost\n${address} ${name}\n`);
      const [netns] = node.netns;
      const named = known(name, { kind: 'probe', probe: 'hostname' });
      const addressed =
        netns!.interfaces.state !== 'known'
          ? netns!.interfaces
          : {
              ...netns!.interfaces,
              value: netns!.interfaces.value.map((i) =>
                i.loopback ? i : { ...i, addresses: [{ family: 'inet' as const, address, prefixLength: 24 }] },
              ),
            };
      return {
        ...node,
        hostname: named,
        views: node.views.map((v) => ({ ...v, hostname: named })),
        netns: [{ ...netns!, interfaces: addressed }],
      };
    };
    const { effects, others } = compare(twin('node1', '198.51.100.10', 'made by a'), twin('node2', '198.51.100.11', 'made by b'));
    expect(effects).toEqual([]);
    expect(others).toEqual([]);
  });

  test('a fact without effect is listed apart', () => {
    const { effects, others } = compare(hosts(WELL), hosts(`${WELL}192.0.2.9 registry.example.com\n`));
    expect(effects).toEqual([]);
    expect(others.map((o) => o.fact)).toEqual(['file primary /etc/hosts']);
  });

  test('an edit of a file that needs another to have effect is found with it', () => {
    const node = (nsswitch: string, text: string): NodeFacts =>
      smallNode({ views: [smallView({ text: { '/etc/hosts': text, '/etc/nsswitch.conf': nsswitch, '/etc/resolv.conf': '' } })] });
    const { causes, together } = compareNodes(
      [subject('a', node('hosts: dns\n', '127.0.0.1 x\n')), subject('b', node('hosts: files\n', '127.0.0.1 x\n192.0.2.1 app\n'))],
      { names: [{ name: 'app' }], clients: clients.filter((c) => c.id === 'getaddrinfo') },
    );
    expect([...causes, ...together].map((f) => f.fact)).toEqual(
      expect.arrayContaining(['file primary /etc/hosts', 'file primary /etc/nsswitch.conf']),
    );
  });
});

test('of four nodes, the one that behaves as no other does', () => {
  const { sick, causes } = compare(hosts(WELL, false), hosts(WELL, false), hosts(SICK, false), hosts(WELL, false));
  expect(sick).toBe(2);
  expect(causes[0]?.fact).toBe('file primary /etc/hosts');
});

describe('many nodes', () => {
  test('each group that departs from the rest is told, against one of the rest', () => {
    const { sick, well, groups, further } = compare(
      hosts(WELL, false),
      hosts(SICK, false),
      hosts(WELL, false),
      hosts('203.0.113.9 localhost\n', false),
      hosts(WELL, false),
    );
    expect(groups[0]).toEqual([0, 2, 4]);
    expect([...[sick], ...further.map((f) => f.sick)].sort()).toEqual([1, 3]);
    expect(further.every((f) => f.well === well && f.causes[0]?.fact === 'file primary /etc/hosts')).toBe(true);
  });
});

describe('faults that show in no look-up', () => {
  const swap = (on: boolean): NodeFacts => ({
    ...hosts(WELL),
    observations: {
      'swap.enabled': known(on, { kind: 'command', command: 'cat /proc/swaps', line: 2, text: '/dev/sda2' }),
      'kubelet.running': known(!on, { kind: 'command', command: 'systemctl is-active kubelet' }),
    },
    products: [{ name: 'kubernetes', source: { kind: 'probe', probe: 'products' } }],
  });
  test('a cause that is found on one of them alone is the difference', () => {
    const { effects, verdicts, wellVerdicts, sick } = compareNodes([subject('a', swap(false)), subject('b', swap(true))], {
      names: [],
      clients,
      causes: causes.filter((c) => c.id === 'swap-enabled'),
    });
    expect(effects).toEqual([]);
    expect(sick).toBe(1);
    expect(verdicts.map((v) => v.cause)).toEqual(['swap-enabled']);
    expect(wellVerdicts).toEqual([]);
  });
});

describe('noise', () => {
  const one = { names: ['node1'], addresses: ['10.0.0.1', 'fd00::1'] };
  const two = { names: ['node2'], addresses: ['10.0.0.2', 'fd00::2'] };

  test('own names and addresses are the same words on every node', () => {
    expect(neutral('10.0.0.1 node1 node1.example.com node10', one)).toBe('<own address> <own name> <own name>.example.com node10');
    expect(neutral('10.0.0.2 node2 node2.example.com node10', two)).toBe('<own address> <own name> <own name>.example.com node10');
  });

  test('a text that moves to another node takes its words', () => {
    expect(transplant('10.0.0.1 node1\nfd00::1 node1\n', one, two)).toBe('10.0.0.2 node2\nfd00::2 node2\n');
  });

  test('remarks and blanks do not count, a carriage return does', () => {
    expect(fileLines('# x\n127.0.0.1 \t localhost # y\n\n::1 localhost\r\n', one)).toEqual(['127.0.0.1 localhost', '::1 localhost␍']);
  });
});
