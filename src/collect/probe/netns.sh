# Runs inside a network namespace, with the programs of the machine: $B and $netns are set.
rec() { printf '\n@%s %s\n' "$B" "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
rec hostname "$netns"
if read -r name </proc/sys/kernel/hostname; then printf '%s' "$name"; fi
rec sysctl "$netns"
cd /proc/sys/net && grep -as '' ipv6/conf/*/disable_ipv6 ipv6/bindv6only ipv4/ip_forward ipv4/ip_nonlocal_bind ipv6/ip_nonlocal_bind \
  ipv4/ip_local_port_range ipv4/ip_unprivileged_port_start ipv4/tcp_syn_retries ipv4/conf/all/rp_filter ipv4/conf/default/rp_filter \
  ipv4/conf/all/route_localnet ipv6/conf/all/forwarding bridge/bridge-nf-call-iptables bridge/bridge-nf-call-ip6tables \
  netfilter/nf_conntrack_max netfilter/nf_conntrack_count 2>/dev/null
# One ip for each family answers several questions, told apart by the form of their lines; busybox has no -batch.
if have ip; then
  # Some builds of busybox run their own ip whatever the PATH says, which knows fewer words: the file itself is asked.
  ip=ip
  IFS=:
  for folder in $PATH; do if [ -x "$folder/ip" ]; then
    ip=$folder/ip
    break
  fi; done
  unset IFS
  rec ip "$netns" inet
  printf 'addr show\nroute show table all\nrule show\n' | "$ip" -d -batch - 2>/dev/null || {
    "$ip" addr
    "$ip" route
    "$ip" rule
  } 2>/dev/null
  if [ "$netns" = host ] || [ -n "$V6" ]; then
    rec ip "$netns" inet6
    printf 'route show table all\nrule show\n' | "$ip" -6 -batch - 2>/dev/null || {
      "$ip" -6 route
      "$ip" -6 rule
    } 2>/dev/null
  fi
fi
# Only ss knows which IPv6 sockets are IPv6 only, and whose a socket is; asking it loads a module where that is not there already.
other=''
for table in tcp6 udp6; do
  # The first line is a heading: a second one is a socket.
  { read -r line && read -r line && other=1; } </proc/net/$table
done 2>/dev/null
if [ -n "$DIAG" ] && { [ -n "$other" ] || [ "$netns" = host ]; } && have ss; then
  rec ss "$netns"
  if [ "$netns" = host ]; then ss -Hlntuep 2>/dev/null; else ss -Hlntue 2>/dev/null; fi
fi
# Asking iptables would load its modules; the kernel says itself whether there are tables.
if read -r name </proc/net/ip_tables_names; then
  tool=iptables-legacy-save
  have $tool || tool=iptables-save
  if have $tool; then
    rec iptables "$netns" inet
    $tool -c -t filter 2>/dev/null
  fi
fi 2>/dev/null
if read -r name </proc/net/ip6_tables_names; then
  tool=ip6tables-legacy-save
  have $tool || tool=ip6tables-save
  if have $tool; then
    rec iptables "$netns" inet6
    $tool -c -t filter 2>/dev/null
  fi
fi 2>/dev/null
# The same for nftables: $NFT says that its code is in the kernel already.
if [ -n "$NFT" ]; then
  rules=skip
  if have nft; then
    rules=$(nft -n list ruleset 2>/dev/null)
    rec nft "$netns" $?
    printf '%s' "$rules"
  fi
  # nft shows what iptables-nft made in a form of its own; iptables-nft-save says it in the words people know.
  case $rules in
  skip | *'table ip filter'* | *'table ip6 filter'*)
    for tool in iptables:inet ip6tables:inet6; do
      name=${tool%:*}-nft-save
      have $name || name=${tool%:*}-save
      have $name || continue
      rec iptables "$netns" "${tool#*:}"
      $name -c -t filter 2>/dev/null
    done
    ;;
  esac
fi
rec netns-end "$netns"
