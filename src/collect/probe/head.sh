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
if [ -n "$LIMIT" ] && have sleep; then
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
      # Folders such as /lib and /var/run are met again and again: a link is read once for each view.
      case $links in
      *"$nl$real/$part=>"*)
        target=${links#*"$nl$real/$part=>"}
        target=${target%%"$nl"*}
        ;;
      *)
        target=$(readlink "$root$real/$part" 2>/dev/null) || {
          why=vanished
          return 1
        }
        case $real/$part$target in *"$nl"* | *'=>'*) ;; *) links="$links$real/$part=>$target$nl" ;; esac
        ;;
      esac
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

# mount_tables PID...: the mount tables of all processes that will be looked at, as a record; and mount_ids, lines of "pid id" of the
# mounts on which files may be read.
mount_tables() {
  rec mountinfos
  cd /proc || return
  tables=''
  for name in "$@"; do tables="$tables $name/mountinfo"; done
  tables=$(grep -as '' $tables /dev/null)
  cd / || return
  printf '%s' "$tables"
  mount_ids=$nl$(printf '%s\n' "$tables" | sed -n -e "$drop_mounts" -e 's/^\([0-9a-z]*\)\/mountinfo:\([0-9][0-9]*\) .*$/\1 \2/p')$nl
  tables=''
}

# enter_view ID PID: what the functions below work on. PID is 'self' for the machine's own, whose root is ''.
enter_view() {
  view=$1 pid=$2 plan='' stats='' told='' links=$nl
  if [ "$pid" = self ]; then root=''; else root=/proc/$pid/root; fi
  case $mount_ids in *"$nl$pid "*) return 0 ;; esac
  rec gone "$view"
  return 1
}

# plan_file PATH: finds out where a file lies, so that all of a view are looked at with one stat.
plan_file() {
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
  # A name with blanks or newlines would not survive the lists: it is read at once, without stat.
  case $real in
  *["$nl$tab "]*) read_file "$1" '' ;;
  *)
    plan="$plan$1 $real$nl"
    stats="$stats $root$real"
    ;;
  esac
}

# look: one stat for everything that is planned. Names of files that are not there are only missing from the list.
look() {
  if [ -z "$STAT" ] || [ -z "$stats" ]; then return; fi
  told=$nl$(stat -L -c '%f %u %g %s %Y %i %d %Z %n' $stats 2>/dev/null)$nl
  rec stat "$view"
  printf '%s' "$told"
}

# told_of REAL: sets fields to the stat line of a file, or to nothing.
told_of() {
  fields=''
  case $told in *" $root$1$nl"*)
    fields=${told%%" $root$1$nl"*}
    fields=${fields##*"$nl"}
    ;;
  esac
}

# read_planned: the files, in the order of the plan.
read_planned() {
  while [ -n "$plan" ]; do
    entry=${plan%%"$nl"*}
    plan=${plan#*"$nl"}
    real=${entry#* }
    told_of "$real"
    size=${fields#* * * }
    read_file "${entry%% *}" "${size%% *}"
  done
}

# read_file PATH SIZE: what lies at $real. Says why where it cannot be read.
read_file() {
  if [ ! -e "$root$real" ]; then
    rec file "$view" absent "$1"
  elif [ -d "$root$real" ]; then
    rec file "$view" directory "$1"
  elif [ ! -f "$root$real" ]; then
    rec file "$view" not-a-regular-file "$1"
  elif [ ! -r "$root$real" ]; then
    rec file "$view" permission "$1"
  else
    { content "$1" "$2"; } 3<"$root$real" 2>/dev/null || rec file "$view" io-error "$1"
  fi
}

# content PATH SIZE: what is open as 3, if it lies in the view. Somebody inside may have swapped a folder for a link since it was
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
  # The shell reads a byte at a time: quicker than a process for a small file. It loses NUL bytes, which the length gives away.
  case $2 in '' | *[!0-9]*) ;; *) if [ "$2" -le 300 ]; then
    slurp
    if [ ${#text} = "$2" ]; then
      printf '%s' "$text"
      return 0
    fi
  fi ;; esac
  bytes=65537
  if [ "$1" = /etc/hosts ]; then bytes=2097153; fi
  dd bs=$bytes count=1 </proc/self/fd/3 2>/dev/null
  return 0
}

slurp() {
  text='' line=''
  while IFS= read -r line; do text=$text$line$nl; done <&3
  text=$text$line
}

inside() {
  mount_id=''
  while IFS=" $tab:" read -r key value; do
    if [ "$key" = mnt_id ]; then
      mount_id=$value
      break
    fi
  done </proc/self/fdinfo/3
  # Kernels before 3.15 do not say it: look at the path once more, past what was remembered.
  if [ -z "$mount_id" ]; then
    seen=$real
    links=$nl
    resolve "$seen" && [ "$seen" = "$real" ]
    return
  fi
  case $mount_ids in *"$nl$pid $mount_id$nl"*) return 0 ;; esac
  return 1
}
