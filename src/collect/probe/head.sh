# The start of every probe script. POSIX sh; runs under dash, busybox ash and bash 3 or newer.
#
# It only reads. No here-documents: older shells keep them in a file under /tmp. Few processes: each costs about a millisecond, so
# tests and small reads use what the shell has built in, and one grep, ls or stat serves many files.
#
# Output is a stream of records. A record begins with a line "@NONCE kind arguments"; what follows, up to the newline before the next
# such line, are its bytes as they are. The nonce is made anew for each run, so nothing that is read can look like a record.
B=$1
shift
LC_ALL=C
export LC_ALL
# A login over SSH often has no sbin on its PATH.
command -v ip >/dev/null 2>&1 || PATH=${PATH:+$PATH:}/usr/sbin:/sbin:/usr/bin:/bin
umask 077
nl='
'
tab='	'

rec() { printf '\n@%s %s\n' "$B" "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# Where nobody can end the whole process group from outside, the script ends itself: after $LIMIT seconds, or when it has ended.
if [ -n "$LIMIT" ]; then
  main=$$
  (
    exec >/dev/null 2>&1 </dev/null
    trap 'kill $sleeping; exit' TERM
    i=0
    while [ $i -lt "$LIMIT" ]; do
      sleep 1 &
      sleeping=$!
      wait $sleeping
      kill -0 $main || exit 0
      i=$((i + 1))
    done
    kill -9 $main
  ) &
  guard=$!
  trap 'kill $guard 2>/dev/null' EXIT
fi
trap 'exit 1' HUP INT TERM PIPE

# File systems whose files are not files: reading /proc/kmsg would wait, and would take the messages from others.
no_files='proc sysfs cgroup cgroup2 devpts devtmpfs debugfs tracefs securityfs bpf configfs pstore mqueue fusectl autofs efivarfs nsfs binfmt_misc hugetlbfs selinuxfs'
drop_mounts=
for kind in $no_files; do drop_mounts="$drop_mounts/ - $kind /d;"; done

# resolve PATH: follows the links of $root one by one, as a process inside would, and never out of it.
# Sets real (no links left), linkof (text of the link at PATH itself); or fails and sets why.
resolve() {
  rest=$1 real='' linkof='' why='' hops=0
  while [ -n "$rest" ]; do
    case $rest in /*)
      rest=${rest#/}
      continue
      ;;
    esac
    part=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    case $part in
    .) continue ;;
    ..)
      real=${real%/*}
      continue
      ;;
    esac
    if [ -L "$root$real/$part" ]; then
      hops=$((hops + 1))
      if [ $hops -gt 20 ]; then
        why=link-loop
        return 1
      fi
      target=$(readlink "$root$real/$part" 2>/dev/null) || {
        why=vanished
        return 1
      }
      if [ $hops = 1 ] && [ -z "$rest" ]; then linkof=$target; fi
      case $target in /*) real='' ;; esac
      rest=$target/$rest
    else
      if [ -n "$rest" ] && [ -d "$root$real/$part" ] && [ ! -x "$root$real/$part" ]; then
        why=permission
        return 1
      fi
      real=$real/$part
    fi
  done
  return 0
}

# mounts_of PID: sets mounts to the ids of the mounts of that process on which files may be read.
mounts_of() {
  mounts=$nl$(sed -n -e "$drop_mounts" -e 's/^\([0-9][0-9]*\) .*$/\1/p' "/proc/$1/mountinfo" 2>/dev/null)$nl
}

# file PATH BYTES: one file of the view. Says why where it cannot be read.
file() {
  if ! resolve "$1"; then
    rec file "$view" "$why" "$1"
    return
  fi
  if [ -n "$linkof" ]; then
    rec link "$view" "$1"
    printf '%s' "$linkof"
  fi
  if [ $hops -gt 0 ]; then
    rec real "$view" "$1"
    printf '%s' "$real"
  fi
  if [ ! -e "$root$real" ]; then
    rec file "$view" absent "$1"
  elif [ -d "$root$real" ]; then
    rec file "$view" directory "$1"
  elif [ -d "$root$real" ]; then
    rec file "$view" directory "$1"
    case $real in *["$nl$tab "]*) ;; *) stats="$stats $root$real" ;; esac
  elif [ ! -f "$root$real" ]; then
    rec file "$view" not-a-regular-file "$1"
  elif [ ! -r "$root$real" ]; then
    rec file "$view" permission "$1"
  else
    { content "$1" "$2"; } 3<"$root$real" 2>/dev/null || rec file "$view" io-error "$1"
  fi
}

# content PATH BYTES: what is open as 3, if it lies in the view. Somebody inside may have swapped a folder for a link since it was
# looked at; what was opened says itself on which mount it lies, and a mount of the host is none of the container's.
content() {
  if [ ! -f /proc/self/fd/3 ]; then
    rec file "$view" not-a-regular-file "$1"
    return 0
  fi
  if ! inside; then
    rec file "$view" outside-root "$1"
    return 0
  fi
  rec file "$view" ok "$1"
  ${4:-take} "$2"
  case $real in *["$nl$tab "]*) ;; *) stats="$stats $root$real" ;; esac
  return 0
}
take() { dd bs="$1" count=1 <&3 2>/dev/null; }

inside() {
  mount_id=''
  while IFS=" $tab:" read -r key value; do
    if [ "$key" = mnt_id ]; then mount_id=$value; fi
  done </proc/self/fdinfo/3
  # Kernels before 3.15 do not say it: look at the path once more.
  if [ -z "$mount_id" ]; then
    seen=$real
    resolve "$seen" && [ "$seen" = "$real" ]
    return
  fi
  case $mounts in *"$nl$mount_id$nl"*) return 0 ;; esac
  return 1
}
