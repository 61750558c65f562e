#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds the timings and runs them: ./bench.sh [argument of the benchmark program...]
set -eu
root=$(cd "$(dirname "$0")" && pwd)
. "$root/cmake/setup.sh"

install_packages "$root/packages.txt"
build_targets undulith_benchmark
exec "$root/build/tests/undulith_benchmark" "$@"
