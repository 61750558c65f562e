#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs a build into a fresh folder, then configures, builds and runs a program that knows only the installed
# package. Usage: run.sh BUILD_FOLDER
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if grep -q '^UNDULITH_SANITIZE:STRING=.' "$build/CMakeCache.txt"; then
  echo "skipped: a build with sanitizers is not for installing"
  exit 77
fi
cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/log" || { cat "$scratch/log"; exit 1; }

for file in bin/undulith share/man/man1/undulith.1 share/bash-completion/completions/undulith \
  include/undulith/core/version.hpp share/doc/undulith/copyright; do
  if ! ls "$scratch"/prefix/$file >/dev/null 2>&1; then
    echo "not installed: $file"
    exit 1
  fi
done
# The package moves with its folder: no path of the machine that built it.
if grep -rlF "$build" "$scratch/prefix" --include='*.cmake' --include='*.hpp'; then
  echo "the files above name the build folder"
  exit 1
fi
mv "$scratch/prefix" "$scratch/moved"
"$scratch/moved/bin/undulith" --version

cmake -S "$here" -B "$scratch/consumer" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/moved" >"$scratch/log" 2>&1 &&
  cmake --build "$scratch/consumer" >>"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
"$scratch/consumer/mirror"
