#!/bin/sh
# SPDX-License-Identifier: MIT
# Every published source computes, says its status and where it comes from: test_sources.sh UNDULITH
set -eu
undulith=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
failed=0
for file in "$root"/examples/sources/*.toml; do
  name=$(basename "$file")
  if ! report=$("$undulith" source "$file" 2>&1); then
    echo "FAILED: $name: $report"
    failed=1
    continue
  fi
  for line in '^status  *\(production\|demonstrated\|design\|simulation\|company_claim\)$' '^citation  *[A-Za-z]' \
    '^wafer_power_w  *[0-9]'; do
    echo "$report" | grep -q "$line" || { echo "FAILED: $name has no line '$line'"; failed=1; }
  done
  ! echo "$report" | grep -qi '\bnan\b\|\binf\b' || { echo "FAILED: $name prints nan or inf"; failed=1; }
done
exit $failed
