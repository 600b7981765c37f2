#!/bin/sh
# Runs a script of this repository with a Node that is new enough: node_modules' own, else the one on PATH.
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 2
if [ -x node_modules/node/bin/node ]; then
  PATH="$root/node_modules/node/bin:$PATH"
  export PATH
fi
exec node "$@"
