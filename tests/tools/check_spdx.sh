#!/bin/sh
# SPDX-License-Identifier: MIT
# Every source, script and CMake file names its licence in one of its first two lines: check_spdx.sh [--add] [ROOT]
#
# --add writes the line into files that lack it, below a "#!" line.
set -eu
add=no
if [ "${1:-}" = --add ]; then add=yes; shift; fi
cd "${1:-$(dirname "$0")/../..}"
licence=MIT
grep -qx "MIT License" LICENSE || { echo "LICENSE is not the MIT licence: change the identifier in this script"; exit 1; }

status=0
files=$(find CMakeLists.txt cmake src include tests docs .ci run.sh test.sh bench.sh -type f \( -name '*.cpp' -o -name '*.hpp' \
  -o -name '*.sh' -o -name '*.py' -o -name '*.cmake' -o -name 'CMakeLists.txt' -o -name '*.hpp.in' -o -name '*.cpp.in' \
  -o -name '*.cmake.in' -o -path '.ci/run' \) -not -path 'tests/fuzz/corpus/*' | LC_ALL=C sort)
for file in $files; do
  if head -n 2 "$file" | grep -q "SPDX-License-Identifier: $licence\$"; then continue; fi
  if [ $add = no ]; then
    echo "$file: no line SPDX-License-Identifier: $licence; run tests/tools/check_spdx.sh --add"
    status=1
    continue
  fi
  case $file in
    *.cpp | *.hpp | *.hpp.in | *.cpp.in) mark='//' ;;
    *) mark='#' ;;
  esac
  awk -v line="$mark SPDX-License-Identifier: $licence" '
    NR == 1 && /^#!/ { print; print line; next }
    NR == 1 { print line }
    { print }' "$file" >"$file.spdx"
  cat "$file.spdx" >"$file" # keeps the mode of the file
  rm "$file.spdx"
done
exit $status
