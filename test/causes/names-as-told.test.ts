/** Causes of names, proxies and leftovers, from what people state and from the lines they paste. */
import { evidenceTable } from './_support/evidence-table.ts';

evidenceTable({
  'localhost-missing': {
    finds: [
      '==> facts <==\netc_hosts: no line for localhost\n\n==> kubelet <==\nlisten tcp: lookup localhost on 192.0.2.53:53: no such host\n',
      { text: '==> facts <==\nobservation: kube-scheduler looks up localhost on 192.0.2.53\n', as: 'likely' },
    ],
    clears: [
      '==> app <==\ndial tcp: lookup localhost on 192.0.2.53:53: no such host\n\n==> facts <==\nnsswitch_conf: does not exist in the image\n',
      '==> facts <==\netc_hosts: 127.0.0.1 localhost\n',
    ],
    cannotTell: [],
  },
  'localhost-shadowed-by-dns-search': {
    finds: ['==> facts <==\nnslookup_localhost: answers 203.0.113.9, a public address\n'],
    clears: ['==> facts <==\ngetent_localhost: 127.0.0.1\n'],
    cannotTell: [],
  },
  'nscd-socket-in-container-hosts-cache': {
    finds: ['==> facts <==\ndig_in_container: works\nping_in_container: unknown host\nnscd: running on the node\n'],
    clears: [
      '==> facts <==\ndig_in_container: works\nping_in_container: unknown host\nnscd: not running\n',
      '==> facts <==\nnscd: running on the node\n',
    ],
    cannotTell: [],
  },
  'nscd-negative-cache': {
    finds: ['==> facts <==\nnote: after nscd -i hosts it works\n'],
    clears: ['==> facts <==\nflush_iptables: works afterwards\n'],
    cannotTell: [],
  },
  'name-only-in-mdns': {
    finds: [
      '==> k3s-agent <==\nlevel=error msg="failed to get CA certs: EOF"\n\n==> facts <==\nserver_url: https://server.local:6443\nping_of_the_name_on_the_node: works\n',
    ],
    clears: ['==> k3s-agent <==\nlevel=error msg="failed to get CA certs: EOF"\n'],
    cannotTell: [],
  },
  'resolv-loopback-stub-inherited': {
    finds: [
      '==> scheduler <==\nGet http://rancher-metadata/latest: dial tcp: lookup rancher-metadata on 169.254.169.250:53: i/o timeout\n\n==> facts <==\nhost_resolver: dnsmasq on the loopback is active\n',
    ],
    clears: [
      '==> facts <==\nresolv_conf: nameserver 127.0.0.53\nsystemd_resolved: active\n',
      'lookup node-1 on 127.0.0.1:53: no such host\n',
    ],
    cannotTell: [],
  },
  'resolv-no-usable-nameserver': {
    finds: [
      '==> containerd <==\nfailed to do request: Head "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.0.2.53:53: server misbehaving\n',
    ],
    clears: [
      'mount.nfs: Failed to resolve server files.corp: Name or service not known\n',
      '==> kubelet <==\nlookup node-1 on 192.0.2.53:53: no such host\n',
      '==> containerd <==\nlookup quay.io on 192.0.2.53:53: i/o timeout\n\n==> facts <==\nnslookup_on_node: works\n',
    ],
    cannotTell: [],
  },
  'metadata-unreachable': {
    finds: [
      '==> ipsec <==\nGet http://rancher-metadata/latest: dial tcp: lookup rancher-metadata on 169.254.169.250:53: i/o timeout\n\n==> facts <==\nmetadata_container: stopped\n',
    ],
    clears: ['==> ipsec <==\nWaiting for metadata\n\n==> facts <==\nnscd: running\n'],
    cannotTell: [
      '==> ipsec <==\nGet http://rancher-metadata/latest: dial tcp: lookup rancher-metadata on 169.254.169.250:53: i/o timeout\n',
    ],
  },
  'resolv-search-wildcard-hijack': {
    finds: [
      '$ ping -c 1 example.com\nPING example.com.lab.corp (192.0.2.7) 56(84) bytes of data.\n\n==> containerd <==\ndial tcp 192.0.2.7:443: i/o timeout\n',
    ],
    clears: ['$ ping -c 1 db\nPING db.lab.corp (192.0.2.7) 56(84) bytes of data.\n'],
    cannotTell: [],
  },
  'proxy-catches-internal-traffic': {
    finds: ['==> docker-compose.yml <==\n    environment:\n      - http_proxy=http://proxy.corp:3128\n      - no_proxy=localhost,corp\n'],
    clears: ['==> docker-compose.yml <==\n    environment:\n      - no_proxy=localhost,10.0.0.0/8\n'],
    cannotTell: [],
  },
  'leftover-network-interface': {
    finds: ['plugin failed: failed to set bridge addr: "cni0" already has an IP address different from 10.42.9.1/24\n'],
    clears: ['bridge cni0 has the address 10.42.9.1/24\n'],
    cannotTell: [],
  },
  'cert-expired': {
    finds: [
      'x509: certificate has expired or is not yet valid\n\n==> facts <==\ncluster_age: 13 months\n',
      { text: 'x509: certificate has expired or is not yet valid\n', as: 'possible' },
    ],
    clears: ['x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before 2021-01-01T00:00:00Z\n'],
    cannotTell: [],
  },
  'node-name-conflict': {
    finds: [
      '==> facts <==\nmachines: clones of one template, host name was not changed\n',
      'level=error msg="Node password validation failed for [pi7]"\n',
    ],
    clears: ['==> facts <==\nhostname: worker-7\n'],
    cannotTell: [],
  },
});
