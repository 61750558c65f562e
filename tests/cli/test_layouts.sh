#!/bin/sh
# SPDX-License-Identifier: MIT
# Layout formats from the command line: patterns as OASIS, pictures, layers combined, and results for a layout viewer.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/support.sh"

accepted 'p.oas: cell LINE_SPACE, 27 polygons' pattern line_space --out p.oas
accepted 'no library name' layout p.oas
accepted '486000' layout p.oas
refused 2 'must end in .gds or .oas' pattern line_space --out p.dxf
accepted '' pattern contact_array --pitch-nm 44 --width-nm 22 --size-nm 500 --out c.oas

picture=$here/../fuzz/corpus/png/grey8.png
refused 2 'a picture has no scale' layout "$picture"
accepted '486' layout "$picture" --pixel-nm 9

cat >job.toml <<'END'
title = "contacts & co"
[source]
kind = "monochromatic"
[illuminator]
shape = "conventional"
sigma_outer = 0.5
grid_points = 7
rim_levels = 0
[layout]
file = "c.oas"
window_nm = [-66, -66, 66, 66]
boundary = "periodic"
[[layout.combine]]
operation = "subtract"
layer = 1
[[layout.combine]]
operation = "add"
layer = 1
[mask]
amplitudes = "given"
corner_rounding_nm = 6
edge_bias_nm = 1
[imaging]
output_pitch_nm = 0.5
through_focus_nm = [-40, 0]
[metrology]
threshold = 0.25
[window]
cd_tolerance_percent = 0.001
END
accepted '' -q run job.toml --out results
for file in contours.gds contours.lyp cd_findings.lyrdb; do
  [ -s "results/$file" ] || fail "no results/$file"
done
accepted '100/0' layout results/contours.gds
grep -q '<source>102/0@1</source>' results/contours.lyp || fail "contours.lyp lacks the plane 102/0"
grep -q '<description>contacts &amp; co</description>' results/cd_findings.lyrdb || fail "cd_findings.lyrdb lacks its title"
[ "$(grep -c '<item>' results/cd_findings.lyrdb)" = 18 ] || fail "not every gauge is a finding: $(grep -c '<item>' results/cd_findings.lyrdb)"

sed "s|c.oas|$picture|; /window_nm/d; /combine/,/layer = 1/d" job.toml >picture.toml
refused 2 'layout.pixel_nm = 0' check picture.toml
accepted '' check picture.toml --set layout.pixel_nm=20

if command -v klayout >/dev/null 2>&1; then
  QT_QPA_PLATFORM=offscreen klayout -b -r "$here/../tools/klayout_review.py" -rd folder=results >klayout.log 2>&1
  grep -q '^opened' klayout.log || fail "KLayout: $(cat klayout.log)"
else
  echo "skipped: KLayout is not on the path"
fi

finish
