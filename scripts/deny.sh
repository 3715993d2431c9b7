#!/usr/bin/env bash
# Licences, sources, bans and advisories of everything that is built in. Fetches cargo-deny into the cache if it is missing. Without
# a database of advisories (no network) it says so, checks the rest, and ends with 2.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost"
export PATH="$cache/tools/bin:$PATH"

if ! cargo deny --version >/dev/null 2>&1; then
  echo "Installing cargo-deny"
  CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/tools" cargo install --quiet --locked --root "$cache/tools" cargo-deny@0.20.2
fi

cargo deny --all-features check licenses sources bans
if ! cargo deny fetch db; then
  echo "The database of advisories could not be fetched: NO ADVISORY WAS CHECKED. Licences, sources and bans are in order." >&2
  exit 2
fi
cargo deny --all-features check advisories
