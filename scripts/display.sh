#!/usr/bin/env bash
# Runs a command with a display: the one that is there, else Xvfb (and says so).
set -euo pipefail
if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
  exec "$@"
fi
echo "No display here: using a virtual one (Xvfb, 1440 x 900)." >&2
runtime=$(mktemp -d)
chmod 700 "$runtime"
trap 'rm -rf "$runtime"' EXIT
export XDG_RUNTIME_DIR="$runtime" NO_AT_BRIDGE=1 MESA_SHADER_CACHE_DISABLE=true WEBKIT_SKIA_ENABLE_CPU_RENDERING=1
xvfb-run -a -s "-screen 0 1440x900x24 -nolisten tcp" dbus-run-session -- "$@"
