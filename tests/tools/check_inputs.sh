#!/bin/sh
# SPDX-License-Identifier: MIT
# The numbers of inputs in tests/reference/inputs.md are true: files of a folder, test cases of a source file. Every
# corpus of tests/fuzz has its row.
set -eu
cd "$(dirname "$0")/../.."
page=tests/reference/inputs.md
status=0
complain() {
  echo "$page: $*"
  status=1
}
rows=$(grep '^|' "$page" | sed '1,2d')
[ -n "$rows" ] || complain "no table"
while IFS='|' read -r _ kind count _ _ where _; do
  counted=0
  for place in $where; do
    case $place in
      tests/tools/*) [ -f "$place" ] || complain "$place (no such file)"; continue 2 ;;
      *.cpp) counted=$((counted + $(grep -c '^TEST_CASE' "$place" || true))) ;;
      *) counted=$((counted + $(find "$place" -type f | wc -l))) ;;
    esac
  done
  [ "$counted" -eq "$((count))" ] || complain "$kind: $((count)) inputs (there are $counted in$where); correct the number"
done <<EOF
$rows
EOF
for corpus in tests/fuzz/corpus/*; do
  grep -q "| $corpus |" "$page" || complain "$corpus has no row; add one"
done
exit "$status"
