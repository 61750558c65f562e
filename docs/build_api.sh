#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the API reference of the library with Doxygen: docs/build_api.sh [FOLDER]
#
# The pages are written to FOLDER/html (default: build/api/html). A warning of Doxygen ends the script with an error.
# Without Doxygen it fails; with UNDULITH_SKIP_PACKAGES=1 it exits 77, which ctest counts as skipped.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$root/build/api}"
UNDULITH_API_FOLDER=$(cd "${1:-$root/build/api}" && pwd)
UNDULITH_VERSION=$(sed -n 's/^project(Undulith VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
export UNDULITH_API_FOLDER UNDULITH_VERSION
if ! command -v doxygen >/dev/null 2>&1; then
  echo "doxygen is not installed; install the package doxygen"
  [ "${UNDULITH_SKIP_PACKAGES:-}" = 1 ] && exit 77
  exit 1
fi
cd "$root"
doxygen docs/Doxyfile
[ -f "$UNDULITH_API_FOLDER/html/index.html" ] || { echo "doxygen wrote no page"; exit 1; }
echo "API reference: $UNDULITH_API_FOLDER/html/index.html"
