import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/snapshot/snapshot.ts';
import { observations, read } from '../support.ts';

const hostNet = (s: Snapshot): Snapshot['node']['netns'][number] => {
  const found = s.node.netns.find((n) => n.id === 'host');
  if (found === undefined) throw new Error('no host namespace');
  return found;
};
const value = <T>(fact: { readonly state: string } & { readonly value?: T }): T | undefined =>
  fact.state === 'known' ? fact.value : undefined;

const LO =
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever';

describe('interfaces', () => {
  test('ip addr: a whole listing shows what is missing', async () => {
    const s = await read(
      `$ ip addr\n${LO}\n2: ens3@if7: <BROADCAST,MULTICAST> mtu 1450 qdisc noop state DOWN\n    inet6 fe80::1/64 scope link tentative\n`,
    );
    expect(value(hostNet(s).interfaces)).toMatchObject([
      { name: 'lo', up: true, loopback: true, mtu: 65536, addresses: [{ family: 'inet', address: '127.0.0.1', prefixLength: 8 }] },
      { name: 'ens3', up: false, addresses: [{ family: 'inet6', address: 'fe80::1', tentative: true }] },
    ]);
    expect(observations(s)['interface.ens3.mtu']).toBe(1450);
  });

  test('ip -6 addr show lo that prints nothing: lo has no ::1, and 127.0.0.1 is not doubted', async () => {
    const s = await read('$ ip -6 addr show lo\n(empty)\n');
    expect(value(hostNet(s).interfaces)).toMatchObject([{ name: 'lo', addresses: [{ address: '127.0.0.1' }] }]);
  });

  test('ip -4 addr says nothing about ::1: interfaces stay unobserved', async () => {
    const s = await read(`$ ip -4 addr\n${LO}\n`);
    expect(hostNet(s).interfaces.state).toBe('unobserved');
  });

  test('the two halves together are whole', async () => {
    const s = await read(
      `$ ip -4 addr show lo\n${LO}\n\n$ ip -6 addr show lo\n1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet6 ::1/128 scope host\n`,
    );
    expect(value(hostNet(s).interfaces)?.[0]?.addresses.map((a) => a.address)).toEqual(['127.0.0.1', '::1']);
  });

  test('ip -o addr, ip -br addr', async () => {
    const one = await read(
      '$ ip -o addr\n1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n1: lo    inet6 ::1/128 scope host \\       valid_lft forever\n',
    );
    expect(value(hostNet(one).interfaces)?.[0]?.addresses).toHaveLength(2);
    const brief = await read(
      '$ ip -br addr\nlo               UNKNOWN        127.0.0.1/8 ::1/128\neth0             UP             10.0.0.4/24 fe80::2/64\n',
    );
    expect(value(hostNet(brief).interfaces)?.map((i) => [i.name, i.addresses.length])).toEqual([
      ['lo', 2],
      ['eth0', 2],
    ]);
  });

  test('ifconfig, new and old', async () => {
    const fresh = await read(
      '$ ifconfig\nlo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        inet6 ::1  prefixlen 128  scopeid 0x10<host>\n',
    );
    expect(value(hostNet(fresh).interfaces)?.[0]).toMatchObject({ name: 'lo', addresses: [{ prefixLength: 8 }, { address: '::1' }] });
    const old = await read(
      '$ ifconfig lo\nlo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n',
    );
    expect(value(hostNet(old).interfaces)?.[0]).toMatchObject({ mtu: 65536, addresses: [{ address: '127.0.0.1' }] });
  });

  test('a container has a namespace of its own; a kubelet container shares the host one', async () => {
    const s = await read(`$ docker exec web ip addr\n${LO}\n\n$ docker exec kubelet cat /etc/hosts\n127.0.0.1 localhost\n`);
    expect(s.node.views.find((v) => v.id === 'container:web')?.netns).toBe('net:web');
    expect(s.node.views.find((v) => v.id === 'container:kubelet')?.netns).toBe('host');
  });
});

describe('routes', () => {
  test('ip route, ip -6 route, an empty one being known', async () => {
    const s = await read(
      '$ ip route\ndefault via 10.0.0.1 dev eth0 proto dhcp metric 100\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.4\nunreachable 10.9.0.0/16\n\n$ ip -6 route\n(empty)\n',
    );
    expect(value(hostNet(s).routes)).toMatchObject([
      { family: 'inet', type: 'unicast', destination: '0.0.0.0/0', gateway: '10.0.0.1', device: 'eth0', metric: 100 },
      { destination: '10.0.0.0/24', preferredSource: '10.0.0.4' },
      { type: 'unreachable', destination: '10.9.0.0/16' },
    ]);
    expect(observations(s)).toMatchObject({ 'routes.families': ['inet', 'inet6'], 'ipv6.default-route': false });
  });

  test('route -n', async () => {
    const s = await read(
      '$ route -n\nKernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         10.0.0.1        0.0.0.0         UG    100    0        0 eth0\n169.254.169.250 0.0.0.0         255.255.255.255 UH    0      0        0 docker0\n',
    );
    expect(value(hostNet(s).routes)).toMatchObject([
      { destination: '0.0.0.0/0', gateway: '10.0.0.1' },
      { destination: '169.254.169.250/32', device: 'docker0' },
    ]);
  });

  test('ip rule', async () => {
    const s = await read('$ ip rule\n0:\tfrom all lookup local\n30400:\tfrom 10.0.0.4 lookup 30400\n32766:\tfrom all lookup main\n');
    expect(value(hostNet(s).rules)?.[1]).toEqual({ family: 'inet', priority: 30400, selector: 'from 10.0.0.4', action: 'lookup 30400' });
  });
});

describe('listeners', () => {
  test('ss: the wildcard of both families, v6only, one family', async () => {
    const s = await read(
      '$ ss -lntup\nNetid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\ntcp   LISTEN 0      4096   *:6443             *:*               users:(("kube-apiserver",pid=33,fd=7))\ntcp   LISTEN 0      128    [::]:22            [::]:*\ntcp   LISTEN 0      4096   127.0.0.1:10248    0.0.0.0:*\nudp   UNCONN 0      0      127.0.0.53%lo:53   0.0.0.0:*\n',
    );
    expect(value(hostNet(s).listeners)).toEqual([
      { protocol: 'tcp', family: 'inet6', address: '::', port: 6443, v6only: false, program: 'kube-apiserver', pid: 33 },
      { protocol: 'tcp', family: 'inet6', address: '::', port: 22, v6only: true },
      { protocol: 'tcp', family: 'inet', address: '127.0.0.1', port: 10248 },
      { protocol: 'udp', family: 'inet', address: '127.0.0.53', port: 53 },
    ]);
    expect(observations(s)['port.6443.owner']).toBe('kube-apiserver');
  });

  test('a filtered listing does not show what does not listen', async () => {
    const s = await read('$ ss -ltn | grep 6443\nLISTEN 0 4096 *:6443 *:*\n');
    expect(hostNet(s).listeners.state).toBe('unobserved');
    expect(observations(s)['port.6443.listening']).toBe(true);
  });

  test('netstat', async () => {
    const s = await read(
      '$ netstat -lntp\nActive Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name\ntcp        0      0 127.0.0.1:2379          0.0.0.0:*               LISTEN      77/etcd\ntcp6       0      0 :::6443                 :::*                    LISTEN      33/kube-apiserver\n',
    );
    expect(value(hostNet(s).listeners)).toEqual([
      { protocol: 'tcp', family: 'inet', address: '127.0.0.1', port: 2379, program: 'etcd', pid: 77 },
      { protocol: 'tcp', family: 'inet6', address: '::', port: 6443, program: 'kube-apiserver', pid: 33 },
    ]);
  });
});

describe('kernel settings and firewall', () => {
  test('sysctl: disable_ipv6 goes to the namespace, all else as well by name', async () => {
    const s = await read(
      '$ sysctl -a | grep ip\nnet.ipv6.conf.lo.disable_ipv6 = 1\nnet.ipv4.ip_forward = 0\n\n$ cat /proc/sys/net/bridge/bridge-nf-call-iptables\ncat: /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory\n',
    );
    expect(hostNet(s).disableIpv6['lo']).toMatchObject({ state: 'known', value: true });
    expect(value(hostNet(s).ipv6Socket)).toBe(true);
    expect(observations(s)).toMatchObject({
      'sysctl.net.ipv4.ip_forward': '0',
      'file./proc/sys/net/bridge/bridge-nf-call-iptables.exists': false,
    });
  });

  test('a kernel started without IPv6', async () => {
    const s = await read('$ cat /proc/cmdline\nBOOT_IMAGE=/vmlinuz root=/dev/sda1 ro ipv6.disable=1 quiet\n');
    expect(value(hostNet(s).ipv6Socket)).toBe(false);
    expect(value(s.node.bootParameters)).toContain('ipv6.disable=1');
  });

  test('iptables-save: policies, chains, rules that refuse local traffic', async () => {
    const s = await read(
      '$ iptables-save -c\n# Generated by iptables-save v1.8.7 on Mon Mar  2 10:00:00 2026\n*filter\n:INPUT ACCEPT [10:400]\n:FORWARD DROP [5:300]\n:KUBE-FORWARD - [0:0]\n[4:240] -A INPUT -i lo -p tcp -m tcp --dport 6443 -j REJECT --reject-with tcp-reset\n[0:0] -A INPUT -m conntrack --ctstate INVALID -j DROP\n[9:9] -A FORWARD -j KUBE-FORWARD\nCOMMIT\n*nat\n:DOCKER - [0:0]\nCOMMIT\n',
    );
    expect(observations(s)).toMatchObject({
      'iptables.policy.FORWARD': 'DROP',
      'iptables.chains': ['filter/FORWARD', 'filter/INPUT', 'filter/KUBE-FORWARD', 'nat/DOCKER'],
      'iptables.forward-accepts': ['-A FORWARD -j KUBE-FORWARD'],
    });
    expect(value(hostNet(s).rejects)).toMatchObject([
      { hook: 'input', verdict: 'tcp-reset', port: 6443, device: 'lo', protocol: 'tcp', packets: 4 },
      { verdict: 'drop', unknownConditions: ['conntrack', '--ctstate'] },
    ]);
  });

  test('two back ends with the rules of the cluster', async () => {
    const s = await read(
      '$ iptables-legacy-save\n*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n\n$ iptables-nft-save\n*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n',
    );
    expect(observations(s)['iptables.backend']).toBe('mixed');
  });

  test('iptables -L -nv, nft, firewall-cmd, ufw', async () => {
    const s = await read(
      '$ iptables -L FORWARD -n -v\nChain FORWARD (policy DROP 12K packets, 700K bytes)\n pkts bytes target     prot opt in     out     source               destination\n    3   180 DOCKER-USER  all  --  *      *       0.0.0.0/0            0.0.0.0/0\n\n$ firewall-cmd --list-all\npublic (active)\n  target: default\n  interfaces: eth0\n  sources: \n  services: ssh\n  ports: 6443/tcp 8472/udp\n\n$ ufw status verbose\nStatus: active\nDefault: deny (incoming), allow (outgoing), deny (routed)\n22/tcp                     ALLOW IN    Anywhere\n',
    );
    expect(observations(s)).toMatchObject({
      'iptables.policy.FORWARD': 'DROP',
      'iptables.policy-packets.FORWARD': 12_000,
      'firewalld.active': true,
      'firewalld.ports': ['6443/tcp', '8472/udp'],
      'ufw.active': true,
      'ufw.forward-policy': 'DROP',
    });
  });
});
