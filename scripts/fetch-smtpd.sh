#!/usr/bin/env bash
# Puts a mail server for the tests, aiosmtpd, into a Python environment of its own in the cache folder, where the tests look for it.
# Running it again changes nothing.
set -euo pipefail

home="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost/smtpd"
wanted="aiosmtpd==1.4.6"

if [[ -x "$home/bin/python" ]] && "$home/bin/python" -c "import aiosmtpd" 2>/dev/null; then
  exit 0
fi
command -v python3 >/dev/null || { echo "fetch-smtpd: python3 is needed" >&2; exit 1; }
echo "Installing a mail server for the tests: $wanted"
rm -rf "$home"
python3 -m venv "$home"
"$home/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted"
