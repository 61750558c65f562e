#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds Undulith and runs an example: ./run.sh [JOB.toml]
set -eu
root=$(cd "$(dirname "$0")" && pwd)
job=${1:-$root/examples/01-logic-metal/job.toml}
. "$root/cmake/setup.sh"

install_packages "$root/packages.txt"
build_targets undulith_cli

name=$(basename "$(dirname "$job")")
out=$root/results/$name
"$root/build/undulith" run "$job" --out "$out" --force
say ""
say "Results are in $out; pictures:"
for picture in "$out"/*.png "$out"/*/*.png; do
  if [ -f "$picture" ]; then say "  $picture"; fi
done
