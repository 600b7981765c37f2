/**
 * How people put it who do not know the cause: words of threads and tickets that the causes' own texts do not hold. Read where no rule
 * understands what somebody tells (diagnose/nearest-by-words.ts).
 */
export const IN_WORDS: Readonly<Record<string, readonly string[]>> = {
  'vxlan-checksum-offload': [
    'encapsulated UDP packets leave with a bad, wrong or incorrect checksum and the receiver drops them; tcpdump shows bad udp cksum',
    'ethtool offloading tx rx off on flannel.1 or vxlan.calico cures; vmxnet3 virtual NIC, VMware, vSphere, Hyper-V, kernel bug',
    'curl to a service or NodePort takes 63 seconds or one minute, only across nodes; pod address answers, service address does not',
    'ethtool -K flannel.1 tx-checksum-ip-generic off; bad UDP checksum with VXLAN on vmxnet3, kernel 5.7 or RHEL 8; service access across nodes slow: 63 seconds; nodeport via other node times out',
  ],
  'mtu-mismatch': [
    'MTU of eth0, wg0, vpn, tunnel or overlay differs, jumbo frames 9000, 1500, 1450, 1420, 1400; packets fragmented or lost',
    'small requests work, large ones hang; TLS handshake, client hello, image pull, upload or download stalls; curl hangs; ping -s with DF fails',
    'docker mtu 1500 on an OpenStack, VPN, WireGuard, GRE or PPPoE network with 1450 or 1400; TLS handshake timeout, curl hangs after Client hello, apt-get update hangs, large responses never arrive; lowering the MTU cured it',
    'net/http: TLS handshake timeout from pods only; veth MTU config in calico or flannel; fragmentation needed, DF set',
  ],
  'firewalld-active': [
    'CentOS, RHEL, Rocky or Fedora host with firewalld running; stopping, disabling or flushing the firewall makes it work; trusted zone, masquerade, zone public',
    'no route to host from pods to the service address 10.96.0.1 or 10.43.0.1; reject-with icmp-host-prohibited',
    'firewalld was active; systemctl disable --now firewalld cured it; pods cannot reach 10.43.0.1:443 or kube-dns: no route to host, host unreachable, admin prohibited filter; trusted zone for the pod CIDR',
    'CentOS 7, CentOS 8, RHEL, Rocky, Alma, Oracle Linux, Fedora, openSUSE defaults; INVALID DROP rule; nftables backend',
  ],
  'ufw-active': ['Ubuntu host with ufw enabled; ufw disable or ufw allow from the pod network cures; UFW BLOCK lines in the kernel log'],
  'forward-policy-drop': [
    'docker 1.13 or newer set the FORWARD chain to policy DROP; iptables -P FORWARD ACCEPT cures; forwarded traffic between bridge and card is dropped',
    'containers and pods lost outbound traffic and cannot reach the internet or other hosts after an upgrade or reboot; ufw default forward policy',
    'ufw status active; ufw allow 6443, ufw allow from 10.42.0.0/16, ufw disable; DEFAULT_FORWARD_POLICY DROP; Ubuntu firewall blocks the pods or node port; coredns cannot reach API server',
    'Chain FORWARD (policy DROP); pods cannot reach other nodes, internet or upstream DNS; iptables -P FORWARD ACCEPT cured it; docker sets the policy; ip_forward enabled by docker',
  ],
  'node-port-blocked': [
    'telnet or nc from the agent to the port of the server times out; a firewall, policy, router or network team blocks it; port not opened between the subnets',
    'one node cannot reach port 6443, 9345, 2379, 2380 or 10250 of another, opening the port cured it',
    'node-to-node port closed: 10250, 6443, 9345, 2379, 2380, 8472, 9099, 179, 5473; kubectl logs and exec time out; dial tcp node:10250 i/o timeout; firewall of the hosting provider; opening the port cured it',
    'telnet to the port works on the node itself and times out from another; metrics-server cannot scrape; BGP peer port 179 blocked; security list of Oracle Cloud, iptables REJECT icmp-host-prohibited',
  ],
  'cloud-security-group': [
    'security group, network ACL, cloud firewall or VPC rule lacks the port; opening it in the cloud console cured it; AWS, Azure, GCP, Hetzner, Oracle',
    'AWS security group, GCP firewall rule, Azure NSG, OpenStack security group, Hetzner or Oracle cloud rules do not allow the port between nodes; adding an inbound rule cured it',
  ],
  'vxlan-udp-blocked': [
    'UDP 8472 or 4789 is not allowed, only TCP is open between nodes; pods of other nodes cannot be reached while nodes reach each other; DNS works only on the node of CoreDNS',
    'NSX or the hypervisor drops VXLAN packets; packets leave and never arrive at the other host',
    'UDP 8472 or 4789 blocked between nodes by firewall, security group, ESXi NSX or cloud; pods on different nodes cannot talk, DNS works only on one node; opening UDP 8472 cured it; tcpdump sees packets sent, none received',
  ],
  'iptables-backend-mixed': [
    'Debian 10 buster, Ubuntu 20.10, RHEL 8, Fedora with iptables 1.8 in nftables mode; containers bring legacy iptables; update-alternatives to iptables-legacy cures',
    'rules in nft and in legacy, both tables, different policies; kube-proxy or the CNI writes rules that are not seen',
    'iptables v1.8 (nf_tables) on host and legacy in kube-proxy or CNI image; update-alternatives --set iptables /usr/sbin/iptables-legacy cured it; Warning: iptables-legacy tables present; Debian 10, 11, Ubuntu 20.10, RHEL 8, Raspbian buster',
    'rules of kube-proxy not effective, service IP unreachable, nft list ruleset, FORWARD policy differs between iptables and iptables-legacy',
  ],
  'bridge-nf-call-off': [
    'br_netfilter not loaded, modprobe br_netfilter cures; net.bridge.bridge-nf-call-iptables 0; bridged traffic bypasses iptables',
    'a service or the cluster DNS fails only when its pod runs on the same node; reply from unexpected source; NAT of the service address is not undone; counters stay at zero',
    'net.bridge.bridge-nf-call-iptables=0 or /proc/sys/net/bridge missing; br_netfilter not loaded after reboot; reply from unexpected source 10.42.0.4#53, expected 10.43.0.10#53; service IP works from other nodes and not for pods on the same node; modprobe br_netfilter cured it',
  ],
  'networkmanager-manages-cni': [
    'NetworkManager deletes or reconfigures cali, flannel, tunl and veth interfaces; routes to pods vanish; pods lose their network periodically or after a restart of NetworkManager; unmanaged-devices cures',
    'NetworkManager manages cali, flannel, vxlan.calico or cni0 interfaces; unmanaged-devices=interface-name:cali*;interface-name:flannel* cured it; routes or addresses vanish after NetworkManager restart; nmcli device shows connected externally',
  ],
  'nm-cloud-setup-enabled': [
    'RHEL 8.4, CentOS or Rocky image on AWS, Azure or GCP; extra ip rule or routing table 30400 made by nm-cloud-setup; disabling nm-cloud-setup and its timer and rebooting cured; host cannot ping pods',
    'nm-cloud-setup.service and nm-cloud-setup.timer enabled on RHEL 8.4, 8.5, Oracle, Rocky cloud images; ip rule table 30400 30200; pods cannot reach network; disabling and rebooting cured it',
  ],
  'wrong-interface-autodetected': [
    'several network interfaces or addresses; flannel, calico, kubelet or the agent took the NAT, docker, VPN, private or public address; all nodes have the same address 10.0.2.15; Vagrant and VirtualBox',
    'setting --iface, --node-ip, flannel-iface, IP_AUTODETECTION_METHOD or CATTLE_AGENT_IP cured; BGP peer address wrong; node registered with the wrong or docker bridge address 172.17.0.1',
    'multiple network interfaces, Vagrant eth0 NAT 10.0.2.15, flannel --iface=eth1, IP_AUTODETECTION_METHOD=interface= or can-reach, --node-ip, --flannel-iface; InternalIP is the same on all nodes; BGP not established, BIRD is not ready',
    'node registered with public, VPN, tailscale, WireGuard or docker0 address; wrong NIC picked; public-ip annotation of flannel wrong; kubelet advertises NAT interface',
  ],
  'cni-leftover-config': [
    'files of an earlier network plugin remain in /etc/cni/net.d; switched from weave, flannel, calico or cilium to another; removing the old conf file cured; pods get addresses of the old range',
    'old file in /etc/cni/net.d such as 10-flannel.conflist, 10-calico.conflist, 05-cilium.conf, 10-weave.conf, 100-crio-bridge.conf, 87-podman; switched CNI from weave or flannel to calico; pods get IP of the old range; removing the file and restarting kubelet cured it',
    'stat /var/lib/calico/nodename: no such file, failed to find plugin "weave-net" or "calico" in path, network plugin of a CNI that is not installed; several CNI configs',
  ],
  'cni-plugin-binary-missing': [
    'iptables is not installed on the minimal image, installing iptables cured; pods cannot be deleted, addresses leak; plugin binary loopback, portmap or bridge missing in /opt/cni/bin',
    'iptables is not installed on a minimal image (openSUSE MicroOS, Debian 11, Arch); executable file not found in $PATH; CNI delete fails, IP addresses leak; failed to find plugin loopback, portmap, bridge or flannel in path [/opt/cni/bin]; installing kubernetes-cni or containernetworking-plugins cured it',
  ],
  'cidr-overlap': [
    'pod, service, overlay or docker range overlaps, contains, conflicts with or equals the network of the nodes, LAN, VPN, DNS server or company; 192.168.0.0/16, 172.17.0.0/16, 10.0.0.0/8; host or a company address not reachable from pods',
    'pod CIDR 192.168.0.0/16 or 10.244.0.0/16 or 10.42.0.0/16 overlaps with the node network, LAN, VPN, VPC or service CIDR 10.43.0.0/16, 10.96.0.0/12, docker 172.17.0.0/16; changing --pod-network-cidr or cluster-cidr cured it',
    'traffic to company hosts goes into the pod network; DNS server address lies in the pod or docker range; route conflicts',
  ],
  'bridge-address-conflict': [
    'docker0 or bip has the same address on two hosts, or the address of a container of another host; metadata container or network agent has the address of another host’s bridge',
    'docker0 172.17.0.1 same address on two hosts or equal to a peer or container; bip in daemon.json; two hosts use the same bridge IP or subnet; IPsec or ingress sandbox cannot start',
  ],
  'leftover-rke-cluster': [
    'node was used, recycled or reused from an earlier cluster; old certificates in /etc/kubernetes/ssl, /opt/rke, /var/lib/rancher or /var/lib/etcd; removing the directories and cleaning the node cured',
    'node was part of another cluster before; old certificates /etc/kubernetes/ssl, /var/lib/etcd, /opt/rke, /var/lib/rancher left; crypto/rsa: verification error while trying to verify candidate authority certificate "kube-ca"; cleaning the node cured it',
    're-provisioned, reused or re-added node; docker volumes and containers from a previous Rancher install; x509 signed by unknown authority after reinstall',
  ],
  'leftover-kubeadm-or-k3s-state': [
    'kubeadm init or join ran before; kubeadm reset, k3s-uninstall or removal of old files cured; kubeconfig in the home directory is from the earlier cluster; bootstrap data of another token',
    'kubeadm reset did not clean everything; /etc/kubernetes/manifests kube-apiserver.yaml already exists, /var/lib/etcd is not empty, Port 10250 is in use; old iptables rules, cni0 already has an IP address different from; k3s-uninstall.sh, rke2-uninstall.sh cured it',
    'bootstrap data already found and encrypted with different token; previous installation, data directory from older cluster',
  ],
  'node-name-conflict': [
    'the node was reinstalled or replaced with the same hostname; node password secret or node-passwd entry on the server is from the old node; deleting it cured; two machines with one hostname replace each other',
    'two nodes have the same hostname (localhost, raspberrypi, ubuntu, default cloned VM); second node replaces the first; --with-node-id or unique hostnames cured it; duplicate hostname not allowed',
    'only one node in kubectl get nodes although two joined; Node password validation failed, duplicate',
    'Node password rejected, duplicate hostname or contents of /etc/rancher/node/password may not match server node-passwd entry; deleting secret NODE.node-password.k3s in kube-system or node-passwd cured it; node reinstalled with the same name',
  ],
  'leftover-network-interface': [
    'orphan, ghost, stale or leftover veth, bridge, cni0, flannel.1 or docker interface; ip link delete or a reboot cured; the address answers from a dead interface; docker was upgraded or killed',
    'orphan veth, kube-ipvs0, cni0, flannel.1, tunl0, vxlan.calico or docker bridge from an old install keeps the address; ip link delete cured it; "cni0" already has an IP address different from; address of a service is local on the node',
    'failed to set bridge addr, duplicate route, stale interface after switching CNI or kube-proxy mode',
  ],
  'etcd-member-state-stale': [
    'cluster ID mismatch; member removed, re-added or restored; data directory of another cluster, wiped, lost or left; member list still has the old entry; initial-cluster-state new instead of existing; removing the data directory and adding the member again cured',
    'member has already been bootstrapped; Peer URLs already exists; the member has been permanently removed from the cluster; member count is unequal; etcdctl member remove and clean data dir cured it; node was deleted and re-added; etcdserver: unhealthy cluster',
    'discovery or initial-cluster-state new versus existing; learner stuck; member unstarted; duplicate member in etcdctl member list',
    'request cluster ID mismatch (got X want Y); request sent was ignored; member with data of another cluster, restored on one node only; wiping the data directory and rejoining cured it',
  ],
  'etcd-data-dir-permission': [
    'owner, group, mode 0700 or permissions of the etcd data directory are wrong; chown or chmod of /var/lib/etcd cured; etcd runs as another user; volume owned by root; nfs root squash',
    'cannot access data directory: mkdir or open /var/lib/etcd/member: permission denied; owner or mode 0700 wrong; SELinux label; chown etcd:etcd cured it; directory must be 700',
  ],
  'etcd-slow-disk': [
    'slow disk, HDD, SD card, USB stick, NFS, Ceph, EBS gp2, iops, latency; fsync or fdatasync takes seconds; leader changes, leases lost, heartbeat late; moving etcd to an SSD or NVMe cured; high iowait',
    'slow fdatasync, took too long to execute, apply request took too long, wal fsync, leader failed to send out heartbeat on time; HDD, SD card, NFS, ceph or overloaded storage; moving etcd to SSD cured it; leader elections, apiserver restarts, timeouts',
  ],
  'etcd-quorum-lost': ['two of three members are down or were deleted; no leader; majority lost'],
  'cgroup-driver-mismatch': [
    'SystemdCgroup missing, absent or false in config.toml of containerd on a system with cgroup v2; control plane pods and etcd restart, crash or get killed every few minutes without an error, exit code 0; Ubuntu 22.04, Debian 11; setting SystemdCgroup = true cured',
    'docker uses cgroupfs and kubelet systemd, native.cgroupdriver, cgroupDriver differs',
    'kubelet cgroup driver: "systemd" is different from docker cgroup driver: "cgroupfs"; native.cgroupdriver=systemd in daemon.json cured it; misconfiguration, failed to run Kubelet',
    'SystemdCgroup = false in /etc/containerd/config.toml; kube-apiserver, etcd and controller containers restart in turn, CrashLoopBackOff every few minutes, exit code 0, Pod sandbox changed it will be killed and re-created; Ubuntu 22.04, Debian 11, cgroup v2; SystemdCgroup = true cured it',
  ],
  'containerd-cri-disabled': [
    'containerd installed from the docker package with disabled_plugins cri; removing config.toml or containerd config default and a restart cured; CRI v1 runtime API not implemented',
    'disabled_plugins = ["cri"] in /etc/containerd/config.toml of docker.com package; unknown service runtime.v1alpha2.RuntimeService or runtime.v1.ImageService; rm config.toml and restart containerd cured it; validate service connection: CRI v1 runtime API is not implemented',
  ],
  'runtime-socket-ambiguous': [
    'docker, containerd, cri-dockerd and CRI-O are installed side by side; several CRI sockets; --cri-socket needed',
    'Found multiple CRI endpoints on the host. Please define which one do you wish to use by setting criSocket; /var/run/dockershim.sock, containerd.sock, cri-dockerd.sock, crio.sock; --cri-socket cured it',
  ],
  'registry-mirror-key-mismatch': [
    'mirror in registries.yaml under docker.io or another name than the image; port missing in the key; hosts.toml or certs.d in the wrong folder; mirror ignored; containerd asks https or the public registry although a mirror is set',
    'registries.yaml mirrors key does not match image host or port; http: server gave HTTP response to HTTPS client; insecure-registries, endpoint http://; certs.d hosts.toml; private registry over plain HTTP; rewriting the mirror entry cured it',
  ],
  'registry-tls-or-http': [
    'private registry without TLS, insecure registry, self-signed certificate; insecure-registries, insecure_skip_verify or the CA file cured; service not restarted after the change',
  ],
  'swap-enabled': ['swap is on, swap partition or swapfile in fstab, zram; swapoff -a cured; kubelet does not start after a reboot'],
  'memory-cgroup-missing': [
    'Raspberry Pi; cgroup_memory=1 cgroup_enable=memory missing in cmdline.txt, on a second line, in the wrong file, or not rebooted; memory controller disabled; LXC container',
    'running with swap on is not supported, please disable swap; swapoff -a and removing from fstab cured it; kubelet does not start after reboot as swap is on again; --fail-swap-on, zram',
    'Failed to find memory cgroup, you may need to add "cgroup_memory=1 cgroup_enable=memory" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi, /boot/firmware/cmdline.txt); missing cgroups: memory; CGROUPS_MEMORY: missing; wrong line or file, reboot needed',
  ],
  'kernel-lacks-memory-cgroup': [
    'kernel without CONFIG_MEMCG; boot parameters are set and change nothing; memory missing in /proc/cgroups; vendor, custom, WSL, Jetson, Odroid or other board kernel; another kernel cured',
    'kernel compiled without CONFIG_MEMCG; custom kernel, Orange Pi, Odroid, Rock64, Synology, Android; no memory line in /proc/cgroups although cmdline is right; another kernel cured it',
  ],
  'kernel-module-missing': [
    'vxlan, overlay, br_netfilter or xt_ module not found; linux-modules-extra-raspi or kernel-modules-extra not installed; kernel updated without reboot; cloud or minimal kernel',
    'modprobe: FATAL: Module vxlan not found; linux-modules-extra-raspi not installed (Ubuntu 21.10 on Raspberry Pi); operation not supported creating flannel.1; ip_tables, xt_comment, nf_conntrack, overlay, wireguard, ip_set missing; kernel updated without reboot; minimal or custom kernel',
  ],
  'conntrack-sysctl-denied': [
    'kube-proxy cannot set nf_conntrack_max or hashsize; node runs in docker, kind, k3d, minikube, LXC or LXD; read-only /proc/sys; kernel 5.12; setting the value on the host cured',
    'open /proc/sys/net/netfilter/nf_conntrack_max: permission denied; kube-proxy in kind, k3d, LXC, docker or minikube; kernel 5.12.2 or newer; --conntrack-max-per-core=0 maxPerCore: 0 cured it',
  ],
  'inotify-limits': [
    'inotify instances or watches exhausted; too many open files; fs.inotify.max_user_instances 128 raised to 8192 cured; kubectl logs -f, file watcher, promtail, kind with many nodes',
    'too many open files, inotify_init, failed to create fsnotify watcher, fs.inotify.max_user_instances 128, max_user_watches 8192; sysctl raise to 512 or 8192 cured it; kubectl logs -f ends, kind with many nodes, promtail; no space left on device from inotify_add_watch',
  ],
  'selinux-denials': [
    'SELinux enforcing; setenforce 0 or permissive cures; avc denied, ausearch, audit2allow; k3s-selinux, rke2-selinux or container-selinux missing or outdated; restorecon, wrong label or context; permission denied although modes are right',
    'SELinux enforcing, avc: denied { read write } scontext container_t; setenforce 0 works; restorecon, container-selinux, k3s-selinux or rke2-selinux policy missing; permission denied on mounted volume or hostPath; audit.log, :z label',
  ],
  'apparmor-parser-missing': [
    'apparmor_parser not installed; AppArmor enabled in the kernel; installing apparmor or apparmor-parser cured; containers cannot be created on a minimal SUSE, openSUSE or Debian image',
    'exec: "apparmor_parser": executable file not found in $PATH; AppArmor enabled on host but apparmor package not installed (Debian, openSUSE); installing apparmor-parser cured it',
  ],
  'disk-full': [
    'disk, partition or volume full, 100 % used, no space left; inodes exhausted, df -i 100 %; image garbage collection; cleaning logs or images cured',
    'no space left on device; df shows 100%; /var full; disk usage, images, logs, overlay2; prune or larger disk cured it; inodes exhausted df -i 100%',
  ],
  'kubelet-eviction-pressure': [
    'pods evicted, DiskPressure, MemoryPressure or PIDPressure taint; ephemeral storage; disk usage above 85 or 90 %',
    'The node was low on resource: ephemeral-storage or memory; Evicted, DiskPressure, MemoryPressure, imagefs, nodefs.available, image garbage collection failed; taint node.kubernetes.io/disk-pressure',
  ],
  'port-in-use': [
    'another process, service, old installation or second cluster holds or listens on the port; port already used, occupied or taken; killing or stopping it cured; microk8s, k3s, apache, nginx, haproxy, docker-proxy',
    'bind: address already in use; Port 10250, 6443, 10251, 2379, 53, 80, 443 is in use; another process, second kubelet, old container, apache, nginx, systemd-resolved, rpcbind holds the port; ss -ltnp; stopping it cured it',
  ],
  'metadata-route-conflict': [
    'a second or conflicting route to the metadata address 169.254.169.250 or 169.254.0.0/16 by zeroconf, avahi, cloud-init or another interface',
    'conflicting or duplicate routes to 169.254.169.250 or 169.254.169.254; metadata IP on docker0 and another interface; zeroconf 169.254.0.0/16 route',
  ],
  'join-server-url-wrong': [
    'agent points at the wrong port, host, scheme or load balancer; 6443 in place of 9345; server is another product; changing the URL or port cured; 404 or 401 from the API server',
    'k3s agent or rke2 agent --server https://host:6443 versus :9345; failed to get CA certs, 404, 401, EOF, http: server gave HTTP response; wrong port, wrong IP, http instead of https, K3S_URL; load balancer on the wrong port',
  ],
  'localhost-missing': [
    'no 127.0.0.1 localhost line, entry or mapping in /etc/hosts; hosts file replaced, rewritten or emptied by cloud-init, a script, a template or the provisioning; localhost looked up, queried or resolved at the DNS server 8.8.8.8',
    'ping localhost unknown host; health check by the name localhost fails, by 127.0.0.1 works; adding 127.0.0.1 localhost cured',
    'hosts file lacks localhost, no 127.0.0.1 localhost line, /etc/hosts was emptied, templated or overwritten by cloud-init or a provisioning tool; adding 127.0.0.1 localhost cured it',
    'lookup localhost: no such host, lookup localhost on 10.0.0.2:53, dial tcp: lookup localhost server misbehaving; healthz of kube-scheduler, controller-manager, kubelet 10248 or etcd 2381 fails; cannot resolve localhost',
  ],
  'localhost-ipv6-only-lo-without-ipv6': [
    'localhost maps to ::1 only, lo has no inet6 address, IPv6 disabled on the loopback; cannot assign requested address [::1]',
    '/etc/hosts has only ::1 localhost; IPv6 is disabled on lo or by boot parameter; dial tcp [::1]:6443 connect: cannot assign requested address or no route to host; ping localhost works',
    'localhost resolves to ::1 and nothing listens or no IPv6 there; adding 127.0.0.1 localhost to hosts or enabling IPv6 cured it',
  ],
  'localhost-ipv6-first-service-ipv4-only': [
    'localhost resolves to ::1 first, the server listens, binds or forwards on 0.0.0.0 or 127.0.0.1 (IPv4) only; curl localhost hangs or is refused, 127.0.0.1 works; health check, wget, browser, port-forward prefer IPv6',
    'localhost resolves to ::1 first, the server or port-forward listens only on IPv4 127.0.0.1; dial tcp [::1]:10248, [::1]:2379, [::1]:6443 connection refused; using 127.0.0.1 works',
    'curl localhost fails, curl 127.0.0.1 works; health check or readiness probe to localhost refused on IPv6; docker publishes IPv4 only; gai.conf',
  ],
  'localhost-shadowed-by-dns-search': [
    'localhost is answered by DNS with a public, external, foreign or routable address; record named localhost in the zone; wildcard of the search domain; provider or ISP resolver redirects unknown names; nslookup localhost gives another address than 127.0.0.1',
    'localhost is answered by DNS with a public or parking address, localhost.example.com wildcard record, ISP hijack; health check goes to a foreign IP',
    'dial tcp 64.x or 92.x:10248 i/o timeout for http://localhost; search domain has a localhost record; removing search or adding localhost to hosts cured it; trailing dot',
  ],
  'nsswitch-hosts-without-files': [
    'image, container, scratch, alpine or busybox without nsswitch.conf; Go program asks DNS before the hosts file and ignores /etc/hosts, extra_hosts, hostAliases or --add-host; creating nsswitch.conf with hosts: files dns cured',
    'image without /etc/nsswitch.conf (alpine, busybox, scratch, distroless); Go binary asks DNS before /etc/hosts, hostAliases and extra_hosts ignored; echo "hosts: files dns" > /etc/nsswitch.conf cured it',
    'hosts: dns files order; localhost lookup goes to the DNS server; netgo',
  ],
  'ipv6-disabled-at-boot': [
    'ipv6.disable=1 on the kernel command line or in grub, IPv6 module blacklisted or not loaded, no IPv6 support; nginx or a server listens on [::] or binds an IPv6 socket; address family not supported; crash loop',
    'listen tcp [::]:10250 or tcp6 :::443: address family not supported by protocol; ipv6.disable=1 on the kernel command line, IPv6 module blacklisted; nginx, ingress, metallb, coredns, kube-proxy cannot bind',
    'socket: address family not supported, EAFNOSUPPORT; enabling IPv6 or removing ipv6.disable=1 from grub cured it',
  ],
  'nscd-socket-in-container-hosts-cache': [
    'nscd or unscd of the host, its socket /var/run/nscd is mounted, shared or visible in the container or pod through /var/run or hostPath; stopping nscd on the host cured; dig, nslookup answer, ping, curl, getent do not; strace connects to nscd socket',
    'host runs nscd, /var/run mounted into the container, ping and curl cannot resolve service or metadata names while dig and nslookup can; stopping nscd or disabling hosts cache cured it',
    'strace shows connect to /var/run/nscd/socket; unscd; bad address, unknown host, could not resolve host inside kubelet container',
  ],
  'name-only-in-mdns': [
    'name ends in .local, published or announced by avahi, zeroconf, Bonjour, mDNS, multicast in the LAN; ping, getent and ssh find it, the agent, docker, kubectl or Go program built without cgo does not; nss-mdns, mdns4_minimal in nsswitch',
    'server name ends in .local and is only known by mDNS, avahi or Bonjour; ping works, k3s agent, kubectl or rancher agent says no such host; Go does not use nss mdns',
    'using the IP address, a hosts entry or real DNS cured it; myserver.local, raspberrypi.local',
  ],
  'go-resolver-vs-libc': [
    'CGO_ENABLED=0, netgo, static Go binary; libc resolves through LDAP, NIS, winbind, mdns or another NSS module, Go does not; GODEBUG=netdns=cgo cures',
  ],
  'coredns-loop': [
    'coredns forwards to itself, loop detected, CrashLoopBackOff; deleting or removing the loop plugin from the Corefile; memory grows, OOM killed; kube-dns dnsmasq reaches the maximum number of concurrent queries; kubelet resolvConf /etc/resolv.conf with systemd-resolved stub 127.0.0.53, dnsmasq 127.0.0.1 or NetworkManager dns=dnsmasq',
    'Loop (127.0.0.1:53 -> :53) detected for zone ".", coredns CrashLoopBackOff; node resolv.conf nameserver 127.0.0.53 or 127.0.0.1 systemd-resolved dnsmasq; --resolv-conf=/run/systemd/resolve/resolv.conf cured it',
    'HINFO query, plugin/loop, forward . /etc/resolv.conf to itself; coredns memory grows, OOMKilled; queries circle',
  ],
  'resolv-loopback-stub-inherited': [
    'container, pod or docker inherits nameserver 127.0.0.53, 127.0.1.1, 127.0.0.1 or 127.0.0.2 of the host; systemd-resolved, dnsmasq or unbound on the loopback of the node; connection refused at port 53 in the container; dnsPolicy Default; docker dns option not set',
    'pod or container resolv.conf has nameserver 127.0.0.53, 127.0.1.1 or 127.0.0.1 copied from the host; write udp 127.0.0.1->127.0.0.53:53 connection refused; dnsPolicy Default, hostNetwork',
    'systemd-resolved stub inherited by docker or kubelet; kind, k3d, minikube, rke containers cannot resolve; pointing to the real upstream cured it',
  ],
  'resolv-dangling-link-in-container': [
    'kubelet resolvConf points to /run/systemd/resolve/resolv.conf, the file does not exist; systemd-resolved not installed, running or enabled; kubelet configuration copied from Ubuntu to CentOS; sandbox cannot be created, pods stay in ContainerCreating',
    'open /run/systemd/resolve/resolv.conf: no such file or directory, FailedCreatePodSandBox; kubelet --resolv-conf or resolvConf points to a missing file; systemd-resolved is not installed or not running',
    '/etc/resolv.conf is a dangling symlink; starting systemd-resolved or correcting resolvConf cured it',
  ],
  'resolv-search-wildcard-hijack': [
    'search domain with a wildcard record *.example.com; ndots 5; external names get the address of the load balancer, ingress, own server or an internal one; trailing dot gives the right answer; wrong TLS certificate for external hosts; removing the search domain cured; router, pihole, ISP answers every name',
    'search domain with wildcard DNS record *.example.com; with ndots:5 external names get the search suffix and resolve to a wrong IP; x509 certificate is valid for *.example.com, not github.com',
    'google.com.corp.example.com resolves; name with trailing dot works; removing search domain from node resolv.conf cured it; ISP or registrar answers every name; connection goes to the ingress or load balancer',
  ],
  'musl-search-stops-at-empty-answer': [
    'only alpine, musl or busybox images cannot resolve, debian, ubuntu and glibc can; DNS of the search domain gives NOERROR without records, NODATA, SERVFAIL or REFUSED in place of NXDOMAIN; Cloudflare; removing search or lower ndots cures',
    'alpine only: name does not resolve, DNS server of the search domain returns NOERROR without data or SERVFAIL or REFUSED instead of NXDOMAIN; musl stops the search; debian image works',
    'bad address, getaddrinfo EAI_AGAIN or ENOTFOUND in node:alpine; trailing dot or ndots:1 cured it',
  ],
  'resolv-search-root-domain': [
    'search . (a lone, single dot, root domain) written by systemd-resolved when the hostname is a FQDN; kubelet 1.25; alpine, musl and busybox pods fail, glibc works',
    'search . in /etc/resolv.conf (systemd-resolved 249+, Ubuntu 22.04, Debian 12, NetworkManager); alpine or busybox images cannot resolve; removing the dot cured it',
    'root domain as search domain, trailing dot search list, musl name with empty suffix',
  ],
  'coredns-upstream-unreachable': [
    'pods resolve cluster names and internal services, external names time out; DNS server of the node is reachable from the host or through its VPN only; upstream nameserver of coredns or kube-dns does not answer; i/o timeout to port 53',
    '[ERROR] plugin/errors: 2 example.com. A: read udp 10.42.0.5:41234->8.8.8.8:53: i/o timeout; cluster names resolve, external names do not; firewall blocks DNS from pods; missing masquerade or SNAT',
    'corporate network lets only its own DNS servers through, 8.8.8.8 or 1.1.1.1 blocked; changing forward in the coredns configmap cured it; upstream nameserver unreachable from pod network',
  ],
  'coredns-upstream-dead': ['forward to 8.8.8.8 or 1.1.1.1 in the Corefile, outbound port 53 blocked by the company firewall, air-gapped'],
  'resolv-no-usable-nameserver': [
    'node cannot resolve the registry, image pulls fail with no such host, server misbehaving or time-out; name server in resolv.conf of the node is wrong, old, dead, switched off or unreachable after a network change; ping by IP works; pods resolve',
    'upstreamNameservers or forward target is down, wrong IP or old DNS server; SERVFAIL for external names; node itself cannot reach the DNS server',
    'node itself cannot resolve: lookup registry-1.docker.io on [::1]:53 read: connection refused; resolv.conf empty or nameserver unreachable; temporary failure in name resolution; ErrImagePull dial tcp: lookup no such host',
    'fix nameserver in /etc/resolv.conf of the host cured it; lookup on 127.0.0.53:53 server misbehaving; i/o timeout from the node to its DNS server; DHCP gave a wrong DNS',
  ],
  'resolv-empty-or-missing': ['resolv.conf of the node empty, deleted or a broken link'],
  'dns-conntrack-race': [
    'look-ups take 5 seconds longer now and then, intermittent or random delay, multiples of 5 s; conntrack insert_failed rises; A and AAAA queries in parallel, one answer lost; single-request-reopen, use-vc, TCP or nodelocaldns cures',
    'intermittent 5 second DNS delays, race of A and AAAA queries, conntrack insert_failed increasing, SNAT or DNAT UDP; single-request-reopen, use-vc, NodeLocal DNSCache or disabling AAAA cured it',
    'DNS timeouts at random, 5.0 s, 2.5 s, ndots; alpine has no single-request option',
  ],
  'host-cannot-resolve-cluster-names': [
    'Service name, *.svc.cluster.local, used in an NFS, Ceph, Gluster, SMB or iSCSI volume, mount, image or registry name, webhook or hostNetwork pod; kubelet, containerd, docker or mount on the node looks it up; mount by cluster IP works; dnsPolicy ClusterFirst with hostNetwork',
    'kubelet or mount runs on the host and cannot resolve a .svc.cluster.local name: mount.nfs: Failed to resolve server; registry service name in image pull; glusterfs, ceph, iscsi endpoint as service name',
    'using the ClusterIP instead of the name works; node resolv.conf does not use cluster DNS; lookup registry.default.svc.cluster.local no such host on image pull',
  ],
  'local-resolver-ignores-bridge': [
    'dnsmasq starts before docker0 or the bridge exists and ignores queries from a non-local network; containers have no DNS after a reboot until dnsmasq is restarted; restarting dnsmasq cured; local-service',
    'dnsmasq: ignoring query from non-local network; started before docker0, cni0 or cbr0 existed; restarting dnsmasq cured it; listen-address, bind-interfaces, local-service',
    'unbound or named refuses queries from the pod network, allow-query, access-control',
  ],
  'hostname-uppercase': [
    'hostname, machine or node name contains capital, upper-case letters, the node is registered in lower case; node not found; case sensitive; installer waits for the node; changing the hostname to lowercase cured',
    'hostname with capital letters; node "MyHost" not found, nodes is registered in lower case; hostname-override in upper case; lower-casing the hostname or using hostnamectl set-hostname cured it',
    'rke, k3s or kubeadm: uppercase hostname; DNS-1123 subdomain must consist of lower case alphanumeric characters',
  ],
  'hosts-node-name-unresolvable': [
    'node cannot resolve its own hostname; own name missing in /etc/hosts and DNS, ping own hostname unknown host; hosts file not updated after the rename; kube-proxy cannot determine or find the node IP',
    'lookup node1 on 10.0.0.2:53: no such host; hostname "x" could not be reached, hostname could not be resolved; missing in /etc/hosts and DNS; adding the hostname to /etc/hosts cured it',
    'sudo: unable to resolve host; kubelet, rabbitmq, etcd or kube-proxy cannot get node IP by name; kubectl logs: dial tcp: lookup worker1: no such host; Failed to retrieve node IP, can not determine IP',
  ],
  'hosts-node-name-on-loopback': ['hostname in /etc/hosts maps to 127.0.1.1 or 127.0.0.1, node or etcd registers with a loopback address'],
  'hostname-invalid': ['hostname contains an underscore or another forbidden character, DNS-1123'],
  'node-name-mismatch': [
    'kubelet certificate CN system:node:A differs from the node name B; hostname changed or renamed after the join; hostname-override or node-name flag, FQDN against short name; cloud provider uses the private DNS name ip-10-0-0-1.ec2.internal; not allowed to modify node; cannot register',
    '127.0.1.1 hostname line (Debian, Ubuntu) or 127.0.0.1 hostname (Vagrant) makes kubelet, etcd or K3s advertise a loopback address; InternalIP 127.0.1.1; removing the line cured it',
    'node "a" is forbidden: cannot modify node "b"; NodeRestriction; Kubelet hostname does not match; FQDN versus short hostname; cloud provider expects private DNS name; hostname-override; hostname was changed after joining',
    'Unable to register node with API server, nodes "ip-10-0-0-1.ec2.internal" not found; certificate CN system:node:old',
  ],
  'etcd-bind-address-absent': [
    'IP address of the node or master changed, new address by DHCP, VM moved to another network or subnet, static IP later; etcd, API server advertise the old address; member URL, manifest and node address differ; etcd cannot bind or assign the requested address',
    'IP address of the node changed (DHCP, reboot, moved network); listen tcp old-ip:2380 bind: cannot assign requested address; etcd has the old IP in its manifest, certificates or member list; static IP cured it',
    'master or server got a new IP; advertise-address; publicip changed after stop and start of the VM',
  ],
  'proxy-catches-internal-traffic': [
    'HTTP_PROXY and HTTPS_PROXY set for docker, containerd, kubelet, k3s or the API server, corporate or company proxy; NO_PROXY lacks nodes, pod CIDR, service CIDR, 10.43.0.1, .svc or cluster.local; squid answers Forbidden, 403 or 503; kubectl logs and exec fail; unset proxy works',
    'HTTP_PROXY or HTTPS_PROXY set and NO_PROXY lacks node IPs, service CIDR 10.43.0.0/16, pod CIDR, .svc, .cluster.local, localhost; Forbidden, 403, 503, 504 Gateway, EOF, squid, ERR_ACCESS_DENIED, proxyconnect tcp; setting no_proxy or unset http_proxy cured it',
    'API server cannot reach webhook or kubelet through proxy; Unable to connect to the server: Forbidden; Service Unavailable; kubeadm warns connection uses proxy; docker.service.d http-proxy.conf; etcd client through proxy',
  ],
  'sshd-forwarding-disabled': [
    'AllowTcpForwarding no, DisableForwarding, AllowStreamLocalForwarding, PermitOpen, hardened sshd_config, tunnels denied; rke ssh tunnel administratively prohibited although docker ps works as the user',
    'AllowTcpForwarding no or AllowStreamLocalForwarding no, DisableForwarding, PermitOpen in sshd_config, hardened CIS image; ssh: rejected: administratively prohibited (open failed); Can not connect to docker over SSH tunnel',
  ],
  'ssh-root-on-rhel': ['user root on CentOS 7, RHEL, Red Hat or Oracle Linux in cluster.yml; another non-root user works'],
  'ssh-user-not-in-docker-group': [
    'ssh user is not a member of the docker group, usermod -aG docker; docker ps without sudo permission denied, with sudo works; groups adm sudo',
    'root user on CentOS or RHEL 7 with rke: cannot tunnel to /var/run/docker.sock; use another user in the docker group; openssh 7.4 root stream local forwarding',
    'user is not in docker group: permission denied while trying to connect to the Docker daemon socket; usermod -aG docker and logging in again cured it; Failed to set up SSH tunneling for host; connect failed (open failed) docker.sock',
  ],
  'ssh-rsa-sha1-rejected': [
    'RSA key with OpenSSH 8.8 or newer: Ubuntu 22.04, Debian 12, RHEL 9, Rocky 9, Fedora; same key worked with the older release, works from the shell; ed25519 or ecdsa key works; PubkeyAcceptedAlgorithms +ssh-rsa cures',
    'OpenSSH 8.8 or 9, Ubuntu 22.04, Fedora, RHEL 9 crypto policy rejects ssh-rsa; userauth_pubkey: key type ssh-rsa not in PubkeyAcceptedAlgorithms; PubkeyAcceptedKeyTypes +ssh-rsa or ed25519 key cured it; attempted methods [none publickey], no supported methods remain',
  ],
  'ssh-key-file-unusable': [
    'private key is encrypted, asks for a passphrase, no ssh-agent, ssh_agent_auth false; ssh_key_path does not exist, is the public key id_rsa.pub, wrong format or unreadable',
    'key path wrong: ~/.ssh/id_rsa no such file; public key given instead of private; ssh: no key found; invalid PEM, OpenSSH new format, puttygen ppk, Windows line endings, CRLF, permissions 0644 too open; Error configuring SSH',
    'private key has a passphrase: ssh: cannot decode encrypted private keys, this private key is passphrase protected; ssh-agent, ssh_agent_auth: true or a key without passphrase cured it',
  ],
  'ssh-key-or-user-wrong': [
    'public key is not in authorized_keys of that user; ssh -i by hand permission denied (publickey); wrong user or key',
    'unable to authenticate, attempted methods [none publickey], no supported methods remain; wrong user, key not in authorized_keys, Permission denied (publickey); ssh_key_path in cluster.yml; ssh-copy-id cured it',
  ],
  'clock-skew': [
    'clock, time or date of the node is wrong, behind, ahead, hours off, not synchronised, NTP blocked or not running, chrony, timesyncd; no RTC or battery, Raspberry Pi, 1970; VM was suspended, paused or resumed; date differs between server and agent; timezone',
    'x509: certificate has expired or is not yet valid: current time is before; NTP not synchronised, chronyd stopped, wrong timezone or date 1970; VM resumed from suspend or snapshot; hwclock, RTC; syncing the time cured it',
    'etcd: the clock difference against peer is too high; token not valid yet, nbf, JWT used before issued; leader lease, time drift between nodes, minutes behind',
  ],
  'cert-expired': [
    'certificate expired, notAfter passed; cluster created, installed or running for over a year, 12 months, 365 days; kubeadm certs check-expiration invalid; kubeadm certs renew, rke cert rotate or a restart cured',
    'certificate has expired; current time is after 2023; cluster older than one year, certs renew all; rke cert rotate; k3s restart renews; kubelet-client-current.pem expired, API server refuses kubelet',
  ],
  'cert-san-missing': [
    'certificate is not valid for the address or name that is used; SANs lack the load balancer, public, external or new IP, hostname or VIP; tls-san, apiserver-cert-extra-sans; only internal addresses in the certificate',
    "x509: certificate is valid for 10.96.0.1, 192.168.1.10, not 203.0.113.5; public IP, load balancer, VIP or DNS name not in SANs; --apiserver-cert-extra-sans, tls-san, authentication sans cured it; doesn't contain any IP SANs; kubectl from outside by public IP",
  ],
  'agent-ca-checksum-mismatch': [
    "CA, cacerts or certificate of Rancher was replaced, renewed, switched (self-signed, private CA, Let's Encrypt, public) or changed after the agents registered; agents report x509 unknown authority; ca-checksum in the registration command differs from the CA that Rancher serves; CATTLE_CA_CHECKSUM",
    "Configured cacerts checksum does not match given --ca-checksum; Rancher certificate renewed or replaced, tls-ca secret, cacerts setting; new registration command or CATTLE_CA_CHECKSUM cured it; private CA, self signed to Let's Encrypt change",
  ],
  'agent-name-only-in-hosts': [
    'name of the Rancher server stands in /etc/hosts of the nodes only, not in DNS; pods and the cluster agent cannot resolve it; hostAliases cured',
    'Rancher server hostname is only in /etc/hosts of the nodes; cattle-cluster-agent pod: Could not resolve host; nodes resolve it; coredns does not know it; hostAliases or a coredns hosts entry or DNS record cured it; ERROR: https://rancher.my.org/ping is not accessible (Could not resolve host: rancher.my.org)',
  ],
  'cert-ca-mismatch': [
    'x509 certificate signed by unknown authority; CA was regenerated, another cluster CA, old kubeconfig after reinstall or restore; crypto/rsa verification error',
    'certificate-authority-data differs from the CA on the server; self-signed CA not trusted, tls failed to verify, bad certificate, remote error',
  ],
  'join-token-invalid': [
    'token expired after 24 hours, kubeadm join says cluster-info ConfigMap has no JWS signature for token; kubeadm token create cured it',
    'failed to validate token, token CA hash does not match the cluster CA, node password rejected, 401 unauthorized while joining, duplicate hostname or wrong K3S_TOKEN',
  ],
  'cert-key-permissions-or-missing': [
    'open /etc/kubernetes/pki or /etc/kubernetes/ssl key pem permission denied or no such file; private key does not match public key',
    'file was deleted, owner or mode 0600 of another user, empty pem file, failed to load key pair, failed to find any PEM data',
  ],
  'cluster-dns-ip-mismatch': [
    'clusterDNS in kubelet config is 10.96.0.10 while kube-dns service is 10.43.0.10; --cluster-dns flag wrong; service CIDR was changed',
    'pod resolv.conf names a nameserver that no service has',
  ],
  'cluster-dns-overloaded': [
    'coredns CPU throttled, memory limit reached, OOMKilled, only one or two replicas, thousands of queries per second; scaling up or autoscaler cured it',
    'ndots 5 multiplies queries, lookups slow under load, dnsmasq maximum number of concurrent DNS queries reached (max: 150)',
  ],
  'cluster-dns-unreachable-from-one-node': [
    'pods on the node where coredns runs resolve, pods of other workers time out; only this worker has DNS problems',
    'moving coredns to another node moves the problem; DNS works on the master and not on the worker',
  ],
  'cluster-domain-mismatch': [
    'cluster.local versus a custom cluster domain; --cluster-domain flag differs; service names resolve only with another suffix; svc.cluster.local NXDOMAIN',
    'clusterDomain in kubelet config, dns_domain changed, linkerd, istio or other charts hard-code cluster.local',
  ],
  'coredns-no-endpoints': [
    'coredns pods are pending, in CrashLoopBackOff or not ready; kube-dns endpoints none; nothing behind the DNS service; coredns deployment scaled to zero',
    'taint keeps coredns from being scheduled, image of coredns cannot be pulled, readiness probe of coredns fails',
  ],
  'nodelocaldns-listener-missing': [
    '169.254.20.10 or 169.254.25.10 refused or times out, nodelocaldns daemonset not running on the node, crashed, OOMKilled or port 53 in use',
    'kubelet clusterDNS points to the node-local cache address and the nodelocaldns interface is missing',
  ],
  'cri-runtime-not-running': [
    'containerd.service failed or inactive, cannot connect to unix /run/containerd/containerd.sock; crio or cri-dockerd stopped; runtime not responding',
    'PLEG is not healthy, container runtime is down, restarting containerd cured it; validate CRI v1 runtime API failed, connection refused, no such file',
  ],
  'docker-log-driver-not-readable': [
    'configured logging driver does not support reading; docker logs shows nothing; log-driver journald, syslog, fluentd, gelf, none instead of json-file',
    'kubectl logs is empty, /var/log/containers has dangling links, rke cannot read container logs',
  ],
  'docker-not-running-or-socket-elsewhere': [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running? docker.service failed; DOCKER_HOST; snap or rootless docker, podman',
    'docker socket lies at another path; systemctl start docker cured it; daemon.json has a syntax error so dockerd does not start',
  ],
  'docker-selinux-label-unknown': [
    'rancher-selinux policy missing, label=type:rke_container_t invalid, error setting label on mount, process label write /proc/self/attr/keycreate: invalid argument',
    'installing the rancher-selinux or rke-selinux rpm cured it; SELinux enforcing with RKE on RHEL 8 or CentOS',
  ],
  'docker-version-unsupported': [
    'Unsupported Docker version found; supported versions are; ignore_docker_version; docker 20, 23, 24, 25 too new for this rke; downgrade docker',
    'client version is too old or too new, minimum supported API version',
  ],
  'overlay-on-unsupported-filesystem': [
    'xfs without ftype=1, d_type not supported, zfs, nfs, ecryptfs, tmpfs or overlay in overlay (docker in docker, LXC); snapshotter overlayfs cannot be enabled',
    'failed to mount overlay: invalid argument; fuse-overlayfs, native snapshotter or reformatting cured it; upper fs does not support tmpfile',
  ],
  'etcd-space-exceeded': [
    'mvcc database space exceeded, alarm NOSPACE, quota-backend-bytes 2 GB or 8 GB reached; compact, defrag and disarm cured it',
    'API server refuses writes, objects cannot be created, db size grew, events flood etcd',
  ],
  'firewall-reload-flushed-docker-chains': [
    'iptables: No chain/target/match by that name, -t nat -A DOCKER; firewalld or iptables was restarted after docker; restarting docker cured it',
    'driver failed programming external connectivity on endpoint; iptables -F flushed the rules; published ports stopped working after a firewall reload',
  ],
  'local-traffic-blocked': [
    'iptables INPUT drops packets of lo, no rule ACCEPT -i lo; connections to 127.0.0.1 of the node itself time out; firewall script hardening CIS',
    'node cannot reach its own API server or etcd on localhost, loopback traffic dropped or rejected by nftables, host firewall or security agent',
  ],
  'rke-port-check-failed': [
    'rke up: Host is not able to connect to the following ports; open ports 2379 2380 6443 10250 between nodes; Please check network policies and firewall rules',
    'TCP port check container rke-worker-port-listener or rke-etcd-port-listener',
  ],
  'cni-config-missing': [
    'NetworkPluginNotReady cni config uninitialized, no networks found in /etc/cni/net.d, node NotReady after kubeadm init; no pod network add-on was applied; install flannel or calico',
    '/etc/cni/net.d is empty, coredns pending until a CNI is deployed',
  ],
  'cni-ip-exhaustion': [
    'no IP addresses available in range set; /var/lib/cni/networks full of leftover leases; more than 254 pods on a /24; IPAM leak, calico blocks exhausted',
    'pods stuck in ContainerCreating as no address can be allocated; removing stale files or a bigger pod CIDR cured it',
  ],
  'conntrack-table-full': [
    'nf_conntrack: table full, dropping packet; nf_conntrack_max 65536 reached; connections time out at random under load; sysctl nf_conntrack_max raised cured it',
    'conntrack count equals the maximum, many UDP DNS entries or TIME_WAIT',
  ],
  'duplicate-machine-identity': [
    'VMs cloned from one template share machine-id, product_uuid, MAC address or hostname; weave, calico, flannel or DHCP give the same IP to both nodes',
    'only one of two nodes shows up in the cluster, nodes replace each other; uniq /etc/machine-id or rm and systemd-machine-id-setup cured it',
  ],
  'ip-forward-off': [
    'net.ipv4.ip_forward = 0; /proc/sys/net/ipv4/ip_forward contents are not set to 1; WARNING: IPv4 forwarding is disabled; sysctl -w net.ipv4.ip_forward=1 cured it',
    'pods cannot reach the internet or other nodes, hardening or network restart reset forwarding, sysctl.conf overrides it',
  ],
  'iptables-buggy-version': [
    'iptables 1.8.0 to 1.8.4 bug, thousands of duplicate KUBE-FIREWALL or KUBE-MARK-DROP rules, iptables-restore hangs and eats CPU; --prefer-bundled-bin or newer iptables cured it',
    'rules list grows on each sync, kernel soft lockup, Debian 10 or RHEL 8 iptables nft',
  ],
  'lo-down': [
    'lo is DOWN, ip link set lo up cured it; 127.0.0.1 network is unreachable, cannot assign requested address; auto lo missing in /etc/network/interfaces',
    'loopback interface not configured after boot, in an LXC container or a minimal image',
  ],
  'pod-cidr-not-assigned': [
    'node podCIDR not assigned, flannel: failed to acquire lease: node "x" pod cidr not assigned; kubeadm init without --pod-network-cidr; allocate-node-cidrs false',
    'CIDR range exhausted, cluster-cidr too small for further nodes, spec.podCIDR empty, RANGE_FULL CIDRNotAvailable',
  ],
  'rp-filter-wrong-for-cni': [
    "rp_filter = 1 strict or 2 loose; Kernel's RPF check is set to loose; calico felix refuses, cilium or AWS VPC needs 0; asymmetric routing, martian source",
    'systemd 245 sysctl.d sets rp_filter, packets are dropped on the second interface; net.ipv4.conf.all.rp_filter=0 cured it',
  ],
  'cgroup-v2-too-old-component': [
    'host uses unified cgroup hierarchy, cgroup2fs; old docker 19, kubelet 1.18, cadvisor, java or systemd too old; Fedora 31, Ubuntu 22.04, Debian 11; systemd.unified_cgroup_hierarchy=0 cured it',
    'failed to find subsystem mount for required subsystem pids, mountpoint for cpu not found, cgroups: cgroup mountpoint does not exist',
  ],
  'rke-state-file-lost-or-old': [
    'cluster.rkestate is missing, was deleted or taken from an old backup; rke up regenerates certificates; state file is not found; kube_config_cluster.yml lost',
    'moved the cluster.yml to another machine without the state file; certificates no longer match after rke up',
  ],
  'ipv6-answers-without-ipv6-route': [
    'AAAA record returned, connect to 2a00: or 2600: network is unreachable, cannot assign requested address; IPv6 disabled or without default route; image pull dials [2600:...]:443',
    'registry, docker.io or github resolves to IPv6 first; gai.conf precedence or disabling AAAA cured it; host has no IPv6 connectivity',
  ],
  'kubeconfig-points-to-localhost': [
    'The connection to the server localhost:8080 was refused - did you specify the right host or port; KUBECONFIG not set, admin.conf not copied to ~/.kube/config, kubectl run as root or on a worker',
    'kubeconfig copied from the master still says server https://127.0.0.1:6443; helm or kubectl from another machine',
  ],
  'musl-resolver-differences': [
    'alpine image cannot resolve while debian or ubuntu image can; musl libc, apk add fails, bad address, busybox nslookup; switching to a glibc image cured it',
    'search domains or many nameservers handled differently by alpine; TCP fallback, truncated answers, parallel queries to all nameservers',
  ],
  'rbac-forbidden': [
    'User "system:anonymous", "system:node:x" or serviceaccount cannot list resource at the cluster scope: forbidden; ClusterRole or ClusterRoleBinding missing; RBAC denied',
    'nodes is forbidden, NodeRestriction admission, node is not allowed to modify, authorization mode',
  ],
  'container-hosts-overmounted': [
    '/etc/hosts of the host was changed after the container was started; container still sees the old hosts file (bind mount of the old inode); restarting the container cured it',
    'hostNetwork pod or kubelet container has a stale copy of the hosts file',
  ],
  'container-hosts-ipv6-localhost-without-ipv6': [
    'docker or kubelet writes ::1 localhost into the container hosts file while IPv6 is disabled in the pod; localhost connects to ::1 and is refused or cannot assign requested address',
    'container has no IPv6, /etc/hosts of the pod has fe00::0 and ::1 lines; wget or nc localhost fails, 127.0.0.1 works',
  ],
  'hosts-bom-or-invisible-bytes': [
    'UTF-8 BOM, zero width space, non-breaking space or NUL in /etc/hosts; file edited on Windows or pasted from a web page; hexdump shows ef bb bf or c2 a0',
    'the line looks right and is ignored; retyping the line cured it',
  ],
  'hosts-cr-line-endings': [
    '/etc/hosts has CRLF, DOS or Windows line endings, ^M, \\r; dos2unix cured it; cat -A shows ^M$',
    'hostname with trailing carriage return, invalid character in host name',
  ],
  'hosts-unreadable': [
    '/etc/hosts has mode 600 or is owned by another user, is a directory or a dangling link; permission denied for non-root; chmod 644 cured it',
    'root resolves the name, an unprivileged user or the pod user does not; SELinux label of the hosts file',
  ],
  'hosts-stale-entry': [
    '/etc/hosts still has the old IP address of the server, master, registry or load balancer; DNS gives the new one; connection refused or timeout after an IP change or move',
    'ping of the name goes to an old address; removing the line from the hosts file cured it; extra hosts, hostAliases outdated',
  ],
  'localhost-ipv6-only-sysctl-persisted': [
    'net.ipv6.conf.all.disable_ipv6=1 in /etc/sysctl.conf or sysctl.d, hosts file has only ::1 localhost; after reboot localhost fails',
    'IPv6 disabled by sysctl, dial tcp [::1] connect: cannot assign requested address',
  ],
  'lo-missing-ipv6-address': [
    'lo has no inet6 ::1/128; ip addr show lo lists only 127.0.0.1; address was deleted or IPv6 of lo disabled; dial tcp [::1]: cannot assign requested address',
    'ip -6 addr add ::1/128 dev lo cured it; net.ipv6.conf.lo.disable_ipv6',
  ],
  'localhost-mapped-to-non-loopback': [
    '/etc/hosts maps localhost to the LAN address or a public address; localhost resolves to 192.168 or 10.x; DNS or a hosts line gives localhost another IP',
    'ping localhost answers from another address; services on 127.0.0.1 refused',
  ],
  'localhost-ipv6-only-service-ipv4-only': [
    'server listens on 127.0.0.1 or 0.0.0.0 only, client dials [::1] and is refused: connection refused; using 127.0.0.1 instead of localhost works',
    'hosts file has localhost on the ::1 line only; health check, probe, Node.js 17 or newer, wget or nginx proxy_pass to localhost',
  ],
  'nsswitch-mdns-stops-local': [
    'nsswitch.conf hosts: files mdns4_minimal [NOTFOUND=return] dns; company or AD domain ends in .local; nslookup and dig work, ping and getent fail; avahi, libnss-mdns',
    'unicast DNS .local domain on Ubuntu desktop; removing mdns4_minimal cured it',
  ],
  'nscd-negative-cache': [
    'nscd caches not found; record was added to DNS, dig shows it, application still says unknown host for 20 seconds or an hour; nscd -i hosts or restart cured it',
    'negative-time-to-live hosts',
  ],
  'nscd-stale-positive': [
    'nscd still returns the old IP after the DNS change; failover address not picked up; positive-time-to-live hosts 3600; nscd --invalidate=hosts cured it',
    'getent shows old address, dig shows new one',
  ],
  'nscd-stale-resolv-conf': [
    'nscd was started before resolv.conf was changed (DHCP, VPN) and uses the old nameserver; restarting nscd cured it; check-files, res_init',
    'new name servers are not used by glibc programs while dig uses them',
  ],
  'nscd-hung': [
    'nscd process hangs, each lookup takes 5 seconds then works; strace shows poll on the nscd socket with 5000 ms timeout; killing nscd cured it',
    'getent, ssh, sudo slow; deadlock in nscd, too many threads',
  ],
  'nscd-empty-hosts-view-in-chroot': [
    'nscd or unscd runs inside another container or chroot with its own hosts file and resolv.conf; socket shared by /var/run mount',
    'names from the hosts file of this container are not known to the cache daemon',
  ],
  'nsswitch-hosts-without-dns': [
    'nsswitch.conf hosts: files only; dns missing on the hosts line; dig and nslookup work, ping, curl and getent say unknown host; adding dns cured it',
    'hosts: files myhostname, hosts: db files nis without dns; minimal or hardened image',
  ],
  'sssd-hosts-cache': [
    'sssd with sss on the hosts line of nsswitch.conf, FreeIPA or AD resolver; sss_cache -E cured it; enumeration, resolver provider',
  ],
  'nss-resolve-socket-in-container': [
    'nss-resolve with /run/systemd/resolve mounted into the container; varlink or dbus socket of the host answers; hosts: resolve [!UNAVAIL=return]',
    'container asks the systemd-resolved of the host and not its own resolv.conf; /run of the host mounted',
  ],
  'nodeport-range-overlaps-ephemeral': [
    'ip_local_port_range 1024 65535 overlaps 30000-32767 or 10250, 6443, 2379; address already in use at random, after reboot; ip_local_reserved_ports cured it',
    'outgoing client connection took the port before the service could bind, nodePort is unreachable at times',
  ],
  'service-not-listening': [
    'connection refused, nothing listens on the port, ss -ltn or netstat shows no listener, process not started or crashed, listens on another port or only on 127.0.0.1',
    'service is down; starting it cured it; wrong port in the configuration',
  ],
  'webhook-no-endpoints': [
    'failed calling webhook: no endpoints available for service; cert-manager, ingress-nginx admission, rancher-webhook, gatekeeper or kyverno pods not ready; deleting the validatingwebhookconfiguration cured it',
    'admission webhook blocks creating pods, deadlock after restart of the cluster, leftover webhook of an uninstalled chart',
  ],
  'proxy-missing-for-egress': [
    'corporate network only lets a proxy out; HTTP_PROXY not set for docker, containerd or k3s service; image pull times out though curl with proxy works',
    'set proxy in /etc/systemd/system/docker.service.d/http-proxy.conf or /etc/default/k3s, CONTAINERD_HTTPS_PROXY; dial tcp registry-1.docker.io:443 i/o timeout behind a proxy',
  ],
  'agent-cannot-reach-server-url': [
    'cattle-cluster-agent or cattle-node-agent: is not accessible (Could not resolve host, connection timed out, connection refused); server-url setting wrong, localhost or internal address',
    'CATTLE_SERVER ping failed; cluster stuck in provisioning or waiting for API; Rancher URL not reachable from the downstream cluster; firewall or DNS of the downstream',
  ],
  'websocket-blocked': [
    'Failed to connect to proxy, websocket: bad handshake, 400 Bad Request, 403, 502; load balancer ELB in HTTP mode, nginx without Upgrade headers, F5, WAF; kubectl exec, logs or shell in the UI fail',
    'wss connect dropped after 60 seconds idle timeout; X-Forwarded-Proto missing',
  ],
  'metadata-unreachable': [
    'rancher-metadata unreachable, waiting for metadata, 169.254.169.250 times out; network-services, healthcheck, ipsec or scheduler containers of Rancher 1.x cannot start; http://rancher-metadata/2015-12-19',
    'iptables rule for 169.254.169.250 missing, CNI of cattle not set up, docker0 bridge',
  ],
  'registry-auth-or-limit': [
    'toomanyrequests: You have reached your pull rate limit; unauthorized: authentication required; pull access denied, repository does not exist or may require docker login; imagePullSecrets missing; 401, 403, 429',
    'ImagePullBackOff for a private registry, wrong credentials, docker hub anonymous limit',
  ],
  'pause-image-unavailable': [
    'failed to get sandbox image registry.k8s.io/pause or k8s.gcr.io/pause; air-gapped, mirror, blocked gcr.io in China; sandbox_image in containerd config.toml; pod-infra-container-image',
    'FailedCreatePodSandBox pulling pause image, image was garbage collected; ctr images import cured it',
  ],
  'resolv-autogenerated-fallback-public-dns': [
    'k3s-resolv.conf or /var/lib/rancher/k3s/agent/etc/resolv.conf with nameserver 8.8.8.8; host resolv.conf has only loopback or is invalid so K3s wrote its own; internal names do not resolve in pods',
    '8.8.8.8 blocked in the corporate network; K3S_RESOLV_CONF or --resolv-conf cured it',
  ],
  'resolv-rewritten-by-owner': [
    'resolv.conf is overwritten after reboot, by NetworkManager, dhclient, systemd-resolved, netplan, cloud-init or resolvconf; manual edit is lost; chattr +i',
    'nameserver disappears again after DHCP renew; Generated by NetworkManager, DO NOT EDIT',
  ],
  'dns-port-half-open': [
    'firewall lets UDP 53 through and not TCP 53, or the reverse; large answers are truncated and fail; dig +tcp works, dig over UDP times out; use-vc',
    'security group opens only TCP 53; small records resolve, big ones with many addresses do not; EDNS, 512 bytes',
  ],
  'resolv-first-nameserver-dead': [
    'first nameserver in resolv.conf is down or unreachable, second one works; each lookup takes 5 seconds or 10 seconds; removing it or changing the order cured it',
    'slow ssh login, slow pulls, curl time_namelookup 5.0; timeout:1 attempts, rotate',
  ],
  'resolv-servers-disagree': [
    'one nameserver knows internal names, the other says NXDOMAIN; public 8.8.8.8 beside the company DNS; lookups fail at random, split horizon; musl or Go takes the first answer',
    'two DNS servers give different answers for the same name',
  ],
  'resolv-more-than-three-nameservers': [
    'more than three nameservers in resolv.conf, Nameserver limits exceeded, some nameservers have been omitted, the applied nameserver line is; the fourth one is ignored',
    'MAXNS 3; DHCP or VPN adds servers, IPv6 ones included',
  ],
  'resolv-search-limits': [
    'Search Line limits were exceeded, some search paths have been omitted; more than 6 search domains or 256 characters; MAXDNSRCH; host has many search domains',
    'kubelet warns CheckLimitsForResolvConf; short names of the last search domain do not resolve in pods',
  ],
  'ssh-unreachable': [
    'ssh: dial tcp host:22 i/o timeout or connection refused or no route to host; sshd not running, port 22 closed by firewall or security group, wrong port, wrong IP or bastion',
    'Failed to dial ssh using address; Can not connect to node over SSH; VM still booting',
  ],
  'sshd-connection-limits': [
    'MaxStartups, MaxSessions, kex_exchange_identification: Connection closed by remote host, Connection reset by peer; fail2ban or sshguard banned the address; ssh handshake failed EOF at random',
    'too many authentication failures, many parallel connections of rke or ansible; hosts.deny, PerSourceMaxStartups',
  ],
  'sshd-too-old': [
    'OpenSSH 5.3 or 6.6 on CentOS 6 or old RHEL cannot forward unix sockets; channel open unknown channel type direct-streamlocal; needs 6.7',
    'upgrade of openssh-server cured it; old Ubuntu 14.04, SLES 11',
  ],
  'filesystem-read-only': [
    'read-only file system, EXT4-fs error, remounting filesystem read-only, I/O error on disk; touch fails; mount shows ro; fsck and reboot cured it',
    'kubelet, docker or etcd cannot write, errors=remount-ro, disk or SAN failure, SD card worn out',
  ],
  'mount-propagation-private': [
    'path is mounted on / but it is not a shared or slave mount; mount --make-rshared / cured it; MountFlags=slave in docker.service; LXC, WSL, Alpine openrc',
    'Bidirectional mountPropagation, CSI, longhorn or calico node pod cannot start, linux mounts: not a shared mount',
  ],
};
