# host_programs: flavour and version of the clients that people test with. Only programs of the machine itself are run, only to say
# their version; runtimes that take long to start are not.
host_programs() {
  for name in ping telnet curl wget dig host nslookup nc busybox getent java python3; do
    path=$(command -v $name 2>/dev/null) || continue
    case $path in /*) ;; *) continue ;; esac
    rec program $name "$path"
    real=$(readlink -f "$path" 2>/dev/null)
    printf '%s\n' "$real"
    case $real in */busybox)
      "$real" 2>&1 </dev/null | head -n 1
      continue
      ;;
    esac
    case $name in
    ping) "$path" -V 2>&1 </dev/null | head -n 2 ;;
    wget) "$path" --version 2>&1 </dev/null | head -n 2 ;;
    # Asked for their version these two would look the machine's name up or read resolv.conf first: their bytes say it.
    curl) text_of "$path" '^curl [0-9]|^curl/[0-9]' ;;
    dig) text_of "$path" 'lib(isc|dns)-9\.|^9\.[0-9]+\.[0-9]+' ;;
    # Of one package with dig.
    host | nslookup) command -v dig >/dev/null 2>&1 || text_of "$path" 'lib(isc|dns)-9\.|^9\.[0-9]+\.[0-9]+' ;;
    java) grep -m 1 '^JAVA_VERSION=' "${real%/bin/java}/release" 2>/dev/null ;;
    busybox) "$path" 2>&1 </dev/null | head -n 1 ;;
    telnet | nc)
      case $real in *inetutils*) "$path" --version 2>&1 </dev/null | head -n 1 ;; esac
      text_of "$path" 'inetutils|netkit|openbsd|GNU netcat|busybox'
      ;;
    esac
  done
}

# text_of PATH PATTERN: lines of a program's first half megabyte that say what it is.
text_of() { dd bs=65536 count=8 <"$1" 2>/dev/null | tr '\000' '\n' | grep -m 3 -iE "$2" 2>/dev/null; }
