/**
 * How people put it who do not know the cause: words of threads and tickets that the causes' own texts do not hold. Read where no rule
 * understands what somebody tells (diagnose/nearest-by-words.ts).
 */
export const IN_WORDS: Readonly<Record<string, readonly string[]>> = {
  'vxlan-checksum-offload': [
    'encapsulated UDP packets leave with a bad, wrong or incorrect checksum and the receiver drops them; tcpdump shows bad udp cksum',
    'ethtool offloading tx rx off on flannel.1 or vxlan.calico cures; vmxnet3 virtual NIC, VMware, vSphere, Hyper-V, kernel bug',
    'curl to a service or NodePort takes 63 seconds or one minute, only across nodes; pod address answers, service address does not',
  ],
  'mtu-mismatch': [
    'MTU of eth0, wg0, vpn, tunnel or overlay differs, jumbo frames 9000, 1500, 1450, 1420, 1400; packets fragmented or lost',
    'small requests work, large ones hang; TLS handshake, client hello, image pull, upload or download stalls; curl hangs; ping -s with DF fails',
  ],
  'firewalld-active': [
    'CentOS, RHEL, Rocky or Fedora host with firewalld running; stopping, disabling or flushing the firewall makes it work; trusted zone, masquerade, zone public',
    'no route to host from pods to the service address 10.96.0.1 or 10.43.0.1; reject-with icmp-host-prohibited',
  ],
  'ufw-active': ['Ubuntu host with ufw enabled; ufw disable or ufw allow from the pod network cures; UFW BLOCK lines in the kernel log'],
  'forward-policy-drop': [
    'docker 1.13 or newer set the FORWARD chain to policy DROP; iptables -P FORWARD ACCEPT cures; forwarded traffic between bridge and card is dropped',
    'containers and pods lost outbound traffic and cannot reach the internet or other hosts after an upgrade or reboot; ufw default forward policy',
  ],
  'node-port-blocked': [
    'telnet or nc from the agent to the port of the server times out; a firewall, policy, router or network team blocks it; port not opened between the subnets',
    'one node cannot reach port 6443, 9345, 2379, 2380 or 10250 of another, opening the port cured it',
  ],
  'cloud-security-group': [
    'security group, network ACL, cloud firewall or VPC rule lacks the port; opening it in the cloud console cured it; AWS, Azure, GCP, Hetzner, Oracle',
  ],
  'vxlan-udp-blocked': [
    'UDP 8472 or 4789 is not allowed, only TCP is open between nodes; pods of other nodes cannot be reached while nodes reach each other; DNS works only on the node of CoreDNS',
    'NSX or the hypervisor drops VXLAN packets; packets leave and never arrive at the other host',
  ],
  'iptables-backend-mixed': [
    'Debian 10 buster, Ubuntu 20.10, RHEL 8, Fedora with iptables 1.8 in nftables mode; containers bring legacy iptables; update-alternatives to iptables-legacy cures',
    'rules in nft and in legacy, both tables, different policies; kube-proxy or the CNI writes rules that are not seen',
  ],
  'bridge-nf-call-off': [
    'br_netfilter not loaded, modprobe br_netfilter cures; net.bridge.bridge-nf-call-iptables 0; bridged traffic bypasses iptables',
    'a service or the cluster DNS fails only when its pod runs on the same node; reply from unexpected source; NAT of the service address is not undone; counters stay at zero',
  ],
  'networkmanager-manages-cni': [
    'NetworkManager deletes or reconfigures cali, flannel, tunl and veth interfaces; routes to pods vanish; pods lose their network periodically or after a restart of NetworkManager; unmanaged-devices cures',
  ],
  'nm-cloud-setup-enabled': [
    'RHEL 8.4, CentOS or Rocky image on AWS, Azure or GCP; extra ip rule or routing table 30400 made by nm-cloud-setup; disabling nm-cloud-setup and its timer and rebooting cured; host cannot ping pods',
  ],
  'wrong-interface-autodetected': [
    'several network interfaces or addresses; flannel, calico, kubelet or the agent took the NAT, docker, VPN, private or public address; all nodes have the same address 10.0.2.15; Vagrant and VirtualBox',
    'setting --iface, --node-ip, flannel-iface, IP_AUTODETECTION_METHOD or CATTLE_AGENT_IP cured; BGP peer address wrong; node registered with the wrong or docker bridge address 172.17.0.1',
  ],
  'cni-leftover-config': [
    'files of an earlier network plugin remain in /etc/cni/net.d; switched from weave, flannel, calico or cilium to another; removing the old conf file cured; pods get addresses of the old range',
  ],
  'cni-plugin-binary-missing': [
    'iptables is not installed on the minimal image, installing iptables cured; pods cannot be deleted, addresses leak; plugin binary loopback, portmap or bridge missing in /opt/cni/bin',
  ],
  'cidr-overlap': [
    'pod, service, overlay or docker range overlaps, contains, conflicts with or equals the network of the nodes, LAN, VPN, DNS server or company; 192.168.0.0/16, 172.17.0.0/16, 10.0.0.0/8; host or a company address not reachable from pods',
  ],
  'bridge-address-conflict': [
    'docker0 or bip has the same address on two hosts, or the address of a container of another host; metadata container or network agent has the address of another host’s bridge',
  ],
  'leftover-rke-cluster': [
    'node was used, recycled or reused from an earlier cluster; old certificates in /etc/kubernetes/ssl, /opt/rke, /var/lib/rancher or /var/lib/etcd; removing the directories and cleaning the node cured',
  ],
  'leftover-kubeadm-or-k3s-state': [
    'kubeadm init or join ran before; kubeadm reset, k3s-uninstall or removal of old files cured; kubeconfig in the home directory is from the earlier cluster; bootstrap data of another token',
  ],
  'node-name-conflict': [
    'the node was reinstalled or replaced with the same hostname; node password secret or node-passwd entry on the server is from the old node; deleting it cured; two machines with one hostname replace each other',
  ],
  'leftover-network-interface': [
    'orphan, ghost, stale or leftover veth, bridge, cni0, flannel.1 or docker interface; ip link delete or a reboot cured; the address answers from a dead interface; docker was upgraded or killed',
  ],
  'etcd-member-state-stale': [
    'cluster ID mismatch; member removed, re-added or restored; data directory of another cluster, wiped, lost or left; member list still has the old entry; initial-cluster-state new instead of existing; removing the data directory and adding the member again cured',
  ],
  'etcd-data-dir-permission': [
    'owner, group, mode 0700 or permissions of the etcd data directory are wrong; chown or chmod of /var/lib/etcd cured; etcd runs as another user; volume owned by root; nfs root squash',
  ],
  'etcd-slow-disk': [
    'slow disk, HDD, SD card, USB stick, NFS, Ceph, EBS gp2, iops, latency; fsync or fdatasync takes seconds; leader changes, leases lost, heartbeat late; moving etcd to an SSD or NVMe cured; high iowait',
  ],
  'etcd-quorum-lost': ['two of three members are down or were deleted; no leader; majority lost'],
  'cgroup-driver-mismatch': [
    'SystemdCgroup missing, absent or false in config.toml of containerd on a system with cgroup v2; control plane pods and etcd restart, crash or get killed every few minutes without an error, exit code 0; Ubuntu 22.04, Debian 11; setting SystemdCgroup = true cured',
    'docker uses cgroupfs and kubelet systemd, native.cgroupdriver, cgroupDriver differs',
  ],
  'containerd-cri-disabled': [
    'containerd installed from the docker package with disabled_plugins cri; removing config.toml or containerd config default and a restart cured; CRI v1 runtime API not implemented',
  ],
  'runtime-socket-ambiguous': [
    'docker, containerd, cri-dockerd and CRI-O are installed side by side; several CRI sockets; --cri-socket needed',
  ],
  'registry-mirror-key-mismatch': [
    'mirror in registries.yaml under docker.io or another name than the image; port missing in the key; hosts.toml or certs.d in the wrong folder; mirror ignored; containerd asks https or the public registry although a mirror is set',
  ],
  'registry-tls-or-http': [
    'private registry without TLS, insecure registry, self-signed certificate; insecure-registries, insecure_skip_verify or the CA file cured; service not restarted after the change',
  ],
  'swap-enabled': ['swap is on, swap partition or swapfile in fstab, zram; swapoff -a cured; kubelet does not start after a reboot'],
  'memory-cgroup-missing': [
    'Raspberry Pi; cgroup_memory=1 cgroup_enable=memory missing in cmdline.txt, on a second line, in the wrong file, or not rebooted; memory controller disabled; LXC container',
  ],
  'kernel-lacks-memory-cgroup': [
    'kernel without CONFIG_MEMCG; boot parameters are set and change nothing; memory missing in /proc/cgroups; vendor, custom, WSL, Jetson, Odroid or other board kernel; another kernel cured',
  ],
  'kernel-module-missing': [
    'vxlan, overlay, br_netfilter or xt_ module not found; linux-modules-extra-raspi or kernel-modules-extra not installed; kernel updated without reboot; cloud or minimal kernel',
  ],
  'conntrack-sysctl-denied': [
    'kube-proxy cannot set nf_conntrack_max or hashsize; node runs in docker, kind, k3d, minikube, LXC or LXD; read-only /proc/sys; kernel 5.12; setting the value on the host cured',
  ],
  'inotify-limits': [
    'inotify instances or watches exhausted; too many open files; fs.inotify.max_user_instances 128 raised to 8192 cured; kubectl logs -f, file watcher, promtail, kind with many nodes',
  ],
  'selinux-denials': [
    'SELinux enforcing; setenforce 0 or permissive cures; avc denied, ausearch, audit2allow; k3s-selinux, rke2-selinux or container-selinux missing or outdated; restorecon, wrong label or context; permission denied although modes are right',
  ],
  'apparmor-parser-missing': [
    'apparmor_parser not installed; AppArmor enabled in the kernel; installing apparmor or apparmor-parser cured; containers cannot be created on a minimal SUSE, openSUSE or Debian image',
  ],
  'disk-full': [
    'disk, partition or volume full, 100 % used, no space left; inodes exhausted, df -i 100 %; image garbage collection; cleaning logs or images cured',
  ],
  'kubelet-eviction-pressure': [
    'pods evicted, DiskPressure, MemoryPressure or PIDPressure taint; ephemeral storage; disk usage above 85 or 90 %',
  ],
  'port-in-use': [
    'another process, service, old installation or second cluster holds or listens on the port; port already used, occupied or taken; killing or stopping it cured; microk8s, k3s, apache, nginx, haproxy, docker-proxy',
  ],
  'metadata-route-conflict': [
    'a second or conflicting route to the metadata address 169.254.169.250 or 169.254.0.0/16 by zeroconf, avahi, cloud-init or another interface',
  ],
  'join-server-url-wrong': [
    'agent points at the wrong port, host, scheme or load balancer; 6443 in place of 9345; server is another product; changing the URL or port cured; 404 or 401 from the API server',
  ],
};
