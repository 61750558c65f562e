# SPDX-License-Identifier: MIT
# Merged areas of layouts by KLayout, as an independent referee of the layout module.
#
#   klayout -b -r klayout_areas.py -rd job=job.json -rd answer=answer.json
#
# job.json is a list of {"hierarchy": file, "cell": name, "rings": file or absent}. For each the answer holds the layers
# of the cell with polygon count, merged area in dbu^2 and box in dbu; where rings (the merged rings of layer 1/0 as our
# library gives them, outer and hole rings alike, in a cell RINGS of the same database unit) are given, also "xor": the
# area of the difference between them and KLayout's own union, and "xor_wide": the part of it more than 4 dbu wide.
# "convert" names a file that KLayout is to write the layout to (OASIS: strictly, with compressed blocks and repetitions);
# "same_as" another layout of the same cell: "difference" is then the area, in dbu^2, that only one of them fills.
import json

import pya


def merged(shapes):
    region = pya.Region(shapes)
    region.min_coherence = False
    return region.merged()


def compare(task):
    layout = pya.Layout()
    layout.read(task["hierarchy"])
    cell = layout.cell(task["cell"])
    result = {"dbu_nm": layout.dbu * 1000, "layers": {}}
    for index in layout.layer_indexes():
        iterator = cell.begin_shapes_rec(index)
        iterator.shape_flags = pya.Shapes.SPolygons | pya.Shapes.SBoxes | pya.Shapes.SPaths
        raw = pya.Region(iterator)
        raw.merged_semantics = False
        count = raw.count()
        if count == 0:
            continue
        region = merged(iterator)
        box = region.bbox()
        info = layout.get_info(index)
        result["layers"]["%d/%d" % (info.layer, info.datatype)] = {
            "n_polygons": count,
            "area": region.area(),
            "box": [box.left, box.bottom, box.right, box.top],
        }
    if "convert" in task:
        options = pya.SaveLayoutOptions()
        options.set_format_from_filename(task["convert"])
        options.oasis_compression_level = 10
        options.oasis_write_cblocks = True
        options.oasis_strict_mode = True
        layout.write(task["convert"], options)
    if "same_as" in task:
        other = pya.Layout()
        other.read(task["same_as"])
        there = other.cell(task["cell"])
        ids = {(i.layer, i.datatype) for i in layout.layer_infos() + other.layer_infos()}
        result["difference"] = sum(
            (merged(cell.begin_shapes_rec(layout.layer(*i))) ^ merged(there.begin_shapes_rec(other.layer(*i)))).area()
            for i in ids
        )
    if "rings" in task:
        theirs = merged(cell.begin_shapes_rec(layout.layer(1, 0)))
        other = pya.Layout()
        other.read(task["rings"])
        ours = pya.Region()
        for shape in other.cell("RINGS").shapes(other.layer(1, 0)).each():
            ours = ours ^ pya.Region(shape.polygon)  # even-odd: a hole's ring takes away what the outer ring fills
        difference = theirs ^ ours
        result["xor"] = difference.area()
        result["xor_wide"] = difference.sized(-2).area()
    return result


with open(job) as f:
    tasks = json.load(f)
with open(answer, "w") as f:
    json.dump([compare(task) for task in tasks], f)
