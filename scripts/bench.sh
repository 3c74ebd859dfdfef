#!/bin/sh
# The 15 questions beside DuckDB; arguments go to bench/run.py.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh bench
. scripts/tools.sh

cargo build --release --locked -p mingbai -p screening --bins --examples
exec "$venv/bin/python" bench/run.py \
    "$target/release/mingbai" "$target/release/examples/questions" bench-data "$@"
