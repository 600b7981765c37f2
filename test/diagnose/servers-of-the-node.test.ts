/** Servers that run on the node answer in diagnoses, proofs and explanations: nobody has to ask them first. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { explain } from '../../src/diagnose/explain.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import { clients } from '../../src/model/clients/index.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../support/small-node.ts';

/** systemd-resolved answers the host on 127.0.0.53; a container asks it through Docker's server. */
const node = (hosts: string): NodeFacts =>
  smallNode({
    views: [
      smallView({
        text: {
          '/etc/hosts': hosts,
          '/etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0 trust-ad\n',
          '/run/systemd/resolve/resolv.conf': 'nameserver 192.0.2.53\n',
        },
      }),
      smallView({
        id: 'container:0123456789ab',
        kind: 'container',
        names: ['web'],
        netns: 'net:2',
        text: {
          '/etc/hosts': '127.0.0.1 localhost\n',
          '/etc/resolv.conf': 'nameserver 127.0.0.11\n# ExtServers: [host(127.0.0.53)]\noptions ndots:0\n',
        },
      }),
    ],
    netns: [
      smallNetns({ listeners: [{ protocol: 'udp', family: 'inet', address: '127.0.0.53', port: 53 }] }),
      // A rule leads port 53 there.
      smallNetns({ id: 'net:2', ipv6: false, listeners: [{ protocol: 'udp', family: 'inet', address: '127.0.0.11', port: 40_123 }] }),
    ],
    daemons: [{ id: 'systemd-resolved:300', kind: 'systemd-resolved', view: 'host' }],
  });

const HOSTS = '127.0.0.1 localhost\n198.51.100.10 db.corp\n';

describe('systemd-resolved and Docker’s server on the node', () => {
  test('tell every program of host and container the name, and nothing has to be asked', () => {
    const { failing, verdicts, answers, needs } = diagnose(smallSnapshot(node(HOSTS)), { causes, clients, names: [{ name: 'db.corp' }] });
    expect(failing).toEqual([]);
    expect(verdicts).toEqual([]);
    expect(needs.filter((need) => need.kind === 'dns')).toEqual([]);
    const told = answers.map(({ resolution: { outcome } }) =>
      outcome.kind === 'addresses' ? outcome.addresses[0]?.address : outcome.kind,
    );
    expect(new Set(told)).toEqual(new Set(['198.51.100.10']));
    expect(new Set(answers.map((a) => a.view)).size).toBe(2);
  });

  test('answer in explain, and in its what-if', () => {
    const request = { name: 'api.corp', views: ['container:0123456789ab'], as: [{ id: 'dig' }], clients };
    const edit = { edit: 'write-file', view: 'host', path: '/etc/hosts', text: `${HOSTS}198.51.100.10 api.corp\n`, command: '' } as const;
    const of = (whatIf: readonly (typeof edit)[]): unknown =>
      explain(smallSnapshot(node(HOSTS)), { ...request, whatIf }).views[0]?.answers[0]?.resolution.outcome;
    expect(of([])).toMatchObject({ kind: 'cannot-tell' });
    expect(of([edit])).toMatchObject({ kind: 'addresses', addresses: [{ address: '198.51.100.10' }] });
  });
});
