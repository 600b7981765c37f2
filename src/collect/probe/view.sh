# view ID PID: the files, sockets, libraries and programs of one view.
view() {
  enter_view "$1" "$2" || return 0
  for name in /etc/hosts /etc/nsswitch.conf /etc/resolv.conf /etc/host.conf /etc/gai.conf /etc/nscd.conf /etc/mdns.allow /etc/hostname; do plan_file $name; done
  if [ "$pid" = self ]; then
    for name in /etc/os-release /run/systemd/resolve/resolv.conf /run/resolvconf/resolv.conf /etc/networks /etc/sysctl.conf /etc/modprobe.d/ipv6.conf; do plan_file $name; done
  fi
  sockets
  find_libraries
  look
  read_planned
  libraries
  programs
}

# some_files ID PID PATH...: files that somebody asked for later.
some_files() {
  enter_view "$1" "$2" || return 0
  shift 2
  for name in "$@"; do plan_file "$name"; done
  look
  read_planned
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

# The C library is told by the text in its own file; which file that is, is found before the stat and read after it.
find_libraries() {
  glibc='' musl=''
  for name in /lib/$ARCH-linux-gnu /lib64 /usr/lib/$ARCH-linux-gnu /usr/lib64 /usr/lib /lib; do
    resolve $name/libc.so.6 || continue
    if [ -f "$root$real" ] && [ -r "$root$real" ]; then
      glibc=$name/libc.so.6 glibc_real=$real
      case $real in *["$nl$tab "]*) ;; *) stats="$stats $root$real" ;; esac
      break
    fi
  done
  for name in /lib/ld-musl-$ARCH.so.1 /lib/ld-musl-armhf.so.1 /lib/libc.musl-$ARCH.so.1; do
    resolve $name || continue
    if [ -f "$root$real" ] && [ -r "$root$real" ]; then
      musl=$name musl_real=$real
      case $real in *["$nl$tab "]*) ;; *) stats="$stats $root$real" ;; esac
      break
    fi
  done
}

libraries() {
  if [ -n "$glibc" ]; then
    real=$glibc_real
    search_library "$glibc" 'GNU C Library .* version [0-9]'
    rec nss "$view"
    for module in "$root${glibc_real%/*}"/libnss_*.so*; do
      if [ -e "$module" ] || [ -L "$module" ]; then printf '%s\n' "${module##*/}"; fi
    done
  fi
  if [ -n "$musl" ]; then
    real=$musl_real
    search_library "$musl" '^[01]\.[0-9][0-9]*\.[0-9][0-9]*'
  fi
  if [ -z "$glibc$musl" ]; then rec libc-none "$view"; fi
}

# search_library PATH PATTERN: the same file (inode, size, times of change) is searched once: images share layers.
searched=''
search_library() {
  told_of "$real"
  key=${fields#* * * }
  if [ -n "$key" ]; then
    # size, mtime, inode, ctime; the device differs from container to container.
    key=${key%% *}:${key#* }
    key=${key% * *}:${key##* }
    case $searched in *"$nl$key=$2="*)
      hit=${searched#*"$nl$key=$2="}
      rec libc "$view" "$1"
      printf '%s\n' "${hit%%"$nl"*}"
      return
      ;;
    esac
  fi
  hit=''
  { search_open "$2"; } 3<"$root$real" 2>/dev/null || return
  rec libc "$view" "$1"
  printf '%s\n' "$hit"
  if [ -n "$key" ]; then searched="$searched$nl$key=$2=$hit$nl"; fi
}

# At most 4 MiB are searched; a C library is about 2.
search_open() {
  [ -f /proc/self/fd/3 ] && inside || return 1
  hit=$(dd bs=65536 count=64 <&3 2>/dev/null | tr '\000' '\n' | grep -m 1 "$1" 2>/dev/null)
  return 0
}

# Which of the programs are there: only looked for by name, never run. A link counts, wherever it leads.
programs() {
  rec programs "$view"
  linked='' busybox=''
  for folder in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
    if [ -L "$root$folder" ] || [ ! -d "$root$folder" ]; then continue; fi
    for name in ping telnet curl wget getent dig host nslookup busybox nc python3 node java; do
      if [ -L "$root$folder/$name" ]; then linked="$linked $root$folder/$name"; elif [ ! -e "$root$folder/$name" ]; then continue; fi
      printf '%s\n' "$folder/$name"
      if [ $name = busybox ]; then busybox=1; fi
    done
  done
  # Only where busybox is, a link can be one of its programs.
  if [ -n "$busybox" ] && [ -n "$linked" ]; then
    rec program-links "$view"
    ls -ln $linked 2>/dev/null
  fi
}

# Only variables that change how names are resolved or where requests go. Of an URL only scheme, host and port leave the node; an URL
# with a user in it is told by name alone. Newlines inside a value become \001, so a value cannot pose as a variable.
#
# environments ID=PID...: one awk for all of them; a line that begins with = and the id begins a view.
environments() {
  [ -n "$AWK" ] || return
  rec environs
  for name in "$@"; do
    printf '%s %s\n' "$B" "${name%=*}"
    tr '\n\000' '\001\n' <"/proc/${name##*=}/environ"
    printf '\n'
  done 2>/dev/null | "$AWK" -v nonce="$B" '
  index($0, nonce " ") == 1 { print "=" substr($0, length(nonce) + 2); next }
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

# executables ID=PID...: the main program of each view, by its path inside.
executables() {
  for name in "$@"; do
    rec exe "${name%=*}"
    readlink "/proc/${name##*=}/exe" 2>/dev/null
  done
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
