#!/usr/bin/env bash
# Everything that must hold, on a fresh machine too.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh test

step() { echo; echo "== $1"; }

step "The window's page: types, stories, words"
(cd ui && npm run lint && npm test && npm run build)

step "Building everything, once"
# One selection of packages for all that follows: another one would have other features, and all crates would be built again. The
# libraries are not named: the derive would be built as one more kind of thing, and all that use it twice.
cargo build --workspace --bins --tests

step "Rooms and the whole: laws, vectors, bad input, a real MongoDB, the demo, the real window"
export AIDPOST_ARTEFACTS=${AIDPOST_ARTEFACTS:-$PWD/artefacts}
mkdir -p "$AIDPOST_ARTEFACTS"
export DISPLAY= WAYLAND_DISPLAY=
# The window's stories wait most of their time: they are played beside the rest, and told at the end.
stories=$AIDPOST_ARTEFACTS/stories.log
bash scripts/display.sh cargo test --workspace --test window -- --test-threads=2 >"$stories" 2>&1 &
window=$!
failed=0
bash scripts/display.sh cargo test --workspace --no-fail-fast -- --test-threads=2 --skip stories:: || failed=1
wait "$window" || failed=1
cat "$stories"
exit "$failed"
