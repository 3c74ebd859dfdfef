# shellcheck shell=sh disable=SC2034
# Functions of scripts/setup.sh and of the tasks: what is here, and how to get what is not.

rust_wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
# What the npm packages of the pages need.
node_wanted=18
target=${CARGO_TARGET_DIR:-target}
venv=$PWD/target/venv
log=$PWD/target/setup.log
mkdir -p target
# Tools from the virtual environment first; cargo also where rustup puts it, which a shell opened
# before the installation does not know yet.
PATH=$venv/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
export PATH

say() { printf '%s\n' "setup: $*"; }
fail() {
    printf '%s\n' "setup: $*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# The toolchain that rust-toolchain.toml pins is fetched by rustup. Where it is not allowed to or has
# no network, the machine's own does as well, if it is new enough.
if has rustup && ! rustc --version >/dev/null 2>&1; then
    RUSTUP_TOOLCHAIN=$(rustup default 2>/dev/null | cut -d ' ' -f 1)
    export RUSTUP_TOOLCHAIN
fi

# Runs a command as root: directly, or with sudo, which asks for a password only at a terminal.
sudo=sudo
[ -t 0 ] && [ -z "${CI:-}" ] || sudo="sudo -n"
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else $sudo "$@"; fi
}

# Installs Debian packages.
debian() {
    has apt-get || fail "please install $*: this machine has no apt-get to do it with"
    [ "$(id -u)" = 0 ] || has sudo ||
        fail "please install $* as root (apt-get install $*): there is no sudo here"
    say "installing Debian packages: $*"
    apt_get install "$@" && return 0
    # The list of packages may be missing or old.
    apt_get update || true
    apt_get install "$@" ||
        fail "could not install $* (no right to use sudo, no network?); apt's words stand in $log"
}
apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
        --no-install-recommends "$@" >"$log" 2>&1 </dev/null
}

# Makes the virtual environment target/venv.
python_venv() {
    [ -x "$venv/bin/pip" ] && return 0
    has python3 || debian python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
    python3 -m venv "$venv" >"$log" 2>&1 ||
        fail "could not make a Python environment in $venv; the reason stands in $log"
}

# Installs Python packages into the virtual environment: python_packages NAME...
python_packages() {
    python_venv
    missing=""
    for package in "$@"; do
        "$venv/bin/python" -c "import $package" 2>/dev/null || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing Python packages:$missing"
    # shellcheck disable=SC2086 # a list of names
    "$venv/bin/pip" install -q $missing >"$log" 2>&1 ||
        fail "pip could not install$missing (no network?); its words stand in $log"
}

# Installs a cargo subcommand: built for this machine where PyPI has it, else compiled here.
cargo_tool() {
    has "cargo-$1" && return 0
    say "installing cargo-$1"
    python_venv
    "$venv/bin/pip" install -q "astral-dev-toolchain-cargo-$1" >"$log" 2>&1 &&
        cargo "$1" --version >/dev/null 2>&1 && return 0
    say "compiling cargo-$1; this takes some minutes"
    cargo install --locked "cargo-$1" >"$log" 2>&1 ||
        fail "could not install cargo-$1 (no network?); cargo's words stand in $log"
}

# Makes target/tools/python: other people's implementations, by which tests judge the public log.
# Versions stand here once; another version may judge otherwise.
python_judges() {
    judges="pymerkle==7.0.0 cryptography==50.0.2"
    folder=$PWD/target/tools/python
    [ "$(cat "$folder/judges" 2>/dev/null)" = "$judges" ] && return 0
    has python3 || debian python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
    say "installing Python packages for the tests: $judges"
    # shellcheck disable=SC2086 # a list of names
    python3 -m venv --clear "$folder" >"$log" 2>&1 &&
        "$folder/bin/pip" install -q $judges >>"$log" 2>&1 ||
        fail "could not install $judges (no network?); the reason stands in $log"
    echo "$judges" >"$folder/judges"
}
