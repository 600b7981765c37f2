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
  'localhost-missing': [
    'no 127.0.0.1 localhost line, entry or mapping in /etc/hosts; hosts file replaced, rewritten or emptied by cloud-init, a script, a template or the provisioning; localhost looked up, queried or resolved at the DNS server 8.8.8.8',
    'ping localhost unknown host; health check by the name localhost fails, by 127.0.0.1 works; adding 127.0.0.1 localhost cured',
  ],
  'localhost-ipv6-only-lo-without-ipv6': [
    'localhost maps to ::1 only, lo has no inet6 address, IPv6 disabled on the loopback; cannot assign requested address [::1]',
  ],
  'localhost-ipv6-first-service-ipv4-only': [
    'localhost resolves to ::1 first, the server listens, binds or forwards on 0.0.0.0 or 127.0.0.1 (IPv4) only; curl localhost hangs or is refused, 127.0.0.1 works; health check, wget, browser, port-forward prefer IPv6',
  ],
  'localhost-shadowed-by-dns-search': [
    'localhost is answered by DNS with a public, external, foreign or routable address; record named localhost in the zone; wildcard of the search domain; provider or ISP resolver redirects unknown names; nslookup localhost gives another address than 127.0.0.1',
  ],
  'nsswitch-hosts-without-files': [
    'image, container, scratch, alpine or busybox without nsswitch.conf; Go program asks DNS before the hosts file and ignores /etc/hosts, extra_hosts, hostAliases or --add-host; creating nsswitch.conf with hosts: files dns cured',
  ],
  'ipv6-disabled-at-boot': [
    'ipv6.disable=1 on the kernel command line or in grub, IPv6 module blacklisted or not loaded, no IPv6 support; nginx or a server listens on [::] or binds an IPv6 socket; address family not supported; crash loop',
  ],
  'nscd-socket-in-container-hosts-cache': [
    'nscd or unscd of the host, its socket /var/run/nscd is mounted, shared or visible in the container or pod through /var/run or hostPath; stopping nscd on the host cured; dig, nslookup answer, ping, curl, getent do not; strace connects to nscd socket',
  ],
  'name-only-in-mdns': [
    'name ends in .local, published or announced by avahi, zeroconf, Bonjour, mDNS, multicast in the LAN; ping, getent and ssh find it, the agent, docker, kubectl or Go program built without cgo does not; nss-mdns, mdns4_minimal in nsswitch',
  ],
  'go-resolver-vs-libc': [
    'CGO_ENABLED=0, netgo, static Go binary; libc resolves through LDAP, NIS, winbind, mdns or another NSS module, Go does not; GODEBUG=netdns=cgo cures',
  ],
  'coredns-loop': [
    'coredns forwards to itself, loop detected, CrashLoopBackOff; deleting or removing the loop plugin from the Corefile; memory grows, OOM killed; kube-dns dnsmasq reaches the maximum number of concurrent queries; kubelet resolvConf /etc/resolv.conf with systemd-resolved stub 127.0.0.53, dnsmasq 127.0.0.1 or NetworkManager dns=dnsmasq',
  ],
  'resolv-loopback-stub-inherited': [
    'container, pod or docker inherits nameserver 127.0.0.53, 127.0.1.1, 127.0.0.1 or 127.0.0.2 of the host; systemd-resolved, dnsmasq or unbound on the loopback of the node; connection refused at port 53 in the container; dnsPolicy Default; docker dns option not set',
  ],
  'resolv-dangling-link-in-container': [
    'kubelet resolvConf points to /run/systemd/resolve/resolv.conf, the file does not exist; systemd-resolved not installed, running or enabled; kubelet configuration copied from Ubuntu to CentOS; sandbox cannot be created, pods stay in ContainerCreating',
  ],
  'resolv-search-wildcard-hijack': [
    'search domain with a wildcard record *.example.com; ndots 5; external names get the address of the load balancer, ingress, own server or an internal one; trailing dot gives the right answer; wrong TLS certificate for external hosts; removing the search domain cured; router, pihole, ISP answers every name',
  ],
  'musl-search-stops-at-empty-answer': [
    'only alpine, musl or busybox images cannot resolve, debian, ubuntu and glibc can; DNS of the search domain gives NOERROR without records, NODATA, SERVFAIL or REFUSED in place of NXDOMAIN; Cloudflare; removing search or lower ndots cures',
  ],
  'resolv-search-root-domain': [
    'search . (a lone, single dot, root domain) written by systemd-resolved when the hostname is a FQDN; kubelet 1.25; alpine, musl and busybox pods fail, glibc works',
  ],
  'coredns-upstream-unreachable': [
    'pods resolve cluster names and internal services, external names time out; DNS server of the node is reachable from the host or through its VPN only; upstream nameserver of coredns or kube-dns does not answer; i/o timeout to port 53',
  ],
  'coredns-upstream-dead': ['forward to 8.8.8.8 or 1.1.1.1 in the Corefile, outbound port 53 blocked by the company firewall, air-gapped'],
  'resolv-no-usable-nameserver': [
    'node cannot resolve the registry, image pulls fail with no such host, server misbehaving or time-out; name server in resolv.conf of the node is wrong, old, dead, switched off or unreachable after a network change; ping by IP works; pods resolve',
  ],
  'resolv-empty-or-missing': ['resolv.conf of the node empty, deleted or a broken link'],
  'dns-conntrack-race': [
    'look-ups take 5 seconds longer now and then, intermittent or random delay, multiples of 5 s; conntrack insert_failed rises; A and AAAA queries in parallel, one answer lost; single-request-reopen, use-vc, TCP or nodelocaldns cures',
  ],
  'host-cannot-resolve-cluster-names': [
    'Service name, *.svc.cluster.local, used in an NFS, Ceph, Gluster, SMB or iSCSI volume, mount, image or registry name, webhook or hostNetwork pod; kubelet, containerd, docker or mount on the node looks it up; mount by cluster IP works; dnsPolicy ClusterFirst with hostNetwork',
  ],
  'local-resolver-ignores-bridge': [
    'dnsmasq starts before docker0 or the bridge exists and ignores queries from a non-local network; containers have no DNS after a reboot until dnsmasq is restarted; restarting dnsmasq cured; local-service',
  ],
  'hostname-uppercase': [
    'hostname, machine or node name contains capital, upper-case letters, the node is registered in lower case; node not found; case sensitive; installer waits for the node; changing the hostname to lowercase cured',
  ],
  'hosts-node-name-unresolvable': [
    'node cannot resolve its own hostname; own name missing in /etc/hosts and DNS, ping own hostname unknown host; hosts file not updated after the rename; kube-proxy cannot determine or find the node IP',
  ],
  'hosts-node-name-on-loopback': ['hostname in /etc/hosts maps to 127.0.1.1 or 127.0.0.1, node or etcd registers with a loopback address'],
  'hostname-invalid': ['hostname contains an underscore or another forbidden character, DNS-1123'],
  'node-name-mismatch': [
    'kubelet certificate CN system:node:A differs from the node name B; hostname changed or renamed after the join; hostname-override or node-name flag, FQDN against short name; cloud provider uses the private DNS name ip-10-0-0-1.ec2.internal; not allowed to modify node; cannot register',
  ],
  'etcd-bind-address-absent': [
    'IP address of the node or master changed, new address by DHCP, VM moved to another network or subnet, static IP later; etcd, API server advertise the old address; member URL, manifest and node address differ; etcd cannot bind or assign the requested address',
  ],
  'proxy-catches-internal-traffic': [
    'HTTP_PROXY and HTTPS_PROXY set for docker, containerd, kubelet, k3s or the API server, corporate or company proxy; NO_PROXY lacks nodes, pod CIDR, service CIDR, 10.43.0.1, .svc or cluster.local; squid answers Forbidden, 403 or 503; kubectl logs and exec fail; unset proxy works',
  ],
  'sshd-forwarding-disabled': [
    'AllowTcpForwarding no, DisableForwarding, AllowStreamLocalForwarding, PermitOpen, hardened sshd_config, tunnels denied; rke ssh tunnel administratively prohibited although docker ps works as the user',
  ],
  'ssh-root-on-rhel': ['user root on CentOS 7, RHEL, Red Hat or Oracle Linux in cluster.yml; another non-root user works'],
  'ssh-user-not-in-docker-group': [
    'ssh user is not a member of the docker group, usermod -aG docker; docker ps without sudo permission denied, with sudo works; groups adm sudo',
  ],
  'ssh-rsa-sha1-rejected': [
    'RSA key with OpenSSH 8.8 or newer: Ubuntu 22.04, Debian 12, RHEL 9, Rocky 9, Fedora; same key worked with the older release, works from the shell; ed25519 or ecdsa key works; PubkeyAcceptedAlgorithms +ssh-rsa cures',
  ],
  'ssh-key-file-unusable': [
    'private key is encrypted, asks for a passphrase, no ssh-agent, ssh_agent_auth false; ssh_key_path does not exist, is the public key id_rsa.pub, wrong format or unreadable',
  ],
  'ssh-key-or-user-wrong': [
    'public key is not in authorized_keys of that user; ssh -i by hand permission denied (publickey); wrong user or key',
  ],
  'clock-skew': [
    'clock, time or date of the node is wrong, behind, ahead, hours off, not synchronised, NTP blocked or not running, chrony, timesyncd; no RTC or battery, Raspberry Pi, 1970; VM was suspended, paused or resumed; date differs between server and agent; timezone',
  ],
  'cert-expired': [
    'certificate expired, notAfter passed; cluster created, installed or running for over a year, 12 months, 365 days; kubeadm certs check-expiration invalid; kubeadm certs renew, rke cert rotate or a restart cured',
  ],
  'cert-san-missing': [
    'certificate is not valid for the address or name that is used; SANs lack the load balancer, public, external or new IP, hostname or VIP; tls-san, apiserver-cert-extra-sans; only internal addresses in the certificate',
  ],
  'agent-ca-checksum-mismatch': [
    "CA, cacerts or certificate of Rancher was replaced, renewed, switched (self-signed, private CA, Let's Encrypt, public) or changed after the agents registered; agents report x509 unknown authority; ca-checksum in the registration command differs from the CA that Rancher serves; CATTLE_CA_CHECKSUM",
  ],
  'agent-name-only-in-hosts': [
    'name of the Rancher server stands in /etc/hosts of the nodes only, not in DNS; pods and the cluster agent cannot resolve it; hostAliases cured',
  ],
};
