# SPDX-License-Identifier: MIT
# Opens what a run leaves for KLayout, as a user would: contours.gds with contours.lyp and cd_findings.lyrdb. The printed
# area must be that of summary.json.
#
#   klayout -b -r klayout_review.py -rd folder=results
import json
import os

import pya

layout = pya.Layout()
layout.read(os.path.join(folder, "contours.gds"))
cell = layout.top_cell()
layers = {}
for info in layout.layer_infos():
    region = pya.Region(cell.begin_shapes_rec(layout.layer(info)))
    layers["%d/%d" % (info.layer, info.datatype)] = region.merged().area() * (layout.dbu * 1000) ** 2

view = pya.LayoutView()
view.load_layout(os.path.join(folder, "contours.gds"), True)
view.load_layer_props(os.path.join(folder, "contours.lyp"))
names = [node.name for node in view.each_layer()]

findings = pya.ReportDatabase("findings")
findings.load(os.path.join(folder, "cd_findings.lyrdb"))
items = []
for item in findings.each_item():
    values = list(item.each_value())
    items.append(
        {
            "category": findings.category_by_id(item.category_id()).name(),
            "edge_nm": [v * 1000 for e in values if e.is_edge() for v in (e.edge().x1, e.edge().y1, e.edge().x2, e.edge().y2)],
            "text": [v.string() for v in values if v.is_string()],
        }
    )
with open(os.path.join(folder, "summary.json")) as f:
    summary = json.load(f)
x0, y0, x1, y1 = summary["clip"]["window_nm"]
expected = summary["metrology"]["printed_area_fraction"] * (x1 - x0) * (y1 - y0)
print("layers", layers)
print("names", names)
for item in items:
    print("finding", item["category"], item["edge_nm"], item["text"])
# Both are second order in the output pitch, by different rules at its corners.
assert abs(layers["100/0"] - expected) <= 0.01 * (x1 - x0) * (y1 - y0), (layers, expected)
assert len(names) == len(layers), (names, layers)
print("opened")
