#!/bin/sh
# Feeds every reader with broken files, for so many seconds each: scripts/fuzz.sh [SECONDS]
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh fuzz
. scripts/tools.sh

seconds=${1:-60}
# The fuzzer's coverage flags are not stable yet; the variable allows them on the pinned toolchain.
export RUSTC_BOOTSTRAP=1
cd fuzz
for reader in $(cargo fuzz list --fuzz-dir .); do
    say "fuzzing $reader for $seconds seconds"
    # No sanitizer: there is no unsafe code here to sanitize, and it runs three times as often.
    cargo fuzz run --fuzz-dir . --sanitizer none "$reader" -- \
        -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -verbosity=0 -print_final_stats=1
done
say "no reader crashed"
