#!/bin/sh
# npm test: brings what the tests need, then runs them. Arguments go to vitest: `npm test -- test/model`.
# Started by whatever Node the machine has; the tests run under the Node that the development dependencies bring.
# CULPRIT_NO_APT=1 leaves the system's packages alone.
cd -- "$(dirname -- "$0")/.." || exit 2

say() { printf 'npm test: %s\n' "$*" >&2; }

if ! node scripts/is-installed.mjs --include=dev; then
  say "installing dependencies (npm ci)"
  mkdir -p .cache
  # The same lock as the launcher's, where there is flock.
  (
    command -v flock >/dev/null 2>&1 && flock 9
    node scripts/is-installed.mjs --include=dev || npm ci --include=dev --loglevel=error 9>&- </dev/null >&2
  ) 9>.cache/set-up.lock || {
    say "npm ci failed; the lines above say why"
    exit 2
  }
fi

sh scripts/debian-packages.sh || say "some Debian packages are missing; tests that need them are skipped (and fail with CI=true)"

PATH="$PWD/node_modules/node/bin:$PWD/node_modules/.bin:$PWD/.cache/debian/bin:$PATH:/usr/sbin:/sbin"
export PATH
exec node node_modules/vitest/vitest.mjs run "$@"
