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
  rec mountinfo self
  cat self/mountinfo
  cd /
}

# proc_net ID PID: listeners and IPv6 addresses of a network namespace, told by /proc without entering it; all addresses and routes
# where ip or nsenter is missing.
proc_net() {
  rec proc-net "$1"
  cd "/proc/$2" 2>/dev/null || return
  grep -asE ' 0A | 07 ' net/tcp net/tcp6 net/udp net/udp6
  if [ -e net/if_inet6 ]; then rec if-inet6 "$1" there; else rec if-inet6 "$1" missing; fi
  if [ -z "$IP" ]; then
    grep -s '' net/if_inet6
    rec proc-routes "$1"
    grep -as '' net/dev net/fib_trie net/route net/ipv6_route
  fi
  cd /
}
