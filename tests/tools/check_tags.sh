#!/bin/sh
# SPDX-License-Identifier: MIT
# Every test case says its kind and its module: TEST_CASE("...", "[unit][math]"). Prints each that does not.
set -eu
root=${1:-$(dirname "$0")/../..}
cd "$root"
find tests -name '*.cpp' -type f | LC_ALL=C sort | xargs awk '
FNR == 1 { open = 0 }
/^[ \t]*(TEMPLATE_)?TEST_CASE(_METHOD)?\(/ || /^[ \t]*SCENARIO\(/ {
  open = 1
  text = ""
  line = FNR
}
open {
  text = text $0
  # The opening brace of the body ends the head, which clang-format may have broken over lines.
  if ($0 ~ /\{[ \t]*$/ || $0 ~ /\{.*\}/) {
    open = 0
    if (text !~ /\[!?(unit|property|validation|regression|benchmark|slow)\]/ || \
        text !~ /\[(core|math|io|provenance|materials|layout|optics|source|illuminator|mask|imaging|resist|metrology|throughput|report|job|flow|verify|optimise|study|results|program|cli|python)\]/) {
      printf "%s:%d: no tags [unit|property|validation|regression][module]: %s\n", FILENAME, line, text
      bad = 1
    }
    ++cases
  }
}
END {
  if (!cases) { print "no test case found"; bad = 1 }
  exit bad
}
'
