#!/bin/sh
# Walks a story of stories/ by its number in an empty folder: scripts/story.sh NUMBER [FOLDER]
# The program comes from the path, or was built by `make demo`.
set -eu
cd "$(dirname "$0")/.."
. scripts/tools.sh
root=$PWD
story=$(ls "$root"/stories/"${1:?the number of a story}"-*.md) || fail "there is no story $1"
folder=${2:-$(mktemp -d)}
PATH=$PATH:$root/$target/release:$target/release
has mingbai || fail "the program mingbai is not here: run make demo first"
scripts/setup.sh python
PYTHON=$root/target/tools/python/bin/python
VERIFY=$root/verify/mingbai_verify.py
export PATH PYTHON VERIFY
cd "$folder"
say "working in $folder"
{
    cat "$root/scripts/meddle.sh"
    sed -n '/^```sh$/,/^```$/p' "$story" | grep -v '^```'
} > story.sh
exec sh -eu story.sh
