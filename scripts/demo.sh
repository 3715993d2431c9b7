#!/usr/bin/env bash
# Fills two profiles beside a MongoDB on this computer, then opens the window on them.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d -t aidpost-demo-XXXXXX)
target=${CARGO_TARGET_DIR:-target}
"$target/debug/aidpost" demo --keep "$folder/thread" &
server=$!
trap 'kill -INT $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
until [ -f "$folder/thread/ready" ]; do
  kill -0 $server 2>/dev/null || { echo "The demo did not start." >&2; exit 1; }
  sleep 0.5
done
AIDPOST_HOME="$folder/thread/desk" bash scripts/display.sh "$target/debug/aidpost-desktop"
