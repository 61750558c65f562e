#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds another revision of Undulith and this checkout, runs both on the same work, in turns on one thread, and prints
# a table of ratios with errors and peak memory.
#
#   tests/benchmark/against_baseline.sh REVISION [NAME...]
#
# REVISION   of this repository, such as a tag
# NAME       rows to run; without any, all of them (some ten minutes with a fast baseline)
#
# Builds go to build-baseline/. Needs python3 and python3-numpy beside what run.sh installs; with python3-scipy the
# table also has the rows of what a user would pick instead.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/cmake/setup.sh"
revision=${1:?"usage: against_baseline.sh REVISION [NAME...]"}
shift
work=$root/build-baseline
commit=$(git -C "$root" rev-parse --verify "$revision^{commit}")
jobs=$(nproc 2>/dev/null || echo 2)
mkdir -p "$work"

# build SOURCE NAME: the command line and the imaging cases of a source tree, in build-baseline/NAME.
build() {
  say "Building $2 in $work/$2 ..."
  {
    cmake -S "$1" -B "$work/$2" -G Ninja -DCMAKE_BUILD_TYPE=Release -DUNDULITH_TESTS=OFF -DUNDULITH_UNITY=ON &&
      cmake --build "$work/$2" -j "$jobs" && cmake --install "$work/$2" --prefix "$work/$2/installed" &&
      cmake -S "$root/tests/benchmark/baseline" -B "$work/$2/cases" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_PREFIX_PATH="$work/$2/installed" &&
      cmake --build "$work/$2/cases" -j "$jobs"
  } >"$work/$2.log" 2>&1 || {
    tail -n 40 "$work/$2.log" >&2
    say "The build failed; the whole log is $work/$2.log"
    exit 1
  }
}

if [ ! -d "$work/source" ]; then git -C "$root" worktree add --detach "$work/source" "$commit" >/dev/null; fi
git -C "$work/source" checkout --quiet --detach "$commit"
build "$work/source" baseline
build "$root" now
python=python3
if ! "$python" -c "import numpy" 2>/dev/null; then python=/usr/bin/python3; fi # Debian's own, behind another one
exec "$python" "$root/tests/benchmark/baseline/compare.py" "$work" "$root" "$@"
