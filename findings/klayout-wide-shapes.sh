#!/bin/sh
# SPDX-License-Identifier: MIT
# KLayout: shapes wider than 2^31 database units have wrong and even negative areas.
#
# Software: KLayout 0.28.5 (Debian klayout 0.28.5-2), run without a window.
# Expected: GDSII coordinates are signed 32-bit numbers, so a box may be up to 4294967295 wide. KLayout reads
#   it, and its areas are 64-bit numbers: the square below has the area 4.67e18, half of what they hold.
# Seen: a square from -1080000000 to 1080000000 (2.16 mm on a grid of 1 pm), drawn as one box, as two halves
#   and as four quarters. Sum of the areas divided by the exact area, and the length of a side divided by the
#   exact length:
#     half side     quarters   halves    whole    whole as polygon   side
#     1000000000    1          1         1        1                  1
#     1080000000    1         -0.9884    0.9770   0.9769             0.9884
#     1500000000    1         -0.4317    0.1863   0.0248             0.4317
#   The difference of two coordinates is kept in 32 bits and wraps. Reading and corners are right; there is no
#   warning.
# Field: masks drawn on a fine grid (0.1 nm or 1 pm) for curvilinear shapes reach 2^31 at 215 mm or 2.15 mm.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- klayout=0.28.5-2
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$dir/root/usr/lib/$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
export LD_LIBRARY_PATH="$lib:$dir/root/usr/lib/klayout" HOME="$dir" QT_QPA_PLATFORM=offscreen

cat > wide.py <<'END'
import struct
import pya

def record(kind, data_kind, data=b""):
    return struct.pack(">HBB", 4 + len(data), kind, data_kind) + data

def short(*values): return struct.pack(">%dh" % len(values), *values)

def box(layer, left, bottom, right, top):
    xy = struct.pack(">10i", left, bottom, right, bottom, right, top, left, top, left, bottom)
    head = record(8, 0) + record(13, 2, short(layer)) + record(14, 2, short(0))
    return head + record(16, 3, xy) + record(17, 0)

date = short(2000, 1, 1, 0, 0, 0) * 2
for half in (1000000000, 1080000000, 1500000000):
    with open("wide.gds", "wb") as file:
        file.write(record(0, 2, short(600)) + record(1, 2, date) + record(2, 6, b"LIB\0")
                   + record(3, 5, bytes.fromhex("3e4189374bc6a7f0364465f7cf1de4d8"))  # 1e-3, 1e-12 m
                   + record(5, 2, date) + record(6, 6, b"ALL\0") + box(1, -half, -half, half, half)
                   + box(2, -half, -half, 0, half) + box(2, 0, -half, half, half)
                   + b"".join(box(3, x, y, x + half, y + half) for x in (-half, 0) for y in (-half, 0))
                   + record(7, 0) + record(4, 0))
    layout = pya.Layout()
    layout.read("wide.gds")
    whole, halves, quarters = (list(layout.top_cell().shapes(layout.layer(n, 0)).each()) for n in (1, 2, 3))
    outline, exact = whole[0].bbox(), (2 * half)**2
    assert (outline.left, outline.bottom, outline.right, outline.top) == (-half, -half, half, half)
    side = pya.Edge(outline.left, 0, outline.right, 0).length() / (2 * half)
    areas = [sum(shape.area() for shape in shapes) / exact for shapes in (quarters, halves, whole)]
    print(half, "%.4f %.4f %.4f %.4f %.4f" % (*areas, whole[0].polygon.area() / exact, side))
END
klayout=$dir/root/usr/bin/klayout
[ -x "$klayout" ] || klayout=klayout
{ "$klayout" -v; "$klayout" -zz -r wide.py; } > out
cat > expected <<'END'
KLayout 0.28.5
1000000000 1.0000 1.0000 1.0000 1.0000 1.0000
1080000000 1.0000 -0.9884 0.9770 0.9769 0.9884
1500000000 1.0000 -0.4317 0.1863 0.0248 0.4317
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
