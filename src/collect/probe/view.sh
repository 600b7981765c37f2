# view ID PID: the files, sockets, libraries and programs of one view. PID is 'self' for the machine's own, whose root is ''.
hosts_bytes=2097153
view() {
  view=$1 pid=$2 stats=''
  if [ "$pid" = self ]; then root=''; else root=/proc/$pid/root; fi
  rec view "$view" "$pid"
  mounts_of "$pid"
  if [ "$mounts" = "$nl$nl" ]; then
    rec gone "$view"
    return
  fi
  file /etc/hosts "$hosts_bytes"
  for name in /etc/nsswitch.conf /etc/resolv.conf /etc/host.conf /etc/gai.conf /etc/nscd.conf /etc/mdns.allow /etc/hostname; do
    file $name 65537
  done
  if [ "$pid" = self ]; then
    for name in /etc/os-release /run/systemd/resolve/resolv.conf /run/resolvconf/resolv.conf /etc/networks /etc/sysctl.conf /etc/modprobe.d/ipv6.conf; do file $name 65537; done
  fi
  sockets
  libraries
  programs
  if [ -n "$stats" ] && [ -n "$STAT" ]; then
    rec stat "$view"
    # Names with blanks were left out, so splitting is safe. A file that went away is only missing from the list.
    stat -L -c '%f %u %g %s %Y %i %d %n' $stats 2>/dev/null
  fi
  process "$view" "$pid"
}

# process ID PID: the main program of a view and its environment.
process() {
  if [ "$2" != self ]; then
    rec exe "$1"
    readlink "/proc/$2/exe" 2>/dev/null
  fi
  if [ -n "$AWK" ]; then
    rec environ "$1"
    environment "$2"
  fi
}

sockets() {
  for name in /var/run/nscd/socket /run/nscd/socket /run/systemd/resolve/io.systemd.Resolve /var/lib/sss/pipes/nss /run/avahi-daemon/socket /var/run/avahi-daemon/socket; do
    if resolve $name && [ -S "$root$real" ]; then
      rec socket "$view" $name
      printf '%s' "$real"
      case $real in *["$nl$tab "]*) ;; *) stats="$stats $root$real" ;; esac
    elif [ "$why" = permission ]; then
      rec socket-unseen "$view" "$why" $name
    fi
  done
}

# The C library is told by the text in its own file. The same file (inode, size, change time) is searched once: images share layers.
searched=''
libraries() {
  found_libc=''
  for name in /lib/$ARCH-linux-gnu /usr/lib/$ARCH-linux-gnu /lib64 /usr/lib64 /usr/lib /lib; do
    resolve $name/libc.so.6 || continue
    [ -f "$root$real" ] && [ -r "$root$real" ] || continue
    folder=${real%/*}
    found_libc=1
    { search_library $name/libc.so.6 'GNU C Library .* version [0-9]'; } 3<"$root$real" 2>/dev/null
    rec nss "$view"
    for module in "$root$folder"/libnss_*.so*; do
      if [ -e "$module" ] || [ -L "$module" ]; then printf '%s\n' "${module##*/}"; fi
    done
    break
  done
  for name in /lib/ld-musl-$ARCH.so.1 /lib/ld-musl-armhf.so.1 /lib/libc.musl-$ARCH.so.1 /usr/lib/libc.so; do
    resolve $name || continue
    [ -f "$root$real" ] && [ -r "$root$real" ] || continue
    found_libc=1
    { search_library $name '^[01]\.[0-9][0-9]*\.[0-9][0-9]*'; } 3<"$root$real" 2>/dev/null
    break
  done
  if [ -z "$found_libc" ]; then rec libc-none "$view"; fi
}

search_library() {
  [ -f /proc/self/fd/3 ] && inside || return 0
  key=''
  if [ -n "$STAT" ]; then key=$(stat -L -c '%i:%s:%Y:%z' /proc/self/fd/3 2>/dev/null); fi
  if [ -n "$key" ]; then
    case $searched in *"$nl$key=$2="*)
      hit=${searched#*"$nl$key=$2="}
      rec libc "$view" "$1"
      printf '%s\n' "${hit%%"$nl"*}"
      return 0
      ;;
    esac
  fi
  # At most 4 MiB are searched; a C library is about 2.
  hit=$(dd bs=65536 count=64 <&3 2>/dev/null | tr '\000' '\n' | grep -m 1 "$2" 2>/dev/null)
  rec libc "$view" "$1"
  printf '%s\n' "$hit"
  if [ -n "$key" ]; then searched="$searched$nl$key=$2=$hit$nl"; fi
  return 0
}

# Which of the programs are there: only looked for by name, never run. A link counts, wherever it leads.
programs() {
  rec programs "$view"
  for folder in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
    if [ -L "$root$folder" ]; then continue; fi
    for name in ping telnet curl wget getent dig host nslookup busybox nc python3 node java; do
      if [ -L "$root$folder/$name" ]; then
        target=$(readlink "$root$folder/$name" 2>/dev/null)
        printf '%s %s\n' "$folder/$name" "${target%%"$nl"*}"
      elif [ -e "$root$folder/$name" ]; then
        printf '%s\n' "$folder/$name"
      fi
    done
  done
}

# Only variables that change how names are resolved or where requests go. Of an URL only scheme, host and port leave the node; an URL
# with a user in it is told by name alone. Newlines inside a value become \001, so a value cannot pose as a variable.
environment() {
  tr '\n\000' '\001\n' <"/proc/$1/environ" 2>/dev/null | head -c 262144 2>/dev/null | "$AWK" '
  {
    at = index($0, "=")
    if (at < 2) next
    name = substr($0, 1, at - 1)
    value = substr($0, at + 1)
    if (name !~ /^[A-Za-z_][A-Za-z0-9_]*$/ || length(value) > 4096) next
    if (name ~ /^(LOCALDOMAIN|RES_OPTIONS|HOSTALIASES|GODEBUG|GAI_[A-Z_]*|RESOLV_[A-Z_]*|NO_PROXY|no_proxy)$/) { print name "=" value; next }
    if (name ~ /^(NODE_OPTIONS|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$/) {
      count = split(value, word, " ")
      kept = ""
      for (i = 1; i <= count; i++) if (word[i] ~ /^(--dns-result-order|--(no-)?network-family-autoselection|-Djava\.net\.prefer|-Dnetworkaddress\.|-Dsun\.net\.|-Djdk\.net\.hosts\.file)/) kept = kept (kept == "" ? "" : " ") word[i]
      print name "=" kept
      next
    }
    proxy = (name ~ /^(https?|ftp|all|socks|HTTPS?|FTP|ALL|SOCKS)_(proxy|PROXY)$/)
    if (value ~ /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[][A-Za-z0-9_.:-]+([\/?#]|$)/ && value !~ /@/) {
      match(value, /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[][A-Za-z0-9_.:-]+/)
      print name "=" substr(value, 1, RLENGTH)
    } else if (proxy && value ~ /^[][A-Za-z0-9_.:-]*$/) print name "=" value
    else if (proxy) print name "="
  }'
}

prepare_views() {
  STAT='' AWK=''
  if stat -c %f / >/dev/null 2>&1; then STAT=1; fi
  for name in mawk gawk awk; do if have $name; then
    AWK=$name
    break
  fi; done
  ARCH=$(uname -m)
}

# some_files ID PID PATH...: files that somebody asked for later.
some_files() {
  view=$1 pid=$2 stats=''
  shift 2
  if [ "$pid" = self ]; then root=''; else root=/proc/$pid/root; fi
  mounts_of "$pid"
  if [ "$mounts" = "$nl$nl" ]; then
    rec gone "$view"
    return
  fi
  for name in "$@"; do file "$name" 65537; done
  if [ -n "$stats" ] && [ -n "$STAT" ]; then
    rec stat "$view"
    stat -L -c '%f %u %g %s %Y %i %d %n' $stats 2>/dev/null
  fi
}
