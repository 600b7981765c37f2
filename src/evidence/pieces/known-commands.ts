/** Commands people run to look at a node. A line with one of these behind a prompt, or alone on a line, heads a piece. */
const NAMES =
  'apt apk arp arping ausearch awk base64 blkid brctl bridge busybox calicoctl cat cfssl chronyc chrony clockdiff conntrack containerd crictl critest crio ctr curl date df dig dmesg dmidecode dnf docker ' +
  'docker-compose dpkg du e2fsck echo egrep env etcdctl etcdutl ethtool fail2ban-client fgrep file find findmnt firewall-cmd flannel free fuser getcap getenforce getent grep groups head helm hexdump host ' +
  'hostid hostname hostnamectl htop id ifconfig ifstat inxi ip ip6tables ip6tables-save iperf3 ipset iptables iptables-legacy iptables-legacy-save iptables-nft iptables-nft-save iptables-save ' +
  'ipvsadm iostat journalctl k3d k3s k3s-killall.sh kind kubeadm kubectl kubelet kustomize k less ldd ls lsattr lsb_release lsblk lscpu lsmod lsof lspci microk8s minikube modinfo modprobe more mount mountpoint mtr nc ncat ' +
  'namei nerdctl netstat networkctl nft nmap nmcli nscd nsenter nslookup ntpdate ntpq od openssl ping ping6 podman printenv ps rancher readlink resolvectl rke rke2 route rpm runc sed semanage service sestatus ' +
  'skopeo snap ss ssh ssh-add ssh-keygen sshd stat strace strings su sudo swapon swapoff sysctl systemctl systemd-analyze systemd-detect-virt systemd-resolve tail tcpdump telnet test time timedatectl timeout ' +
  'top touch traceroute tracepath tree ufw ulimit umount uname unshare unscd update-alternatives uptime vmstat w wc wget which whoami xfs_info xxd yum zcat zgrep zypper';

export const knownCommands: ReadonlySet<string> = new Set(NAMES.split(' '));

/** Commands that mean nothing else in running text and so may head a piece without any prompt. */
export const plainCommands: ReadonlySet<string> = new Set(
  (
    'cat kubectl docker systemctl journalctl ip ss netstat ping ping6 dig nslookup getent sysctl iptables ip6tables iptables-save crictl nerdctl ctr lsmod modprobe df free curl wget ifconfig route timedatectl chronyc openssl ' +
    'etcdctl resolvectl firewall-cmd ufw uname hostnamectl dmesg findmnt lsblk swapon getenforce nmcli ethtool conntrack nft telnet nc ls readlink namei stat sshd grep ps env'
  ).split(' '),
);
