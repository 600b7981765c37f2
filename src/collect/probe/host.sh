# host: facts of the machine that belong to no view.
host() {
  rec uname
  grep -as '' /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/cmdline /proc/swaps
  rec meminfo
  grep -asE '^(MemTotal|MemAvailable|SwapTotal):' /proc/meminfo
  rec sysctl-host
  cd /proc/sys && grep -as '' fs/inotify/max_user_instances fs/inotify/max_user_watches vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops 2>/dev/null
  cd /
  rec cgroup-version
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then printf '2\n'; elif [ -d /sys/fs/cgroup ]; then printf '1\n'; fi
  # Only the addresses of servers: the same files hold tokens and keys.
  rec servers
  grep -asnE '^[[:blank:]]*-?[[:blank:]]*server:' /dev/null /etc/kubernetes/*.conf /etc/kubernetes/ssl/kubecfg-*.yaml /etc/rancher/k3s/k3s.yaml \
    /etc/rancher/k3s/config.yaml /etc/rancher/rke2/rke2.yaml /etc/rancher/rke2/config.yaml /var/lib/rancher/rke2/agent/*.kubeconfig \
    /var/lib/rancher/k3s/agent/*.kubeconfig /var/lib/kubelet/kubeconfig /root/.kube/config 2>/dev/null | head -n 200
  rec kubelet-config
  grep -asnE '^[[:blank:]]*(clusterDNS|clusterDomain|resolvConf|healthzPort|healthzBindAddress|cgroupDriver|failSwapOn|staticPodPath|containerRuntimeEndpoint|- [0-9a-fA-F.:]+)' /dev/null \
    /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet.conf.d/*.conf 2>/dev/null | head -n 100
  rec markers
  for name in /etc/kubernetes/manifests /etc/kubernetes/ssl /var/lib/rancher/rke2 /var/lib/rancher/k3s /var/lib/rancher/rke /etc/rancher/rke2 /etc/rancher/k3s \
    /var/lib/kubelet/config.yaml /etc/cni/net.d /var/lib/etcd /var/run/docker.sock /run/containerd/containerd.sock /run/k3s/containerd/containerd.sock \
    /run/crio/crio.sock /opt/rke; do
    if [ -e $name ]; then printf '%s\n' $name; fi
  done
}

# tools_ready: sets NFT and DIAG where asking for the rules of nftables and for sockets loads no module, and IP where ip says what /proc would.
tools_ready() {
  NFT='' IP='' DIAG=''
  if [ -d /sys/module/nf_tables ] || [ ! -e /proc/modules ]; then NFT=1; fi
  if have ip && { [ "$1" = own ] || have nsenter; }; then IP=1; fi
  if { [ -d /sys/module/inet_diag ] && [ -d /sys/module/tcp_diag ]; } || [ ! -e /proc/modules ]; then DIAG=1; fi
  export NFT DIAG
}

# component PID: the flags of a component that say where it listens and whom it asks. Nothing else of its command line is taken.
component() {
  rec cmdline "$1"
  tr '\n\000' '\001\n' <"/proc/$1/cmdline" 2>/dev/null | grep -aE '^--?(resolv-conf|cluster-dns|cluster-domain|hostname-override|node-ip|node-name|bind-address|advertise-address|secure-port|port|healthz-port|healthz-bind-address|kubeconfig|config|server|etcd-servers|service-cluster-ip-range|service-node-port-range|cluster-cidr|cgroup-driver|container-runtime-endpoint|listen-client-urls|advertise-client-urls|root-dir|authorization-always-allow-paths|address|conf-file|no-hosts|no-resolv|resolv-file|listen-address|local-service|interface|except-interface|bind-interfaces|bind-dynamic|host-record|local|cname|addn-hosts|hostsdir|conf-dir|domain|domain-needed|expand-hosts|servers-file|dynamic-host|auth-zone|enable-dbus|dhcp-range|filter-A|filter-AAAA)(=[^@]*)?$' | head -n 100
}

# other_netns ID PID: the facts of another network namespace, by entering it and nothing else.
other_netns() {
  if have nsenter; then
    rec enter "$1"
    V6=''
    case $rejecting in *"$nl$2/net/"*) V6=1 ;; esac
    export V6
    B=$B netns=$1 nsenter -t "$2" -n -u sh -c "$NETNS" 2>/dev/null || rec enter-failed "$1" $?
  else
    rec enter-failed "$1" no-tool
  fi
}

# other_hostname ID PID: the host name in another UTS namespace.
other_hostname() {
  rec view-hostname "$1"
  nsenter -t "$2" -u cat /proc/sys/kernel/hostname 2>/dev/null
}

# daemon PID: what the program of a cache daemon calls itself. Its first megabyte is searched.
daemon() {
  rec daemon "$1"
  dd bs=65536 count=16 <"/proc/$1/exe" 2>/dev/null | tr '\000' '\n' | grep -m 4 -E 'unscd|nscd \(GNU|GNU libc' 2>/dev/null
}
