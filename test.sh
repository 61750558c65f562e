#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds Undulith with its tests and runs them.
#
#   ./test.sh [ctest argument...]         build/, release
#   ./test.sh --all [ctest argument...]   also all checks of clang-tidy, on the tests too, then the presets dev
#                                         (warnings are errors), asan and tsan in build-PRESET/, all tests under each
#
# UNDULITH_SHARED names a folder of third-party data (layouts/, optical/, reference/) that some tests compare with.
set -eu
root=$(cd "$(dirname "$0")" && pwd)
. "$root/cmake/setup.sh"

all=no
if [ "${1:-}" = --all ]; then
  all=yes
  shift
fi
if [ -z "${UNDULITH_SHARED:-}" ] && [ -d "$root/../shared/layouts" ]; then
  UNDULITH_SHARED=$(cd "$root/../shared" && pwd)
fi
if [ -n "${UNDULITH_SHARED:-}" ]; then
  export UNDULITH_SHARED
else
  say "UNDULITH_SHARED is not set: comparisons with third-party data are skipped."
fi
jobs=$(nproc 2>/dev/null || echo 2)

install_packages "$root/packages.txt"
install_packages "$root/tests/packages.txt"
build_targets
ctest --test-dir "$root/build" -j "$jobs" --output-on-failure --no-tests=error "$@"
if [ $all = no ]; then exit 0; fi

cd "$root"
say "clang-tidy: all checks, also on the tests ..."
sh tests/tools/tidy.sh build --all
for preset in dev asan tsan; do
  build_preset $preset
  ctest --preset $preset -j "$jobs" "$@"
done
