#!/bin/sh
# Installs what is missing, builds Undulith with its tests and runs them: ./test.sh [ctest argument...]
set -eu
root=$(cd "$(dirname "$0")" && pwd)
. "$root/cmake/setup.sh"

install_packages "$root/packages.txt"
install_packages "$root/tests/packages.txt"
build_targets
ctest --test-dir "$root/build" -j "$(nproc 2>/dev/null || echo 2)" --output-on-failure --no-tests=error "$@"
