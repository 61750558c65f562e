#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs clang-tidy 16 on the sources: tidy.sh BUILD [--all | MODULE...]
#
#   tidy.sh build              the product (src/ and the public headers), the checks of .clang-tidy that are cheap
#   tidy.sh build --all        the product and the tests: path analysis and all checks of .clang-tidy
#   tidy.sh build mask resist  these modules only, as without --all
#
# Most of the time of clang-tidy goes into the headers, so many sources are one compilation: four for the product, one per
# file for the tests. Flags come from compile_commands.json of a configured build folder; nothing needs to be compiled. A
# finding is an error. Projects of their own (tests/consumer, tests/benchmark/baseline) are left out. Without clang-tidy 16
# the check fails; with UNDULITH_SKIP_PACKAGES=1 it is skipped (exit 77).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
shift
commands=$build/compile_commands.json
work=$build/tidy
[ -f "$commands" ] || { echo "no $commands; configure the build first: cmake -S . -B build -G Ninja"; exit 1; }
tidy=
for candidate in clang-tidy-16 clang-tidy; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" --version | grep -q 'version 16\.'; then
    tidy=$candidate
    break
  fi
done
if [ -z "$tidy" ]; then
  [ "${UNDULITH_SKIP_PACKAGES:-}" = 1 ] || {
    echo "clang-tidy 16 is not installed; install clang-tidy-16, or set UNDULITH_SKIP_PACKAGES=1 to skip this check"
    exit 1
  }
  echo "skipped: clang-tidy 16 is not installed"
  exit 77
fi

# flags FOLDER: those of a target built from this folder, without the compiler, the file and what only g++ knows. An
# option and its argument are one line. Several sources of src/FOLDER may be one compilation of the build.
flags() {
  awk -v source="\"$root/$1/" -v object="-o $1/CMakeFiles/" '
    /"command":/ { command = $0 }
    /"file":/ && (index($0, source) || index(command, object)) {
      sub(/^[^:]*: "/, "", command)
      sub(/",$/, "", command)
      gsub(/\\"/, "\"", command)
      gsub(/\\\\/, "\\", command)
      n = split(command, word, " ")
      for (i = 1; i <= n && word[i] !~ /(^|\/)[a-z0-9_-]*(g|c)\+\+(-[0-9]+)?$/; ++i);
      for (++i; i <= n && word[i] != "-o"; ++i)
        if (word[i] == "-include") ++i
        else if (word[i] == "-isystem") print word[i], word[++i]
        else if (word[i] !~ /^-(fcx-fortran-rules|Winvalid-pch|Wno-restrict|Wno-subobject-linkage|O.|g|fsanitize=.*)$/)
          print word[i]
      exit
    }' "$commands"
}

# compilation NAME FLAGS FILE...: one run of clang-tidy, for later
compilation() {
  name=$1 flags=$2
  shift 2
  for source in "$@"; do printf '#include "%s"\n' "$source"; done >"$work/$name.cpp"
  echo "cd '$build' && $tidy --quiet --config-file='$root/.clang-tidy' $checks '$work/$name.cpp' -- $flags" >"$work/$name.sh"
}

# The flags of several folders together.
all_flags() {
  for folder in "$@"; do
    found=$(flags "$folder")
    [ -n "$found" ] || { echo "$folder: no compile command in $commands; configure the build again" >&2; return 1; }
    printf '%s\n' "$found"
  done >"$work/flags"
  awk '!seen[$0]++' "$work/flags" | tr '\n' ' '
}

rm -rf "$work"
mkdir -p "$work"
# Those that find most for their time: every check costs about 3 % of the run, spent in the headers. Two belong to --all: the path
# analysis, whose time grows with the longest functions, and performance-unnecessary-value-param, which walks through the
# whole compilation for each parameter in question.
analysis='clang-analyzer-core.*,clang-analyzer-cplusplus.*,clang-analyzer-deadcode.*'
cheap='
  bugprone-argument-comment bugprone-dangling-handle bugprone-infinite-loop bugprone-too-small-loop-variable
  bugprone-unused-raii bugprone-use-after-move performance-for-range-copy performance-move-const-arg
  performance-unnecessary-copy-initialization misc-unused-using-decls'
# shellcheck disable=SC2086
checks="--checks='-*,$(echo $cheap | tr ' ' ',')'"
tests=
case ${1:-} in
  --all)
    checks="--checks='$analysis'"
    tests=$(cd "$root" && find tests -name '*.cpp' -type f -not -path 'tests/consumer/*' -not -path 'tests/benchmark/baseline/*' | LC_ALL=C sort)
    set --
    ;;
esac
modules=$*
cd "$root"
if [ -z "$modules" ]; then modules=$(find src -name '*.cpp' -type f | sed 's|^src/||; s|/.*||' | LC_ALL=C sort -u); fi
# Modules to four groups of about the same size: the largest first, each to the smallest group.
for module in $modules; do printf '%s %s\n' "$(find src/"$module" -name '*.cpp' -exec cat {} + | wc -l)" "$module"; done | sort -k1,1nr -k2 |
  awk '{ least = 1
         for (i = 2; i <= 4; ++i) if (size[i] + 0 < size[least] + 0) least = i
         size[least] += $1
         members[least] = members[least] " " $2 }
       END { for (i = 1; i <= 4; ++i) if (members[i] != "") print members[i] }' >"$work/groups"
# Sources for all vector widths include themselves, one at most in a compilation.
for_all_vectors=$(grep -rl 'foreach_target.h' "$root/src" --include='*.cpp' | LC_ALL=C sort)
n=0
while read -r members; do
  n=$((n + 1))
  folders= files=
  for module in $members; do
    folders="$folders src/$module"
    files="$files $(find "$root/src/$module" -name '*.cpp' | LC_ALL=C sort | grep -vxF "$for_all_vectors" | tr '\n' ' ')"
  done
  # shellcheck disable=SC2086
  shared_flags=$(all_flags $folders)
  # shellcheck disable=SC2086
  compilation "product_$n" "$shared_flags" $files
  for source in $for_all_vectors; do
    case " $members " in
      *" $(basename "$(dirname "$source")") "*) compilation "product_$(basename "$source" .cpp)" "$shared_flags" "$source" ;;
    esac
  done
done <"$work/groups"
for test in $tests; do
  test_flags=$(all_flags "$(dirname "$test")")
  compilation "$(printf '%s' "${test%.cpp}" | tr / _)" "$test_flags" "$root/$test"
done

status=0
ls "$work"/*.sh | xargs -P "$(nproc 2>/dev/null || echo 2)" -I{} sh -c \
  'sh "$1" >"$1.log" 2>&1 || { cat "$1.log"; exit 1; }' tidy {} || status=1
exit $status
