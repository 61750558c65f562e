#!/bin/sh
# SPDX-License-Identifier: MIT
# Enforces the architecture: which module may include which (layers.txt, docs/adr/0006-floors.md), and which file may
# include a third-party header. Prints every other include as file:line and exits 1.
#
#   check_layers.sh [ROOT]     ROOT has include/undulith/ and src/; default: the checkout of this script
set -eu
table=$(cd "$(dirname "$0")" && pwd)/layers.txt
root=${1:-$(dirname "$0")/../..}
cd "$root"

find include/undulith src -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.in' \) 2>/dev/null |
  LC_ALL=C sort | xargs awk -v table="$table" '
function broken(why) {
  printf "%s: %s\n", table, why
  bad = 1
}
BEGIN {
  while ((getline line < table) > 0) {
    if (line ~ /^[ \t]*(#|$)/) continue
    n_fields = split(line, field, / *[|] */)
    if (field[1] == "except") { # a header beside the result header
      extra[field[2], field[3]] = 1
      continue
    }
    if (n_fields != 6) broken("six fields wanted: " line)
    module = field[2]
    floor[module] = field[1] + 0
    order[++n_modules] = module
    may[module] = field[3]
    if (field[4] != "") result[module] = field[4]
  }
  close(table)
  if (n_modules == 0) broken("no module found")
  for (i = 1; i <= n_modules; ++i) {
    module = order[i]
    n = split(may[module], names, " ")
    for (k = 1; k <= n; ++k) {
      if (names[k] == "stages") {
        for (l = 1; l <= n_modules; ++l)
          if (floor[order[l]] >= 2 && floor[order[l]] <= 9) allowed[module, order[l]] = 1
      } else if (!(names[k] in floor)) broken(module ": no module " names[k])
      else if (floor[names[k]] >= floor[module]) broken(module " may include lower floors only, not " names[k])
      else allowed[module, names[k]] = 1
    }
    # The stages and the pictures know the result header of an earlier stage only.
    if (floor[module] >= 4 && floor[module] <= 10) stage[module] = 1
  }
}

function fail(why) {
  printf "%s:%d: %s (%s); see docs/adr/0006-floors.md\n", FILENAME, FNR, $0, why
  bad = 1
}

FNR == 1 {
  path = FILENAME
  public = sub(/^include\/undulith\//, "", path)
  if (!public) sub(/^src\//, "", path)
  module = path
  in_module = sub(/\/.*/, "", module)
  if (in_module && !(module in floor)) {
    printf "%s:1: module \"%s\" is not in the table\n", FILENAME, module
    bad = 1
  }
}

!in_module || !/^[ \t]*#[ \t]*include/ { next }

/<fftw3[^>]*\.h>|"fftw3/ {
  if (fftw_file != "" && fftw_file != FILENAME) fail("FFTW already belongs to " fftw_file)
  fftw_file = FILENAME
  if (public || module != "math") fail("only one source of math includes FFTW")
}
/[<"]mpi\.h[>"]/ && FILENAME != "src/flow/distribute.cpp" { fail("only src/flow/distribute.cpp includes MPI") }
/[<"]Random123\// && (public || module != "core") { fail("only core includes Random123") }
/[<"]nlopt\./ && (public || module !~ /^(study|optimise)$/) { fail("only study and optimise include NLopt") }
/[<"]glpk\.h/ && FILENAME != "src/optimise/linear_program.cpp" {
  fail("only src/optimise/linear_program.cpp includes GLPK")
}
/[<"]hwy\// && (public || module !~ /^(math|imaging|mask)$/) { fail("only math, imaging and mask include Highway") }
/[<"]CLI\// && (public || module != "cli") { fail("only src/cli includes CLI11") }
/[<"](lapacke|cblas)[^>"]*\.h[>"]/ && (public || module != "math") { fail("only math includes LAPACK and BLAS") }
/[<"]pybind11\// && (public || module != "python") { fail("only src/python includes pybind11") }

/"/ {
  name = $0
  sub(/^[^"]*"/, "", name)
  sub(/".*/, "", name)
  if (name ~ /\.\./) { fail("no path through .."); next }
  if (sub(/^undulith\//, "", name)) {
    other = name
    sub(/\/.*/, "", other)
    header = name
    sub(/^[^\/]*\//, "", header)
    if (other == module) next
    if (!(other in floor)) fail("no such module")
    else if (!((module, other) in allowed)) fail(module " may not include " other)
    else if ((module in stage) && (other in result) && header != result[other] && !((module, name) in extra))
      fail(module " may include of " other " only its result, " other "/" result[other])
  } else if (name ~ /\//) {
    other = name
    sub(/\/.*/, "", other)
    if (public) fail("a public header includes public headers only")
    else if (other != module && !((module, name) in extra)) fail("a private header of " other)
  } else if (public) {
    fail("a public header is included as \"undulith/" module "/" name "\"")
  }
}

END { exit bad }
'
