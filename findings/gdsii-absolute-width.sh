#!/bin/sh
# SPDX-License-Identifier: MIT
# A GDSII path of absolute width is magnified all the same, by two readers, without a word.
#
# Software: KLayout 0.28.5 (Debian klayout 0.28.5-2) and gdspy 1.4.2 (python3-gdspy 1.4.2-2+b7).
# Expected: in the GDSII manual a negative WIDTH is an absolute width: a magnification of the reference
#   changes the length of the path, not its width. gdspy has a flag for it (width_transform) and writes it.
# Seen: a path of 100 x 10 units with WIDTH -10, placed with MAG 2. The drawn area ought to be 200 x 10 =
#   2000.
#     KLayout   4000, 20 units wide
#     gdspy     4000, 20 units wide
#   With WIDTH 10 both draw 4000, which is right there. The two agree, so comparing them finds nothing.
# Field: a line of twice the width is another mask; the file and its author mean the narrow one.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- klayout=0.28.5-2 python3-gdspy=1.4.2-2+b7 python3-numpy=1:1.24.2-1+deb12u1
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$dir/root/usr/lib/$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
export LD_LIBRARY_PATH="$lib:$dir/root/usr/lib/klayout:$lib/blas:$lib/lapack" HOME="$dir"

cat > write.py <<'END'
import struct

def record(kind, data_kind, data=b""):
    return struct.pack(">HBB", 4 + len(data), kind, data_kind) + data

def short(*values): return struct.pack(">%dh" % len(values), *values)
def long(*values): return struct.pack(">%di" % len(values), *values)
date = short(2000, 1, 1, 0, 0, 0) * 2
for width in (10, -10):
    path = (record(9, 0) + record(13, 2, short(1)) + record(14, 2, short(0)) + record(33, 2, short(0))
            + record(15, 3, long(width)) + record(16, 3, long(0, 0, 100, 0)) + record(17, 0))
    placed = (record(10, 0) + record(18, 6, b"ONE\0") + record(26, 1, short(0))
              + record(27, 5, b"\x41\x20" + bytes(6))  # MAG 2
              + record(16, 3, long(0, 0)) + record(17, 0))
    with open("width%d.gds" % width, "wb") as file:
        file.write(record(0, 2, short(600)) + record(1, 2, date) + record(2, 6, b"LIB\0")
                   + record(3, 5, bytes.fromhex("3e4189374bc6a7f03944b82fa09b5a54"))  # 1e-3, 1e-9 m
                   + record(5, 2, date) + record(6, 6, b"ONE\0") + path + record(7, 0)
                   + record(5, 2, date) + record(6, 6, b"ALL\0") + placed + record(7, 0) + record(4, 0))
END
cat > klayout.py <<'END'
import pya
for width in (10, -10):
    layout = pya.Layout()
    layout.read("width%d.gds" % width)
    region = pya.Region(layout.cell("ALL").begin_shapes_rec(layout.layer(1, 0)))
    print("KLayout", width, region.area(), region.bbox().height())
END
cat > gds.py <<'END'
import gdspy
for width in (10, -10):
    cell = gdspy.GdsLibrary(infile="width%d.gds" % width).cell_dict["ALL"]
    (polygon,) = cell.get_polygons()
    print("gdspy", gdspy.__version__, width, round(cell.area() * 1e6), round(1000 * polygon[:, 1].ptp()))
END
klayout=$dir/root/usr/bin/klayout
[ -x "$klayout" ] || klayout=klayout
/usr/bin/python3 write.py
{ "$klayout" -v; "$klayout" -zz -r klayout.py; } > out
PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 gds.py >> out
cat > expected <<'END'
KLayout 0.28.5
KLayout 10 4000 20
KLayout -10 4000 20
gdspy 1.4.2 10 4000 20
gdspy 1.4.2 -10 4000 20
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
