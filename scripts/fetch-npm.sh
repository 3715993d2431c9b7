#!/usr/bin/env bash
# Puts programs from npm that the tests speak with into the cache folder, where the tests look for them: `provider`, an OpenID provider,
# and `mongosh`, the shell of MongoDB. The versions are those of tests/NAME/package-lock.json. Running it again changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

for name in "$@"; do
  home="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost/$name"
  wanted=tests/$name
  cmp -s "$wanted/package-lock.json" "$home/installed.json" && continue
  command -v npm >/dev/null || { echo "fetch-npm: npm is needed" >&2; exit 1; }
  echo "Installing for the tests: $name"
  mkdir -p "$home"
  rm -f "$home/installed.json"
  cp "$wanted/package.json" "$wanted/package-lock.json" "$home/"
  (cd "$home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp "$wanted/package-lock.json" "$home/installed.json"
done
