#!/bin/sh
# SPDX-License-Identifier: MIT
# What is written in several places agrees: check_packages.sh [ROOT]
#
# docs/guide/installing.md names every package of packages.txt in its table, and no other; the version of CMakeLists.txt
# is that of CITATION.cff, of the newest section of CHANGELOG.md (with its date) and of the find_package() examples.
set -eu
cd "${1:-$(dirname "$0")/../..}"
status=0
say() { echo "$1"; status=1; }

page=docs/guide/installing.md
listed=$(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' packages.txt | LC_ALL=C sort)
# The second column of the table whose head is "| Library | Debian, Ubuntu | ...".
shown=$(awk -F'|' '/^\| Library \| Debian/ { inside = 1; next } !/^\|/ { inside = 0 } inside { print $3 }' "$page" |
  grep -oE '`[^`]*`' | tr -d '`' | tr ' ' '\n' | LC_ALL=C sort)
[ -n "$listed" ] && [ -n "$shown" ] || say "no packages found in packages.txt or $page"
for package in $listed; do
  echo "$shown" | grep -qxF "$package" || say "$page: package $package of packages.txt is not in the table"
done
for package in $shown; do
  echo "$listed" | grep -qxF "$package" || say "$page: package $package is not in packages.txt"
done

version=$(sed -n 's/^project(Undulith VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ -n "$version" ] || say "CMakeLists.txt: no version found"
released=$(sed -n 's/^date-released: *//p' CITATION.cff)
grep -qx "version: $version" CITATION.cff || say "CITATION.cff: the version is not $version"
newest=$(grep -m1 '^## ' CHANGELOG.md)
case $newest in
  "## $version ($released)" | "## Unreleased") ;;
  *) say "CHANGELOG.md: the newest section is \"$newest\"; wanted: \"## $version ($released)\" or \"## Unreleased\"" ;;
esac
for file in tests/consumer/CMakeLists.txt "$page"; do
  grep -qF "find_package(Undulith ${version%.*} REQUIRED)" "$file" || say "$file: find_package() does not ask for ${version%.*}"
done
exit $status
