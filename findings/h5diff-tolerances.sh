#!/bin/sh
# SPDX-License-Identifier: MIT
# h5diff calls 0 and 4294967295 equal within 5, and 1e-17 and -3e-17 equal within 10 per cent.
#
# Software: h5diff and h5import of HDF5 1.10.8 (Debian hdf5-tools 1.10.8+repack1-1).
# Expected: the help states "-d D: print difference if |a-b| > D" and "-p R: print difference if |(a-b)/b| >
#   R", for any numbers. Exit code 1 means that differences were found.
# Seen, each with one number per file:
#     type     a            b             option   exit code
#     uint32   4294967295   0             -d 5     0   the difference is taken in 32 bits with a sign: -1
#     uint32   3000000000   0             -r       1   and the table prints -1294967296 for the first file
#     int32    2147483640   -2147483640   -d 20    0   differs by 4294967280
#     int64    2147483640   -2147483640   -d 20    1   as it should
#     double   1e-15        -3e-15        -p 0.1   1   as it should
#     double   1e-17        -3e-17        -p 0.1   0   below 2.2e-16 both count as zero
#   The last row is an open report of the project (HDFGroup/hdf5 issue 5570); for the integers none was found.
# Field: intensities and cross sections in SI units are below 1e-16; photon counts and layout coordinates fill
#   32 bits. A regression test that compares results with h5diff passes whatever they are.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- hdf5-tools=1.10.8+repack1-1 libhdf5-103-1=1.10.8+repack1-1
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$dir"/root/usr/lib/*/libhdf5_serial.so.103)
PATH=$dir/root/usr/bin:$PATH
export LD_LIBRARY_PATH PATH

# compare TYPE BITS A B OPTION...: the exit code of h5diff
compare() {
  type=$1 bits=$2
  rm -f a.h5 b.h5
  for file in a b; do
    echo "$3" > $file.txt
    h5import $file.txt -d 1 -p x -t "$type" -s "$bits" -o $file.h5
    shift
  done
  code=0
  h5diff "$3" ${4:+"$4"} a.h5 b.h5 > report || code=$?
  echo "$type $bits: $* -> $code"
  sed -n 's/^\[ 0 \] *\([^ ]*\) .*/  first file: \1/p' report
}
{
  h5diff --version
  compare TEXTUIN 32 4294967295 0 -d 5
  compare TEXTUIN 32 3000000000 0 -r
  compare TEXTIN 32 2147483640 -2147483640 -d 20
  compare TEXTIN 64 2147483640 -2147483640 -d 20
  compare TEXTFP 64 1e-15 -3e-15 -p 0.1
  compare TEXTFP 64 1e-17 -3e-17 -p 0.1
} > out
cat > expected <<'END'
h5diff: Version 1.10.8
TEXTUIN 32: 4294967295 0 -d 5 -> 0
TEXTUIN 32: 3000000000 0 -r -> 1
  first file: -1294967296
TEXTIN 32: 2147483640 -2147483640 -d 20 -> 0
TEXTIN 64: 2147483640 -2147483640 -d 20 -> 1
TEXTFP 64: 1e-15 -3e-15 -p 0.1 -> 1
TEXTFP 64: 1e-17 -3e-17 -p 0.1 -> 0
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
