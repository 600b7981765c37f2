#!/bin/sh
# Installs the packages of debian-packages.txt that are not there, without starting any service. Says what it does on standard error.
cd -- "$(dirname -- "$0")/.." || exit 2

say() { printf 'debian packages: %s\n' "$*" >&2; }

[ -z "${CULPRIT_NO_APT:-}" ] || exit 0
command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 || {
  say "this is no Debian system; install by hand what scripts/debian-packages.txt names"
  exit 1
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = ii ]; }

missing=
unpack=
while read -r first second _; do
  case $first in
    '' | '#'*) ;;
    unpack) [ -e ".cache/debian/$second" ] || unpack="$unpack $second" ;;
    *) is_installed "$first" || [ -e ".cache/debian/not-in-this-release/$first" ] || missing="$missing $first" ;;
  esac
done <scripts/debian-packages.txt
[ -n "$missing$unpack" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  say "not root, so these are not installed:$missing$unpack"
  exit 1
fi

DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
# A package must not start its service on this machine (invoke-rc.d asks this file).
made_policy=
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d && made_policy=yes
fi
trap '[ -z "$made_policy" ] || rm -f /usr/sbin/policy-rc.d' EXIT
trap 'exit 2' HUP INT TERM

say "apt-get update"
fresh=yes
apt-get update -qq >&2 || {
  fresh=
  say "apt-get update failed; using the lists that are there"
}

# Releases differ: a package that this one does not have is left out.
wanted=
failed=
for package in $missing; do
  if [ -n "$(apt-cache madison "$package" 2>/dev/null)" ]; then
    wanted="$wanted $package"
  else
    say "this release has no package $package"
    # Remembered, so that the next run need not ask again; without fresh lists it may only seem so.
    [ -z "$fresh" ] || { mkdir -p .cache/debian/not-in-this-release && : >".cache/debian/not-in-this-release/$package"; }
  fi
done
if [ -n "$wanted" ]; then
  say "installing:$wanted"
  # shellcheck disable=SC2086 -- names of packages, several words on purpose
  if ! apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 $wanted >&2; then
    say "together they cannot be installed; trying one by one"
    for package in $wanted; do
      apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$package" >&2 || failed="$failed $package"
    done
  fi
fi

for package in $unpack; do
  say "unpacking: $package"
  part=.cache/debian/$package.part
  rm -rf "$part" && mkdir -p "$part" .cache/debian/bin && chmod 755 "$part"
  if (cd "$part" && apt-get -o APT::Sandbox::User=root download -qq "$package" >&2 && dpkg-deb -x ./*.deb . && rm -f ./*.deb); then
    rm -rf ".cache/debian/$package" && mv "$part" ".cache/debian/$package"
    for program in .cache/debian/"$package"/usr/sbin/* .cache/debian/"$package"/usr/bin/*; do
      [ -x "$program" ] && ln -sf "../$package/usr/${program#.cache/debian/"$package"/usr/}" .cache/debian/bin/
    done
  else
    rm -rf "$part"
    failed="$failed $package"
  fi
done

[ -z "$failed" ] || {
  say "not installed:$failed"
  exit 1
}
