#!/bin/sh
# SPDX-License-Identifier: MIT
# gdspy reads a skewed GDSII array as a rectangular one, without a warning.
#
# Software: gdspy 1.4.2 (Debian python3-gdspy 1.4.2-2+b7), numpy 1.24.2.
# Expected: an AREF record holds three points: the reference point and the ends of the two sides of the array,
#   each with x and y. Copy (i, j) stands at p0 + i (p1 - p0) / columns + j (p2 - p0) / rows; KLayout 0.28.5
#   reads the same file so. A reader that takes arrays to be orthogonal only would have to refuse the file or
#   warn.
# Seen: 3 columns with the step (30, 10) and 2 rows with the step (20, 40), boxes of 10. gdspy keeps the x of
#   the first and the y of the second step only:
#     box around all copies      x 0..70, y 0..50   instead of   x 0..90, y 0..70
#     lower left corner of (2,1) (60, 40)           instead of   (80, 60)
#   A file that gdspy reads and writes again has lost the skew. Steps along the axes are right.
# Field: staggered contact arrays of DRAM are skewed. A layout library that straightens them gives another
#   mask.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- python3-gdspy=1.4.2-2+b7 python3-numpy=1:1.24.2-1+deb12u1
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$dir/root/usr/lib/$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
export LD_LIBRARY_PATH="$lib:$lib/blas:$lib/lapack" PYTHONPATH="$dir/root/usr/lib/python3/dist-packages"

cat > array.py <<'END'
import struct
import gdspy

def record(kind, data_kind, data=b""):
    return struct.pack(">HBB", 4 + len(data), kind, data_kind) + data

def short(*values): return struct.pack(">%dh" % len(values), *values)
def points(*values): return struct.pack(">%di" % len(values), *values)

date = short(2000, 1, 1, 0, 0, 0) * 2
end_structure, end_element = record(7, 0), record(17, 0)
contact = (record(8, 0) + record(13, 2, short(1)) + record(14, 2, short(0))
           + record(16, 3, points(0, 0, 10, 0, 10, 10, 0, 10, 0, 0)) + end_element)
array = (record(11, 0) + record(18, 6, b"ONE\0") + record(19, 2, short(3, 2))
         + record(16, 3, points(0, 0, 90, 30, 40, 80)) + end_element)
with open("array.gds", "wb") as file:
    file.write(record(0, 2, short(600)) + record(1, 2, date) + record(2, 6, b"LIB\0")
               + record(3, 5, bytes.fromhex("3e4189374bc6a7f03944b82fa09b5a54"))  # 1e-3, 1e-9 m
               + record(5, 2, date) + record(6, 6, b"ONE\0") + contact + end_structure
               + record(5, 2, date) + record(6, 6, b"ALL\0") + array + end_structure + record(4, 0))

cell = gdspy.GdsLibrary(infile="array.gds").cell_dict["ALL"]
seen = sorted(tuple(int(round(1000 * c)) for c in polygon.min(axis=0)) for polygon in cell.get_polygons())
right = sorted((30 * i + 20 * j, 10 * i + 40 * j) for i in range(3) for j in range(2))
straightened = sorted((30 * i, 40 * j) for i in range(3) for j in range(2))
print("gdspy", gdspy.__version__, "corners", seen, "instead of", right)
as_described = gdspy.__version__ == "1.4.2" and seen == straightened != right
print("seen as described" if as_described else "changed")
raise SystemExit(not as_described)
END
/usr/bin/python3 array.py
