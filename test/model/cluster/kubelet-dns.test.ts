/** resolv.conf and hosts of pods. */
import { describe, expect, it } from 'vitest';
import { type KubeletDns, podHosts, type PodForDns, podResolvConf } from '../../../src/model/cluster/kubelet-dns.ts';

const KUBELET: KubeletDns = {
  version: 'v1.28.4',
  clusterDns: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  nodeResolvConf: 'nameserver 192.0.2.53\nnameserver 192.0.2.54\nsearch corp.example\noptions timeout:2\n',
};
const POD: PodForDns = { namespace: 'shop', dnsPolicy: 'ClusterFirst' };
const OWN = 'shop.svc.cluster.local svc.cluster.local cluster.local';

const written = (pod: Partial<PodForDns> = {}, kubelet: Partial<KubeletDns> = {}): string =>
  podResolvConf({ ...POD, ...pod }, { ...KUBELET, ...kubelet }).text;
const searched = (count: number, length: number): string =>
  `search ${Array.from({ length: count }, (_, i) => `d${String(i)}.${'x'.repeat(length)}`).join(' ')}\n`;

describe('resolv.conf of a pod', () => {
  it('ClusterFirst: cluster DNS, cluster suffixes before the node’s, ndots:5', () => {
    expect(written()).toBe(`search ${OWN} corp.example\nnameserver 10.96.0.10\noptions ndots:5\n`);
  });
  it('ClusterFirst with hostNetwork is the node’s', () => {
    expect(written({ hostNetwork: true })).toBe('search corp.example\nnameserver 192.0.2.53\nnameserver 192.0.2.54\noptions timeout:2\n');
  });
  it('ClusterFirstWithHostNet stays with the cluster', () => {
    expect(written({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' })).toContain('nameserver 10.96.0.10\n');
  });
  it('Default is the node’s', () => {
    expect(written({ dnsPolicy: 'Default' })).toContain('nameserver 192.0.2.53\n');
  });
  it('None is dnsConfig alone', () => {
    const dnsConfig = { nameservers: ['1.1.1.1'], searches: ['x.example'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] };
    expect(written({ dnsPolicy: 'None', dnsConfig })).toBe('search x.example\nnameserver 1.1.1.1\noptions ndots:2 edns0\n');
  });
  it('dnsConfig adds and replaces', () => {
    const dnsConfig = {
      nameservers: ['1.1.1.1', '10.96.0.10'],
      searches: ['corp.example', 'x.example'],
      options: [{ name: 'ndots', value: '1' }],
    };
    expect(written({ dnsConfig })).toBe(
      `search ${OWN} corp.example x.example\nnameserver 10.96.0.10\nnameserver 1.1.1.1\noptions ndots:1\n`,
    );
  });
  it('keeps three nameservers, and says so', () => {
    const made = podResolvConf({ ...POD, dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3'] } }, KUBELET);
    expect(made.nameservers).toEqual(['10.96.0.10', '1.1.1.1', '1.1.1.2']);
    expect(made.warnings).toHaveLength(1);
  });
  it('six search domains before 1.26, 32 since', () => {
    const nodeResolvConf = searched(10, 3);
    expect(podResolvConf(POD, { ...KUBELET, nodeResolvConf, version: '1.25.0' }).searches).toHaveLength(6);
    expect(podResolvConf(POD, { ...KUBELET, nodeResolvConf, version: '1.26.0' }).searches).toHaveLength(13);
  });
  it('and 256 characters of them before', () => {
    const kept = podResolvConf(POD, { ...KUBELET, nodeResolvConf: searched(3, 90), version: '1.25.0' }).searches;
    expect(kept).toHaveLength(5);
  });
  it('without clusterDNS the pod gets the node’s, with an event', () => {
    const made = podResolvConf(POD, { ...KUBELET, clusterDns: [] });
    expect([made.nameservers[0], made.warnings.length]).toEqual(['192.0.2.53', 1]);
  });
  it('resolvConf "" leaves loopback', () => {
    const { nodeResolvConf: _, ...others } = KUBELET;
    expect(podResolvConf({ ...POD, dnsPolicy: 'Default' }, { ...others, nodeResolvConf: undefined }).text).toBe(
      'search .\nnameserver 127.0.0.1\n',
    );
  });
  it('a lone dot of the node’s search list is copied since 1.25', () => {
    const nodeResolvConf = 'search .\n';
    expect(podResolvConf(POD, { ...KUBELET, nodeResolvConf }).searches.at(-1)).toBe('.');
    expect(podResolvConf(POD, { ...KUBELET, nodeResolvConf, version: '1.24.3' }).searches.at(-1)).toBe('cluster.local');
  });
});

describe('hosts of a pod', () => {
  const pod = { podIps: ['10.244.1.5'], hostname: 'web-0', namespace: 'shop' };
  it('has ::1 localhost, IPv6 or not, and the pod’s own name', () => {
    const text = podHosts(pod, 'cluster.local', '');
    expect(text).toContain('::1\tlocalhost ip6-localhost ip6-loopback\n');
    expect(text).toContain('10.244.1.5\tweb-0\n');
  });
  it('a subdomain makes a full name', () => {
    expect(podHosts({ ...pod, subdomain: 'web' }, 'cluster.local', '')).toContain('10.244.1.5\tweb-0.web.shop.svc.cluster.local\tweb-0\n');
  });
  it('hostNetwork copies the node’s file', () => {
    expect(podHosts({ ...pod, hostNetwork: true }, 'cluster.local', '127.0.0.1 localhost\n')).toBe(
      '# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n',
    );
  });
  it('hostAliases come last', () => {
    expect(podHosts({ ...pod, hostAliases: [{ ip: '1.2.3.4', hostnames: ['a', 'b'] }] }, 'cluster.local', '')).toMatch(
      /# Entries added by HostAliases\.\n1\.2\.3\.4\ta\tb\n$/u,
    );
  });
});
