#!/bin/sh
# The register, the site under load, the workbench, and the 15 questions beside DuckDB; arguments go to bench/run.py.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh bench
. scripts/tools.sh

cargo build --release --locked -p mingbai -p screening -p registry -p journal -p web --bins --examples
# The register and its log: acts a second, a million leaves verified.
rm -rf bench-data/acts bench-data/log
"$target/release/examples/acts" bench-data/acts
"$target/release/examples/bench_log" 1000000 bench-data/log
rm -rf bench-data/acts bench-data/log
# The site: public pages, and people who look up their own payments.
"$venv/bin/python" bench/web.py "$target/release/mingbai" "$target/release/examples/load" bench-data
# The workbench of supervision; a page over its goal is told and ends nothing.
"$venv/bin/python" bench/workbench.py "$target/release/mingbai" bench-data || say "the workbench is over its goal"
exec "$venv/bin/python" bench/run.py \
    "$target/release/mingbai" "$target/release/examples/questions" bench-data "$@"
