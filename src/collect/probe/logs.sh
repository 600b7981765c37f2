# log_tail PATH LABEL...: the last 64 KiB of a log.
log_tail() {
  [ -f "$1" ] && [ -r "$1" ] || return
  rec log "$@"
  tail -c 65536 "$1" 2>/dev/null
}

# pod_logs: the logs of pods that were written to last, and of components that keep files of their own.
pod_logs() {
  count=0
  for file in $(ls -1t /var/log/pods/*/*/*.log 2>/dev/null | head -n 40); do
    log_tail "$file" pod
    count=$((count + 1))
  done
  for file in /var/lib/rancher/rke2/agent/logs/kubelet.log /var/lib/rancher/rke2/agent/containerd/containerd.log /var/lib/rancher/k3s/agent/containerd/containerd.log \
    /var/log/kubelet.log /var/log/kube-apiserver.log /var/log/k3s.log; do
    log_tail "$file" component
  done
}

# system_logs: what dnsmasq wrote into the machine's common log, where it has no journal of its own. Nothing else of that log is taken.
system_logs() {
  for file in /var/log/syslog /var/log/messages; do
    if [ -f $file ] && [ -r $file ]; then
      rec log $file component
      tail -c 262144 $file 2>/dev/null | grep -a 'dnsmasq' | tail -c 16384
    fi
  done
}

# engine_log ID ROOT: what a Docker engine keeps of a container's output.
engine_log() { log_tail "$2/containers/$1/$1-json.log" engine "$1"; }

# journal: the last lines of the units that make a node. Nothing where there is no journal.
journal() {
  [ -d /run/systemd/journal ] && have journalctl || return
  for unit in kubelet rke2-server rke2-agent k3s k3s-agent containerd docker crio dnsmasq; do
    [ -e "/sys/fs/cgroup/system.slice/$unit.service" ] || [ -e "/sys/fs/cgroup/systemd/system.slice/$unit.service" ] || [ -e "/etc/systemd/system/multi-user.target.wants/$unit.service" ] || continue
    rec log "unit:$unit" unit
    journalctl -q --no-pager -o short-iso -n 400 -u "$unit.service" 2>/dev/null | tail -c 65536
  done
}
