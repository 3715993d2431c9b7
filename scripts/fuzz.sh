#!/usr/bin/env bash
# Builds every fuzz target and runs each for a minute (FUZZ_SECONDS says another time; names as arguments choose some).
# The toolchain is the stable one: RUSTC_BOOTSTRAP lets it take cargo-fuzz's flags. No sanitizer: our code has no unsafe, and what
# is looked for is a panic, an overflow, a broken promise or a hang.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost"
export RUSTC_BOOTSTRAP=1 PATH="$cache/tools/bin:$PATH"
unset RUSTFLAGS
target=${CARGO_TARGET_DIR:-$PWD/target}/fuzz

if ! cargo fuzz --version >/dev/null 2>&1; then
  echo "Installing cargo-fuzz"
  CARGO_TARGET_DIR="$target/tools" cargo install --quiet --locked --root "$cache/tools" cargo-fuzz@0.13.2
fi

options=(--fuzz-dir tests/fuzz --sanitizer none --target-dir "$target")
cargo fuzz build "${options[@]}"
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cargo fuzz list --fuzz-dir tests/fuzz)
for name in "${targets[@]}"; do
  echo "== $name"
  mkdir -p "tests/fuzz/corpus/$name"
  cargo fuzz run "${options[@]}" "$name" "tests/fuzz/corpus/$name" "tests/fuzz/seeds/$name" -- \
    -max_total_time="${FUZZ_SECONDS:-60}" -timeout=20 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 2>&1 |
    grep -v "NEW \|REDUCE\|pulse\|RELOAD\|INFO: " || { echo "$name found something: see tests/fuzz/artifacts/$name" >&2; exit 1; }
done
