#!/bin/sh
# All tests, the quick ones first. Any failure ends it.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/tools.sh

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --all --check
step "architecture and style (crates/tidy)"
cargo test --quiet --locked -p tidy
step "lints"
cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
step "the program without screening"
cargo clippy --quiet --locked -p mingbai --no-default-features -- -D warnings
step "tests"
cargo nextest run --locked --workspace --exclude tidy
printf '\nAll tests passed.\n'
