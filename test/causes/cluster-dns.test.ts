import { evidenceTable } from './_support/evidence-table.ts';

evidenceTable({
  'coredns-loop': {
    finds: [
      '==> coredns <==\n[FATAL] plugin/loop: Loop (127.0.0.1:38211 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting\n',
      '==> dnsmasq <==\ndnsmasq[9]: Maximum number of concurrent DNS queries reached (max: 150)\n\n$ cat /etc/resolv.conf\nnameserver 127.0.0.53\n',
      { text: '==> dnsmasq <==\ndnsmasq[9]: Maximum number of concurrent DNS queries reached (max: 150)\n', as: 'possible' },
    ],
    clears: [
      '==> coredns <==\n[INFO] plugin/reload: Running configuration SHA512 = 11\n',
      '$ kubectl -n kube-system get cm coredns -o yaml\napiVersion: v1\ndata:\n  Corefile: |\n    .:53 {\n        forward . 192.0.2.53\n    }\n',
    ],
    cannotTell: ['==> facts <==\nsymptom: CoreDNS crashes and restarts\n'],
  },
  'cluster-dns-ip-mismatch': {
    finds: [
      'Warning  MissingClusterDNS  pod/web  kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy.\n',
    ],
    clears: ['==> /var/lib/kubelet/config.yaml <==\nkind: KubeletConfiguration\nclusterDNS:\n- 10.96.0.10\n'],
    cannotTell: ['==> facts <==\nnote: the cluster DNS address in pods is stale, from the old range\n'],
  },
  'cluster-dns-unreachable-from-one-node': {
    finds: [],
    clears: ['$ kubectl get nodes\nNAME   STATUS   ROLES   AGE   VERSION\nn1     Ready    <none>  1d    v1.30.1\n'],
    cannotTell: [
      '==> app <==\ndial tcp: lookup web.shop.svc.cluster.local on 10.43.0.10:53: read udp 10.42.1.9:40120->10.43.0.10:53: i/o timeout\n',
    ],
  },
  'host-cannot-resolve-cluster-names': {
    finds: [
      'Output: mount.nfs: Failed to resolve server files.store.svc.cluster.local: Name or service not known\n\n$ kubectl exec box -- nslookup files.store.svc.cluster.local\nServer:\t\t10.43.0.10\nAddress:\t10.43.0.10#53\n\nName:\tfiles.store.svc.cluster.local\nAddress: 10.43.9.9\n',
      '==> kubelet <==\nE0101 10:00:00.000000  800 x.go:1] Failed to pull image: dial tcp: lookup registry.ci.svc.cluster.local on 127.0.0.53:53: no such host\n',
    ],
    clears: ['==> app <==\ndial tcp: lookup example.org on 10.43.0.10:53: no such host\n'],
    cannotTell: ['Output: mount.nfs: Failed to resolve server filer: Name or service not known\n'],
  },
  'coredns-upstream-unreachable': {
    finds: [
      {
        text: '==> coredns <==\n[ERROR] plugin/errors: 2 example.org. A: read udp 10.42.1.7:41234->192.0.2.53:53: i/o timeout\n',
        as: 'possible',
      },
      '==> coredns <==\n[ERROR] plugin/errors: 2 example.org. A: read udp 10.42.1.7:41234->192.0.2.53:53: i/o timeout\n\n==> facts <==\nhost_lookup: works\n',
    ],
    clears: ['==> coredns <==\n[ERROR] plugin/errors: 2 example.org. A: read udp 127.0.0.1:41234->127.0.0.53:53: i/o timeout\n'],
    cannotTell: [
      '==> coredns <==\n[ERROR] plugin/errors: 2 example.org. AAAA: read udp 10.42.1.7:41234->192.0.2.53:53: read: no route to host\n',
    ],
  },
  'coredns-upstream-dead': {
    finds: [{ text: '==> facts <==\nnote: public DNS 8.8.8.8 is blocked by the site\n', as: 'possible' }],
    clears: ['$ dig example.org\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n'],
    cannotTell: ['==> coredns <==\n[ERROR] plugin/errors: 2 example.org. A: read udp 10.42.1.7:41234->192.0.2.53:53: i/o timeout\n'],
  },
  'nodelocaldns-listener-missing': {
    finds: [
      {
        text: '==> app <==\ndial tcp: lookup web on 169.254.20.10:53: read udp 10.42.0.5:1->169.254.20.10:53: read: connection refused\n',
        as: 'possible',
      },
    ],
    clears: [
      '==> app <==\ndial tcp: lookup rancher-metadata on 169.254.169.250:53: read udp 10.42.0.5:1->169.254.169.250:53: i/o timeout\n',
    ],
    cannotTell: ['==> app <==\ndial tcp: lookup web on 169.254.20.10:53: read udp 10.42.0.5:1->169.254.20.10:53: i/o timeout\n'],
  },
  'cluster-domain-mismatch': {
    finds: [{ text: '==> facts <==\ncluster_domain: changed to k8s.corp on the servers only\n', as: 'possible' }],
    clears: ['==> app <==\ndial tcp: lookup example.org on 10.43.0.10:53: no such host\n'],
    cannotTell: ['==> app <==\ndial tcp: lookup web.shop.svc.cluster.local on 10.43.0.10:53: no such host\n'],
  },
  'coredns-no-endpoints': {
    finds: [{ text: '==> facts <==\nnote: coredns pods are Pending since the upgrade\n', as: 'possible' }],
    clears: ['==> app <==\ndial tcp: lookup web on 192.0.2.53:53: read udp 192.0.2.4:1->192.0.2.53:53: read: connection refused\n'],
    cannotTell: ['==> app <==\ndial tcp: lookup web on 10.43.0.10:53: read udp 10.42.0.5:1->10.43.0.10:53: read: connection refused\n'],
  },
  'dns-conntrack-race': {
    finds: [
      '==> facts <==\nsymptom: some lookups in pods take 5 seconds, others none\nconntrack_insert_failed: rising\n',
      '==> facts <==\nnote: DNS in pods is slow at times; single-request-reopen cured it\nlookup_delay: 5 s\ninsert_failed: grows\n',
    ],
    clears: ['==> facts <==\ninsert_failed: flat\n'],
    cannotTell: ['curl: (28) Resolving timed out after 5514 milliseconds\n'],
  },
  'cluster-dns-overloaded': {
    finds: [{ text: '[ERROR] plugin/errors: 2 example.org. A: concurrent queries exceeded maximum 1000\n', as: 'possible' }],
    clears: ['dnsmasq[9]: Maximum number of concurrent DNS queries reached (max: 150)\n\n==> facts <==\nsystemd_resolved: running\n'],
    cannotTell: ['dnsmasq[9]: Maximum number of concurrent DNS queries reached (max: 150)\n'],
  },
});
