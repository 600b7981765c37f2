import { expect, test } from 'vitest';
import { startNamespaceContainer } from '../../src/lab/container.ts';
import { startHost } from '../../src/lab/namespace-host.ts';
import { describeNeeding } from '../support/privileges.ts';
import { collectInside, containerOf, value } from './support/inside.ts';

describeNeeding(['root', 'namespaces'], 'network namespaces of containers', () => {
  test('routes of both families, rejecting ones with their kind, policy rules, IPv6 switched off', async () => {
    const host = await startHost('networks');
    try {
      const plain = await startNamespaceContainer(host, { name: 'plain', network: 'own' });
      const odd = await startNamespaceContainer(host, { name: 'odd', network: 'own' });
      const inside = (pid: number, script: string): Promise<string> => host.sh(`nsenter -t ${String(pid)} -n sh -euc '${script}'`);
      await inside(
        plain.pid,
        'ip link add d0 type veth peer name d1; ip link set d1 up; ip addr add 10.5.0.2/24 dev d0; ip addr add 2001:db8:5::2/64 dev d0 nodad; ip link set d0 up; ip route add default via 10.5.0.1',
      );
      await inside(
        odd.pid,
        'sysctl -qw net.ipv6.conf.lo.disable_ipv6=1; ip -6 route add unreachable ::/96 dev lo; ip -6 route add prohibit 2001:db8:9::/48; ip rule add to 10.6.0.0/16 lookup 100',
      );
      const { snapshot } = await collectInside(host);
      const netns = (pid: number) => snapshot.node.netns.find((n) => n.id === containerOf(snapshot, pid).netns);

      const routes = value(netns(plain.pid)?.routes) ?? [];
      expect(routes).toContainEqual({
        family: 'inet',
        type: 'unicast',
        destination: '0.0.0.0/0',
        gateway: '10.5.0.1',
        device: 'd0',
        table: 'main',
      });
      expect(routes).toContainEqual({
        family: 'inet',
        type: 'local',
        destination: '10.5.0.2/32',
        device: 'd0',
        preferredSource: '10.5.0.2',
        table: 'local',
      });
      expect(routes.filter((r) => r.family === 'inet6').map((r) => `${r.type} ${r.destination} ${r.device ?? ''} ${r.table}`)).toEqual(
        expect.arrayContaining(['local ::1/128 lo local', 'unicast 2001:db8:5::/64 d0 main', 'local 2001:db8:5::2/128 d0 local']),
      );
      expect(value(netns(plain.pid)?.interfaces)?.find((i) => i.name === 'd0')).toMatchObject({
        up: true,
        loopback: false,
        kind: 'veth',
        mtu: 1500,
      });

      const odds = value(netns(odd.pid)?.routes)?.map((r) => `${r.type} ${r.destination}`) ?? [];
      expect(odds).toContain('unreachable ::/96');
      expect(odds).toContain('prohibit 2001:db8:9::/48');
      expect(netns(odd.pid)?.disableIpv6['lo']).toMatchObject({ value: true });
      expect(netns(plain.pid)?.disableIpv6['lo']).toMatchObject({ value: false });
      expect(value(netns(odd.pid)?.rules)).toContainEqual(
        expect.objectContaining({ family: 'inet', selector: 'from all to 10.6.0.0/16', action: 'lookup 100' }),
      );
      expect(value(netns(odd.pid)?.interfaces)?.find((i) => i.name === 'lo')?.addresses).toEqual([
        { family: 'inet', address: '127.0.0.1', prefixLength: 8 },
      ]);
    } finally {
      await host.dispose();
    }
  }, 60_000);
});
