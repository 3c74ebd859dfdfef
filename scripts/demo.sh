#!/bin/sh
# Builds the program and lets it make a county, import it, screen it, write the report and open the
# site at http://127.0.0.1:8080. Without a terminal, or with --no-serve, it stops before that.
# Arguments go to `mingbai demo`, for example: scripts/demo.sh --people 6000 --payments 80000
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh demo
. scripts/tools.sh

county=demo-county
if [ -e "$county" ]; then
    # Only what an earlier demo made may go; the program puts this file into it.
    [ -f "$county/DEMO" ] || fail "$county is here but was not made by the demo: move it away first"
    rm -rf "$county"
fi
say "building mingbai (ten to fifteen minutes the first time, on two cores)"
cargo build --release --locked -p mingbai
exec "$target/release/mingbai" demo --dir "$county" "$@"
