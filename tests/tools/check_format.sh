#!/bin/sh
# SPDX-License-Identifier: MIT
# Every source is as clang-format 14 would write it (other major versions format differently).
#
# Without clang-format 14 the check fails; with UNDULITH_SKIP_PACKAGES=1, which also installs nothing, it is skipped (77).
set -eu
root=${1:-$(dirname "$0")/../..}
cd "$root"
formatter=
for candidate in clang-format-14 clang-format; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" --version | grep -q 'version 14\.'; then
    formatter=$candidate
    break
  fi
done
if [ -z "$formatter" ]; then
  [ "${UNDULITH_SKIP_PACKAGES:-}" = 1 ] || {
    echo "clang-format 14 is not installed; install clang-format-14, or set UNDULITH_SKIP_PACKAGES=1 to skip this check"
    exit 1
  }
  echo "skipped: clang-format 14 is not installed"
  exit 77
fi
find include src tests \( -name '*.hpp' -o -name '*.cpp' \) -type f | LC_ALL=C sort |
  xargs "$formatter" --dry-run --Werror --ferror-limit=1
