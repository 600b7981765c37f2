import { evidenceTable } from './_support/evidence-table.ts';

const servicesFail = '==> facts <==\nsymptom: pods cannot reach services on other nodes\n';

evidenceTable({
  'ip-forward-off': {
    finds: [
      '$ sysctl net.ipv4.ip_forward\nnet.ipv4.ip_forward = 0\n',
      '\t[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1\n',
      '==> facts <==\nip_forward: 0\n',
    ],
    clears: ['$ sysctl net.ipv4.ip_forward\nnet.ipv4.ip_forward = 1\n'],
    cannotTell: ['WARNING: IPv4 forwarding is disabled. Networking will not work.\n'],
  },
  'bridge-nf-call-off': {
    finds: ['net.bridge.bridge-nf-call-iptables = 0\n', '==> facts <==\nbr_netfilter: not loaded\n'],
    clears: ['$ sysctl net.bridge.bridge-nf-call-iptables\nnet.bridge.bridge-nf-call-iptables = 1\n'],
    cannotTell: ['==> facts <==\nsymptom: a service fails from the same node only\n'],
  },
  'kernel-module-missing': {
    finds: ['modprobe: FATAL: Module overlay not found in directory /lib/modules/6.1.0-9-arm64\n'],
    clears: [
      'iptables v1.8.4: can\'t initialize iptables table `nat\': Table does not exist (do you need to insmod?)\n\ntype=AVC msg=audit(1.1:2): avc:  denied  { module_request } for  pid=7 comm="iptables"\n',
    ],
    cannotTell: ['level=fatal msg="flannel exited: operation not supported"\n'],
  },
  'rp-filter-wrong-for-cni': {
    finds: ["int_dataplane.go 835: Kernel's RPF check is set to 'loose'.  This would allow endpoints to spoof their IP address.\n"],
    clears: ['$ sysctl net.ipv4.conf.all.rp_filter\nnet.ipv4.conf.all.rp_filter = 0\n'],
    cannotTell: ['kernel: IPv4: martian source 10.42.1.4 from 10.42.0.7, on dev eth1\n'],
  },
  'cidr-overlap': {
    finds: [
      '$ kubeadm init --pod-network-cidr=10.100.0.0/16\n\n==> facts <==\nsymptom: services do not answer\n',
      '==> facts <==\nnote: the docker bridge network overlaps the company LAN\n',
    ],
    clears: ['$ kubeadm init --pod-network-cidr=10.200.0.0/16 --service-cidr=10.96.0.0/12\n'],
    cannotTell: [],
  },
  'bridge-address-conflict': {
    finds: ['==> facts <==\ndocker0: same address on both hosts\n'],
    clears: ['==> facts <==\ndocker0: addresses unique on all hosts\n'],
    cannotTell: ['==> facts <==\ndocker0_ip: 172.17.42.1\nother_host_docker0: 172.18.0.1\n'],
  },
  'mtu-mismatch': {
    finds: ['==> facts <==\nflannel.1_mtu: 1450\neth0_mtu: 1400\nsymptom: TLS stalls\n', '==> facts <==\nmtu: tunl0 1480, ens192 1450\n'],
    clears: ['==> facts <==\nflannel.1_mtu: 1450\neth0_mtu: 1500\n'],
    cannotTell: ['net/http: TLS handshake timeout\n'],
  },
  'vxlan-checksum-offload': {
    finds: [
      'kernel: UDP: bad checksum. From 192.0.2.4:51234 to 192.0.2.5:8472 ulen 118\n',
      '==> facts <==\nnote: ethtool -K flannel.1 tx-checksum-ip-generic off cured it\n',
    ],
    clears: [`${servicesFail}same_node_traffic: fails as well\n`],
    cannotTell: ['==> app <==\nGet "https://10.43.0.1:443/version": dial tcp 10.43.0.1:443: i/o timeout\n'],
  },
  'networkmanager-manages-cni': {
    finds: [
      '$ nmcli dev\nDEVICE  TYPE  STATE  CONNECTION\ncali0a1b2c3d4e5  ethernet  connecting (getting IP configuration)  Wired connection 2\n',
      '==> facts <==\nnetworkmanager: active\nunmanaged_devices: none\n',
    ],
    clears: [
      '$ nmcli dev\nDEVICE  TYPE  STATE  CONNECTION\ncali0a1b2c3d4e5  ethernet  unmanaged  --\n',
      '==> facts <==\nnetworkmanager: not running\n',
    ],
    cannotTell: ['==> facts <==\nnetworkmanager: active\n'],
  },
  'nm-cloud-setup-enabled': {
    finds: [
      '$ ip rule\n0:\tfrom all lookup local\n30400:\tfrom 192.0.2.17 lookup 30400\n32766:\tfrom all lookup main\n',
      '==> facts <==\nnm-cloud-setup: enabled\n',
    ],
    clears: [
      '==> facts <==\nnm_cloud_setup: disabled\n',
      'Failed to get unit file state for nm-cloud-setup.service: No such file or directory\n',
    ],
    cannotTell: ['$ uname -r\n4.18.0-348.el8.x86_64\n'],
  },
  'wrong-interface-autodetected': {
    finds: [
      '==> calico-node <==\nUsing autodetected IPv4 address on interface br-0123456789ab: 172.18.0.1/16\n',
      '==> facts <==\nnics: 2\nautodetection: first-found\n',
    ],
    clears: ['==> calico-node <==\nUsing autodetected IPv4 address on interface eth0: 192.0.2.10/24\n', '==> facts <==\nnics: 1\n'],
    cannotTell: ['calico/node is not ready: BIRD is not ready: BGP not established with 192.0.2.11\n'],
  },
  'cni-config-missing': {
    finds: [{ text: '==> facts <==\nnote: /etc/cni/net.d is empty after an hour\n', as: 'possible' }],
    clears: ['$ ls /etc/cni/net.d\n10-canal.conflist\ncalico-kubeconfig\n'],
    cannotTell: ['NetworkReady=false reason:NetworkPluginNotReady message:docker: network plugin is not ready: cni config uninitialized\n'],
  },
  'cni-leftover-config': {
    finds: [
      'failed (add): stat /var/lib/calico/nodename: no such file or directory\n\n==> facts <==\ncni: flannel\nnote: old calico files are still in /etc/cni/net.d\n',
    ],
    clears: [
      'failed to find plugin "loopback" in path [/opt/cni/bin]\n\n$ ls /etc/cni/net.d\n10-flannel.conflist\n\n==> facts <==\ncni: flannel\n',
    ],
    cannotTell: ['failed to find plugin "weave-net" in path [/opt/cni/bin]\n'],
  },
  'cni-plugin-binary-missing': {
    finds: [
      'failed to find plugin "loopback" in path [/opt/cni/bin]\n',
      'failed to allocate for range 0: no IP addresses available in range set: 10.42.1.1-10.42.1.254\n\n==> facts <==\niptables_installed: false\n',
    ],
    clears: ['failed to find plugin "weave-net" in path [/opt/cni/bin]\n'],
    cannotTell: ['failed to allocate for range 0: no IP addresses available in range set: 10.42.1.1-10.42.1.254\n'],
  },
  'cni-ip-exhaustion': {
    finds: [
      'failed to allocate for range 0: no IP addresses available in range set: 10.42.1.1-10.42.1.254\n\n==> facts <==\nnote: addresses leak, 254 files in /var/lib/cni/networks\n',
    ],
    clears: ['allocated address 10.42.1.7\n'],
    cannotTell: ['failed to allocate for range 0: no IP addresses available in range set: 10.42.1.1-10.42.1.254\n'],
  },
  'pod-cidr-not-assigned': {
    finds: ['Error registering network: failed to acquire lease: node "worker-2" pod cidr not assigned\n'],
    clears: ['Wrote subnet file to /run/flannel/subnet.env\n'],
    cannotTell: ['failed to create pod network: open /run/flannel/subnet.env: no such file or directory\n'],
  },
  'conntrack-table-full': {
    finds: ['kernel: nf_conntrack: nf_conntrack: table full, dropping packet\n'],
    clears: [
      '$ sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max\nnet.netfilter.nf_conntrack_count = 100\nnet.netfilter.nf_conntrack_max = 262144\n',
    ],
    cannotTell: ['==> facts <==\nconntrack: table at its limit\n'],
  },
  'conntrack-sysctl-denied': {
    finds: ['F0101 10:00:00.000000 1 server.go:497] open /proc/sys/net/netfilter/nf_conntrack_max: permission denied\n'],
    clears: ['I0101 10:00:00.000000 1 conntrack.go:52] Setting nf_conntrack_max to 131072\n'],
    cannotTell: ['==> facts <==\nnode_is_a_container: true\nsymptom: kube-proxy crashes\n'],
  },
  'iptables-backend-mixed': {
    finds: [
      '$ iptables -V\niptables v1.8.7 (nf_tables)\n\n$ kubectl exec kube-proxy -- iptables -V\niptables v1.8.3 (legacy)\n',
      '==> facts <==\niptables: nft\nsymptom: pods cannot communicate\n',
    ],
    clears: ['==> facts <==\niptables_mode: legacy\n'],
    cannotTell: ['# Warning: iptables-legacy tables present, use iptables-legacy to see them\n'],
  },
  'iptables-buggy-version': {
    finds: ['$ iptables -V\niptables v1.8.2 (nf_tables)\n\n==> facts <==\nnote: thousands of duplicate rules\n'],
    clears: ['$ iptables -V\niptables v1.8.9 (nf_tables)\n'],
    cannotTell: ['$ iptables -V\niptables v1.8.2 (nf_tables)\n'],
  },
  'inotify-limits': {
    finds: [
      'failed to create fsnotify watcher: too many open files\n',
      'inotify_add_watch /sys/fs/cgroup: no space left on device\n',
      '==> facts <==\ninotify_instances: 128 of 128\n',
    ],
    clears: ['accept tcp 0.0.0.0:80: too many open files\n', '==> facts <==\ninotify_instances: 20 of 128\n'],
    cannotTell: ['==> facts <==\ninotify: limit reached\n'],
  },
  'duplicate-machine-identity': {
    finds: ['==> facts <==\nmachine_id: identical on both nodes\n'],
    clears: ['==> facts <==\nhostname: node-1\n'],
    cannotTell: ['==> facts <==\nmachine_cloned: true\n'],
  },
});
