#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the commands of a Markdown page and checks their output: check_docs.sh UNDULITH PAGE.md
#
# In a block fenced as ```console, a line "$ command" is run and the lines below it must appear in its output, in this
# order; a line "..." stands for any lines. All blocks of a page run in one scratch folder in which examples/ and masks/
# are those of the checkout. Commands that install packages and build (./run.sh, ./test.sh) stand in ```sh blocks: the
# tests of the set-up scripts run those.
set -eu
undulith=$1
page=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/home"
ln -s "$undulith" "$scratch/bin/undulith"
ln -s "$root/examples" "$root/masks" "$scratch/home/"
PATH=$scratch/bin:$PATH
UNDULITH_CACHE= # not that of the user
export PATH UNDULITH_CACHE

# command N -> N.cmd, its expected lines -> N.out
awk -v dir="$scratch" '
  /^```console/ { inside = 1; next }
  /^```/        { inside = 0; next }
  inside && /^\$ / { n++; print substr($0, 3) > (dir "/" n ".cmd"); printf "" > (dir "/" n ".out"); next }
  inside && n      { print > (dir "/" n ".out") }
' "$page"

failed=0
n=1
while [ -f "$scratch/$n.cmd" ]; do
  command=$(cat "$scratch/$n.cmd")
  status=0
  (cd "$scratch/home" && sh -c "$command") >"$scratch/$n.got" 2>"$scratch/$n.err" </dev/null || status=$?
  # Messages on standard error count as output too: a page may show an error.
  cat "$scratch/$n.err" >>"$scratch/$n.got"
  if ! awk -v got="$scratch/$n.got" '
      BEGIN { while ((getline line < got) > 0) { sub(/[ \t]+$/, "", line); lines[++count] = line } position = 0 }
      { sub(/[ \t]+$/, "") }
      $0 == "..." || $0 == "" { next }
      {
        for (i = position + 1; i <= count && lines[i] != $0; i++);
        if (i > count) { print "  expected: " $0; exit 1 }
        position = i
      }' "$scratch/$n.out"; then
    echo "$page: '$command' (exit $status) did not print the line above in its place; it printed:"
    sed 's/^/  | /' "$scratch/$n.got"
    failed=1
  fi
  n=$((n + 1))
done
if [ "$n" = 1 ]; then echo "$page: no command found"; exit 1; fi
exit $failed
