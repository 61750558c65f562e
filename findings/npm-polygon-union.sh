#!/bin/sh
# SPDX-License-Identifier: MIT
# Polygon unions of npm lose most of the area when a corner of one shape lies on a 45-degree edge of the
# other.
#
# Software: martinez-polygon-clipping 0.8.1, polybooljs 1.2.2; polygon-clipping 0.15.7 as the witness (npm).
# Expected: area(A or B) = area(A) + area(B) - area(A and B), and no less than area(A). The corners are small
#   integers, the shapes are simple, their rings closed and counterclockwise; nothing has to be rounded.
# Seen: A = 17 x 9 rectangle (153), B = 45-degree rectangle (260), the corner (4, 16) of A on an edge of B.
#     martinez         A or B = 31.5     A and B = 13.5
#     polygon-clipping A or B = 269      A and B = 144
#   C = L of area 36, D = 45-degree rectangle (128), outside of C; its corner (10, 20) lies on an edge of C.
#     polybooljs       C or D = 92 as GeoJSON: C becomes a hole of D, although it is outside of D
#     polygon-clipping C or D = 164
#   In 3000 random pairs of such shapes on a grid of 20 x 20, martinez was wrong 40 times and polygon-clipping
#   never.
# Field: layouts live on an integer grid with 45-degree edges; a corner on an edge is
#   common.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" \
  martinez-polygon-clipping@0.8.1 polybooljs@1.2.2 polygon-clipping@0.15.7 > /dev/null
cat > "$dir/union.mjs" <<'END'
import * as martinez from 'martinez-polygon-clipping';
import polybool from 'polybooljs';
import clipping from 'polygon-clipping';

function areaOfRing(ring) {
  return Math.abs(ring.reduce((sum, [x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length];
    return sum + x * v - u * y;
  }, 0)) / 2;
}
const area = (polygons) => polygons.reduce((sum, polygon) =>
  polygon.reduce((rest, ring, i) => rest + (i === 0 ? 1 : -1) * areaOfRing(ring), sum), 0);

const a = [[4, 16], [21, 16], [21, 25], [4, 25], [4, 16]];
const b = [[11, 9], [24, 22], [14, 32], [1, 19], [11, 9]];
const c = [[0, 19], [10, 19], [10, 21], [4, 21], [4, 25], [0, 25], [0, 19]];
const d = [[14, 16], [30, 32], [26, 36], [10, 20], [14, 16]];
const open = (ring) => ({regions: [ring.slice(0, -1)], inverted: false});
const json = polybool.polygonToGeoJSON(polybool.union(open(c), open(d)));

const seen = {
  areas: [a, b, c, d].map(areaOfRing),
  martinez: [area(martinez.union([a], [b])), area(martinez.intersection([a], [b]))],
  witness: [area(clipping.union([a], [b])), area(clipping.intersection([a], [b]))],
  polybooljs: area(json.type === 'Polygon' ? [json.coordinates] : json.coordinates),
  witness2: area(clipping.union([c], [d])),
};
const described = {
  areas: [153, 260, 36, 128], martinez: [31.5, 13.5], witness: [269, 144], polybooljs: 92, witness2: 164,
};
console.log(JSON.stringify(seen));
const same = JSON.stringify(seen) === JSON.stringify(described);
console.log(same ? 'seen as described' : 'changed; described: ' + JSON.stringify(described));
process.exit(same ? 0 : 1);
END
node "$dir/union.mjs"
