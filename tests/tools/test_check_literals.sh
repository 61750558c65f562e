#!/bin/sh
# SPDX-License-Identifier: MIT
# Proves that check_literals.sh finds a word to avoid in a literal, and only there.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/src/mask" "$tree/include" "$tree/examples/01-a"
failures=0

# check <expected status> <file> <line>...
check() {
  expected=$1 file=$2
  shift 2
  printf '#include <cmath>\n' >"$tree/src/mask/a.cpp"
  rm -f "$tree/src/mask/b.cpp" "$tree/examples/01-a/job.toml"
  printf '%s\n' "$@" >"$tree/$file"
  status=0
  output=$("$tools/check_literals.sh" "$tree" 2>&1) || status=1
  if [ "$status" != "$expected" ]; then
    echo "FAILED: $file with: $*: status $status, expected $expected: $output"
    failures=$((failures + 1))
  fi
}

b=src/mask/b.cpp
check 0 $b 'throw InputError("a value is missing; give one");'
check 1 $b 'throw InputError("a value is wrong; mend it");'
check 1 $b 'f(1, "Told");'
check 1 $b 'f("one a wavelength");'
check 1 $b "f('\"', \"all alike\");"
check 1 $b "f(1'000, \"all alike\");"
check 1 $b 'f("a \" quote", "idle");'
check 1 $b 'const char* text = R"(first' 'the knob' ')";'
check 1 $b '/* a comment */ f("it tells");'
check 0 $b '// "mend it"' '/* "told"' '"lit" */'
check 0 $b '#include "mask/alike.hpp"' 'lit_area("split", "lit_area", "polite");'
check 0 $b 'f("one by one (a fit)");'
check 0 $b 'f(R"(text)"); int knob = 1;'
check 1 examples/01-a/job.toml 'shape = "annular"  # both alike'
check 0 examples/01-a/job.toml 'shape = "annular"'

if [ $failures -gt 0 ]; then
  echo "$failures checks failed"
  exit 1
fi
echo "check_literals.sh: all cases as expected"
