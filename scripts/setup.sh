#!/usr/bin/env bash
# Installs what a Debian 12 machine with Rust, Node 20, npm and Python 3.11 lacks. Says what it does; quiet when there is nothing to do.
#   setup.sh build   what the program is built with
#   setup.sh test    and what the tests need: a display without a screen, a web driver, a browser, a MongoDB, a mail server, an OpenID provider,
#                    fonts, a keychain, a second reader in Python
set -euo pipefail
cd "$(dirname "$0")/.."

build=(build-essential pkg-config libwebkit2gtk-4.1-dev libssl-dev libasound2-dev libdbus-1-dev)
show=(xvfb xauth dbus dbus-x11 libgl1-mesa-dri fonts-inter fonts-noto-core)
try=(python3-venv webkit2gtk-driver libcurl4 libasound2-plugins alsa-utils zbar-tools imagemagick gnome-keyring chromium)

wanted=("${build[@]}" "${show[@]}")
[ "${1:-build}" = test ] && wanted+=("${try[@]}")

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing from Debian: ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

for tool in cargo node npm python3; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: install Rust 1.95 (rustup.rs), Node 20 and Python 3.11 first." >&2; exit 1; }
done

if [ ! -d ui/node_modules ] || [ ui/package-lock.json -nt ui/node_modules/.package-lock.json ]; then
  echo "Installing the window's packages"
  (cd ui && npm ci --no-audit --no-fund --loglevel=error)
fi

[ "${1:-build}" = test ] || exit 0
bash scripts/fetch-mongod.sh
bash scripts/fetch-smtpd.sh
bash scripts/fetch-npm.sh provider mongosh readers

# The second reader's own Python: the lists are compared, so that a changed version is fetched.
venv="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost/venv"
wanted=tests/second_reader/requirements.txt
if ! cmp -s "$wanted" "$venv/requirements.txt"; then
  echo "Installing the second reader's packages"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$wanted"
  cp "$wanted" "$venv/requirements.txt"
fi
