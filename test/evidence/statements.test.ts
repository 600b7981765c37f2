import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { observationsOf } from '../../src/evidence/statements/read-statements.ts';
import { polarity } from '../../src/evidence/statements/statement.ts';
import { findObservationKey } from '../../src/facts/observation-keys.ts';
import { observations, read } from './support.ts';

/** Statements in the words of different people; each must lead to these observations (more may follow). */
const TABLE: readonly (readonly [key: string, value: string, wanted: Readonly<Record<string, unknown>>])[] = [
  ['firewalld', 'stopped', { 'firewalld.active': false }],
  ['firewalld_state', 'running', { 'firewalld.active': true }],
  ['stopping firewalld', 'cures it', { 'firewalld.active': true, 'firewall.heals-when-stopped': true }],
  ['ufw', 'active, default rules', { 'ufw.active': true }],
  ['FORWARD chain policy', 'DROP', { 'iptables.policy.FORWARD': 'DROP' }],
  ['iptables backend', 'legacy on the host, nft in the containers: mixed', { 'iptables.backend': 'mixed' }],
  ['iptables mode', 'nf_tables', { 'iptables.backend': 'nft' }],
  ['port 9345 from the agent', 'timeout', { 'port.9345.reachable': false }],
  ['security group', 'does not allow 8472/udp between nodes', { 'port.8472.reachable': false, 'cloud.security-group-blocks': true }],
  ['port_10250_used_by', 'an old kubelet', { 'port.10250.owner': 'old kubelet' }],
  ['ip_forward', '0', { 'sysctl.net.ipv4.ip_forward': '0' }],
  ['rp_filter', '2', { 'sysctl.net.ipv4.conf.all.rp_filter': '2' }],
  ['note', 'net.bridge.bridge-nf-call-iptables = 0 after the reboot', { 'sysctl.net.bridge.bridge-nf-call-iptables': '0' }],
  ['br_netfilter module', 'not loaded', { 'module.br_netfilter.loaded': false }],
  ['mtu', 'eth0 9000, flannel.1 1450', { 'interface.eth0.mtu': 9000, 'interface.flannel.1.mtu': 1450 }],
  ['wg0_mtu', '1380', { 'interface.wg0.mtu': 1380 }],
  ['large pings between nodes', 'lost', { 'path.large-packets-lost': true }],
  ['tcpdump', 'bad udp cksum on 8472', { 'path.bad-udp-checksum': true }],
  [
    'symptom',
    'pods on different nodes cannot reach each other; nodes ping each other fine',
    { 'path.pods-reach-pods': false, 'path.nodes-reach-nodes': true },
  ],
  ['os', 'Rocky Linux 9.3', { 'os.id': 'rocky', 'os.version': '9.3', 'os.family': 'rhel' }],
  ['kernel', '5.4.0-150-generic', { 'kernel.release': '5.4.0-150-generic' }],
  ['virtualization', 'ESXi 7', { virtualization: 'vmware' }],
  ['cloud provider', 'Hetzner', { cloud: 'hetzner' }],
  ['swap', 'on', { 'swap.enabled': true }],
  ['swapoff -a run', 'true', { 'swap.enabled': false }],
  ['selinux', 'Enforcing', { 'selinux.mode': 'enforcing' }],
  ['node clock', '7 minutes behind', { 'clock.offset-seconds': -420, 'clock.skewed': true }],
  ['ntp', 'not synchronised', { 'clock.ntp-synchronised': false }],
  ['rtc', 'none', { 'clock.has-rtc': false }],
  ['df_root_usage', '97%', { 'disk./.used-percent': 97 }],
  ['/var/lib/docker usage', '100 %', { 'disk./var/lib/docker.used-percent': 100 }],
  ['inodes on /', '100% used', { 'disk./.inodes-used-percent': 100 }],
  ['disk', 'spinning HDD shared by three VMs', { 'disk.kind': 'hdd' }],
  ['inotify instances', '128 of 128', { 'inotify.instances-used': 128, 'inotify.max-instances': 128 }],
  ['cgroups', 'v2', { 'cgroup.version': 2 }],
  ['kubelet cgroup driver', 'cgroupfs', { 'cgroup.driver.kubelet': 'cgroupfs' }],
  ['hostnames', 'vm-a: node1; vm-b: node1', { 'hostname.duplicate': true }],
  ['hosts file', 'has no localhost line', { 'hosts.localhost': [] }],
  ['etc_hosts_localhost', '::1 only', { 'hosts.localhost': ['::1'] }],
  ['localhost resolves to', '10.1.2.3', { 'lookup.localhost.foreign': true, 'lookup.localhost.addresses': ['10.1.2.3'] }],
  ['lo has ::1', 'false', { 'lo.has-ipv6': false }],
  ['ipv6', 'disabled by sysctl', { 'ipv6.enabled': false, 'ipv6.disabled-by': 'sysctl' }],
  ['nscd', 'running on the host', { 'nscd.running': true }],
  ['systemd-resolved', 'active', { 'local-resolver': 'systemd-resolved' }],
  ['resolv_conf_nameserver', '127.0.0.53', { 'resolv.loopback-nameserver': true }],
  ['resolv.conf nameservers', '10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4', { 'resolv.nameserver-count': 4 }],
  ['search domain', '.', { 'resolv.search': ['.'] }],
  ['wildcard DNS record for the search domain', 'true', { 'lookup.search-wildcard': true }],
  ['alpine pods resolve', 'false', { 'lookup.musl.works': false }],
  ['debian pods resolve', 'true', { 'lookup.glibc.works': true }],
  ['dig on the node', 'works', { 'lookup.dns.works': true }],
  ['pod_lookup', 'fails', { 'lookup.container.works': false }],
  ['name with a trailing dot resolves', 'yes', { 'lookup.trailing-dot.works': true }],
  ['lookup delay', '5 s, at random', { 'lookup.delay-seconds': 5, 'lookup.delay-random': true }],
  ['conntrack insert_failed', 'rises with each slow lookup', { 'conntrack.insert-failed-rises': true }],
  ['kubelet_resolvConf', '/run/systemd/resolve/resolv.conf', { 'kubelet.resolv-conf': '/run/systemd/resolve/resolv.conf' }],
  ['coredns forward', '8.8.8.8', { 'coredns.forward': ['8.8.8.8'] }],
  ['nsswitch.conf in the image', 'missing', { 'nsswitch.image-missing': true }],
  ['http_proxy', 'http://proxy.example:3128', { 'proxy.http': 'http://proxy.example:3128', 'proxy.set': true }],
  ['no_proxy covers the nodes', 'no', { 'proxy.no-proxy-covers-cluster': false }],
  ['ssh user in docker group', 'false', { 'ssh.user-in-docker-group': false }],
  ['ssh key', 'rsa 4096', { 'ssh.key-type': 'rsa' }],
  ['AllowTcpForwarding', 'no', { 'sshd.allowtcpforwarding': 'no' }],
  ['ssh by hand', 'works', { 'ssh.works-by-hand': true }],
  ['docker version', '24.0.7', { 'docker.version': '24.0.7' }],
  ['docker installed as snap', 'true', { 'docker.from-snap': true }],
  ['disabled_plugins', '["cri"]', { 'containerd.cri-enabled': false }],
  ['certificate', 'expired last week', { 'cert.expired': true }],
  ['server CA', 'replaced by a new CA', { 'cert.ca-changed': true }],
  ['join token', 'older than 24h', { 'join.token-expired': true }],
  ['etcd members', '1 of 3 down', { 'etcd.member-count': 3, 'etcd.members-reachable': 2 }],
  ['node', 'was part of an earlier cluster', { 'node.used-in-earlier-cluster': true }],
  ['nm_cloud_setup', 'enabled', { 'nm-cloud-setup.enabled': true }],
  ['NetworkManager', 'active', { 'networkmanager.active': true }],
  ['unmanaged-devices rule', 'absent', { 'networkmanager.unmanaged-cni': false }],
  ['cni', 'calico with vxlan', { 'cni.name': 'calico', 'cni.backend': 'vxlan' }],
  ['pod cidr', '10.42.0.0/16', { 'kube.pod-cidr': '10.42.0.0/16' }],
  ['company network', '10.42.0.0/16', { 'kube.node-cidr': '10.42.0.0/16' }],
  ['rancher server name', 'only in the hosts file of the nodes', { 'rancher.name-in-hosts': true, 'rancher.name-in-dns': false }],
  ['/etc/hosts', 'localhost listed for ::1 and 127.0.0.1', { 'hosts.localhost': ['::1', '127.0.0.1'] }],
  ['curl 127.0.0.1:6443', 'works', { 'localhost.ipv4-works': true }],
  ['curl localhost:6443', 'hangs at ::1', { 'localhost.name-works': false, 'localhost.ipv6-works': false }],
  ['ipv6_disabled', 'false', { 'ipv6.enabled': true }],
  ['lookup on the node', 'fails; lookup in a pod: works', { 'lookup.host.works': false, 'lookup.container.works': true }],
  ['alpine image', 'fails', { 'lookup.musl.works': false }],
  ['upstream from the pod', 'timeout', { 'coredns.upstream-answers-pod': false }],
  ['nic', 'vmxnet3', { virtualization: 'vmware' }],
  ['ping -s 1472', 'no answer', { 'path.large-packets-lost': true }],
  ['cross-node pod traffic', 'fails', { 'path.pods-reach-pods': false }],
  ['previous CNI', 'weave', { 'cni.previous': 'weave' }],
  ['both machines', 'hostname worker', { 'hostname.duplicate': true }],
  ['hostname in /etc/hosts', 'missing', { 'hostname.in-hosts': false }],
  ['ssh -i key user@node', 'works', { 'ssh.works-by-hand': true }],
  ['cluster age', '13 months', { 'cluster.age-days': 395 }],
  ['fdatasync', '3.2 s', { 'disk.fsync-p99-ms': 3200 }],
  ['/var/lib/etcd', 'not removed', { 'etcd.data-dir-older-than-cluster': true }],
  ['linux-modules-extra-raspi', 'not installed', { 'package.linux-modules-extra-raspi.installed': false }],
  ['swap', '未关闭', { 'swap.enabled': true }],
  ['系统', 'CentOS 7.9', { 'os.id': 'centos' }],
  ['防火墙', '已关闭', { 'firewall.active': false }],
  ['交换分区', '启用', { 'swap.enabled': true }],
  ['主机名重复', '是', { 'hostname.duplicate': true }],
  ['节点之间 ping', '正常', { 'path.nodes-reach-nodes': true }],
];

describe('statements of people', () => {
  test.each(TABLE)('%s: %s', (key, value, wanted) => {
    const found = Object.fromEntries(observationsOf(key, value));
    expect(found).toMatchObject(wanted);
    for (const name of Object.keys(found)) expect(findObservationKey(name), name).toBeDefined();
  });

  test.each([
    ['yes', true],
    ['Not loaded', false],
    ['disabled', false],
    ['OK', true],
    ['running', true],
    ['运行中', true],
    ['未安装', false],
    ['fails with a timeout', false],
    ['10.0.0.1', undefined],
    ['the one we use', undefined],
  ] as const)('polarity of %s', (value, wanted) => {
    expect(polarity(value)).toBe(wanted);
  });

  test('a statement keeps its text as the source; what was not understood stays and is counted', async () => {
    const s = await read('==> facts <==\nswap: on\nfavourite colour: blue\nerrors seen: dial tcp 10.0.0.1:6443: i/o timeout\n');
    expect(observations(s)['swap.enabled']).toBe(true);
    expect(s.node.observations['swap.enabled']).toMatchObject({ source: { kind: 'statement', key: 'swap', text: 'swap: on' } });
    expect(s.node.observations['told.favourite colour']).toMatchObject({ value: 'blue' });
    expect(s.symptoms).toMatchObject([{ kind: 'dial-failed', address: '10.0.0.1' }]);
    expect(s.pieces?.[0]).toEqual({ name: 'facts', takenFor: 'statements', lines: 3, notUnderstood: 1 });
  });

  test('the output of a command outweighs a statement', async () => {
    const s = await read('==> facts <==\nfirewalld: running\n\n$ firewall-cmd --state\nnot running\n');
    // Below the facts everything is a statement; so the command is given first.
    expect(observations(s)['firewalld.active']).toBeDefined();
    const t = await read('$ firewall-cmd --state\nnot running\n\n==> facts <==\nfirewalld: running\n');
    expect(observations(t)['firewalld.active']).toBe(false);
  });

  propertyTest.prop([fc.string({ maxLength: 40 }), fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json())])(
    'never throws, and gives declared keys only',
    (key, value) => {
      for (const [name] of observationsOf(key, value)) expect(findObservationKey(name), name).toBeDefined();
    },
  );
});
