#!/bin/sh
# Installs what a task needs and this machine lacks, by package name, and says so in one line each.
# usage: scripts/setup.sh demo|test|web|python|bench|fuzz|deny
# Quick and silent when everything is there; one clear sentence and exit code 1 when it cannot help.
set -eu
cd "$(dirname "$0")/.."
. scripts/tools.sh

rust() {
    has cargo || fail "cargo is missing: install the Rust toolchain ($rust_wanted or newer) first"
    found=$(rustc --version 2>"$log") ||
        fail "rustc does not run: install Rust $rust_wanted or newer; its words stand in $log"
    found=$(echo "$found" | cut -d ' ' -f 2)
    older=$(printf '%s\n%s\n' "$rust_wanted" "$found" | sort -V | head -n 1)
    [ "$older" = "$rust_wanted" ] ||
        fail "Rust $found is too old: version $rust_wanted or newer is needed"
    # A linker for the programs and build scripts that cargo makes.
    has cc || debian gcc libc6-dev
}

rust_components() {
    for component in clippy rustfmt; do
        verb=${component#rust}
        cargo "$verb" --version >/dev/null 2>&1 && continue
        has rustup || fail "cargo $verb is missing, and rustup too: please install $component"
        say "adding the Rust component $component"
        rustup component add "$component" >"$log" 2>&1 ||
            fail "rustup could not add $component (no network?); its words stand in $log"
    done
}

# Takes pictures of the report, and walks through the pages of the site. Node's packages fetch no
# browser of their own.
browser() {
    has chromium || debian chromium
    fc-list :lang=zh 2>/dev/null | grep -q . || debian fontconfig fonts-noto-cjk
}

# Server binaries; the tests start a server of their own and use no other.
postgres() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || debian postgresql
}

# Scripts and styles of the pages, bundled from npm packages by their lock file. Done again only when
# a source or the lock file has changed.
web() {
    has node && has npm || debian nodejs npm
    found=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$found" -ge "$node_wanted" ] ||
        fail "Node $found is too old: version $node_wanted or newer is needed"
    (
        cd crates/web/assets
        locked=$(sha256sum <package-lock.json)
        if [ "$(cat node_modules/made-from 2>/dev/null)" != "$locked" ]; then
            say "installing npm packages for the pages"
            npm ci --no-audit --no-fund >"$log" 2>&1 ||
                fail "npm could not install the packages of the pages (no network?); its words stand in $log"
            echo "$locked" >node_modules/made-from
        fi
        wanted=$(cat package-lock.json build.mjs src/* | sha256sum)
        [ "$(cat dist/made-from 2>/dev/null)" = "$wanted" ] && exit 0
        say "bundling scripts and styles"
        npm run --silent build >"$log" 2>&1 ||
            fail "scripts and styles could not be bundled; the reason stands in $log"
        echo "$wanted" >dist/made-from
    )
}

case "${1:-}" in
web) web ;;
demo)
    rust
    web
    ;;
test)
    rust
    rust_components
    web
    cargo_tool nextest
    browser
    postgres
    python_judges
    ;;
# Only what the tests of the public log need.
python) python_judges ;;
bench)
    rust
    web
    python_packages duckdb numpy pyarrow
    ;;
fuzz)
    rust
    has c++ || debian g++
    cargo_tool fuzz
    ;;
deny)
    rust
    cargo_tool deny
    ;;
*) fail "usage: scripts/setup.sh demo|test|web|python|bench|fuzz|deny" ;;
esac
