#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/validation.md is the output of `undulith verify --markdown`: check_validation_page.sh UNDULITH
#
# Runs every reference case; a case that fails or a page that is out of date fails the test. Where
# UNDULITH_SHARED does not name the folder of third-party data, their cases are skipped and the page cannot be compared:
# exit 77.
set -eu
undulith=$1
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/validation.md
got=$(mktemp)
trap 'rm -f "$got"' EXIT
"$undulith" verify --markdown >"$got" || { cat "$got"; exit 1; }
if grep -q '| skip |' "$got"; then
  grep '| skip |' "$got"
  echo "some reference cases need third-party data, so docs/validation.md was not compared"
  [ -z "${UNDULITH_SHARED:-}" ] || { echo "$UNDULITH_SHARED does not have all of it"; exit 1; }
  echo "skipped: UNDULITH_SHARED is not set"
  exit 77
fi
if ! diff -u "$page" "$got"; then
  echo "docs/validation.md is out of date; write it again: undulith verify --markdown > docs/validation.md"
  exit 1
fi
