#!/bin/sh
# SPDX-License-Identifier: MIT
# Every test that the theory pages and the capabilities name as evidence exists: check_evidence.sh [ROOT]
#
# A name is quoted in backticks and holds ": ", as in `abbe: …` or `layout: areas do not change …`; "…" stands for any
# text, and a name that begins with "… " continues the family of the name before it. The cases of `undulith verify` (I07,
# M13, U1, …) must stand in docs/validation.md. Prints each name that nothing has.
set -eu
cd "${1:-$(dirname "$0")/../..}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One name a line; clang-format may have put a name on the line below TEST_CASE( .
find tests -name '*.cpp' -type f | LC_ALL=C sort | xargs awk '
  { text = wanted ? $0 : "" }
  /^[ \t]*TEST_CASE\(/ { text = $0 }
  { wanted = /^[ \t]*TEST_CASE\($/ }
  text != "" && match(text, /"[^"]*"/) { print substr(text, RSTART + 1, RLENGTH - 2) }
' >"$scratch/cases"
[ -s "$scratch/cases" ] || { echo "no test case found"; exit 1; }

status=0
quoted=0
for page in docs/theory/*.md docs/capabilities.md; do
  # A quotation may run over the end of a line, but not over that of a paragraph.
  awk -v RS= '{ gsub(/\n[ \t]*/, " "); print }' "$page" | grep -oE '`[^`]*`' | tr -d '`' |
    grep -E '^(… |[A-Za-z_]+( [a-z]+)*: )' >"$scratch/quoted" || continue
  family=
  while IFS= read -r name; do
    quoted=$((quoted + 1))
    case $name in
      '… '*) name="$family: ${name#… }" ;;
      *) family=${name%%: *} ;;
    esac
    pattern=$(printf '%s\n' "$name" | sed 's/[][\.*^$]/\\&/g; s/…/.*/g')
    grep -qx -e "$pattern" "$scratch/cases" || { echo "$page: no test case is called \`$name\`"; status=1; }
  done <"$scratch/quoted"
done
for case in $(grep -rhoE '\b([IM][0-9]{2}|U[0-9]|KLITHO-T[0-9])\b' docs/theory docs/capabilities.md | sort -u); do
  grep -q "^| $case " docs/validation.md || { echo "case $case is cited but not in docs/validation.md"; status=1; }
done
[ "$quoted" -gt 0 ] || { echo "no quoted test name found"; exit 1; }
exit $status
