# SPDX-License-Identifier: MIT
# KLayout as referee over all layout files of a folder: area, box and number of polygons of every layer below every top
# cell, against `undulith layout`.
#
#   QT_QPA_PLATFORM=offscreen klayout -b -r tests/tools/klayout_referee.py -rd folder=DIR -rd undulith=build/undulith
#
# Prints one line per file: same, or a reason, or DIFFERENT with the first difference. Exit status 1 if a file differs.
# Reasons: a file that both refuse, or Undulith alone with its message; more polygons than Undulith merges; paths and
# circles, which KLayout rounds to the database unit and Undulith to 1 pm; sloping edges, whose crossings each rounds to
# its own grid; arrays whose steps are fractions of the database unit, and magnified or turned cells, which KLayout
# rounds; paths without area, which Undulith skips with a warning; copies of a repetition at one place, which KLayout
# keeps once (more polygons in Undulith, the same area and box); paths with a segment shorter than half of their width,
# whose outline in KLayout 0.28 has a notch (more area in Undulith).
import json
import math
import os
import subprocess
import sys

import pya

MOST_POLYGONS = 2_000_000  # that KLayout is asked to merge


def flat(cell, index, flags):
    iterator = cell.begin_shapes_rec(index)
    iterator.shape_flags = flags
    return iterator


def turns_within_its_width(path):
    points = list(path.each_point())
    return len(points) > 3 and any(a.distance(b) < path.width / 2 for a, b in zip(points[1:], points[2:]))


def of_klayout(path):
    """Layers of every top cell: {cell: {(layer, datatype): [count, area, box, perimeter, paths, sloping]}}, in nm; paths
    is none, some or tight."""
    layout = pya.Layout()
    layout.read(path)
    nm = layout.dbu * 1000
    turned = any(inst.is_complex() for cell in layout.each_cell() for inst in cell.each_inst())
    tops = {}
    for cell in layout.top_cells():
        layers = {}
        for index in layout.layer_indexes():
            polygons = pya.Shapes.SPolygons | pya.Shapes.SBoxes | pya.Shapes.SPaths
            raw = pya.Region(flat(cell, index, polygons))
            raw.merged_semantics = False
            # KLayout 0.28 counts the polygons below all top cells until a region is flat.
            raw.flatten()
            count = raw.count()
            if count == 0:
                continue
            info = layout.get_info(index)
            box = raw.bbox()
            area = perimeter = None
            if count <= MOST_POLYGONS:
                raw.min_coherence = False
                merged = raw.merged()
                merged.merged_semantics = False
                area, perimeter = merged.area() * nm * nm, merged.perimeter() * nm
                sloping = turned or raw.non_rectilinear().count() > 0
                if area == 0:
                    continue
            else:
                sloping = False
            paths = "none"
            for item in flat(cell, index, pya.Shapes.SPaths).each():
                paths = "tight" if paths == "tight" or turns_within_its_width(item.shape().path) else "some"
            layers[(info.layer, info.datatype)] = [
                count, area, [box.left * nm, box.bottom * nm, box.right * nm, box.top * nm], perimeter, paths, sloping]
        tops[cell.name] = layers
    return nm, tops


def of_undulith(path):
    run = subprocess.run([undulith, "--json", "layout", "--memory-mb", "2000", path], capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr.strip().split("\n")[0]
    report = json.loads(run.stdout)
    tops = {}
    for contents in report["contents"]:
        tops[contents["cell"]] = {
            (l["layer"], l["datatype"]): [l["n_polygons"], l["area_nm2"], l["box_nm"], l["area_merged"]]
            for l in contents["layers"]}
    return tops, " ".join(report["warnings"])


def verdict(path):
    tops, note = of_undulith(path)
    try:
        nm, theirs = of_klayout(path)
    except Exception as error:
        refused = str(error).split("\n")[0][:100]
        return "same: both refuse it" if tops is None else "only KLayout refuses it: " + refused
    if tops is None:
        return "refused: " + note[-160:]
    reasons = set()
    theirs = {name: layers for name, layers in theirs.items() if layers}
    ours = {name: layers for name, layers in tops.items() if layers}
    if set(ours) != set(theirs):
        return "DIFFERENT: top cells %s, KLayout %s" % (sorted(ours)[:5], sorted(theirs)[:5])
    for name, layers in theirs.items():
        if set(layers) != set(ours[name]):
            return "DIFFERENT: layers of %s: %s" % (name, sorted(set(layers) ^ set(ours[name]))[:5])
        for layer, (count, area, box, perimeter, paths, sloping) in layers.items():
            n, our_area, our_box, merged = ours[name][layer]
            where = "%s %d/%d" % (name, layer[0], layer[1])
            if n < count and "without area" in note:
                reasons.add("paths without area skipped")
            elif n > count and area is not None and merged:
                reasons.add("copies at one place kept once by KLayout")
            elif n != count:
                return "DIFFERENT: %s has %d polygons, KLayout %d (%s)" % (where, n, count, note[:80])
            # Half a unit of rounding, in each direction, per vertex of a path; 1 pm else.
            reach = 1.5 * nm if paths != "none" or sloping else 0.002
            if max(abs(a - b) for a, b in zip(box, our_box)) > reach:
                return "DIFFERENT: %s has box %s, KLayout %s" % (where, our_box, box)
            if box != our_box and paths != "none":
                reasons.add("paths rounded to the unit")
            if area is None or not merged:
                reasons.add("too many polygons to merge")
                continue
            allowed = 1e-9 * area
            if paths != "none" or sloping:
                allowed += perimeter * nm
            if our_area > area + allowed and paths == "tight":
                reasons.add("paths that turn within their width")
                continue
            if abs(area - our_area) > allowed:
                return "DIFFERENT: %s has area %r, KLayout %r" % (where, our_area, area)
            if abs(area - our_area) > 1e-9 * area:
                reasons.add("paths rounded to the unit" if paths != "none" else "crossings of sloping edges rounded to the unit")
    return "same" + (": " + ", ".join(sorted(reasons)) if reasons else "")


files = []
for root, _, names in os.walk(folder):
    for name in names:
        if name.lower().endswith((".gds", ".gds.gz", ".gds2", ".oas", ".oas.gz", ".oasis")):
            files.append(os.path.join(root, name))
different = 0
for path in sorted(files):
    answer = verdict(path)
    different += answer.startswith("DIFFERENT")
    print("%s: %s" % (os.path.relpath(path, folder), answer), flush=True)
print("%d files, %d different" % (len(files), different), flush=True)
# KLayout does not pass on the status of sys.exit() in every version.
os._exit(1 if different else 0)
