# system: state of the machine that no view shows: disks, certificates, clock, firewalls, control groups, units, modules, security modules.
# Each function prints what it saw; what it means is decided elsewhere. Each is bounded, and starts no daemon and loads no module.

# some_lines PATTERN FILE...: lines as PATH:NUMBER:TEXT, at most 400. Of a URL no user or password leaves the machine.
some_lines() {
  pattern=$1
  shift
  grep -asnE "$pattern" /dev/null "$@" 2>/dev/null | head -n 400 | cut -c 1-2000 | sed 's#\(://\)[^/@]*@#\1#g'
}

kernel_state() {
  rec kernel-files
  grep -as '' /proc/cgroups /sys/fs/cgroup/cgroup.controllers /sys/fs/selinux/enforce /sys/module/apparmor/parameters/enabled /dev/null
  rec kernel-modules
  if [ -r /proc/modules ]; then
    while read -r name rest; do printf '%s loaded\n' "$name"; done </proc/modules
    release=$(uname -r)
    for name in br_netfilter overlay nf_conntrack vxlan ip_tables ip6_tables iptable_nat iptable_filter nf_nat xt_comment xt_multiport ip_vs ip_set nf_tables wireguard; do
      if [ -d /sys/module/$name ]; then printf '%s loaded\n' $name; fi
    done
    if [ -r "/lib/modules/$release/modules.dep" ]; then
      printf '%s\n' '- listed'
      grep -ahoE '/(br_netfilter|overlay|nf_conntrack|vxlan|ip_tables|ip6_tables|iptable_nat|iptable_filter|nf_nat|xt_comment|xt_multiport|ip_vs|ip_set|nf_tables|wireguard)\.ko' \
        "/lib/modules/$release/modules.dep" "/lib/modules/$release/modules.builtin" 2>/dev/null | sed -e 's#^/##' -e 's/\.ko$/ available/'
    elif [ -d /lib/modules ]; then
      for name in /lib/modules/*/modules.dep; do if [ -r "$name" ]; then printf '%s other-kernel\n' "$name"; fi; done
    fi
  fi
}

# What the file systems that components write to say of their room. Asking a dead network file system hangs: this is a step of its own.
disks() {
  names=/
  for name in /var /var/log /var/lib /var/lib/docker /var/lib/containerd /var/lib/kubelet /var/lib/rancher /var/lib/etcd /var/lib/rancher/etcd /var/lib/containers /etc /run /tmp /opt; do
    if [ -d $name ]; then names="$names $name"; fi
  done
  rec df blocks
  df -Pk $names 2>/dev/null
  rec df inodes
  df -Pi $names 2>/dev/null
}

# The public part of certificates. A file may hold its private key as well: only what stands between the marks of a certificate is read.
certificates() {
  names=''
  for name in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /etc/kubernetes/ssl/*.pem /var/lib/kubelet/pki/kubelet-client-current.pem /var/lib/kubelet/pki/kubelet-server-current.pem \
    /var/lib/rancher/k3s/server/tls/*.crt /var/lib/rancher/k3s/server/tls/etcd/*.crt /var/lib/rancher/k3s/agent/*.crt /var/lib/rancher/rke2/server/tls/*.crt \
    /var/lib/rancher/rke2/server/tls/etcd/*.crt /var/lib/rancher/rke2/agent/*.crt /etc/rancher/ssl/*.pem /etc/etcd/*.crt /etc/etcd/*.pem /etc/etcd/pki/*.crt /etc/etcd/ssl/*.pem /etc/ssl/etcd/ssl/*.pem; do
    case $name in *[*" $tab$nl"]* | *-key.pem) continue ;; esac
    if [ -f "$name" ]; then
      names="$names $name"
      if [ ! -r "$name" ]; then rec certificate-unread "$name"; fi
    fi
  done
  if [ -n "$names" ]; then
    rec certificates
    grep -asnE '^[A-Za-z0-9+/=]+[[:space:]]*$|^-----(BEGIN|END) ' /dev/null $names 2>/dev/null | head -n 20000 | public_part
  fi
  # The client certificates inside kubeconfigs; the keys beside them are left alone.
  rec kubeconfig-certificates
  grep -asnE '^[[:blank:]]*client-certificate-data:' /dev/null /etc/kubernetes/*.conf /etc/rancher/k3s/k3s.yaml /etc/rancher/rke2/rke2.yaml /etc/kubernetes/ssl/kubecfg-*.yaml 2>/dev/null | head -n 40 | cut -c 1-12000
}

# Lines of PEM between the marks of a certificate, whatever else the files hold.
public_part() {
  sed -n '/:-----BEGIN CERTIFICATE-----/,/:-----\(END\|BEGIN .*PRIVATE\) /p'
}

clock() {
  rec time
  date -u +%s
  rec rtc
  grep -as '' /sys/class/rtc/rtc0/since_epoch
  rec oldest
  if [ -n "$STAT" ]; then stat -L -c '%Y %n' /etc/os-release /usr/lib/os-release /etc/machine-id /var/lib/dpkg/status /var/lib/rpm /etc/kubernetes /var/lib/kubelet/config.yaml 2>/dev/null; fi
  if [ -d /run/systemd/system ] && have timedatectl; then
    rec timedatectl
    timedatectl show -p NTP -p NTPSynchronized -p CanNTP -p LocalRTC 2>/dev/null
  fi
}

chrony() {
  if [ -e /run/chrony/chronyd.sock ] || [ -e /var/run/chrony/chronyd.sock ]; then
    if have chronyc; then
      rec chronyc
      chronyc -n tracking 2>/dev/null
    fi
  fi
}

configurations() {
  rec config docker
  if [ -f /etc/docker/daemon.json ] && [ -r /etc/docker/daemon.json ]; then dd bs=65536 count=1 </etc/docker/daemon.json 2>/dev/null | sed 's#\(://\)[^/@]*@#\1#g'; fi
  rec config containerd
  some_lines '^[[:blank:]]*\[|^[[:blank:]]*(version|disabled_plugins|sandbox_image|SystemdCgroup|systemd_cgroup|config_path|cgroup_manager)[[:blank:]]*=' /etc/containerd/config.toml \
    /var/lib/rancher/k3s/agent/etc/containerd/config.toml /var/lib/rancher/rke2/agent/etc/containerd/config.toml /etc/crio/crio.conf /etc/crio/crio.conf.d/*
  rec config ufw
  some_lines '^(ENABLED|DEFAULT_(INPUT|OUTPUT|FORWARD)_POLICY)=' /etc/ufw/ufw.conf /etc/default/ufw
  rec config sshd
  some_lines '^[[:blank:]]*(Include|Match|AllowTcpForwarding|AllowStreamLocalForwarding|DisableForwarding|PermitRootLogin|PubkeyAuthentication|PubkeyAccepted(Algorithms|KeyTypes)|MaxSessions|MaxStartups|UsePAM|Port)[[:blank:]]' \
    /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf
  rec config proxies
  some_lines '(^|["[:blank:]=])(export )?([Hh][Tt][Tt][Pp][Ss]?|[Nn][Oo]|[Aa][Ll][Ll])_[Pp][Rr][Oo][Xx][Yy]=' /etc/systemd/system/*.service.d/*.conf /etc/systemd/system/*.service /etc/systemd/system/*.env \
    /etc/default/docker /etc/default/k3s /etc/default/k3s-agent /etc/default/rke2-server /etc/default/rke2-agent /etc/default/kubelet /etc/sysconfig/docker /etc/sysconfig/kubelet /etc/environment
  rec config networkmanager
  some_lines '^[[:blank:]]*unmanaged-devices[[:blank:]]*[+]?=' /etc/NetworkManager/NetworkManager.conf /etc/NetworkManager/conf.d/*.conf /usr/lib/NetworkManager/conf.d/*.conf
}

places() {
  for name in /etc/cni/net.d /opt/cni/bin /var/lib/cni/networks; do
    if [ -d $name ] && [ -r $name ]; then
      rec directory $name
      ls -1 $name 2>/dev/null | head -n 500
    elif [ ! -e $name ]; then
      rec directory-absent $name
    fi
  done
  rec owners
  ls -lnd /var/lib/etcd /var/lib/etcd/member /var/lib/rancher/etcd /var/lib/docker /var/lib/kubelet /etc/kubernetes/pki /etc/kubernetes/ssl 2>/dev/null
  rec existing
  for name in /run/containerd/containerd.sock /run/k3s/containerd/containerd.sock /run/crio/crio.sock /var/run/cri-dockerd.sock /var/run/dockershim.sock /var/run/docker.sock \
    /etc/systemd/system/multi-user.target.wants/nm-cloud-setup.service /etc/systemd/system/timers.target.wants/nm-cloud-setup.timer /sbin/apparmor_parser /usr/sbin/apparmor_parser \
    /opt/rke /var/lib/rancher/rke2 /var/lib/rancher/k3s /etc/kubernetes/manifests; do
    if [ -e $name ] || [ -L $name ]; then printf '%s\n' $name; fi
  done
}

# What names of rules the kernel has in both of the tables that iptables can write to. Asked only where they exist already.
packet_filters() {
  if have iptables; then
    rec iptables-version
    iptables -V 2>/dev/null
  fi
  if read -r name </proc/net/ip_tables_names; then
    if have iptables-legacy-save; then
      rec chains legacy
      iptables-legacy-save 2>/dev/null | grep -E '^(\*|:)' | head -n 3000
    fi
  else
    rec chains legacy
  fi 2>/dev/null
  if [ -z "$NFT" ]; then
    rec chains nft
  elif have iptables-nft-save; then
    rec chains nft
    iptables-nft-save 2>/dev/null | grep -E '^(\*|:)' | head -n 3000
  fi
}

units() {
  [ -d /run/systemd/system ] && have systemctl || return
  rec units
  systemctl show --no-pager -p Id -p LoadState -p ActiveState -p SubState -p UnitFileState -p Result -p ExecMainStatus -p MountFlags docker.service containerd.service crio.service \
    kubelet.service k3s.service k3s-agent.service rke2-server.service rke2-agent.service firewalld.service ufw.service NetworkManager.service nm-cloud-setup.service nm-cloud-setup.timer \
    chronyd.service ntpd.service systemd-timesyncd.service systemd-resolved.service nscd.service sshd.service ssh.service 2>/dev/null
}

# The last refusals of SELinux; the audit log can be large.
denials() {
  if [ -r /sys/fs/selinux/enforce ] && [ -r /var/log/audit/audit.log ]; then
    rec denials
    tail -c 262144 /var/log/audit/audit.log 2>/dev/null | grep -aE 'avc: +denied' | tail -n 40
  fi
}

# Proxies in the environment of the services that pull images and speak with the cluster, by process.
# proxies NAME=PID...
proxies() {
  for name in "$@"; do
    rec process-proxies "${name%%=*}" "${name##*=}"
    tr '\n\000' '\001\n' <"/proc/${name##*=}/environ" 2>/dev/null | grep -aiE '^(https?|no|all)_proxy=' | cut -c 1-4000 | sed 's#\(://\)[^/@]*@#\1#g'
  done
}

# How many inotify instances root holds.
inotify() {
  rec inotify
  ls -ln /proc/[0-9]*/fd 2>/dev/null | grep -c '^l[^ ]* *[0-9]* *0 .*anon_inode:inotify'
}
