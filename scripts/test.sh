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
DISPLAY= WAYLAND_DISPLAY= bash scripts/display.sh cargo test --workspace --no-fail-fast -- --test-threads=2
