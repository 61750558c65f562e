#!/bin/sh
# SPDX-License-Identifier: MIT
# Draws the floors of the code and the way of the light through them, as SVG, from tests/tools/layers.txt.
#
#   draw_layers.sh             writes docs/images/layers.svg
#   draw_layers.sh --check     compares that file with the table; status 1 if they differ
set -eu
cd "$(dirname "$0")/../.."
table=tests/tools/layers.txt
picture=docs/images/layers.svg

draw() {
  awk -F'[ ]*[|][ ]*' '
  function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); return text }
  function say(class, x, y, text) {
    printf "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", class, x, y, escaped(text)
  }
  # Groups of floors, each with its colours.
  function group_of(floor) {
    if (floor <= 3) return 1
    if (floor <= 9) return 2
    if (floor <= 10) return 3
    if (floor <= 13) return 4
    return 5
  }
  BEGIN {
    left = 220; box_width = 150; box_gap = 20; box_height = 32; step = 54; top = 64
    text_x = left + 2 * box_width + box_gap + 30
    width = 1100
    split("foundation|stages|pictures|jobs|output", title, "|")
    split("#eceff4|#fdf3d6|#e6f2e6|#e3ecf8|#efe6f5", fill, "|")
    split("#8a94a6|#d09a1e|#5f9c5f|#5b87c0|#9069b0", edge, "|")
  }
  /^#/ || /^[ \t]*$/ || /^except/ { next }
  {
    floor = $1 + 0
    if (!(floor in count)) count[floor] = 0
    name[floor, count[floor]] = $2
    holds[floor, count[floor]] = $6
    if (floor > highest) highest = floor
    # The light: the stages of floors 4 to 9 that hand on a result.
    if ($5 != "" && floor >= 4 && floor <= 9) result[floor] = $5
    if ($2 == "layout") clip = $5
    count[floor]++
  }
  function row(floor) { return top + (highest - floor) * step }
  function band(group, low, high,    y) {
    y = row(high) - 10
    printf "<rect x=\"16\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\" fill=\"%s\"/>\n", y, width - 32,
      (high - low) * step + box_height + 20, fill[group]
    say("group", 30, y + 26, title[group])
  }
  END {
    height = top + (highest + 1) * step + 6
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width, height
    print "<!-- Written by tests/tools/draw_layers.sh from tests/tools/layers.txt; do not edit. -->"
    print "<style>text{font-family:\"DejaVu Sans\",Helvetica,Arial,sans-serif;fill:#22262e}" \
      ".head{font-size:19px;font-weight:bold}.group{font-size:14px;font-weight:bold}" \
      ".floor{font-size:13px;text-anchor:end;fill:#666d7a}.module{font-size:15px;font-weight:bold;text-anchor:middle}" \
      ".holds{font-size:13px}.light{font-size:12.5px;font-style:italic;fill:#b04a00}</style>"
    print "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"5.5\" markerHeight=\"5.5\" orient=\"auto\">" \
      "<path d=\"M0 0L10 5L0 10z\" fill=\"#d9600a\"/></marker></defs>"
    printf "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height
    say("head", 16, 30, "Undulith: a module includes lower floors only; light rises from the source")
    low = 0
    for (floor = 0; floor <= highest; ++floor)
      if (floor == highest || group_of(floor + 1) != group_of(floor)) { band(group_of(floor), low, floor); low = floor + 1 }

    for (floor = highest; floor >= 0; --floor) {
      y = row(floor)
      say("floor", left - 52, y + 21, floor)
      for (i = 0; i < count[floor]; ++i) {
        x = left + i * (box_width + box_gap)
        printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"1.6\"/>\n",
          x, y, box_width, box_height, edge[group_of(floor)]
        say("module", x + box_width / 2, y + 21, name[floor, i])
        if (count[floor] == 1) say("holds", text_x, y + 21, holds[floor, i])
        else say("holds", text_x, y + 13 + 16 * i, name[floor, i] ": " holds[floor, i])
      }
    }

    # The light: upwards from stage to stage, each arrow with the result that it carries.
    middle = left + box_width / 2
    last = -1
    for (floor = 4; floor <= highest; ++floor) {
      if (!(floor in result)) continue
      if (last >= 0) arrow(middle, row(last), middle, row(floor) + box_height, result[last])
      last = floor
    }
    # From the last stage past the pictures, the job and the studies to the files of results.
    x = left - 18
    for (floor = 0; floor <= highest; ++floor) if (name[floor, 0] == "results") end = floor
    printf "<path d=\"M%d %dH%dV%dH%d\" fill=\"none\" stroke=\"#d9600a\" stroke-width=\"2.6\" marker-end=\"url(#tip)\"/>\n",
      left, row(last) + 16, x, row(end) + 16, left - 1
    y = (row(last) + row(end)) / 2 + 60
    printf "<text class=\"light\" transform=\"translate(%d %d) rotate(-90)\">%s</text>\n", x - 7, y, result[last]
    # The layout meets the light at the mask.
    for (floor = 0; floor <= highest; ++floor) for (i = 0; i < count[floor]; ++i) {
      if (name[floor, i] == "layout") { from = floor; at = i }
      if (name[floor, i] == "mask") mask = floor
    }
    x = left + at * (box_width + box_gap) + box_width / 2
    printf "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#d9600a\" stroke-width=\"2\" stroke-dasharray=\"5 4\" marker-end=\"url(#tip)\"/>\n",
      x, row(from), row(mask) + 16, left + box_width + 1
    say("light", x + 8, row(mask) + 21, clip)
    print "</svg>"
  }
  function arrow(x1, y1, x2, y2, text) {
    printf "<path d=\"M%d %dL%d %d\" fill=\"none\" stroke=\"#d9600a\" stroke-width=\"2.6\" marker-end=\"url(#tip)\"/>\n", x1, y1, x2, y2 + 1
    say("light", x1 + 10, (y1 + y2) / 2 + 5, text)
  }
  ' "$table"
}

if [ "${1:-}" = --check ]; then
  # Every result is declared in a public header of its stage.
  sed -n '/^[0-9]/s/ *| */|/gp' "$table" | while IFS='|' read -r floor module may header result holds; do
    [ -z "$result" ] || grep -qE "^(struct|class) $result( |$)" include/undulith/"$module"/*.hpp ||
      { echo "$table: floor $floor: no $result in include/undulith/$module"; exit 1; }
  done
  if ! draw | cmp -s - "$picture"; then
    echo "$picture does not show $table; draw it again: sh tests/tools/draw_layers.sh"
    exit 1
  fi
else
  draw >"$picture"
fi
