# survey: who is there. Every process with its namespaces, parent, start time and control group.
survey() {
  cd /proc || return
  rec self
  grep -as -e '^Uid:' -e '^Pid:' -e '^NSpid:' self/status
  rec clock
  grep -as '^btime' stat
  rec ns
  # -n: no names of users, whose look-up could hang. What these links say comes from the kernel alone.
  ls -ln self/ns/mnt self/ns/net self/ns/uts self/ns/pid [0-9]*/ns/mnt [0-9]*/ns/net [0-9]*/ns/uts 2>/dev/null
  rec stat-lines
  grep -as '' [0-9]*/stat
  rec cgroups
  grep -asE '^0::|name=systemd:|[0-9a-f]{64}' [0-9]*/cgroup
  rec unix
  grep -asE '^Num|nscd|resolve|/sss/|avahi' net/unix
  cd /
}

# proc_nets PID...: what /proc tells of network namespaces without entering them: listeners; and addresses and routes where ip or
# nsenter is missing. Lines are labelled PID/net/FILE.
proc_nets() {
  cd /proc || return
  rec proc-nets
  names=''
  for name in "$@"; do names="$names $name/net/tcp $name/net/tcp6 $name/net/udp $name/net/udp6"; done
  grep -asE ' 0A | 07 ' $names /dev/null
  if [ -z "$IP" ]; then
    names=''
    for name in "$@"; do names="$names $name/net/if_inet6 $name/net/dev $name/net/fib_trie $name/net/route"; done
    grep -as '' $names /dev/null
  fi
  # IPv6 routes of other namespaces are told well enough here, unless one rejects (flag 0x200; metric ffffffff marks an empty table): only
  # ip says how it rejects.
  names=''
  for name in "$@"; do names="$names $name/net/ipv6_route"; done
  routes6=$(grep -as '' $names /dev/null)
  printf '%s\n' "$routes6"
  rejecting=$nl$(printf '%s\n' "$routes6" | grep -v ' ffffffff ' | grep -E ' [0-9a-f]{5}[2367abef][0-9a-f]{2} +[^ ]+$')
  routes6=''
  rec ipv6
  for name in "$@"; do
    if [ -e "$name/net/if_inet6" ]; then printf '%s there\n' "$name"; elif [ -e "$name/net/dev" ]; then printf '%s missing\n' "$name"; fi
  done
  cd / || return
}
