#!/usr/bin/env bash
# Puts an OpenID provider for the tests, oidc-provider, into the cache folder, where the tests look for it. The versions are those of
# tests/provider/package-lock.json. Running it again changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

home="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost/provider"
wanted=tests/provider

if cmp -s "$wanted/package-lock.json" "$home/installed.json"; then
  exit 0
fi
command -v npm >/dev/null || { echo "fetch-provider: npm is needed" >&2; exit 1; }
echo "Installing an OpenID provider for the tests"
mkdir -p "$home"
rm -f "$home/installed.json"
cp "$wanted/package.json" "$wanted/package-lock.json" "$home/"
(cd "$home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
cp "$wanted/package-lock.json" "$home/installed.json"
