# The one set of verbs. `make run` and `make test` do everything on a fresh Debian 12 with Rust, Node 20 and Python 3.11.
SHELL := /bin/bash
.PHONY: run demo test simulate check lint fmt ui bindings dictionary bench bench-sync bench-links bench-host faults bundle setup fuzz deny clean

target := $(or $(CARGO_TARGET_DIR),target)

run: setup ui                ## from nothing to the running window
	cargo build -p aidpost-desktop
	bash scripts/display.sh $(target)/debug/aidpost-desktop

demo: ui                     ## a local MongoDB and two filled profiles to click through
	bash scripts/setup.sh test
	cargo build -p aidpost-desktop -p aidpost-cli
	bash scripts/demo.sh

test:                        ## everything: words, laws, vectors, a real MongoDB, the real window
	bash scripts/test.sh

SEEDS ?= 10000
FIRST ?= 0
simulate:                    ## devices and a server under an unkind fate: SEEDS many stories, from FIRST on
	SEEDS=$(SEEDS) FIRST=$(FIRST) cargo test --workspace --test simulation devices_agree -- --nocapture

check: lint                  ## what a change must pass before it is sent
	$(MAKE) test

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cd ui && npm run lint

fmt:
	cargo fmt --all

ui: ui/node_modules          ## the page that the window shows
	cd ui && npm run build

ui/node_modules: ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund --loglevel=error

bindings:                    ## TypeScript types of all requests
	cargo run -q -p aidpost-cli -- bindings ui/src/bindings

dictionary:                  ## docs/data-dictionary.md
	cargo run -q -p aidpost-cli -- dictionary > docs/data-dictionary.md

fuzz:                        ## every fuzz target for a minute each; FUZZ_SECONDS says another time
	bash scripts/fuzz.sh

deny:                        ## licences, sources, bans and advisories of what is built in
	bash scripts/deny.sh

bench:                       ## what things cost, beside their peers in the same run
	cargo bench -p aidpost-crypto --bench sealing
	cargo bench -p aidpost-vault --bench write --bench charts --bench search
	cargo bench -p aidpost-detect --bench measures
	$(MAKE) bench-sync

bench-sync:                  ## reconciling from end to end beside the bare driver and bare SQLite; needs a mongod (scripts/setup.sh test)
	cargo bench --workspace --bench sync

bench-links:                 ## a thousand requests a second on the link host, slow peers beside; then the tally
	cargo bench --workspace --bench links --profile dev

bench-host:                  ## the link host beside a real database: openings a second at the most, then the tally; needs a mongod
	cargo bench --workspace --bench host

faults:                      ## primaries killed, lines cut, the program killed, many times; what was lost must be zero
	bash scripts/setup.sh test
	cargo build --workspace --bin aidpost
	cargo bench --workspace --bench faults --profile dev

bundle: setup ui             ## installable packages
	cd ui && npx tauri build --config ../tauri.conf.json

setup:
	bash scripts/setup.sh build

clean:
	cargo clean
	rm -rf ui/dist ui/node_modules artefacts
