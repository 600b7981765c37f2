/** Overlay, etcd, runtime, kernel and leftovers as people paste and tell them: wordings of versions and tools beside those of the catalogue. */
import { evidenceTable } from './_support/evidence-table.ts';

evidenceTable({
  'conntrack-sysctl-denied': {
    finds: [
      { text: '==> facts <==\nnote: kube-proxy cannot write the conntrack hashsize, sysfs is read-only there\n', as: 'possible' },
      '==> kube-proxy <==\nF0101 10:00:00.000000       1 server.go:490] open /proc/sys/net/netfilter/nf_conntrack_max: permission denied\n',
    ],
    clears: ['==> facts <==\nconntrack: 10 of 262144\n'],
    cannotTell: [],
  },
  'vxlan-checksum-offload': {
    finds: ['==> facts <==\ncapture: the receiver drops the encapsulated packets for a wrong checksum\n'],
    clears: ['==> facts <==\nchecksums: correct on both sides\n'],
    cannotTell: [],
  },
  'vxlan-udp-blocked': {
    finds: ['==> facts <==\nport_8472_udp: blocked between the racks\n'],
    clears: ['==> facts <==\ncapture: packets to port 8472 arrive with a bad checksum and are dropped\n'],
    cannotTell: [],
  },
  'kernel-lacks-memory-cgroup': {
    finds: [
      '==> k3s <==\nlevel=fatal msg="failed to find memory cgroup (v2)"\n\n==> facts <==\ncmdline_has_cgroup_enable_memory: true\nproc_cgroups: no line for memory\n',
    ],
    clears: [
      '==> /proc/cgroups <==\n#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t3\t70\t1\nmemory\t0\t80\t0\n\n==> /boot/firmware/cmdline.txt <==\nconsole=tty1 root=PARTUUID=1-02 rootwait cgroup_enable=memory\n',
    ],
    cannotTell: [],
  },
  'memory-cgroup-missing': {
    finds: [
      '==> /proc/cgroups <==\n#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t3\t70\t1\nmemory\t0\t80\t0\n\n==> /boot/firmware/cmdline.txt <==\nconsole=tty1 root=PARTUUID=1-02 rootwait cgroup_enable=memory\n',
      '==> /boot/cmdline.txt <==\nconsole=tty1 root=PARTUUID=1-02 rootwait\ncgroup_memory=1 cgroup_enable=memory\n',
    ],
    clears: ['==> /boot/cmdline.txt <==\nconsole=tty1 root=PARTUUID=1-02 rootwait cgroup_memory=1 cgroup_enable=memory\n'],
    cannotTell: [],
  },
  'etcd-member-state-stale': {
    finds: [
      'etcd: member 8e9e05c52164694d has already been bootstrapped\n',
      { text: '==> facts <==\netcd_data_dir: was wiped, the other two members run on\n', as: 'possible' },
    ],
    clears: ['==> facts <==\netcd: 3 members, all healthy\n'],
    cannotTell: [],
  },
  'etcd-data-dir-permission': {
    finds: [
      'etcdmain: cannot access data directory: mkdir /data/etcd: permission denied\n',
      { text: '==> facts <==\nvar_lib_etcd_mode: 0750\n', as: 'possible' },
    ],
    clears: ['==> facts <==\nvar_lib_etcd_mode: 0700\n'],
    cannotTell: [],
  },
  'firewalld-active': {
    finds: [
      '==> facts <==\nfirewalld: running\nwithout_firewalld: all pods become ready\n',
      '==> coredns <==\n[ERROR] plugin/errors: 2 1.2. HINFO: read udp 10.244.5.2:3300->192.0.2.53:53: i/o timeout\n\n==> facts <==\nfirewalld: active\n',
    ],
    clears: ['==> facts <==\nfirewalld: stopped\nsymptom: pods cannot reach services\n'],
    cannotTell: [],
  },
  'coredns-upstream-unreachable': {
    finds: [
      {
        text: '==> coredns <==\n[ERROR] plugin/errors: 2 1.2. HINFO: read udp 10.244.5.2:3300->192.0.2.53:53: i/o timeout\n',
        as: 'possible',
      },
    ],
    clears: [
      '==> coredns <==\n[INFO] plugin/ready: Still waiting on: "kubernetes"\n[ERROR] plugin/errors: 2 1.2. HINFO: read udp 10.244.5.2:3300->192.0.2.53:53: i/o timeout\n',
    ],
    cannotTell: [],
  },
  'forward-policy-drop': {
    finds: [
      { text: '==> facts <==\ndocker_upgraded: from 1.12 to 1.13\nsymptom: containers get no answer from the internet\n', as: 'possible' },
    ],
    clears: ['==> facts <==\ndocker: 20.10\nsymptom: containers get no answer from the internet\n'],
    cannotTell: [],
  },
  'cidr-overlap': {
    finds: ['==> facts <==\npod_cidr: 10.20.0.0/16\nstorage_endpoint: 10.20.xxx.xx on the office network\n'],
    clears: ['==> facts <==\npod_cidr: 10.20.0.0/16\nstorage_endpoint: 10.30.xxx.xx on the office network\n'],
    cannotTell: [],
  },
  'cgroup-driver-mismatch': {
    finds: [
      `failed to run Kubelet: misconfiguration: kubelet cgroup driver: "'cgroupfs'" is different from docker cgroup driver: "cgroupfs"\n`,
    ],
    clears: ['kubelet cgroup driver: systemd\n'],
    cannotTell: [],
  },
  'inotify-limits': {
    finds: [
      '==> kube-proxy <==\nE0101 10:00:00.000000       1 run.go:74] "command failed" err="failed complete: too many open files"\n',
      '==> facts <==\nsum_of_inotify_instances: 128\nmax_user_instances: 128\n',
      {
        text: '$ inotify-info\nINotify Limits:\n  max_queued_events    16,384\n  max_user_instances   128\n  max_user_watches     65,536\n',
        as: 'possible',
      },
    ],
    clears: ['$ inotify-info\nINotify Limits:\n  max_user_instances   8,192\n', 'accept tcp 0.0.0.0:80: accept4: too many open files\n'],
    cannotTell: ['panic: certificate loader of the app: too many open files\n'],
  },
  'selinux-denials': {
    finds: [
      '==> facts <==\nselinux: Enforcing\nsetenforce_0: the pod starts\n',
      { text: '==> facts <==\nselinux: Enforcing\nsymptom: the provisioner gets permission denied on its directory\n', as: 'possible' },
    ],
    clears: [
      '==> facts <==\nselinux: Enforcing\nsetenforce_0: the same\n',
      '==> facts <==\nselinux: Permissive\nsymptom: permission denied on the directory\n',
    ],
    cannotTell: [],
  },
  'registry-mirror-key-mismatch': {
    finds: [
      '==> /etc/rancher/k3s/registries.yml <==\nmirrors:\n  images.lan:\n    endpoint:\n      - "http://images.lan"\n\n==> events <==\nFailed to pull image "images.lan/app:1": failed to do request: Head https://images.lan/v2/app/manifests/1: dial tcp 192.0.2.9:443: connect: connection refused\n',
      {
        text: '==> /etc/rancher/k3s/registries.yaml <==\nmirrors:\n  images.lan:\n    endpoint:\n      - "http://images.lan"\n\n==> events <==\nFailed to pull image "images.lan/app:1": failed to do request: Head https://images.lan/v2/app/manifests/1: dial tcp 192.0.2.9:443: connect: connection refused\n',
        as: 'possible',
      },
    ],
    clears: [
      '==> /etc/rancher/k3s/registries.yaml <==\nmirrors:\n  images.lan:\n    endpoint:\n      - "https://images.lan"\n\n==> events <==\nFailed to pull image "images.lan/app:1": failed to do request: Head https://images.lan/v2/app/manifests/1: not found\n',
    ],
    cannotTell: [],
  },
  'join-server-url-wrong': {
    finds: [
      '==> k3s-agent <==\nlevel=error msg="failed to get CA certs at https://127.0.0.1:40001/cacerts: 401 Unauthorized"\n',
      'product: rke2 v1.24\n\nRKE2_URL=https://192.0.2.7:6443 RKE2_TOKEN=x ./install.sh\n\n==> rke2-agent <==\nlevel=error msg="failed to get CA certs: EOF"\n',
    ],
    clears: ['==> k3s-agent <==\nlevel=info msg="Starting k3s agent v1.30.1"\n'],
    cannotTell: [],
  },
  'join-token-invalid': {
    finds: ['https://192.0.2.7:6443/v1-k3s/serving-kubelet.crt: 401 Unauthorized\n'],
    clears: [
      'level=error msg="failed to get CA certs at https://127.0.0.1:40001/cacerts: https://127.0.0.1:40001/cacerts: 401 Unauthorized"\n',
    ],
    cannotTell: [],
  },
  'nm-cloud-setup-enabled': {
    finds: [
      '==> k3s <==\nJan 02 10:00:00 n1 sh[100]: + /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service\nJan 02 10:00:00 n1 systemd[1]: k3s.service: Control process exited, code=exited, status=1/FAILURE\n',
      { text: '==> facts <==\ncloud: Azure\nrouting_tables: one more than main and default appears after each boot\n', as: 'possible' },
    ],
    clears: [
      '==> k3s <==\nJan 02 10:00:00 n1 sh[100]: + /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service\nJan 02 10:00:00 n1 sh[101]: Failed to get unit file state for nm-cloud-setup.service: No such file or directory\n',
    ],
    cannotTell: [],
  },
  'networkmanager-manages-cni': {
    finds: [
      "==> syslog <==\nJan  3 10:00:01 n1 NetworkManager[800]: <info> Activation (cali0a1b2c3d4e5) starting connection 'Wired connection 2'\n",
      '==> facts <==\nnetwork_manager: running\nnote: the cali interfaces of pods disappear from time to time\n',
    ],
    clears: ["==> syslog <==\nJan  3 10:00:01 n1 NetworkManager[800]: <info> Activation (eth0) starting connection 'eth0'\n"],
    cannotTell: [],
  },
  'cni-plugin-binary-missing': {
    finds: ['NetworkPlugin cni failed to teardown pod "a_b" network: neither iptables nor ip6tables usable\n'],
    clears: ['==> facts <==\niptables: installed\n'],
    cannotTell: [],
  },
  'wrong-interface-autodetected': {
    finds: [
      { text: '==> facts <==\nhost_ip_shown: 172.17.0.1\n', as: 'possible' },
      { text: '==> facts <==\nregistered_address: of a different network than the other hosts\n', as: 'possible' },
    ],
    clears: ['==> facts <==\ndocker_bridge_ip: 172.17.0.1\n'],
    cannotTell: [],
  },
  'etcd-slow-disk': {
    finds: [
      '==> etcd <==\nJan 02 10:00:00 n1 etcd[91]: sync duration of 2.1s, expected less than 1s\n',
      '$ curl -s http://127.0.0.1:2381/metrics\netcd_disk_wal_fsync_duration_seconds_bucket{le="0.008"} 120\netcd_disk_wal_fsync_duration_seconds_bucket{le="0.512"} 900\netcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 1000\n',
    ],
    clears: [
      '$ curl -s http://127.0.0.1:2381/metrics\netcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 100\netcd_disk_wal_fsync_duration_seconds_bucket{le="0.008"} 999\netcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 1000\n',
    ],
    cannotTell: [],
  },
  'disk-full': {
    finds: ['==> facts <==\ninodes_of_root: 0 free\n', '==> facts <==\nnote: the workers run out of inodes every week\n'],
    clears: ['==> facts <==\ninodes_of_root: 40 % used\n'],
    cannotTell: [],
  },
  'node-port-blocked': {
    finds: ['==> facts <==\nport_9345: no answer from this node, works from the others\n'],
    clears: ['==> facts <==\nport_6443: refuses connections\n'],
    cannotTell: [],
  },
  'swap-enabled': {
    finds: [
      'error: failed to run Kubelet: Running with swap on is not supported, please disable swap!\n',
      '\t[WARNING Swap]: swap is enabled; production deployments should disable swap\n[kubelet-check] The HTTP call equal to \'curl -sSL http://localhost:10248/healthz\' failed with error: Get "http://localhost:10248/healthz": dial tcp 127.0.0.1:10248: connect: connection refused.\n',
      '==> kubelet <==\nJan 02 10:00:00 n1 systemd[1]: kubelet.service: Main process exited, code=exited, status=255/n/a\n\n==> facts <==\nfstab: the swap line is not commented out\n',
    ],
    clears: ['==> facts <==\nfstab: swap line removed\nkubelet: fails\n', '==> facts <==\nswapoff_was_run: true\nkubelet: fails\n'],
    cannotTell: [],
  },
  'kernel-module-missing': {
    finds: [
      { text: 'E0101 10:00:00.000000       1 main.go:330] Error registering network: operation not supported\n', as: 'possible' },
      'modprobe: FATAL: Module vxlan not found in directory /lib/modules/6.1.0\n',
    ],
    clears: ['I0101 10:00:00.000000       1 vxlan.go:138] VXLAN config: VNI=1 Port=0\n'],
    cannotTell: [],
  },
  'ufw-active': {
    finds: [
      '==> coredns <==\n[ERROR] plugin/errors: 2 a.example. A: read udp 10.42.0.9:1234->192.0.2.1:53: i/o timeout\n\n==> facts <==\nufw: active\n',
      '$ dig @10.43.0.10 kubernetes.default\n;; connection timed out; no servers could be reached\n\n==> facts <==\nufw: enabled\n',
      {
        text: '==> coredns <==\n[INFO] plugin/ready: Still waiting on: "kubernetes"\n\n==> facts <==\nos: Debian 12\nhost_firewall: denies all that is not listed\n',
        as: 'possible',
      },
    ],
    clears: ['==> coredns <==\n[INFO] plugin/ready: Still waiting on: "kubernetes"\n\n==> facts <==\nufw: inactive\n'],
    cannotTell: [],
  },
  'etcd-bind-address-absent': {
    finds: [
      { text: '==> facts <==\naddress_at_installation: 192.0.2.4 from DHCP\naddress_now: 192.0.2.19\n', as: 'possible' },
      'level=fatal msg="starting kubernetes: this server is a not a member of the etcd cluster. Found [a=https://192.0.2.1:2380], expect: a=https://192.0.2.2:2380"\n',
    ],
    clears: ['==> facts <==\naddress_at_installation: 192.0.2.4\naddress_now: 192.0.2.4\n'],
    cannotTell: [],
  },
});
