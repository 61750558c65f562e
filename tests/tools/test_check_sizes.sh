#!/bin/sh
# SPDX-License-Identifier: MIT
# Proves that check_sizes.sh accepts files, folders and functions at the limits and catches those beyond.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# lines <number> <text>: the text that often
lines() {
  awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; ++i) print text }'
}

# check <expected status> <expected text> <what>: the tree as it is now; empties it
check() {
  status=0
  output=$("$tools/check_sizes.sh" "$tree" 2>&1) || status=$?
  case $status in 0) ;; *) status=1 ;; esac
  case $output in *"$2"*) found=yes ;; *) found=no ;; esac
  if [ "$status" != "$1" ] || [ $found = no ] || { [ "$1" = 0 ] && [ -n "$output" ]; }; then
    echo "FAILED: $3"
    echo "  expected status $1 and \"$2\", got status $status and: $output"
    failures=$((failures + 1))
  fi
  rm -rf "$tree/src" "$tree/include"
  mkdir -p "$tree/src/mask" "$tree/include/undulith/mask"
}
mkdir -p "$tree/src/mask" "$tree/include/undulith/mask"
a=$tree/src/mask/a.cpp

lines 500 '// a line' >"$a"
check 0 '' 'a file of 500 lines'
lines 501 '// a line' >"$a"
check 1 'src/mask/a.cpp: too many lines; split the file (501, at most 500)' 'a file of 501 lines'
lines 300 '// a line' >"$tree/include/undulith/mask/a.hpp"
check 0 '' 'a header of 300 lines'
lines 301 '// a line' >"$tree/include/undulith/mask/a.hpp"
check 1 'include/undulith/mask/a.hpp: too many lines; split the file (301, at most 300)' 'a header of 301 lines'

for i in $(seq 45); do echo >"$tree/src/mask/a$i.cpp"; done
check 0 '' 'a folder of 45 files'
for i in $(seq 46); do echo >"$tree/src/mask/a$i.cpp"; done
check 1 'src/mask: too many source files; split the folder (46, at most 45)' 'a folder of 46 files'

# function <signature> <lines between its braces>, inside a namespace
function_of() {
  echo 'namespace undulith::mask {'
  echo '#define UNDULITH_BRACE { {'
  echo '/* { */  // {'
  echo "$1"
  lines "$2" '  if (a == 0x7b) { b("}{\"", '"'{'"'); }'
  echo '}'
  echo 'constexpr double kTable[] = {'
  lines 90 '  1,'
  echo '};'
  echo '}  // namespace undulith::mask'
}
function_of 'void f(int a) {' 78 >"$a"
check 0 '' 'a function of 80 lines and a table of 92'
function_of 'void f(int a) {' 79 >"$a"
check 1 'src/mask/a.cpp:4: function f is too long; split it (81, at most 80)' 'a function of 81 lines'
function_of 'template <class T>
void f(
    int a) {' 77 >"$a"
check 1 'a.cpp:4: function f is too long; split it (81' 'a signature of three lines'
function_of 'Mask::Mask(int a) : a_{a}, b_{1, 2} {' 79 >"$a"
check 1 'function Mask::Mask is too long' 'a constructor with braces in its list'
function_of 'const auto text = [](int a) {' 79 >"$a"
check 1 'is too long; split it (81' 'a lambda of a namespace'

class_of() {
  echo 'struct A {'
  echo ' private:'
  echo '  int f(int a) const {'
  lines "$1" '    ++a;'
  echo '  }'
  lines 90 '  int b = 0;'
  echo '};'
}
class_of 78 >"$a"
check 0 '' 'a class of 174 lines with a member function of 80'
class_of 79 >"$a"
check 1 'src/mask/a.cpp:3: function f is too long; split it (81, at most 80)' 'a member function of 81 lines'

{
  echo 'int f() {'
  echo '  const char* text = R"x('
  lines 79 '{ )" }}'
  echo ')x";'
  echo '}'
} >"$a"
check 1 'function f is too long; split it (83' 'a raw string with braces'
echo 'void f() {' >"$a"
check 1 'a.cpp: its braces do not match' 'a file that ends inside a function'

if [ $failures -gt 0 ]; then
  echo "$failures checks failed"
  exit 1
fi
echo "check_sizes.sh: all cases as expected"
