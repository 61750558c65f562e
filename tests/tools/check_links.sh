#!/bin/sh
# SPDX-License-Identifier: MIT
# Every relative link and picture of a Markdown page leads to a file, and every source path in backticks exists.
set -eu
cd "$(dirname "$0")/../.."
status=0
for page in $(find . -name '*.md' -not -path './build*' -not -path './results*' -not -path './.git/*' | LC_ALL=C sort); do
  folder=$(dirname "$page")
  for target in $(grep -oE '\]\([^)# ]+' "$page" | sed 's/^](//' | grep -vE '^[a-z]+:' || true); do
    [ -e "$folder/$target" ] || { echo "$page: no file $target"; status=1; }
  done
  for target in $(grep -oE '`(src|include|tests|docs|cmake|examples|masks)/[A-Za-z0-9_./-]+\.[a-z]+`' "$page" | tr -d '`'); do
    [ -e "$target" ] || { echo "$page: no file $target"; status=1; }
  done
done
exit $status
