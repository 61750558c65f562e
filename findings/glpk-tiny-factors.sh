#!/bin/sh
# SPDX-License-Identifier: MIT
# GLPK: a factor of 5e-17, the rounding of a zero, turns a small linear program's optimum from 5/3 to 5.
#
# Software: glpsol of GLPK 5.0 (Debian glpk-utils 5.0-1).
# Input: the largest t with t <= e w0 + 5 w1, t <= 2 w0 + w1, w0 + w1 = 1, w >= 0. For e = 0 and for e = 5e-17 the two
#   bounds meet at w0 = 2/3, w1 = 1/3: t = 5/3.
# Expected: 5/3 for both, or a word that the numbers are out of range.
# Seen:
#   e        options                  status    objective
#   0                                 OPTIMAL   1.666666667
#   5e-17                             OPTIMAL   5             w = (0, 1) breaks t <= 2 w0 + w1 by 4
#   5e-17    --noscale                OPTIMAL   5             the presolver, on by default, scales all the same
#   5e-17    --nopresol               OPTIMAL   5
#   5e-17    --nopresol --noscale     OPTIMAL   1.666666667
#   5e-17    --exact                  OPTIMAL   1.666666667
#   The log says "OPTIMAL LP SOLUTION FOUND", the exit code is 0. Only the file of the solution has, further down,
#   "PRIMAL SOLUTION IS INFEASIBLE". With other small factors the status is UNDEFINED or UNBOUNDED.
#   The geometric scaling multiplies the column of w0 by 1e8 or so: the tolerances then hold for scaled rows.
# Field: the best source for a mask is such a program. Its factors are intensities or slopes of source points, and
#   symmetry makes many of them zero but for rounding.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- glpk-utils=5.0-1 libglpk40=5.0-1
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends --reinstall "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$(find "$dir/root/usr/lib" -name 'lib*.so*' -exec dirname {} \; | sort -u | tr '\n' ':')
export LD_LIBRARY_PATH="$lib${LD_LIBRARY_PATH:-}"
root/usr/bin/glpsol --version | grep -q 'GLPK LP/MIP Solver 5\.0' || { echo "another version"; exit 1; }

program() {
  cat >program.lp <<END
Maximize
 obj: t
Subject To
 first: $1 w0 + 5 w1 - t >= 0
 second: 2 w0 + w1 - t >= 0
 share: w0 + w1 = 1
Bounds
 t free
End
END
}
changed=no
# seen <factor> <expected objective> <option>...
seen() {
  program "$1"
  expected=$2
  shift 2
  root/usr/bin/glpsol --lp program.lp -o solution.txt "$@" >log.txt
  status=$(awk '$1 == "Status:" { print $2 }' solution.txt)
  objective=$(awk '$1 == "Objective:" { print $4 }' solution.txt)
  infeasible=$(grep -c 'PRIMAL SOLUTION IS INFEASIBLE' solution.txt || true)
  echo "$* status $status objective $objective infeasible $infeasible"
  [ "$status $objective" = "OPTIMAL $expected" ] || changed=yes
}
seen 0 1.666666667
seen 5e-17 5
[ "$infeasible" = 1 ] && grep -q 'OPTIMAL LP SOLUTION FOUND' log.txt || changed=yes
seen 5e-17 5 --noscale
seen 5e-17 5 --nopresol
seen 5e-17 1.666666667 --nopresol --noscale
seen 5e-17 1.666666667 --exact
if [ $changed = yes ]; then echo changed; exit 1; fi
echo "seen as described"
