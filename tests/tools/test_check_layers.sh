#!/bin/sh
# SPDX-License-Identifier: MIT
# Proves that check_layers.sh accepts what the table allows and catches each kind of violation.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# check <expected status> <expected text> <file> <line>...: one file in an otherwise empty tree
check() {
  expected=$1 text=$2 file=$3
  shift 3
  rm -rf "$tree/include" "$tree/src"
  mkdir -p "$tree/include/undulith/core" "$tree/src/core" "$(dirname "$tree/$file")"
  echo '#include <cmath>' >"$tree/src/core/a.cpp"
  printf '%s\n' "$@" >"$tree/$file"
  status=0
  output=$("$tools/check_layers.sh" "$tree" 2>&1) || status=$?
  case $status in 0) ;; *) status=1 ;; esac
  case $output in *"$text"*) found=yes ;; *) found=no ;; esac
  if [ "$status" != "$expected" ] || [ $found = no ]; then
    echo "FAILED: $file with: $*"
    echo "  expected status $expected and \"$text\", got status $status and: $output"
    failures=$((failures + 1))
  fi
}

check 0 '' src/mask/a.cpp '#include "undulith/layout/clip.hpp"' '#include "undulith/layout/make_clip.hpp"' \
  '#include "undulith/illuminator/illuminator.hpp"' '#include "mask/private.hpp"' '#include "private.hpp"'
check 0 '' src/flow/a.cpp '#include "undulith/layout/gdsii.hpp"' '#include "undulith/source/undulator.hpp"'
check 0 '' src/flow/b.cpp '#include "undulith/throughput/throughput.hpp"'
check 0 '' src/flow/distribute.cpp '#include <mpi.h>'
check 0 '' src/cli/a.cpp '#include <CLI/CLI.hpp>' '#include "undulith/job/job.hpp"' '#include "undulith/verify/verify.hpp"' \
  '#include "undulith/program/run.hpp"'
check 0 '' src/study/a.cpp '#include "undulith/flow/stages.hpp"' '#include <nlopt.hpp>'
check 0 '' src/results/a.cpp '#include "undulith/study/solve.hpp"' '#include "undulith/report/pictures.hpp"'
check 0 '' src/verify/a.cpp '#include "undulith/resist/bake.hpp"'
check 0 '' src/math/a.cpp '// #include "undulith/mask/mask.hpp"' '#include <fftw3.h>'

check 1 'src/source/a.cpp:2:' src/source/a.cpp '' '#include "undulith/mask/mask.hpp"'
check 1 'core may not include math' include/undulith/core/a.hpp '#include "undulith/math/fft.hpp"'
check 1 'throughput may not include metrology' src/throughput/a.cpp '#include "undulith/metrology/metrology.hpp"'
check 1 'cli may not include layout' src/cli/a.cpp '#include "undulith/layout/layout.hpp"'
check 1 'mask may not include io' src/mask/a.cpp '  #  include "undulith/io/csv.hpp"'
check 1 'only its result' src/mask/a.cpp '#include "undulith/layout/gdsii.hpp"'
check 1 'only its result' src/illuminator/a.cpp '#include "undulith/source/undulator.hpp"'
check 1 'only its result' src/imaging/a.cpp '#include "undulith/layout/make_clip.hpp"' '#include "undulith/mask/thin.hpp"'
check 1 'a private header of imaging' src/metrology/a.cpp '#include "imaging/pupil.hpp"'
check 1 'public headers only' include/undulith/mask/a.hpp '#include "mask/private.hpp"'
check 1 'no such module' src/mask/a.cpp '#include "undulith/utils/strings.hpp"'
check 1 'not in the table' src/helpers/a.cpp '#include <cmath>'
check 1 'no path through ..' src/mask/a.cpp '#include "../imaging/pupil.hpp"'
check 1 'only src/flow/distribute.cpp' src/imaging/a.cpp '#include <mpi.h>'
check 1 'only src/cli includes CLI11' src/flow/a.cpp '#include <CLI/App.hpp>'
check 1 'only one source of math' src/imaging/a.cpp '#include <fftw3.h>'
check 1 'only math includes LAPACK' src/mask/a.cpp '#include <lapacke.h>'

check 1 'verify may not include job' src/verify/a.cpp '#include "undulith/job/job.hpp"'
check 1 'verify may not include flow' src/verify/a.cpp '#include "undulith/flow/stages.hpp"'
check 1 'study may not include report' src/study/a.cpp '#include "undulith/report/pictures.hpp"'
check 1 'job may not include report' src/job/a.cpp '#include "undulith/report/pictures.hpp"'
check 1 'cli may not include study' src/cli/a.cpp '#include "undulith/study/solve.hpp"'
check 1 'only study and optimise include NLopt' src/program/a.cpp '#include <nlopt.hpp>'
check 1 'only src/optimise/linear_program.cpp includes GLPK' src/optimise/a.cpp '#include <glpk.h>'

# Upwards, from every module to every module on a higher floor: each of these lines must be reported.
floors="core math io materials layout optics source illuminator mask imaging resist metrology report job flow study
  results program cli python"
rm -rf "$tree/include" "$tree/src"
wanted=0
below=
for upper in $floors; do
  for lower in $below; do
    case "$lower/$upper" in math/io | materials/layout) continue ;; esac # neighbours on one floor, checked below
    mkdir -p "$tree/src/$lower"
    echo "#include \"undulith/$upper/any.hpp\"" >>"$tree/src/$lower/upwards.cpp"
    wanted=$((wanted + 1))
  done
  below="$below $upper"
done
for pair in math/io io/math materials/layout layout/materials flow/verify verify/flow verify/study; do
  mkdir -p "$tree/src/${pair%/*}"
  echo "#include \"undulith/${pair#*/}/any.hpp\"" >>"$tree/src/${pair%/*}/sideways.cpp"
  wanted=$((wanted + 1))
done
found=$("$tools/check_layers.sh" "$tree" 2>&1 | grep -c 'may not include' || true)
if [ "$found" != "$wanted" ]; then
  echo "FAILED: $found of $wanted includes in the wrong direction were reported"
  failures=$((failures + 1))
fi

# A table that lets a module include a higher floor is an error itself.
mkdir -p "$tree/tools"
cp "$tools/check_layers.sh" "$tree/tools/"
for row in '3 | optics | core imaging | | | x' '3 | optics | core | x' '3 | optics | core nothing | | | x'; do
  awk -v row="$row" '/[|] optics [|]/ { print row; next } { print }' "$tools/layers.txt" >"$tree/tools/layers.txt"
  if output=$("$tree/tools/check_layers.sh" "$tools/../.." 2>&1); then
    echo "FAILED: the table accepted the row: $row"
    failures=$((failures + 1))
  fi
  case $output in
    *'lower floors only, not imaging'* | *'six fields wanted'* | *'no module nothing'*) ;;
    *) echo "FAILED: $row: $output" && failures=$((failures + 1)) ;;
  esac
done

if [ $failures -gt 0 ]; then
  echo "$failures checks failed"
  exit 1
fi
echo "check_layers.sh: all cases as expected"
