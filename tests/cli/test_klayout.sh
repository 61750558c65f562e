#!/bin/sh
# SPDX-License-Identifier: MIT
# KLayout as referee over the layouts of the project: masks, and the corpus of the readers.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/support.sh"

if ! command -v klayout >/dev/null 2>&1; then
  echo "skipped: klayout is not on the path"
  exit 0
fi
for folder in masks tests/fuzz/corpus; do
  QT_QPA_PLATFORM=offscreen klayout -b -r "$here/../tools/klayout_referee.py" -rd folder="$here/../../$folder" \
    -rd undulith="$undulith" >answer.txt 2>&1 || { cat answer.txt >&2; echo "KLayout disagrees about $folder" >&2; exit 1; }
  # Without files to compare nothing is shown.
  grep -q '^[1-9][0-9]* files, 0 different$' answer.txt || { cat answer.txt >&2; exit 1; }
done
